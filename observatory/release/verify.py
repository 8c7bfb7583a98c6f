"""Checks one release against itself: bytes, tables, keys and references.

What belongs here: every promise that a release makes and can be held to without the build that
made it. What does not: whether the facts are right (the models' tests).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from observatory.errors import ObservatoryError
from observatory.release import changes, descriptions, formats, jsonlines
from observatory.release.connections import literal, quoted, reading
from observatory.release.contracts import PARENT, ReleaseColumn, ReleaseTable
from observatory.release.database import DATABASE, METADATA_TABLE
from observatory.release.facts import overall, table_content
from observatory.release.manifest import (
    MANIFEST,
    SUMS,
    Manifest,
    TableEntry,
    files_in,
    read_manifest,
    read_sums,
    sha256_of,
)
from observatory.release.versions import STAGING_PREFIX, ReleaseRef, Version

_Con = duckdb.DuckDBPyConnection
_Schema = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Problem:
    """One promise that a release breaks, and where."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


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
        problems += _guarded(SUMS, _files(release, manifest, sums))
        problems += _guarded("descriptions", _descriptions(release, manifest))
        with reading(release / DATABASE) as con:
            problems += _guarded(DATABASE, _database(con, manifest))
            problems += _guarded(DATABASE, _contents(con, manifest))
            for entry in manifest.tables:
                problems += _guarded(entry.table.name, _table(con, release, entry))
            problems += _guarded(jsonlines.FILE, _json_lines(con, release, manifest))
            problems += _guarded(changes.CHANGES_TABLE, _changes(con, release, manifest))
    except ObservatoryError as error:
        problems.append(Problem(error.where or release.name, error.what))
    except duckdb.Error as error:
        problems.append(Problem(DATABASE, f"cannot be opened: {error}"))
    return problems


def _guarded(where: str, checks: Iterable[Problem]) -> Iterator[Problem]:
    """Give the problems found, and what ended the search for more."""
    try:
        yield from checks
    except (duckdb.Error, OSError, ValueError) as error:
        yield Problem(where, f"cannot be read: {error}")


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


def _table(con: _Con, release: Path, entry: TableEntry) -> Iterator[Problem]:
    table, name = entry.table, quoted(entry.table.name)
    declared = [(column.name, column.type) for column in table.columns]
    yield from _schema(con, f"{table.name} in DuckDB", declared, f"select * from {name}")
    yield from _keys(con, table)
    for column in table.columns:
        if column.references:
            yield from _references(con, table, column)
    yield from _copies(con, release, table, declared)


def _copies(con: _Con, release: Path, table: ReleaseTable, declared: _Schema) -> Iterator[Problem]:
    names = ", ".join(map(quoted, table.column_names))
    parquet = f"parquet/{table.name}.parquet"
    select = f"select * from read_parquet({literal(release / parquet)})"
    found = list(_schema(con, parquet, _parquet_types(declared), select))
    yield from found
    if not found:
        mine = f"select {names} from {quoted(table.name)}"
        yield from _same(con, parquet, mine, f"select {names} from ({select})")
    csv = f"csv/{table.name}.csv"
    problem = _header(release / csv, table)
    if problem:
        yield Problem(csv, problem)
        return
    cells = f"select {', '.join(formats.csv_cells(table))} from {quoted(table.name)}"
    yield from _same(con, csv, cells, formats.read_csv(table, release / csv))


def _schema(con: _Con, where: str, declared: _Schema, select: str) -> Iterator[Problem]:
    found = [(row[0], row[1]) for row in con.execute(f"describe {select}").fetchall()]
    # DuckDB's own names of the declared types: INT and INTEGER are one type.
    casts = ", ".join(f"cast(null as {kind}) as {quoted(name)}" for name, kind in declared)
    wanted = [(row[0], row[1]) for row in con.execute(f"describe select {casts}").fetchall()]
    for name, kind in found:
        if name not in dict(wanted):
            yield Problem(where, f"has the undeclared column {name} ({kind})")
    for name, kind in wanted:
        held = dict(found).get(name)
        if held is None:
            yield Problem(where, f"lacks the declared column {name} ({kind})")
        elif held != kind:
            yield Problem(where, f"has {name} as {held}, not as {kind}")
    if sorted(found) == sorted(wanted) and found != wanted:
        yield Problem(where, "has its columns in another order than declared")


def _parquet_types(declared: _Schema) -> _Schema:
    # Parquet knows no ENUM: its values are text there.
    return [
        (name, "VARCHAR" if kind.upper().startswith("ENUM") else kind) for name, kind in declared
    ]


def _same(con: _Con, where: str, mine: str, other: str) -> Iterator[Problem]:
    held, copied = _fast_content(con, mine), _fast_content(con, other)
    if held[0] != copied[0]:
        yield Problem(where, f"has {copied[0]} rows, where DuckDB has {held[0]}")
    elif held != copied:
        yield Problem(where, "has other values than the table in DuckDB")


def _fast_content(con: _Con, select: str) -> tuple[int, int]:
    """Rows and their order-free hash. It is not kept, so DuckDB's own hash does: it takes a
    tenth of the time of the one that must stay the same for years (``facts.py``)."""
    row = con.execute(
        f"select count(*), coalesce(sum(hash(one)), 0) from ({select}) as one"
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def _header(path: Path, table: ReleaseTable) -> str:
    with path.open("rb") as stream:
        header = stream.readline().decode("utf-8", "replace")
    if header != ",".join(table.column_names) + "\r\n":
        return f"its header is {header.strip()!r}, not the declared columns"
    return ""


def _keys(con: _Con, table: ReleaseTable) -> Iterator[Problem]:
    if not table.key:
        return
    names = ", ".join(map(quoted, table.key))
    empty = " or ".join(f"{quoted(name)} is null" for name in table.key)
    nulls = _count(con, f"from {quoted(table.name)} where {empty}")
    if nulls:
        yield Problem(table.name, f"{nulls} rows have no value in their key ({names})")
    twice = _count(
        con, f"from (select {names} from {quoted(table.name)} group by all having count(*) > 1)"
    )
    if twice:
        yield Problem(table.name, f"{twice} keys ({names}) are there more than once")


def _references(con: _Con, table: ReleaseTable, column: ReleaseColumn) -> Iterator[Problem]:
    target, _, key = column.references.partition(".")
    value = quoted(column.name)
    if column.type.endswith("[]"):
        value = f"unnest({value})"
    lost = _count(
        con,
        f"from (select distinct {value} as value from {quoted(table.name)}) as used "
        f"anti join {quoted(target)} as held on used.value = held.{quoted(key)} "
        "where used.value is not null",
    )
    if lost:
        yield Problem(table.name, f"{lost} values of {column.name} are not in {column.references}")


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
        wanted = _count(con, f"from {quoted(child.name)} where {inside}")
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


def _count(con: _Con, source: str) -> int:
    row = con.execute(f"select count(*) {source}").fetchone()
    return int(row[0]) if row else 0
