"""What an answer looked at, and what a record would have to show to count.

What belongs here: these two lists from a release. What does not: putting an answer together
(``explain.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import duckdb

from observatory.answers.explanation import Looked


def looked_at(con: duckdb.DuckDBPyConnection) -> tuple[Looked, ...]:
    """Return every source with its newest version and how many records it holds."""
    sql = """
        select s.source, s.title, max(v.published_on) as newest_published_on,
            count(v.snapshot_id) as snapshots, coalesce(sum(v.rows), 0)::bigint as rows
        from sources s left join snapshots v using (source)
        group by s.source, s.title order by s.source
    """
    return tuple(Looked(*row) for row in _fetched(con, sql))


def would_count(con: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Return what a record would have to show, by the signals that speak for the headline's
    criteria."""
    sql = """
        select c.title, list(distinct s.why order by s.why) as whys
        from signals s join criteria c using (criterion_id)
        join definition_criteria r using (criterion_id) join definitions d using (definition_id)
        where d.is_headline and r.role = 'required' and s.direction = 'for'
            and s.strength in ('decisive', 'strong')
        group by c.title order by c.title
    """
    return tuple(f"{title}: {' '.join(whys)}" for title, whys in _fetched(con, sql))


def _fetched(con: duckdb.DuckDBPyConnection, sql: str) -> Iterable[tuple[Any, ...]]:
    return con.execute(sql).fetchall()
