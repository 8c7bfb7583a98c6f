"""Survival: do mutuals last, and how do they end? Every estimate is the models'.

A row of ``survival`` is a population, an end, a stratum, a method, a cause and a time. What a
population cannot say stands with it, in ``survival_populations``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from observatory.dashboard import words
from observatory.dashboard.charts import curves
from observatory.dashboard.figures import Figure, Plan
from observatory.dashboard.pages import survival_tables
from observatory.dashboard.reader import Row
from observatory.dashboard.render import Page
from observatory.dashboard.site import Site

NEEDS = {
    "survival": (
        "population_id", "end_of", "stratum_by", "stratum", "method", "cause", "time_days",
        "at_risk", "events", "censored", "estimate", "lower", "upper",
    ),
    "survival_populations": ("population_id", "title", "kind", "selection", "caveat"),
}  # fmt: skip
_COLUMNS = {
    "curve": "Curve",
    "years": "Years",
    "at_risk": "At risk",
    "events": "Ended then",
    "censored": "Last seen going on",
    "estimate": "Estimate",
    "lower": "Interval from",
    "upper": "Interval to",
}
_SELECT = """
-- {question}
select
    {curve} as curve,
    s.method,
    round(s.time_days / 365.25, 2) as years,
    s.at_risk, s.events, s.censored,
    round(s.estimate, 4) as estimate, round(s.lower, 4) as lower, round(s.upper, 4) as upper
from survival as s
inner join survival_populations as p on s.population_id = p.population_id
where {where}
order by curve, s.time_days
"""
_CAVEAT = (
    "Dotted and grey: fewer than ten at risk, where one end moves the curve by a tenth or more. "
    "Intervals are of 95%. An end is not a failure."
)
_STATUS = "s.end_of = 'end of mutual status'"


def pages(site: Site) -> Iterator[Page]:
    """Yield the survival explorer."""
    shown = [site.figure(plan) for plan in _divided(site)]
    yield Page(
        "survival.html",
        "survival.html",
        "Survival",
        "How long public service mutuals last, by sector, legal form, cohort and kind of end.",
        {
            "main": main_figure(site),
            "shown": shown,
            "tables": [site.figure(plan) for plan in survival_tables.plans()],
        },
    )


def main_figure(site: Site) -> Figure:
    """The three ends over the population that is least chosen by outcome."""
    return site.figure(_main_plan(_populations(site)))


def _populations(site: Site) -> list[Row]:
    """The populations of mutuals that have a curve, the least chosen by outcome first: those of
    the lists of their day, then those found by records, then those that somebody named."""
    if site.reader.missing(NEEDS):
        return []
    return site.reader.rows(
        "select p.* from survival_populations as p "
        "where p.kind = 'mutuals' and p.population_id in (select population_id from survival) "
        "order by list_position(['cohort-lists', 'inferred-mutuals', 'curated-mutuals'], "
        "p.population_id) nulls last, p.population_id"
    )


def _plan(
    name: str, title: str, subtitle: str, curve: str, where: str, parameters: Mapping[str, object],
    caveat: str,
) -> Plan:  # fmt: skip
    return Plan(
        f"survival-{name}",
        title,
        subtitle,
        _SELECT.format(question=title, curve=curve, where=where),
        NEEDS,
        _COLUMNS,
        f"{caveat} {_CAVEAT}".strip(),
        chart=curves.survival,
        empty="Too few dated spells are held for an estimate.",
        parameters=parameters,
    )


def _main_plan(populations: list[Row]) -> Plan:
    population = populations[0] if populations else {}
    name = population.get("title", "Mutuals")
    return _plan(
        "main",
        "Do they last?",
        f"{name}: share still going on, by years since the start, for each of three ends.",
        "s.end_of",
        "s.population_id = $population and s.stratum_by = 'all' and s.method = 'kaplan-meier'",
        {"population": population.get("population_id", "cohort-lists")},
        str(population.get("caveat", "")),
    )


def _divided(site: Site) -> Iterator[Plan]:
    for population in _populations(site):
        key = str(population["population_id"])
        parameters = {"population": key}
        divisions = site.reader.rows(
            "select distinct stratum_by as name from survival "
            "where population_id = ? and stratum_by <> 'all' order by 1",
            [key],
        )
        for division in divisions:
            by = str(division["name"])
            yield _plan(
                f"{words.slug(key)}-{words.slug(by)}",
                f"{population['title']}, by {words.words(by).lower()}",
                "Share whose mutual status had not ended, by years since the start. The six "
                "largest groups are drawn; the table has all.",
                "s.stratum",
                f"s.population_id = $population and s.stratum_by = $by and {_STATUS} "
                "and s.method = 'kaplan-meier'",
                {**parameters, "by": by},
                str(population["caveat"]),
            )
        yield _plan(
            f"{words.slug(key)}-causes",
            f"{population['title']}: how they ended",
            "Share that had ended by each cause, by years since the start. The causes compete: "
            "together they make up all ends.",
            "s.cause",
            f"s.population_id = $population and {_STATUS} and s.method = 'aalen-johansen'",
            parameters,
            str(population["caveat"]),
        )
    yield _plan(
        "comparators",
        "Beside others",
        "Share without a legal end in the first twenty years, by years since the start of each.",
        "p.title",
        "s.stratum_by = 'all' and s.end_of = 'legal end' and s.method = 'kaplan-meier'\n"
        "    and s.time_days <= 20 * 365.25",
        {},
        "Populations begin, are found and are followed in different ways (see the table below); a "
        "difference between two curves shows no cause.",
    )
