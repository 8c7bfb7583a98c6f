"""Builds the folder of one release beside the published ones, out of every reader's sight.

What belongs here: which files a release holds, and in which order they are made. What does not:
the bytes of a format (``formats.py``), whether the result is right (``verify.py``), and making
it visible (``publish.py``).
"""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from observatory.errors import PermanentError
from observatory.release import descriptions, formats, jsonlines, licences, records, register
from observatory.release.connections import reading, writing
from observatory.release.contracts import PARENT, ProjectLike, ReleaseTable, published_tables
from observatory.release.database import DATABASE, METADATA_TABLE, Plan, write_database
from observatory.release.evolution import Evolution, evolution, refuse_breaking
from observatory.release.facts import Content, FactsHash, table_content
from observatory.release.manifest import (
    FileEntry,
    Manifest,
    TableEntry,
    files_in,
    sha256_of,
    write_manifest,
)
from observatory.release.recorded import recorded_tables
from observatory.release.versions import STAGING_PREFIX, ReleaseRef, Version

# Called with the name of each step once it is done; tests use it to break off between steps.
Checkpoint = Callable[[str], None]

# Writes further files into the staged folder, once every table is there and before the manifest,
# which then covers them: the site, for one.
Companion = Callable[[Path], None]


@dataclass(frozen=True)
class Staged:
    """A release that is complete but not yet visible."""

    folder: Path
    manifest: Manifest


def no_checkpoint(step: str) -> None:
    """Do nothing after ``step``."""


def stage(
    database: Path,
    project: ProjectLike,
    releases: Path,
    *,
    version: Version | str,
    built_at: datetime,
    companions: Sequence[Companion] = (),
    checkpoint: Checkpoint = no_checkpoint,
    allow_breaking: bool = False,
    cause: str = "",
    code: str = "",
) -> Staged:
    """Write the release ``version`` of the build ``database`` to ``releases/.staging-<version>``.

    Whatever a killed run left there is removed first. The database is only read; each of
    ``companions`` then adds its files. ``code`` names the code of the models, ``cause`` what led
    to this version. Raises
    PermanentError when the release gate refuses a column or the version would break readers of the
    one before without ``allow_breaking`` (before anything is written), or when a table does not
    keep its contract.
    """
    version = Version.parse(str(version))
    recorded = recorded_tables(project)
    tables = (
        *register.with_own_tables(published_tables(project)),
        *(one.history for one in recorded),
    )
    _refuse_reserved(tables)
    with reading(database) as con:
        terms = licences.source_terms(con)
    licences.refuse_breaches(tables, terms)
    past = [one for one in records.past(releases) if one.release.version < version]
    earlier = [one.release for one in past if one.status != "pruned"]
    evolved = _evolution(earlier, tables, allow_breaking=allow_breaking)
    plan = Plan(
        database=database,
        folder=_fresh(releases / f"{STAGING_PREFIX}{version}"),
        version=version,
        built_at=built_at,
        earlier=earlier,
        tables=tuple(sorted(tables, key=lambda table: table.name)),
        recorded=recorded,
        past=past,
        evolution=evolved,
        code=code,
        cause=cause,
    )
    checkpoint("begun")
    facts, contents, lines, counted = _write_files(plan, checkpoint)
    data = replace(
        _manifest(plan, licences.terms_used(tables, terms), facts, contents, lines),
        changes=counted,
    )
    descriptions.write(plan.folder, data, plan.previous)
    checkpoint("descriptions written")
    for companion in companions:
        companion(plan.folder)
    checkpoint("companions written")
    manifest = replace(data, files=_file_entries(plan.folder, contents, lines, data.files))
    if plan.previous:
        _link_unchanged(plan.folder, manifest, plan.previous)
    write_manifest(plan.folder, manifest)
    _seal(plan.folder)
    checkpoint("manifest written")
    return Staged(plan.folder, manifest)


def _manifest(
    plan: Plan,
    sources: tuple[Mapping[str, str], ...],
    facts: FactsHash,
    contents: Mapping[str, Content],
    lines: int | None,
) -> Manifest:
    """The manifest of the files that are there so far: those of data."""
    return Manifest(
        version=str(plan.version),
        built_at=plan.built_at,
        previous_version=str(plan.previous.version) if plan.previous else "",
        facts_hash=facts.overall,
        sources=sources,
        tables=tuple(
            TableEntry(table, contents[table.name].rows, contents[table.name].digest)
            for table in plan.tables
        ),
        files=_file_entries(plan.folder, contents, lines),
        kind=plan.evolution.kind,
        caused_by=plan.cause,
        schema_changes=tuple(map(str, plan.evolution.changes)),
    )


def _evolution(
    earlier: Sequence[ReleaseRef], tables: Sequence[ReleaseTable], *, allow_breaking: bool
) -> Evolution:
    if not earlier:
        return evolution(None, tables)
    before = earlier[-1]
    found = evolution([entry.table for entry in before.manifest.tables], tables)
    refuse_breaking(found, str(before.version), allowed=allow_breaking)
    return found


def _refuse_reserved(tables: Sequence[ReleaseTable]) -> None:
    names = [table.name for table in tables]
    for name in (METADATA_TABLE, *names):
        if names.count(name) > (name != METADATA_TABLE):
            raise PermanentError(
                "a model may not publish this table: the release writes it itself", where=name
            )


def _fresh(folder: Path) -> Path:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder


def _write_files(
    plan: Plan, checkpoint: Checkpoint
) -> tuple[FactsHash, Mapping[str, Content], int | None, Mapping[str, Any]]:
    (plan.folder / "parquet").mkdir()
    (plan.folder / "csv").mkdir()
    with writing(plan.folder / DATABASE) as con:
        facts, counted = write_database(con, plan)
        checkpoint("database written")
        contents = dict(facts.tables)
        for table in plan.tables:
            if table.kind == "run":
                contents[table.name] = table_content(con, table)
        for table in plan.tables:
            formats.write_parquet(con, table, plan.folder / "parquet" / f"{table.name}.parquet")
            formats.write_csv(con, table, plan.folder / "csv" / f"{table.name}.csv")
            checkpoint(f"{table.name} written")
        lines = _write_json_lines(con, plan)
    checkpoint("formats written")
    return facts, contents, lines, counted


def _write_json_lines(con: duckdb.DuckDBPyConnection, plan: Plan) -> int | None:
    parent = next((table for table in plan.tables if table.name == PARENT), None)
    if parent is None:
        return None
    children = jsonlines.nested_tables(plan.tables, parent)
    return jsonlines.write_json_lines(con, parent, children, plan.folder / jsonlines.FILE)


def _file_entries(
    folder: Path,
    contents: Mapping[str, Content],
    lines: int | None,
    known: Sequence[FileEntry] = (),
) -> tuple[FileEntry, ...]:
    """Return every file of ``folder``; those of ``known`` are not read again."""
    entries = []
    hashed = {entry.path: entry for entry in known}
    for path in files_in(folder):
        name = path.relative_to(folder).as_posix()
        if name in hashed:
            entries.append(hashed[name])
            continue
        of_a_table = name.startswith(("parquet/", "csv/")) or name == jsonlines.FILE
        table = path.stem if of_a_table else ""
        rows = lines if name == jsonlines.FILE else contents[table].rows if table else None
        entries.append(FileEntry(name, path.stat().st_size, sha256_of(path), table, rows))
    return tuple(entries)


def _link_unchanged(folder: Path, manifest: Manifest, previous: ReleaseRef) -> None:
    """Replace files that the previous release holds with the same bytes by hard links.

    The bytes themselves are compared: a file that rotted on the disk is not passed on. Where
    the file system has no hard links, the copy stays.
    """
    before = {entry.path: entry.sha256 for entry in previous.manifest.files}
    for entry in manifest.files:
        old, new = previous.path / entry.path, folder / entry.path
        if before.get(entry.path) != entry.sha256 or not old.is_file():
            continue
        if not filecmp.cmp(old, new, shallow=False):
            continue
        link = new.with_name(f".{new.name}.link")
        try:
            os.link(old, link)
        except OSError:
            continue
        link.replace(new)


def _seal(folder: Path) -> None:
    """Make every file read-only and see it safely on the disk."""
    files = list(files_in(folder))
    for path in files:
        path.chmod(0o444)
    # Together, since a site has thousands of files: the disk takes many at once (428 files:
    # 0.08 s, against 1.6 s one after the other).
    with ThreadPoolExecutor(max_workers=16) as pool:
        list(pool.map(sync, files))
    for directory in (*(path for path in folder.rglob("*") if path.is_dir()), folder):
        sync(directory)


def sync(path: Path) -> None:
    """Wait until ``path`` (a file, or the names in a folder) has reached the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
