"""The files of data of one release: the database first, then what is made from it.

What belongs here: the order of writing, and what the manifest says of each file. What does not: the
bytes of a format (``formats.py``, ``jsonlines.py``) and what else a release holds (``stage.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from observatory.release import formats, jsonlines
from observatory.release.connections import abreast, reading, writing
from observatory.release.contracts import PARENT, ReleaseTable
from observatory.release.database import DATABASE, Plan, write_database
from observatory.release.facts import Content, FactsHash, table_content
from observatory.release.manifest import FileEntry, Manifest, TableEntry, files_in, sha256_of

# Called with the name of each step once it is done; tests use it to break off between steps.
Checkpoint = Callable[[str], None]

_FOLDERS = ("parquet", "csv")


def no_checkpoint(step: str) -> None:
    """Do nothing after ``step``."""


@dataclass(frozen=True)
class Written:
    """What is in the database of a release: its facts hash, each table's content, and how much
    it changes (``changes.COUNTS``)."""

    facts: FactsHash
    contents: Mapping[str, Content]
    changes: Mapping[str, Any]


def database(plan: Plan, checkpoint: Checkpoint) -> Written:
    """Write the database of the release. Raises PermanentError as ``write_database`` does."""
    with writing(plan.folder / DATABASE) as con:
        facts, counted = write_database(con, plan)
        checkpoint("database written")
        run = [table for table in plan.tables if table.kind == "run"]
        told = zip((table.name for table in run), abreast(con, table_content, run), strict=True)
        contents = {**facts.tables, **dict(told)}
    return Written(facts, contents, counted)


def others(plan: Plan, written: Written, checkpoint: Checkpoint) -> tuple[FileEntry, ...]:
    """Write every table of the database as Parquet and CSV, and the organisations as JSON Lines;
    return all files of data."""
    for name in _FOLDERS:
        (plan.folder / name).mkdir()

    def write(con: duckdb.DuckDBPyConnection, table: ReleaseTable) -> None:
        formats.write_parquet(con, table, plan.folder / "parquet" / f"{table.name}.parquet")
        formats.write_csv(con, table, plan.folder / "csv" / f"{table.name}.csv")

    with reading(plan.folder / DATABASE) as con:
        done = abreast(con, write, plan.tables)
        for table, _ in zip(plan.tables, done, strict=True):
            checkpoint(f"{table.name} written")
        lines = _write_json_lines(con, plan)
    checkpoint("formats written")
    paths = [plan.folder / DATABASE, *files_in(plan.folder / "parquet")]
    paths += files_in(plan.folder / "csv")
    if lines is not None:
        paths.append(plan.folder / jsonlines.FILE)
    return entries(plan.folder, paths, written.contents, lines)


def manifest(
    plan: Plan,
    written: Written,
    files: tuple[FileEntry, ...],
    sources: tuple[Mapping[str, str], ...],
) -> Manifest:
    """The manifest of a release of these ``files``, whose columns are under the licences of
    ``sources``."""
    contents = written.contents
    return Manifest(
        version=str(plan.version),
        built_at=plan.built_at,
        previous_version=str(plan.previous.version) if plan.previous else "",
        facts_hash=written.facts.overall,
        sources=sources,
        tables=tuple(
            TableEntry(table, contents[table.name].rows, contents[table.name].digest)
            for table in plan.tables
        ),
        files=files,
        kind=plan.evolution.kind,
        caused_by=plan.cause,
        schema_changes=tuple(map(str, plan.evolution.changes)),
    )


def entries(
    folder: Path,
    paths: Iterable[Path],
    contents: Mapping[str, Content],
    lines: int | None = None,
    known: Sequence[FileEntry] = (),
) -> tuple[FileEntry, ...]:
    """What the manifest says of the files ``paths`` of ``folder``, sorted by their names; those of
    ``known`` are not read again."""
    found = []
    hashed = {entry.path: entry for entry in known}
    for path in paths:
        name = path.relative_to(folder).as_posix()
        if name in hashed:
            found.append(hashed[name])
            continue
        of_a_table = name.startswith(("parquet/", "csv/")) or name == jsonlines.FILE
        table = path.stem if of_a_table else ""
        rows = lines if name == jsonlines.FILE else contents[table].rows if table else None
        found.append(FileEntry(name, path.stat().st_size, sha256_of(path), table, rows))
    return tuple(sorted(found, key=lambda entry: entry.path))


def _write_json_lines(con: duckdb.DuckDBPyConnection, plan: Plan) -> int | None:
    parent = next((table for table in plan.tables if table.name == PARENT), None)
    if parent is None:
        return None
    children = jsonlines.nested_tables(plan.tables, parent)
    return jsonlines.write_json_lines(con, parent, children, plan.folder / jsonlines.FILE)
