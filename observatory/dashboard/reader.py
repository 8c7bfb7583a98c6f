"""How pages read one release: SQL in, plain rows out, and what the release does not hold.

What belongs here: reading. What does not: any particular question (``pages/``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from observatory.release.connections import quoted, reading
from observatory.release.database import DATABASE, METADATA_TABLE

Row = dict[str, Any]


@dataclass(frozen=True)
class Reader:
    """One release, opened read-only. ``tables`` maps each table to its columns, in order."""

    folder: Path
    con: duckdb.DuckDBPyConnection
    tables: Mapping[str, tuple[str, ...]]
    about: Mapping[str, str]
    _grouped: dict[str, dict[str, list[Row]]] = field(default_factory=dict)

    @property
    def version(self) -> str:
        """The release's version, such as v2026.11.23.1."""
        return self.about.get("version", "")

    def has(self, table: str, *columns: str) -> bool:
        """Say whether the release holds ``table`` with all of ``columns``."""
        held = self.tables.get(table)
        return held is not None and set(columns) <= set(held)

    def missing(self, needs: Mapping[str, Iterable[str]]) -> list[str]:
        """Name the tables of ``needs`` that the release does not hold with these columns."""
        return [table for table, columns in needs.items() if not self.has(table, *columns)]

    def rows(self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> list[Row]:
        """Answer one query. The SQL is the page's own; values come as ``parameters``."""
        answer = self.con.execute(sql, parameters or None)
        names = [column[0] for column in answer.description]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def one(self, sql: str, parameters: Sequence[object] = ()) -> Row:
        """The first row of an answer; empty where there is none."""
        rows = self.rows(sql, parameters)
        return rows[0] if rows else {}

    def by(self, key: str, sql: str) -> dict[str, list[Row]]:
        """Rows of a query in groups by the column ``key``, in the query's order. Asked once: two
        thousand pages share one reading."""
        if sql not in self._grouped:
            groups: dict[str, list[Row]] = {}
            for row in self.rows(sql):
                groups.setdefault(row[key], []).append(row)
            self._grouped[sql] = groups
        return self._grouped[sql]

    def count(self, table: str) -> int:
        """How many rows ``table`` holds; 0 where the release does not hold it."""
        if table not in self.tables:
            return 0
        return int(self.one(f"select count(*) as n from {quoted(table)}")["n"])


@contextmanager
def opened(folder: Path) -> Iterator[Reader]:
    """Open the release (staged or published) in ``folder``. Raises PermanentError when its
    database is missing or damaged."""
    with reading(folder / DATABASE) as con:
        listed = con.execute(
            "select table_name, list(column_name order by column_index) from duckdb_columns() "
            "where database_name = current_database() and not internal group by table_name"
        ).fetchall()
        tables = {str(table): tuple(columns) for table, columns in sorted(listed)}
        about = con.execute(f"select key, value from {METADATA_TABLE}").fetchall()
        yield Reader(folder, con, tables, {str(key): str(value or "") for key, value in about})
