"""The tables of survival, made in Python from the spells that SQL lays out (``srv_spells``).

In Python because a product limit with its intervals over hundreds of strata reads worse in SQL than
in NumPy. What belongs here: the rows. What does not: the formulas (``survival.py``), the strata
(``survival_strata.py``) and who belongs to a population (``srv_members.sql``).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, Final

import duckdb

from observatory.survival import (
    Curve,
    aalen_johansen,
    at_risk_on,
    kaplan_meier,
    log_rank,
    median,
    value_at,
)
from observatory.survival_rows import OF_A_CURVE, YEAR, or_none, write
from observatory.survival_strata import (
    NOT_KNOWN,
    SMALL_TOGETHER,
    THIN,
    Stratum,
    by_dating,
    strata,
)

#: Rates are told at these years: mutuals end with their contracts, after five to ten years.
YEARS: Final = (1, 3, 5, 7, 10)
#: A stratum takes part in a log-rank test from this many ends on.
ENOUGH_ENDS: Final = 10
#: The readings of a date that is known to a month or year only; the first is the published one.
DATINGS: Final = ("middle", "shortest", "longest")

_STRATUM: Final = dict.fromkeys(("population_id", "end_of", "stratum_by", "stratum"), "varchar")
_STEP: Final = {
    "time_days": "integer",
    **dict.fromkeys(("at_risk", "events", "censored"), "bigint"),
    **dict.fromkeys(("estimate", "lower", "upper"), "double"),
}
_RATE: Final = {
    "measure": "varchar",
    "years": "integer",
    **dict.fromkeys(("members", "followed", "events", "at_risk"), "bigint"),
    **dict.fromkeys(("estimate", "lower", "upper"), "double"),
}


def curves(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``survival``: a Kaplan-Meier curve a stratum, and for each whole population the
    cumulative incidence of each cause."""
    rows: list[tuple[Any, ...]] = []
    for one in strata(con):
        if not len(one.spells):
            continue
        rows += [
            (*one.key, "kaplan-meier", "any", *step) for step in _steps(kaplan_meier(one.spells))
        ]
        for code, cause in enumerate(one.causes if one.by == "all" else (), start=1):
            steps = _steps(aalen_johansen(one.spells, code))
            rows += [(*one.key, "aalen-johansen", cause, *step) for step in steps]
    types = {**_STRATUM, "method": "varchar", "cause": "varchar", **_STEP}
    write(con, "survival", types, rows, OF_A_CURVE)


def rates(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``survival_rates``: who survived 1, 3, 5, 7 and 10 years, and the median in years."""
    rows: list[tuple[Any, ...]] = []
    for one in strata(con):
        counts = (one.members, len(one.spells), one.ends)
        curve = kaplan_meier(one.spells)
        for years in YEARS:
            risk = at_risk_on(one.spells, years * YEAR)
            values = value_at(curve, years * YEAR, 1.0)
            rows.append((*one.key, "survival", years, *counts, risk, *map(or_none, values)))
        middle = [or_none(value / YEAR) for value in median(curve)]
        rows.append((*one.key, "median", 0, *counts, None, *middle))
    thin = f", coalesce(at_risk < {THIN}, followed < {THIN}) as is_thin"
    write(con, "survival_rates", {**_STRATUM, **_RATE}, rows, thin)


def tests(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``survival_tests``: a log-rank test over the strata that have enough ends."""
    rows: list[tuple[Any, ...]] = []
    ordered = sorted(strata(con), key=lambda one: one.key)
    for key, members in itertools.groupby(ordered, key=lambda one: one.key[:3]):
        able = [one for one in members if _can_be_tested(one)]
        if len(able) < 2:
            continue
        try:
            test = log_rank([one.spells for one in able])
        except ValueError:  # their times never overlap: nothing to compare
            continue
        names = [one.name for one in able]
        rows.append((*key, names, test.statistic, test.degrees, test.p_value))
    types = {
        **dict.fromkeys(("population_id", "end_of", "stratum_by"), "varchar"),
        "strata": "varchar[]",
        "statistic": "double",
        "degrees": "integer",
        "p_value": "double",
    }
    write(con, "survival_tests", types, rows)


def _can_be_tested(one: Stratum) -> bool:
    """Whether the ends suffice, and the stratum is one that means something by itself."""
    return one.ends >= ENOUGH_ENDS and one.name not in {*NOT_KNOWN, SMALL_TOGETHER}


def sensitivity(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``survival_sensitivity``: the curve of each whole population by each reading of dates,
    where the readings differ at all."""
    readings = [list(by_dating(con, dating)) for dating in DATINGS]
    rows: list[tuple[Any, ...]] = []
    for same in zip(*readings, strict=True):
        steps = [list(_steps(kaplan_meier(one.spells))) for one in same]
        if steps[0] == steps[1] == steps[2]:
            continue
        for one, own in zip(same, steps, strict=True):
            rows += [(*one.key[:3], *step) for step in own]
    types = {**dict.fromkeys(("population_id", "end_of", "dating"), "varchar"), **_STEP}
    write(con, "survival_sensitivity", types, rows, OF_A_CURVE)


def _steps(curve: Curve) -> Iterator[tuple[Any, ...]]:
    """The days with an end, and the last day; who was censored is counted up to the next row."""
    waiting = 0
    for place, day in enumerate(curve.time):
        waiting += int(curve.censored[place])
        if curve.events[place] or place == len(curve.time) - 1:
            yield (
                int(day),
                int(curve.at_risk[place]),
                int(curve.events[place]),
                waiting,
                float(curve.estimate[place]),
                or_none(curve.lower[place]),
                or_none(curve.upper[place]),
            )
            waiting = 0
