"""The published table ``releases``: every version up to and including the one that holds it.

What belongs here: that table's contract and rows, which no model can know. What does not: the
release folders themselves (``versions.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import duckdb

from observatory.release.contracts import ReleaseColumn, ReleaseTable
from observatory.release.versions import ReleaseRef, Version

RELEASES_TABLE = "releases"


def _own(name: str, kind: str, description: str) -> ReleaseColumn:
    return ReleaseColumn(name, kind, description, licence="rows")


RELEASES = ReleaseTable(
    name=RELEASES_TABLE,
    description="One row a release: this one and every one before it.",
    kind="run",
    key=("version",),
    order_by=("built_at", "version"),
    columns=(
        _own("version", "VARCHAR", "The release's name: the day it was built, and its number."),
        _own("built_at", "TIMESTAMP", "When it was built, in UTC."),
        _own("previous_version", "VARCHAR", "The release before it; null for the first."),
        _own(
            "facts_hash",
            "VARCHAR",
            "SHA-256 over the content of its fact tables: equal hashes, equal facts.",
        ),
        _own("fact_tables", "INTEGER", "How many fact tables it holds."),
        _own("fact_rows", "BIGINT", "Rows of its fact tables together."),
        _own("organisations", "BIGINT", "Rows of its table of organisations."),
    ),
)

Row = tuple[str, datetime, str | None, str, int, int, int | None]


def earlier_rows(history: Iterable[ReleaseRef], before: Version) -> list[Row]:
    """Return the rows of all releases older than ``before``."""
    return [
        (
            str(reference.version),
            naive(reference.built_at),
            reference.manifest.previous_version or None,
            reference.facts_hash,
            sum(entry.table.kind == "facts" for entry in reference.manifest.tables),
            reference.manifest.fact_rows,
            reference.manifest.rows("organisations"),
        )
        for reference in history
        if reference.version < before
    ]


def write_releases(con: duckdb.DuckDBPyConnection, rows: Iterable[Row]) -> None:
    """Fill the (empty) table ``releases`` that ``con`` sees."""
    con.executemany(
        f"insert into {RELEASES_TABLE} values (?, ?, ?, ?, ?, ?, ?)",
        sorted(rows, key=lambda row: (row[1], row[0])),
    )


def naive(moment: datetime) -> datetime:
    """Return a UTC moment as DuckDB's TIMESTAMP holds it: without a zone."""
    return moment.replace(tzinfo=None)
