"""Checks one release against itself: bytes, tables, keys and references.

What belongs here: every promise that a release makes and can be held to without the build that
made it; those of a single table are in ``verify_tables.py``. What does not: whether the facts are
right (the models' tests).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import duckdb

from observatory.errors import ObservatoryError
from observatory.release import changes, descriptions, jsonlines
from observatory.release.connections import abreast, quoted, reading
from observatory.release.contracts import PARENT
from observatory.release.database import DATABASE, METADATA_TABLE
from observatory.release.facts import overall, table_content
from observatory.release.manifest import (
    MANIFEST,
    SUMS,
    Manifest,
    files_in,
    read_manifest,
    read_sums,
    sha256_of,
)
from observatory.release.verify_tables import Problem, count_of, table_problems
from observatory.release.versions import STAGING_PREFIX, ReleaseRef, Version

_Con = duckdb.DuckDBPyConnection


# Where its problems lie, and what finds them on a connection of its own.
_Check = tuple[str, Callable[[_Con], Iterable[Problem]]]


def verify(release: Path) -> list[Problem]:
    """Return every problem of the release in the folder ``release`` (staged or published).

    An empty list says: the files are those of the manifest, byte for byte; each table has
    the declared columns and the same rows in DuckDB, Parquet and CSV; keys are unique and not
    null; references between published tables hold; the JSON Lines nest what the tables hold; the
    descriptions for programs declare what the manifest does; and its changes make it out of the
    release before, where that one lies beside it.
    """
    release = release.resolve()
    problems: list[Problem] = []
    try:
        manifest = read_manifest(release)
        sums = read_sums(release)
        checks: list[_Check] = [
            (SUMS, lambda _: _files(release, manifest, sums)),
            ("descriptions", lambda _: _descriptions(release, manifest)),
            (DATABASE, lambda con: _database(con, manifest)),
            (DATABASE, lambda con: _contents(con, manifest)),
            *(
                (entry.table.name, partial(table_problems, release=release, entry=entry))
                for entry in manifest.tables
            ),
            (jsonlines.FILE, lambda con: _json_lines(con, release, manifest)),
            (changes.CHANGES_TABLE, lambda con: _changes(con, release, manifest)),
        ]
        with reading(release / DATABASE) as con:
            for found in abreast(con, _checked, checks):
                problems += found
    except ObservatoryError as error:
        problems.append(Problem(error.where or release.name, error.what))
    except duckdb.Error as error:
        problems.append(Problem(DATABASE, f"cannot be opened: {error}"))
    return problems


def _checked(con: _Con, check: _Check) -> list[Problem]:
    """The problems that a check finds, and what ended its search for more."""
    where, look = check
    found: list[Problem] = []
    try:
        for problem in look(con):
            found.append(problem)
    except (duckdb.Error, OSError, ValueError) as error:
        found.append(Problem(where, f"cannot be read: {error}"))
    return found


def _files(release: Path, manifest: Manifest, sums: dict[str, str]) -> Iterator[Problem]:
    staged = release.name.startswith(STAGING_PREFIX)
    if release.name.removeprefix(STAGING_PREFIX if staged else "") != manifest.version:
        yield Problem(MANIFEST, f"says {manifest.version}, but lies in {release.name}")
    promised = {entry.path: entry.sha256 for entry in manifest.files}
    if MANIFEST not in sums or {**sums, **promised} != sums or len(sums) != len(promised) + 1:
        yield Problem(SUMS, "does not list the same files and hashes as the manifest")
    found = {path.relative_to(release).as_posix(): path for path in files_in(release)}
    for name in sorted(found.keys() - promised.keys() - {MANIFEST, SUMS}):
        yield Problem(name, "is not named in the manifest")
    for name in sorted(promised.keys() - found.keys()):
        yield Problem(name, "is missing")
    expected = {**promised, MANIFEST: sums.get(MANIFEST, "")}
    for name in sorted(expected.keys() & found.keys()):
        if found[name].is_symlink() or sha256_of(found[name]) != expected[name]:
            yield Problem(name, "has other bytes than it was released with")


def _descriptions(release: Path, manifest: Manifest) -> Iterator[Problem]:
    for where, what in descriptions.problems(release, manifest):
        yield Problem(where, what)


def _database(con: _Con, manifest: Manifest) -> Iterator[Problem]:
    rows = con.execute(
        "select table_name from duckdb_tables() where database_name = current_database()"
    ).fetchall()
    held = {str(row[0]) for row in rows}
    declared = {entry.table.name for entry in manifest.tables}
    for name in sorted(held - declared - {METADATA_TABLE}):
        yield Problem(name, "is a table that the manifest does not declare")
    for name in sorted((declared | {METADATA_TABLE}) - held):
        yield Problem(name, "is declared, but the database does not hold it")
    version = con.execute(f"select value from {METADATA_TABLE} where key = 'version'").fetchone()
    if version != (manifest.version,):
        yield Problem(DATABASE, f"says it is {version}, not {manifest.version}")


def _contents(con: _Con, manifest: Manifest) -> Iterator[Problem]:
    found = {entry.table.name: table_content(con, entry.table) for entry in manifest.tables}
    for entry in manifest.tables:
        content = found[entry.table.name]
        if content.rows != entry.rows:
            yield Problem(entry.table.name, f"holds {content.rows} rows, not {entry.rows}")
        elif content.digest != entry.content_hash:
            yield Problem(entry.table.name, "holds other values than were released")
    facts = {entry.table.name: found[entry.table.name] for entry in manifest.tables
             if entry.table.kind == "facts"}  # fmt: skip
    if overall(facts) != manifest.facts_hash:
        yield Problem(DATABASE, "its facts are not those that the manifest's hash was taken of")


def _json_lines(con: _Con, release: Path, manifest: Manifest) -> Iterator[Problem]:
    tables = [entry.table for entry in manifest.tables]
    parent = next((table for table in tables if table.name == PARENT), None)
    if parent is None:
        return
    key = parent.key[0]
    counts = jsonlines.count(release / jsonlines.FILE, key)
    if counts.disorder:
        yield Problem(jsonlines.FILE, f"line {counts.disorder} is not in the order of {key}")
    if counts.lines != manifest.rows(PARENT):
        yield Problem(jsonlines.FILE, f"has {counts.lines} lines, where {PARENT} has "
                      f"{manifest.rows(PARENT)} rows")  # fmt: skip
    inside = f"{quoted(key)} in (select {quoted(key)} from {quoted(PARENT)})"
    for child in jsonlines.nested_tables(tables, parent):
        wanted = count_of(con, f"from {quoted(child.name)} where {inside}")
        if counts.nested.get(child.name, 0) != wanted:
            yield Problem(
                jsonlines.FILE,
                f"nests {counts.nested.get(child.name, 0)} rows of {child.name}, not {wanted}",
            )


def _changes(con: _Con, release: Path, manifest: Manifest) -> Iterator[Problem]:
    """Apply the changes to the release before. One that is not kept any more proves nothing; nor
    does a release older than the table."""
    before = release.parent / (manifest.previous_version or "none")
    held = manifest.rows(changes.CHANGES_TABLE)
    if held is None or not (before / MANIFEST).is_file():
        return
    reference = ReleaseRef(Version.parse(before.name), before, read_manifest(before))
    for table, what in changes.problems(con, "observatory", manifest, reference):
        yield Problem(table, f"{what} to the release {reference.version}")
