"""Which cells differ between two databases of published tables, and how a value becomes text.

What belongs here: finding the rows that differ by their keys, and writing each differing cell as
text from which the value comes back exactly. What does not: why a cell differs
(``change_causes.py``), and putting the cells back (``change_apply.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb

from observatory.errors import PermanentError
from observatory.release.connections import literal, quoted
from observatory.release.contracts import ReleaseColumn, ReleaseTable
from observatory.release.manifest import Manifest

# Stands for the row itself where a row was added or removed: its key says all there is to say.
ROW = "*"
CELLS = "changed_cells"
_TOUCHED = "touched_rows"
# How a row tells whom it is about and which record it rests on, in the tables that have these.
_ABOUT = ("org_id", "source", "record_key", "snapshot_id")


@dataclass(frozen=True)
class Side:
    """One of two versions: the catalogue under which its database is attached, and its tables."""

    catalogue: str
    tables: Mapping[str, ReleaseTable]

    def relation(self, table: str) -> str:
        """The table's qualified name."""
        return f"{quoted(self.catalogue)}.main.{quoted(table)}"


def fact_tables(tables: Iterable[ReleaseTable]) -> dict[str, ReleaseTable]:
    """Return the fact tables by name. Raises PermanentError for one without a key: its rows
    could not be followed from version to version."""
    found = {table.name: table for table in tables if table.kind == "facts"}
    for table in found.values():
        if not table.key:
            raise PermanentError(
                "a fact table without a key cannot be followed from version to version",
                where=table.name,
                remedy="name the columns that identify a row as the contract's grain",
            )
    return found


def side_of(catalogue: str, manifest: Manifest) -> Side:
    """A released version whose database is attached as ``catalogue``. One that an older release
    holds without a key is compared as if it were new."""
    tables = [one.table for one in manifest.tables if one.table.kind == "facts"]
    return Side(catalogue, {table.name: table for table in tables})


def text(column: ReleaseColumn, row: str) -> str:
    """The value of ``column`` in the relation ``row`` as text: JSON for a list, a structure or a
    map, DuckDB's own words (ISO 8601 for dates and times) for anything else. Null stays null."""
    value = f"{row}.{quoted(column.name)}"
    return f"cast(to_json({value}) as varchar)" if _nested(column) else f"cast({value} as varchar)"


def value(column: ReleaseColumn, of_text: str) -> str:
    """The reverse of ``text``: the typed value of an expression that gives such a text."""
    inner = f"cast({of_text} as json)" if _nested(column) else of_text
    return f"cast({inner} as {column.type})"


def key_text(table: ReleaseTable, row: str) -> str:
    """The key of a row as a JSON object, its columns in contract order."""
    fields = ", ".join(f"{quoted(name)} := {row}.{quoted(name)}" for name in table.key)
    return f"cast(to_json(struct_pack({fields})) as varchar)"


def key_value(column: ReleaseColumn, of_key: str) -> str:
    """The typed value of a key's ``column`` in an expression that gives such a JSON object."""
    path = literal('$."' + column.name + '"')
    extract = "json_extract" if _nested(column) else "json_extract_string"
    return f"cast({extract}({of_key}, {path}) as {column.type})"


def find(con: duckdb.DuckDBPyConnection, old: Side, new: Side) -> None:
    """Fill the temporary table ``changed_cells`` with every cell of ``new`` that differs from
    ``old``: table_name, key, column_name, old_value, new_value, kind, then whom the row is about
    and the record that it rests on (org_id, source, record_key, snapshot_id; null where the table
    has no such column), and the organisation it was about before.

    A row that is only in one version gives a line for itself (column ``*``) and one for each of
    its cells that is neither null nor part of the key. A table whose key is made of other columns
    is added whole. What ``new`` does not publish any more, a table or a column, gives no line:
    its old values may be what must not be published again.
    """
    con.execute(
        f"create or replace temp table {CELLS} (table_name varchar, key varchar, "
        "column_name varchar, old_value varchar, new_value varchar, kind varchar, "
        f"{', '.join(f'{name} varchar' for name in _ABOUT)}, old_org_id varchar)"
    )
    for name, after in sorted(new.tables.items()):
        before = old.tables.get(name)
        if before and before.key == after.key:
            _touch(con, old, new, before, after)
        else:
            before = None
            _touch_all(con, new.relation(name))
        _write(con, old, new, before, after)


def _touch(
    con: duckdb.DuckDBPyConnection,
    old: Side,
    new: Side,
    before: ReleaseTable,
    after: ReleaseTable,
) -> None:
    """Find the rows of one table that differ: hashed first, and joined on the key."""
    kinds = [{column.name: column for column in table.columns} for table in (before, after)]
    shared = [name for name in after.column_names if name in kinds[0]]
    by_text = {
        name
        for name in shared
        if kinds[0][name].type != kinds[1][name].type or _compared_as_text(kinds[1][name])
    }

    def rows(side: Side, table: ReleaseTable) -> str:
        columns = {column.name: column for column in table.columns}
        one = {
            name: text(columns[name], "t") if name in by_text else f"t.{quoted(name)}"
            for name in shared
        }
        keys = ", ".join(f"{one[name]} as k{place}" for place, name in enumerate(table.key))
        # A column that the other version does not have counts where it says something.
        alone = [f"t.{quoted(name)} is not null" for name in after.column_names
                 if side is new and name not in one]  # fmt: skip
        return (
            f"select t.rowid as place, {keys}, hash({', '.join(one.values())}) as hashed, "
            f"({' or '.join(alone) or 'false'}) as says_more from {side.relation(table.name)} as t"
        )

    same = " and ".join(f"o.k{place} = n.k{place}" for place in range(len(after.key)))
    con.execute(
        f"create or replace temp table {_TOUCHED} as "
        f"select o.place as old_row, n.place as new_row from ({rows(old, before)}) as o "
        f"full join ({rows(new, after)}) as n on {same} "
        "where o.hashed is distinct from n.hashed or n.says_more"
    )


def _touch_all(con: duckdb.DuckDBPyConnection, relation: str) -> None:
    con.execute(
        f"create or replace temp table {_TOUCHED} as "
        f"select null::bigint as old_row, rowid as new_row from {relation}"
    )


def _write(
    con: duckdb.DuckDBPyConnection,
    old: Side,
    new: Side,
    before: ReleaseTable | None,
    after: ReleaseTable,
) -> None:
    """Write the differing cells of the touched rows; without ``before`` all are new."""
    joins = f" left join {new.relation(after.name)} as n on n.rowid = t.new_row"
    key = f"case when t.new_row is not null then {key_text(after, 'n')} end"
    if before:
        joins += f" left join {old.relation(after.name)} as o on o.rowid = t.old_row"
        key = f"coalesce({key}, {key_text(before, 'o')})"
    about = [
        f"coalesce({_text_of(after, name, 'n')}, {_text_of(before, name, 'o')}) as {name}"
        for name in _ABOUT
    ]
    cells = [f"{{'name': {literal(ROW)}, 'old': null::varchar, 'new': null::varchar}}"]
    cells += [
        f"{{'name': {literal(name)}, 'old': {_text_of(before, name, 'o')}, "
        f"'new': {_text_of(after, name, 'n')}}}"
        for name in after.column_names
        if name not in after.key
    ]
    con.execute(
        f"insert into {CELLS} with touched as (select {key} as key, {', '.join(about)}, "
        f"{_text_of(before, 'org_id', 'o')} as old_org_id, "
        "case when t.old_row is null then 'added' when t.new_row is null then 'removed' "
        f"else 'changed' end as kind, unnest([{', '.join(cells)}]) as cell "
        f"from {_TOUCHED} as t{joins}) "
        f"select {literal(after.name)}, key, cell.name, cell.old, cell.new, kind, "
        f"{', '.join(_ABOUT)}, old_org_id from touched "
        "where cell.old is distinct from cell.new "
        f"or (cell.name = {literal(ROW)} and kind <> 'changed')"
    )


def _text_of(table: ReleaseTable | None, name: str, row: str) -> str:
    columns = table.columns if table else ()
    found = next((column for column in columns if column.name == name), None)
    return text(found, row) if found else "null::varchar"


def _nested(column: ReleaseColumn) -> bool:
    return column.type.endswith("]") or column.type.upper().startswith(("STRUCT", "MAP", "JSON"))


def _compared_as_text(column: ReleaseColumn) -> bool:
    # 0.0 equals -0.0, and NaN NaN, whatever the engine's version makes of them inside a list.
    return _nested(column) or column.type.upper() in ("DOUBLE", "FLOAT", "REAL")
