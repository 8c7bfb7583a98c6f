"""Benefits: each published claim beside what the records show, and which no record can show.

The claims are facts with a citation (``claims.csv``). Nothing here says that a form of ownership
caused a figure.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from observatory.dashboard import words
from observatory.dashboard.figures import Figure, Plan
from observatory.dashboard.reader import Row
from observatory.dashboard.render import Page
from observatory.dashboard.site import Site

CLAIMS = Path(__file__).parent.parent / "claims.csv"
# Below this many organisations a median says more about them than about mutuals.
FEW = 10

_SHOWN = f"""
-- What do the returns of organisations that meet, probably meet or may meet the definition show?
select
    m.title,
    replace(m.unit, 'GBP', '£') as unit,
    count(distinct o.org_id) as organisations,
    count(*) as figures,
    -- Of fewer than {FEW} organisations these would say more about them than about mutuals.
    case when count(distinct o.org_id) >= {FEW}
        then round(quantile_cont(o.value, 0.25), 2) end as lower_quarter,
    case when count(distinct o.org_id) >= {FEW} then round(median(o.value), 2) end as median,
    case when count(distinct o.org_id) >= {FEW}
        then round(quantile_cont(o.value, 0.75), 2) end as upper_quarter,
    case when count(distinct o.org_id) >= {FEW}
        then round(100.0 * count(*) filter (where o.value > 0) / count(*))
    end as percent_above_nought,
    year(min(o.period_end_on)) as first_year,
    year(max(o.period_end_on)) as last_year,
    m.cannot_say,
    m.measure
from outcomes as o
inner join classifications as c on o.org_id = c.org_id
inner join outcome_measures as m on o.measure = m.measure
where c.definition_id = $definition and c.verdict in ('mutual', 'probable', 'possible')
    and o.value is not null and len(o.doubts) = 0
group by m.title, m.unit, m.cannot_say, m.measure
order by m.title
"""
_COLUMNS = {
    "title": "Measure",
    "unit": "Unit",
    "organisations": "Organisations",
    "figures": "Figures",
    "lower_quarter": "A quarter lie below",
    "median": "Median",
    "upper_quarter": "A quarter lie above",
    "percent_above_nought": "% above zero",
    "first_year": "From",
    "last_year": "To",
    "cannot_say": "What it cannot say",
}


def pages(site: Site) -> Iterator[Page]:
    """Yield the page of benefits."""
    figure = site.figure(_plan(site))
    rights = site.figure(_rights(site))
    themes: dict[str, list[Row]] = {}
    for claim in claims():
        said = {**claim, "found": _found(claim, figure)}
        themes.setdefault(claim["theme"], []).append(said)
    yield Page(
        "benefits.html",
        "benefits.html",
        "Benefits",
        "What has been claimed for public service mutuals, beside what published records show.",
        {"themes": themes, "figure_shown": figure, "rights_figure": rights, "few": FEW},
    )


def claims() -> list[Row]:
    """The published claims, each with who made it, when and where."""
    with CLAIMS.open(encoding="utf-8", newline="") as stream:
        return [{**row, "measures": row["measures"].split()} for row in csv.DictReader(stream)]


def _found(claim: Row, figure: Figure) -> list[str]:
    """What the records show on the measures nearest to a claim, in sentences."""
    rows = [row for row in figure.rows if row["measure"] in claim["measures"]]
    return [_sentence(row) for row in rows]


def _sentence(row: Row) -> str:
    count = words.plural(row["organisations"], "organisation")
    figures = words.plural(row["figures"], "figure")
    years = f"{row['first_year']} to {row['last_year']}"
    start = f"{row['title']}: {figures} of {count}, {years}"
    if row["organisations"] < FEW:
        return f"{start}. Too few to say anything of mutuals at large."
    middle = f"{words.number(row['lower_quarter'])} to {words.number(row['upper_quarter'])}"
    return (
        f"{start}; median {words.number(row['median'])} {row['unit']}, the middle half {middle}; "
        f"{words.number(row['percent_above_nought'])}% above zero."
    )


def _plan(site: Site) -> Plan:
    return Plan(
        "outcomes",
        "What the returns show, measure by measure",
        "Figures that organisations under the headline definition returned, without those in "
        "doubt. Each figure is one organisation and one period.",
        _SHOWN,
        {
            "outcomes": ("org_id", "measure", "period_end_on", "value", "doubts"),
            "outcome_measures": ("measure", "title", "unit", "cannot_say"),
            "classifications": ("org_id", "definition_id", "verdict"),
        },
        _COLUMNS,
        "A dash: fewer than ten organisations, too few to say anything of mutuals at large. "
        "Nothing here shows a cause. Those that file figures differ from those that do not, years "
        "before and after a spin-out are mixed, and pounds are of their year.",
        empty="No return of an organisation under the headline definition is held.",
        parameters={"definition": site.headline},
        open_table=True,
    )


def _rights(site: Site) -> Plan:
    return Plan(
        "rights",
        "Who holds rights in those that still exist",
        "Groups with a recorded right in organisations under the headline definition.",
        site.query("rights-by-group"),
        {
            "governance": ("org_id", "holder_group", "held_right", "valid_to"),
            "classifications": ("org_id", "definition_id", "verdict", "has_ended"),
        },
        {"holder_group": "Group", "held_right": "Right", "mutuals": "Organisations"},
        "Rules of societies and articles are not read: where nothing is known, that says nothing "
        "about engagement.",
        parameters={"definition": site.headline},
        open_table=True,
    )
