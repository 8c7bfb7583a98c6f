"""Sources: what was read, from whom, on which terms, how new it is and what was wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from observatory.dashboard.figures import Plan
from observatory.dashboard.reader import Row
from observatory.dashboard.render import Page
from observatory.dashboard.site import Site
from observatory.release.versions import Version

_SOURCES = """
select
    s.*,
    coalesce(v.records, 0)::bigint as records,
    coalesce(i.issues, 0)::bigint as issues,
    case
        when s.snapshots = 0 then 'not landed'
        when s.failing_since is not null then 'stale'
        when date_diff('day', s.newest_published_on, $day::date) > s.freshness_days then 'old'
        else 'fresh'
    end as standing
from sources as s
left join (
    -- of a whole file the newest version counts, of extracts and increments each
    select
        source,
        coalesce(
            arg_max(rows, published_on::varchar || snapshot_id) filter (scope = 'whole'), sum(rows)
        ) as records
    from snapshots where same_as is null group by source
) as v on s.source = v.source
left join (
    select source, sum(occurrences) as issues from data_issues where severity <> 'info'
    group by source
) as i on s.source = i.source
order by s.snapshots = 0, s.title
"""
_ISSUES = """
-- Which records were repaired, set aside or not understood, by source and kind?
select
    s.title as source,
    case i.severity
        when 'quarantined' then 'set aside' when 'info' then 'noted' else i.severity
    end as severity,
    replace(i.kind, '-', ' ') as kind,
    sum(i.occurrences)::bigint as records,
    min(i.detail) as example
from data_issues as i
left join sources as s on i.source = s.source
group by s.title, i.severity, i.kind
order by records desc, source, i.kind
"""
_NEEDS = {
    "sources": ("source", "title", "publisher", "licence", "attribution", "failing_since"),
    "snapshots": ("source", "rows", "same_as", "scope"),
    "data_issues": ("source", "severity", "kind", "occurrences", "detail"),
}


def pages(site: Site) -> Iterator[Page]:
    """Yield the page of sources."""
    missing = site.reader.missing(_NEEDS)
    rows: list[Row] = []
    if not missing:
        rows = site.reader.rows(_SOURCES, {"day": released_on(site).isoformat()})
    yield Page(
        "sources.html",
        "sources.html",
        "Sources",
        "Every source: publisher, licence, how new what we hold is, and what was wrong with it.",
        {
            "landed": [row for row in rows if row["snapshots"]],
            "waiting": [row for row in rows if not row["snapshots"]],
            "issues": site.figure(_issues()),
        },
    )


def released_on(site: Site) -> date:
    """The day of the release: the pages' only clock, so that they are the same each time."""
    return Version.parse(site.reader.version).day


def _issues() -> Plan:
    return Plan(
        "issues",
        "What was wrong with the records",
        "Records that were repaired, set aside or not understood. Nothing is dropped in silence.",
        _ISSUES,
        _NEEDS,
        {
            "source": "Source",
            "severity": "What was done",
            "kind": "Kind",
            "records": "Records",
            "example": "An example",
        },
        "A repaired record counts as repaired; one set aside is not in any figure.",
        empty="No record was repaired or set aside.",
        open_table=True,
    )
