"""The published table ``releases``: every version up to and including the one that holds it.

What belongs here: that table's contract and rows, which no model can know. What does not: the
release folders themselves (``versions.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import duckdb

from observatory.release.changes import CHANGES_TABLE, COUNTS, contract
from observatory.release.contracts import ReleaseColumn, ReleaseTable
from observatory.release.evolution import KINDS
from observatory.release.records import STATUSES, Past
from observatory.release.versions import ReleaseRef

RELEASES_TABLE = "releases"


def _own(name: str, kind: str, description: str, enum: tuple[str, ...] = ()) -> ReleaseColumn:
    return ReleaseColumn(name, kind, description, licence="rows", enum=enum)


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
        _own(
            "caused_by",
            "VARCHAR",
            "The events at sources, and the rules edited, that led to it; null where that was not "
            "recorded.",
        ),
        _own(
            "version_kind",
            "VARCHAR",
            "How its schema differs from the version before: major (something that readers rely on "
            "is gone or means something else), minor (something was added), patch (only the data "
            "differ); null where that was not recorded.",
            KINDS,
        ),
        _own("schema_changes", "VARCHAR[]", "Each of those differences, in words."),
        _own(
            "status",
            "VARCHAR",
            "What had become of it when this release was built: published, withdrawn (its files "
            "are kept; do not use them) or pruned (its files are gone by the rule of retention; "
            "its manifest and checksums are kept).",
            STATUSES,
        ),
        _own("status_on", "DATE", "The day on which it was withdrawn or pruned."),
        _own("status_reason", "VARCHAR", "Why it was withdrawn or pruned."),
        *(_own(name, "BIGINT", told) for name, (_, told) in COUNTS.items()),
        _own("changes_note", "VARCHAR", "Why `changes` is empty or withholds values, if so."),
    ),
)

# The tables that the release writes itself; no model can know them.
OWN_NAMES = (CHANGES_TABLE, RELEASES_TABLE)

Row = tuple[Any, ...]


def with_own_tables(published: Iterable[ReleaseTable]) -> tuple[ReleaseTable, ...]:
    """Return the tables of a release: those that models publish, and its own two."""
    models = tuple(published)
    return (*models, contract(models), RELEASES)


def earlier_rows(past: Iterable[Past]) -> list[Row]:
    """Return the row of each release in ``past``."""
    return [_row(one.release, one) for one in past]


def _row(reference: ReleaseRef, past: Past) -> Row:
    return (
        str(reference.version),
        naive(reference.built_at),
        reference.manifest.previous_version or None,
        reference.facts_hash,
        sum(entry.table.kind == "facts" for entry in reference.manifest.tables),
        reference.manifest.fact_rows,
        reference.manifest.rows("organisations"),
        reference.manifest.caused_by or None,
        reference.manifest.kind or None,
        list(reference.manifest.schema_changes),
        past.status,
        past.mark.on if past.mark else None,
        past.mark.reason if past.mark else None,
        *counts(reference.manifest.changes),
    )


def write_releases(con: duckdb.DuckDBPyConnection, rows: Iterable[Row]) -> None:
    """Fill the (empty) table ``releases`` that ``con`` sees."""
    con.executemany(
        f"insert into {RELEASES_TABLE} values ({', '.join('?' * len(RELEASES.columns))})",
        sorted(rows, key=lambda row: (row[1], row[0])),
    )


def counts(counted: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the last columns of a release's row: its counts (null: not counted), and the note."""
    return (*(counted.get(name) for name in COUNTS), counted.get("note"))


def naive(moment: datetime) -> datetime:
    """Return a UTC moment as DuckDB's TIMESTAMP holds it: without a zone."""
    return moment.replace(tzinfo=None)
