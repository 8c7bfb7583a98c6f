"""Sectors: where mutuals work, and how that spread changed."""

from __future__ import annotations

from collections.abc import Iterator

from observatory.dashboard.charts import bars, lines
from observatory.dashboard.figures import Plan
from observatory.dashboard.pages import counts
from observatory.dashboard.render import Page
from observatory.dashboard.site import Site

_NEEDS = {
    "classifications": ("org_id", "definition_id", "verdict", "has_ended"),
    "organisations": ("org_id", "sector"),
    "sectors": ("sector", "title"),
}
_VERDICTS = """
-- In which sectors are the organisations that meet, probably meet or may meet the definition?
select
    coalesce(s.title, 'Not told by any source') as label,
    count(*) filter (where c.verdict = 'mutual') as mutual,
    count(*) filter (where c.verdict = 'probable') as probable,
    count(*) filter (where c.verdict = 'possible') as possible,
    count(*) filter (where c.has_ended) as of_these_ended
from classifications as c
inner join organisations as o on c.org_id = o.org_id
left join sectors as s on o.sector = s.sector
where c.definition_id = $definition and c.verdict in ('mutual', 'probable', 'possible')
group by label
order by count(*) desc, label
"""
_COLUMNS = {
    "label": "Sector",
    "mutual": "Meet",
    "probable": "Probably meet",
    "possible": "May meet",
    "of_these_ended": "Of these, ended",
}


def pages(site: Site) -> Iterator[Page]:
    """Yield the page of sectors."""
    yield Page(
        "sectors.html",
        "sectors.html",
        "Sectors",
        "In which public services mutuals work, and how their spread over sectors changed.",
        {
            "shown": [
                site.figure(plan)
                for plan in (verdict_plan(site), _stock(site), _index(site), *counts.plans(site))
            ]
        },
    )


def verdict_plan(site: Site) -> Plan:
    """Sectors by verdict under the headline definition."""
    return Plan(
        "sectors",
        "Sectors in which they work",
        "Organisations that meet, probably meet or may meet the headline definition, by primary "
        "sector. The number is the range: from those that meet it to all three.",
        _VERDICTS,
        _NEEDS,
        _COLUMNS,
        "Each organisation has one primary sector, told by codes of its contracts, registers and "
        "its name; one that works in several is counted once. Small numbers: one organisation "
        "more or less changes the picture.",
        chart=bars.certainty,
        parameters={"definition": site.headline},
        empty="No organisation meets, probably meets or may meet the headline definition.",
    )


def _stock(site: Site) -> Plan:
    return Plan(
        "sector-stock",
        "Each sector over time",
        "Organisations that meet, probably meet or may meet the headline definition on the last "
        "day of each year, by primary sector.",
        """
-- How many mutuals of each sector were there in each year?
select p.year as of_year, coalesce(s.title, p.sector) as label, sum(p.stock)::bigint as stock
from sector_spread as p
left join sectors as s on p.sector = s.sector
where p.definition_id = $definition
group by of_year, label
order by of_year, label
""",
        {
            "sector_spread": ("year", "definition_id", "sector", "stock"),
            "sectors": ("sector", "title"),
        },
        {"of_year": "Year", "label": "Sector", "stock": "Organisations"},
        "Only those with recorded dates are in it, so the lines are too low. Recent years are "
        "provisional: registers and notices report late.",
        chart=lines.series("of_year", "stock", "label"),
        parameters={"definition": site.headline},
    )


def _index(site: Site) -> Plan:
    return Plan(
        "spread-index",
        "How widely they are spread",
        "The effective number of sectors: how many equally large sectors would be as diverse.",
        """
-- How many equally large sectors would be as diverse as the mutuals of each year?
select
    year as of_year, territory as label,
    organisations, unplaced, round(effective_sectors, 2) as effective_sectors,
    round(lower, 2) as lower, round(upper, 2) as upper
from spread_indices
where definition_id = $definition
order by label, of_year
""",
        {
            "spread_indices": (
                "year",
                "definition_id",
                "territory",
                "organisations",
                "unplaced",
                "effective_sectors",
                "lower",
                "upper",
            )
        },
        {
            "of_year": "Year",
            "label": "Where",
            "organisations": "Organisations",
            "unplaced": "Place not known",
            "effective_sectors": "Effective number of sectors",
            "lower": "Interval from",
            "upper": "Interval to",
        },
        "With few organisations the index moves by chance; read it with its interval. Those whose "
        "place is not known count in the United Kingdom only.",
        chart=lines.series("of_year", "effective_sectors", "label"),
        parameters={"definition": site.headline},
    )
