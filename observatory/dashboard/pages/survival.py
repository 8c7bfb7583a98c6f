"""Survival: do mutuals last, and how do they end? Every estimate is the models'.

The tables are those of the design: a row of ``survival`` is a population, an event, a stratum and a
time; ``stratum_kind`` says by what it is divided (``all`` for the whole population).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from observatory.dashboard import words
from observatory.dashboard.charts import curves
from observatory.dashboard.figures import Figure, Plan
from observatory.dashboard.render import Page
from observatory.dashboard.site import Site

_NEEDS = {
    "survival": (
        "population", "event", "stratum_kind", "stratum", "method", "time_days", "at_risk",
        "events", "censored", "estimate", "lower", "upper",
    ),
}  # fmt: skip
_TESTS = {
    "survival_tests": ("population", "event", "stratum_kind", "statistic", "degrees", "p_value"),
}
_COLUMNS = {
    "curve": "Curve",
    "years": "Years since the start",
    "at_risk": "At risk",
    "events": "Ended by then",
    "censored": "Last seen going on",
    "estimate": "Estimate",
    "lower": "Interval from",
    "upper": "Interval to",
}
_SELECT = """
-- {question}
select
    {curve} as curve,
    round(time_days / 365.25, 2) as years,
    at_risk, events, censored,
    round(estimate, 4) as estimate, round(lower, 4) as lower, round(upper, 4) as upper
from survival
where {where}
order by curve, time_days
"""
_CAVEAT = (
    "An end is not a failure: services return in-house, merge or are handed on. Dotted and grey: "
    "fewer than ten at risk, where one end moves the curve by a tenth or more. Intervals are of "
    "95%. An organisation counts from the day on which the evidence then valid first met the "
    "definition, so those that ended before any record began are not missed in silence."
)


def pages(site: Site) -> Iterator[Page]:
    """Yield the survival explorer."""
    plans = [_main_plan(), *_by_stratum(site), _causes(), _comparators()]
    yield Page(
        "survival.html",
        "survival.html",
        "Survival",
        "How long public service mutuals last, by sector, legal form, cohort and kind of end.",
        {
            "main": main_figure(site),
            "shown": [site.figure(plan) for plan in plans[1:]],
            "tests": site.figure(_tests()),
        },
    )


def main_figure(site: Site) -> Figure:
    """The three ends over the population that was named without regard to its outcome."""
    return site.figure(_main_plan())


def _plan(
    name: str,
    title: str,
    subtitle: str,
    curve: str,
    where: str,
    parameters: Mapping[str, object] | None = None,
) -> Plan:
    return Plan(
        f"survival-{name}",
        title,
        subtitle,
        _SELECT.format(question=title, curve=curve, where=where),
        _NEEDS,
        _COLUMNS,
        _CAVEAT,
        chart=curves.survival,
        empty="Too few dated spells are held for an estimate.",
        parameters=parameters or {},
    )


def _main_plan() -> Plan:
    return _plan(
        "main",
        "Do they last?",
        "Share still going on, by years since the spin-out, for each of three ends. The population "
        "is that of cohorts named in their own day, without regard to what became of them.",
        "event",
        "population = 'named cohorts' and stratum_kind = 'all' and method = 'kaplan-meier'",
    )


def _by_stratum(site: Site) -> Iterator[Plan]:
    if site.reader.missing(_NEEDS):
        return
    kinds = site.reader.rows(
        "select distinct stratum_kind as kind from survival where stratum_kind <> 'all' order by 1"
    )
    for row in kinds:
        kind = str(row["kind"])
        yield _plan(
            words.slug(kind),
            f"By {words.words(kind).lower()}",
            f"Share whose mutual status had not ended, by {words.words(kind).lower()}.",
            "stratum",
            "population = 'named cohorts' and stratum_kind = $kind and event = 'status end' "
            "and method = 'kaplan-meier'",
            {"kind": kind},
        )


def _causes() -> Plan:
    return _plan(
        "causes",
        "How they ended",
        "Share that had ended by each cause, by years since the spin-out; the causes compete, and "
        "together they make up all ends.",
        "stratum",
        "population = 'named cohorts' and event = 'status end' and method = 'aalen-johansen'",
    )


def _comparators() -> Plan:
    return _plan(
        "comparators",
        "Beside others",
        "Share still on the register, by years since registration. Others are matched on legal "
        "form, cohort and region; a difference shows no cause.",
        "population",
        "stratum_kind = 'all' and event = 'legal end' and method = 'kaplan-meier'",
    )


def _tests() -> Plan:
    return Plan(
        "survival-tests",
        "Is the difference more than chance?",
        "Log-rank tests between strata in which at least ten ended each.",
        "-- Do the curves of the strata differ by more than chance?\n"
        "select population, event, stratum_kind, round(statistic, 3) as statistic, degrees,\n"
        "    round(p_value, 4) as p_value\n"
        "from survival_tests order by all",
        _TESTS,
        {
            "population": "Population",
            "event": "End",
            "stratum_kind": "By",
            "statistic": "Statistic",
            "degrees": "Degrees of freedom",
            "p_value": "p",
        },
        "Many tests: one in twenty is below 0.05 by chance alone.",
        empty="No stratum has ten ends, so nothing is tested.",
        open_table=True,
    )
