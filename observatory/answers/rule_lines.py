"""Which lines of the published rules differ between two releases, and in what.

Only the columns by which the models judge are compared: a reworded reason is no change of a rule.
A column that one of the releases does not have is compared in neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import duckdb

# table → its key, and the columns by which the models judge
JUDGED_BY: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "definitions": (
        ("definition_id",),
        ("kind", "in_force_from", "in_force_to", "dates_bind", "nations"),
    ),
    "definition_criteria": (
        ("definition_id", "criterion_id"),
        ("role", "is_key", "met_at", "corroborated_by", "refuted_at", "refutation_is_final"),
    ),
    "signals": (
        ("signal_id",),
        ("criterion_id", "direction", "strength", "source", "reads", "publishes"),
    ),
    "evidence_sources": (("source",), ("origin", "dates_are", "knows_since")),
}


@dataclass(frozen=True)
class Line:
    """A line of a rule that was added, removed or changed; ``what`` says which."""

    table: str
    key: str
    what: str

    def __str__(self) -> str:
        return f"{self.table} {self.key}: {self.what}"

    def concerns(self, definition_id: str, signal_ids: set[str], sources: set[str]) -> bool:
        """Whether it can touch the verdict under a definition that rests on evidence of these
        signals and sources."""
        if self.table in ("definitions", "definition_criteria"):
            return self.key.split("/")[0] == definition_id
        return self.key in (signal_ids if self.table == "signals" else sources)


def changed(con: duckdb.DuckDBPyConnection, old: str, new: str) -> list[Line]:
    """Return the lines that differ between the attached databases ``old`` and ``new``, by table
    and key. A table that one of them lacks is left out."""
    found = []
    for table, (key, judged_by) in JUDGED_BY.items():
        held = [_columns(con, one, table) for one in (old, new)]
        columns = [one for one in judged_by if all(one in names for names in held)]
        if not all(held) or not columns:
            continue
        before, after = (_lines(con, f"{one}.{table}", key, columns) for one in (old, new))
        for name in sorted(before.keys() | after.keys()):
            what = _difference(before.get(name), after.get(name))
            if what:
                found.append(Line(table, name, what))
    return found


def _difference(before: Mapping[str, str] | None, after: Mapping[str, str] | None) -> str:
    if before is None or after is None:
        return "added" if before is None else "removed"
    return ", ".join(
        f"{name} {before[name]} → {after[name]}" for name in before if before[name] != after[name]
    )


def _columns(con: duckdb.DuckDBPyConnection, database: str, table: str) -> set[str]:
    rows = con.execute(
        "select column_name from duckdb_columns() where database_name = ? and table_name = ?",
        [database, table],
    ).fetchall()
    return {str(row[0]) for row in rows}


def _lines(
    con: duckdb.DuckDBPyConnection, table: str, key: tuple[str, ...], columns: list[str]
) -> dict[str, dict[str, str]]:
    rows = con.execute(f"select {', '.join((*key, *columns))} from {table}").fetchall()
    return {
        "/".join(str(one) for one in row[: len(key)]): {
            name: "none" if value is None else str(value).lower()
            for name, value in zip(columns, row[len(key) :], strict=True)
        }
        for row in rows
    }
