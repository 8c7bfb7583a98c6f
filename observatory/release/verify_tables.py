"""Checks one table of a release against its contract, and its copies against the database.

What belongs here: promises of a single table. What does not: those of the release (``verify.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from observatory.release import formats
from observatory.release.connections import literal, quoted
from observatory.release.contracts import ReleaseColumn, ReleaseTable
from observatory.release.manifest import TableEntry

_Con = duckdb.DuckDBPyConnection
_Schema = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Problem:
    """One promise that a release breaks, and where."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def table_problems(con: _Con, release: Path, entry: TableEntry) -> Iterator[Problem]:
    """What is wrong with one table of ``release``: its columns, keys and references, and whether
    its Parquet and CSV files hold the same rows."""
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
    nulls = count_of(con, f"from {quoted(table.name)} where {empty}")
    if nulls:
        yield Problem(table.name, f"{nulls} rows have no value in their key ({names})")
    twice = count_of(
        con, f"from (select {names} from {quoted(table.name)} group by all having count(*) > 1)"
    )
    if twice:
        yield Problem(table.name, f"{twice} keys ({names}) are there more than once")


def _references(con: _Con, table: ReleaseTable, column: ReleaseColumn) -> Iterator[Problem]:
    target, _, key = column.references.partition(".")
    value = quoted(column.name)
    if column.type.endswith("[]"):
        value = f"unnest({value})"
    lost = count_of(
        con,
        f"from (select distinct {value} as value from {quoted(table.name)}) as used "
        f"anti join {quoted(target)} as held on used.value = held.{quoted(key)} "
        "where used.value is not null",
    )
    if lost:
        yield Problem(table.name, f"{lost} values of {column.name} are not in {column.references}")


def count_of(con: _Con, source: str) -> int:
    """The number of rows of ``source``, a from clause."""
    row = con.execute(f"select count(*) {source}").fetchone()
    return int(row[0]) if row else 0
