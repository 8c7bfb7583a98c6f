"""Puts the changes of a release back: the version before it and they must give it exactly.

What belongs here: applying changed cells to a version's tables, with their types restored, and
the proof. What does not: finding the cells (``cells.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Set

import duckdb

from observatory.release.cells import ROW, Side, key_text, key_value, text, value
from observatory.release.connections import literal, quoted
from observatory.release.contracts import ReleaseColumn, ReleaseTable
from observatory.release.facts import relation_content

# Before the SHA-256 of the key of a row that was removed on request.
HASHED = "sha256:"


def applied(con: duckdb.DuckDBPyConnection, changes: str, old: Side, after: ReleaseTable) -> str:
    """Return the select that gives the table ``after`` (its new contract) as the version ``old``
    and the relation ``changes`` make it. ``changes`` has the columns of the published table."""
    mine = f"from {changes} where table_name = {literal(after.name)}"
    rows = con.execute(f"select distinct column_name {mine}").fetchall()
    moved = {str(row[0]) for row in rows}
    before = old.tables.get(after.name)
    if before is not None and before.key != after.key:
        before = None
    cells = "".join(
        f", bool_or(column_name = {literal(name)}) as has_{place}, "
        f"max(new_value) filter (column_name = {literal(name)}) as new_{place}"
        for place, name in enumerate(after.column_names)
        if name in moved
    )
    changed = (
        "select key as row_key, any_value(kind) "
        f"filter (column_name = {literal(ROW)}) as row_kind{cells} {mine} group by key"
    )
    kept = {column.name: column for column in before.columns} if before else {}
    columns = ", ".join(
        f"{_cell(column, after, kept.get(column.name), place if column.name in moved else None)} "
        f"as {quoted(column.name)}"
        for place, column in enumerate(after.columns)
    )
    if before is None:
        return f"select {columns} from ({changed}) as c where row_kind = 'added'"
    key = key_text(before, "t")
    if con.execute(f"select 1 {mine} and key like '{HASHED}%' limit 1").fetchone():
        hashed = f"'{HASHED}' || sha256({key})"
        key = f"case when {hashed} in (select key {mine}) then {hashed} else {key} end"
    held = f"select *, {key} as held_key from {old.relation(after.name)} as t"
    return (
        f"select {columns} from ({held}) as o full join ({changed}) as c on o.held_key = c.row_key "
        "where c.row_kind is distinct from 'removed'"
    )


def _cell(
    column: ReleaseColumn, after: ReleaseTable, before: ReleaseColumn | None, place: int | None
) -> str:
    null = f"cast(null as {column.type})"
    old = null
    if before is not None:
        old = f"o.{quoted(column.name)}"
        if before.type != column.type:
            old = value(column, text(before, "o"))
    if column.name in after.key:
        added = key_value(column, "c.row_key")
        return (
            added if before is None else f"case when o.held_key is null then {added} else {old} end"
        )
    if place is None:
        return old
    return f"case when c.has_{place} then {value(column, f'c.new_{place}')} else {old} end"


def differences(
    con: duckdb.DuckDBPyConnection, changes: str, old: Side, new: Side, alike: Set[str]
) -> Iterator[tuple[str, str]]:
    """Yield (table, what is wrong) for each fact table that the version ``old`` with ``changes``
    does not give exactly as ``new`` holds it: every row, every column, every type.

    Tables of equal content by ``alike`` are not built again where they have no change.
    """
    rows = con.execute(f"select distinct table_name from {changes}").fetchall()
    changed = {str(row[0]) for row in rows}
    for name in sorted(changed - new.tables.keys()):
        yield name, "has changes, but is no fact table of this release"
    for name, table in sorted(new.tables.items()):
        if name not in changed and name in alike:
            continue
        columns = ", ".join(f"n.{quoted(one)}" for one in table.column_names)
        try:
            given = relation_content(con, applied(con, changes, old, table))
        except duckdb.Error as error:
            yield name, f"its changes cannot be applied: {str(error).partition(chr(10))[0]}"
            continue
        held = relation_content(con, f"select {columns} from {new.relation(name)} as n")
        if given.rows != held.rows:
            yield name, f"has {held.rows} rows, where its changes give {given.rows}"
        elif given != held:
            yield name, "has other values than its changes give"
