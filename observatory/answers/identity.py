"""What of an organisation's identity rests on a name or on a judgement, for an explanation.

What does not belong here: deciding (``observatory/linkage.py``) and showing (``render.py``).
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class NameMatch:
    """One record that was joined by its name or a judgement, or kept apart by one, or left
    undecided (``decision``), with the score in [0, 1] and why in words."""

    source: str
    role: str
    record_key: str
    asked_name: str
    basis: str
    score: float
    explanation: str
    decision: str


def name_matches(con: duckdb.DuckDBPyConnection, org_id: str) -> tuple[NameMatch, ...]:
    """Return the organisation's matches by name, decided ones first; none from a release that
    was made before these were published."""
    listed = "select 1 from duckdb_tables() where table_name = 'match_reviews' union all "
    listed += "select 1 from duckdb_views() where view_name = 'match_reviews'"
    if con.execute(listed).fetchone() is None:
        return ()
    rows = con.execute(
        "select source, role, record_key, asked_name, basis, score, explanation, decision"
        " from match_reviews where candidate_id = ?"
        " order by list_position(['match', 'rejected-by-judgement', 'review'], decision),"
        " score desc, source, role, record_key",
        [org_id],
    ).fetchall()
    return tuple(NameMatch(*row) for row in rows)
