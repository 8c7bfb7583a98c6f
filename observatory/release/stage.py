"""Builds the folder of one release beside the published ones, out of every reader's sight.

What belongs here: which files a release holds, and in which order they are made. What does not:
files of data (``data_files.py``), whether the result is right (``verify.py``), and making
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

from observatory.errors import PermanentError
from observatory.release import data_files, descriptions, licences, records, register
from observatory.release.connections import reading
from observatory.release.contracts import ProjectLike, ReleaseTable, published_tables
from observatory.release.data_files import Checkpoint, no_checkpoint
from observatory.release.database import METADATA_TABLE, Plan
from observatory.release.evolution import Evolution, evolution, refuse_breaking
from observatory.release.manifest import Manifest, files_in, write_manifest
from observatory.release.recorded import Recorded, recorded_tables
from observatory.release.versions import STAGING_PREFIX, ReleaseRef, Version

__all__ = ["Checkpoint", "Companion", "Staged", "no_checkpoint", "stage", "sync"]

# Writes further files into the staged folder, once the database is there and before the manifest,
# which then covers them: the site, for one. The second argument returns once the other files are
# there, which are written at the same time.
Companion = Callable[[Path, Callable[[], object]], None]


@dataclass(frozen=True)
class Staged:
    """A release that is complete but not yet visible."""

    folder: Path
    manifest: Manifest


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
    to this version. Raises PermanentError when the release gate refuses a column or the version
    would break readers of the one before without ``allow_breaking`` (before anything is written),
    or when a table does not keep its contract.
    """
    recorded = recorded_tables(project)
    tables = _tables(project, recorded)
    with reading(database) as con:
        terms = licences.source_terms(con)
    licences.refuse_breaches(tables, terms)
    version = Version.parse(str(version))
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
    return _filled(plan, licences.terms_used(tables, terms), companions, checkpoint)


def _tables(project: ProjectLike, recorded: Sequence[Recorded]) -> tuple[ReleaseTable, ...]:
    tables = (
        *register.with_own_tables(published_tables(project)),
        *(one.history for one in recorded),
    )
    _refuse_reserved(tables)
    return tables


def _filled(
    plan: Plan,
    terms: tuple[Mapping[str, str], ...],
    companions: Sequence[Companion],
    checkpoint: Checkpoint,
) -> Staged:
    """Fill the folder of ``plan``. DuckDB writes its formats on one core while the companions,
    which are Python, work on another."""
    written = data_files.database(plan, checkpoint)

    def of_data() -> Manifest:
        files = data_files.others(plan, written, checkpoint)
        found = data_files.manifest(plan, written, files, terms)
        found = replace(found, changes=written.changes)
        descriptions.write(plan.folder, found, plan.previous)
        checkpoint("descriptions written")
        return found

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="formats") as pool:
        data = pool.submit(of_data)
        for companion in companions:
            companion(plan.folder, data.result)
        manifest = data.result()
    checkpoint("companions written")
    found = files_in(plan.folder)
    files = data_files.entries(plan.folder, found, written.contents, known=manifest.files)
    manifest = replace(manifest, files=files)
    if plan.previous:
        _link_unchanged(plan.folder, manifest, plan.previous)
    write_manifest(plan.folder, manifest)
    _seal(plan.folder)
    checkpoint("manifest written")
    return Staged(plan.folder, manifest)


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
