"""How every figure of survival curves is planned: what it reads, and what it says of them.

What belongs here: the form of such a figure. What does not: which there are (``survival.py``,
``survival_compared.py``).
"""

from __future__ import annotations

from collections.abc import Mapping

from observatory.dashboard.charts import curves
from observatory.dashboard.figures import Plan

#: What the figures over ``survival`` read of it and of the populations.
NEEDS = {
    "survival": (
        "population_id", "end_of", "stratum_by", "stratum", "method", "cause", "time_days",
        "at_risk", "events", "censored", "estimate", "lower", "upper",
    ),
    "survival_populations": (
        "population_id", "title", "label", "kind", "selection", "caveat",
    ),
}  # fmt: skip
#: The columns of every such figure's table.
COLUMNS = {
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
    {method} as method,
    round(s.time_days / 365.25, 2) as years,
    s.at_risk, s.events, {censored} as censored,
    round(s.estimate, 4) as estimate, round(s.lower, 4) as lower, round(s.upper, 4) as upper
from {table} as s
inner join survival_populations as p on s.population_id = p.population_id
where {where}
order by curve, s.time_days
"""
_READING = (
    "Dotted and grey: fewer than ten at risk, where one end moves the curve by a tenth or more."
)
_CAVEAT = "Intervals are of 95%. An end is not a failure."


def plan(
    name: str,
    title: str,
    subtitle: str,
    curve: str,
    where: str,
    parameters: Mapping[str, object],
    caveat: str,
    *,
    table: str = "survival",
    needs: Mapping[str, tuple[str, ...]] | None = None,
) -> Plan:
    """A figure of the curves that ``where`` picks, one a value of the SQL ``curve``, with ``s``
    the table of curves and ``p`` its populations."""
    needs = needs or NEEDS
    held = needs[table]
    sql = _SELECT.format(
        question=title,
        curve=curve,
        table=table,
        where=where,
        method="s.method" if "method" in held else "'kaplan-meier'",
        censored="s.censored" if "censored" in held else "null",
    )
    columns = {
        key: word for key, word in COLUMNS.items() if key != "censored" or "censored" in held
    }
    return Plan(
        f"survival-{name}",
        title,
        subtitle,
        sql,
        needs,
        columns,
        f"{caveat} {_CAVEAT}".strip(),
        chart=curves.survival,
        empty="Too few dated spells are held for an estimate.",
        parameters=parameters,
        reading=_READING,
        notice=curves.how_few,
    )
