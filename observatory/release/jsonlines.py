"""Organisations as JSON Lines: one object a line, everything known of one nested in it.

What belongs here: writing that file as a stream, and counting what it holds. What does not:
formats of single tables (``formats.py``).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NoReturn

import duckdb

from observatory.errors import PermanentError
from observatory.release.connections import quoted
from observatory.release.contracts import ReleaseColumn, ReleaseTable
from observatory.release.formats import iso_text

FILE = "organisations.jsonl"
_FETCH_ROWS = 5_000
# One row an organisation, definition and criterion: nine tenths of the file when nested (92 MB
# for 7,567 organisations), to say what the classification's reason and the evidence say.
NOT_NESTED = frozenset({"assessments"})


@dataclass(frozen=True)
class Counts:
    """What a JSON Lines file holds: its lines, the nested rows by table, and the first line
    whose key does not follow the one before (0: all do)."""

    lines: int
    nested: Mapping[str, int]
    disorder: int


def write_json_lines(
    con: duckdb.DuckDBPyConnection,
    parent: ReleaseTable,
    children: Sequence[ReleaseTable],
    path: Path,
) -> int:
    """Write one JSON object a row of ``parent``, each child table's rows nested in a list under
    the table's name, without repeating the parent's key. Returns the number of lines.
    Raises PermanentError when a column and a child would have one name.

    Parent and children are read side by side in key order, so only one object is in memory.
    """
    key = parent.key[0]
    taken = {child.name for child in children} & set(parent.column_names)
    if taken:
        raise PermanentError(
            f"the column {sorted(taken)[0]} has the name of a table that is nested beside it",
            where=parent.name,
        )
    nested = [(child.name, _children(con, child, key)) for child in children]
    pending = {name: next(groups, None) for name, groups in nested}
    sources = dict(nested)
    lines = 0
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for identifier, text in _json_rows(con, parent, key, parent.column_names):
            parts = [text[:-1]]
            for name in sources:
                held = pending[name]
                while held is not None and held[0] < identifier:
                    held = pending[name] = next(sources[name], None)
                here = held[1] if held is not None and held[0] == identifier else ""
                parts.append(f',"{name}":[{here}]')
            stream.write("".join(parts) + "}\n")
            lines += 1
    return lines


def nested_tables(tables: Sequence[ReleaseTable], parent: ReleaseTable) -> list[ReleaseTable]:
    """Return the fact tables that are nested below ``parent``: those that carry its key as a
    column, without the ``_history`` forms, whose present rows are there already, and without
    those that repeat what is nested (``NOT_NESTED``)."""
    key = parent.key[0]
    return [
        table
        for table in tables
        if table.kind == "facts"
        and table.name != parent.name
        and key in table.column_names
        and not table.name.endswith("_history")
        and table.name not in NOT_NESTED
    ]


def _children(
    con: duckdb.DuckDBPyConnection, child: ReleaseTable, key: str
) -> Iterator[tuple[str, str]]:
    names = [name for name in child.column_names if name != key]
    rows = _json_rows(con, child, key, names)
    for identifier, group in groupby(rows, key=itemgetter(0)):
        yield identifier, ",".join(text for _, text in group)


def _json_rows(
    con: duckdb.DuckDBPyConnection, table: ReleaseTable, key: str, names: Sequence[str]
) -> Iterator[tuple[str, str]]:
    columns = {column.name: column for column in table.columns}
    fields = ", ".join(f"{quoted(name)} := {_value(columns[name])}" for name in names)
    order = ", ".join(quoted(name) for name in dict.fromkeys((key, *table.total_order)))
    # A cursor is a second connection to the same file: several results are read side by side.
    cursor = con.cursor()
    # what `use` chose is not carried over
    cursor.execute(f"use {quoted(con.sql('select current_database()').fetchall()[0][0])}")
    cursor.execute(
        f"select {quoted(key)}, cast(to_json(struct_pack({fields})) as varchar) "
        f"from {quoted(table.name)} where {quoted(key)} is not null order by {order}"
    )
    while rows := cursor.fetchmany(_FETCH_ROWS):
        yield from rows


def count(path: Path, key: str) -> Counts:
    """Read a JSON Lines file and count. Raises ValueError for a line that is not JSON."""
    nested: Counter[str] = Counter()
    lines, disorder, before = 0, 0, ""
    with path.open(encoding="utf-8") as stream:
        for lines, text in enumerate(stream, start=1):
            record = json.loads(text, parse_constant=_refuse_constant)
            nested.update(
                {name: len(held) for name, held in record.items() if isinstance(held, list)}
            )
            if record[key] <= before and not disorder:
                disorder = lines
            before = record[key]
    return Counts(lines, nested, disorder)


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not JSON")


def _value(column: ReleaseColumn) -> str:
    name = quoted(column.name)
    return iso_text(name) if column.type.upper() == "TIMESTAMP" else name
