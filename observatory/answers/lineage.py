"""Where an organisation came from, what followed it, and who holds rights in it.

What does not belong here: telling it (the models do) and showing it (``render.py``). A release
made before these tables were published has none of it, and nothing is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb


@dataclass(frozen=True)
class Origin:
    """What is known of where it came from; ``unknown`` or None where no record says."""

    public_parent: str | None
    public_parent_basis: str
    public_parent_url: str | None
    route: str
    route_url: str | None
    began_by: str
    began_by_url: str | None
    spun_out_on: date | None
    spun_out_precision: str | None
    first_contract_on: date | None
    first_contract_buyer: str | None
    first_contract_match: str | None
    first_contract_url: str | None


@dataclass(frozen=True)
class Succession:
    """One record of another entity before (``side`` before) or after it, and who comes last when
    the chain is followed."""

    side: str
    other_id: str | None
    other: str
    kind: str
    happened_on: date | None
    precision: str
    basis: str
    confidence: str
    final_successor_ids: tuple[str, ...]
    detail: str
    source: str
    snapshot_id: str | None
    locator: str | None
    url: str | None


@dataclass(frozen=True)
class Right:
    """One right that a group holds or held, as records of these days tell it."""

    holder_group: str
    held_right: str
    extent: str | None
    held_through: str | None
    valid_from: date | None
    valid_to: date | None
    dates_are: str
    detail: str
    source: str
    url: str | None
    evidence_ids: tuple[str, ...]


@dataclass(frozen=True)
class Lineage:
    """All three; ``origin`` is None where the release has no row for the organisation."""

    origin: Origin | None = None
    successions: tuple[Succession, ...] = ()
    rights: tuple[Right, ...] = ()


_SUCCESSIONS = """
with told as (
    select 'before' as side, successor_id as org_id, predecessor_id as other_id,
        predecessor_name as other, *
    from successions
    union all
    select 'after' as side, predecessor_id as org_id, successor_id as other_id,
        successor_name as other, *
    from successions where predecessor_kind = 'organisation'
)
select side, other_id, other, kind, happened_on, precision, basis, confidence,
    case when side = 'after' then final_successor_ids end as final_successor_ids, detail, source,
    snapshot_id, locator, url
from told where org_id = ?
order by side desc, happened_on nulls last, succession_key
"""


def lineage(con: duckdb.DuckDBPyConnection, org_id: str) -> Lineage:
    """Return what the release holds of it, each part with its records."""
    held = {
        str(name)
        for (name,) in con.execute(
            "select table_name from duckdb_tables() union all select view_name from duckdb_views()"
        ).fetchall()
    }
    if not {"origins", "successions", "governance"} <= held:
        return Lineage()
    origins = _rows(con, _select(Origin, "origins"), org_id)
    rights = _rows(
        con,
        _select(Right, "governance")
        + " order by holder_group, held_right, valid_from, governance_key",
        org_id,
    )
    return Lineage(
        Origin(**origins[0]) if origins else None,
        tuple(Succession(**row) for row in _rows(con, _SUCCESSIONS, org_id)),
        tuple(Right(**row) for row in rights),
    )


def _select(kind: type[Origin] | type[Right], table: str) -> str:
    return f"select {', '.join(kind.__dataclass_fields__)} from {table} where org_id = ?"


def _rows(con: duckdb.DuckDBPyConnection, sql: str, org_id: str) -> list[dict[str, Any]]:
    cursor = con.execute(sql, [org_id])
    names = [column[0] for column in cursor.description or []]
    lists = ("final_successor_ids", "evidence_ids")
    return [
        {
            name: tuple(value or ()) if name in lists else value
            for name, value in zip(names, row, strict=True)
        }
        for row in cursor.fetchall()
    ]
