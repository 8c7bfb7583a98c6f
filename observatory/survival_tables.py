"""The tables of survival, made in Python from the spells that SQL lays out (``srv_spells``).

In Python because a product limit with its intervals over hundreds of strata reads worse in SQL than
in NumPy. What belongs here: strata and rows. What does not: the formulas (``survival.py``) and who
belongs to a population (``srv_members.sql``).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import duckdb
import numpy as np

from observatory.survival import (
    Curve,
    Spells,
    aalen_johansen,
    at_risk_on,
    kaplan_meier,
    log_rank,
    median,
    value_at,
)

YEAR: Final = 365.25
#: Rates are told at these years: mutuals end with their contracts, after five to ten years.
YEARS: Final = (1, 3, 5, 7, 10)
#: Below this many at risk a stretch of a curve is marked as thin.
THIN: Final = 10
#: A stratum takes part in a log-rank test from this many ends on.
ENOUGH_ENDS: Final = 10

_STRATA: Final = ("all", "legal_form", "sector", "cohort")
_CURVE: Final = (
    "population_id, end_of, stratum_by, stratum, method, cause, time_days, at_risk, events, "
    "censored, estimate, lower, upper"
)


@dataclass(frozen=True)
class _Stratum:
    """The members of one population in one stratum, with those that were never at risk."""

    population: str
    end_of: str
    by: str
    name: str
    spells: Spells
    causes: tuple[str, ...]
    members: int

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.population, self.end_of, self.by, self.name


def curves(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``survival``: a Kaplan-Meier curve a stratum, and for each whole population the
    cumulative incidence of each cause."""
    rows: list[tuple[Any, ...]] = []
    for one in _strata(con):
        if not len(one.spells):
            continue
        rows += [
            (*one.key, "kaplan-meier", "any", *step) for step in _steps(kaplan_meier(one.spells))
        ]
        for code, cause in enumerate(one.causes if one.by == "all" else (), start=1):
            steps = _steps(aalen_johansen(one.spells, code))
            rows += [(*one.key, "aalen-johansen", cause, *step) for step in steps]
    _table(con, "survival", _CURVE, rows)


def rates(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``survival_rates``: who survived 1, 3, 5, 7 and 10 years, and the median in years."""
    rows: list[tuple[Any, ...]] = []
    for one in _strata(con):
        counts = (one.members, len(one.spells), int((one.spells.cause > 0).sum()))
        curve = kaplan_meier(one.spells)
        for years in YEARS:
            risk = at_risk_on(one.spells, years * YEAR)
            values = value_at(curve, years * YEAR, 1.0)
            rows.append((*one.key, "survival", years, *counts, risk, *map(_or_none, values)))
        middle = [_or_none(value / YEAR) for value in median(curve)]
        rows.append((*one.key, "median", 0, *counts, None, *middle))
    columns = (
        "population_id, end_of, stratum_by, stratum, measure, years, members, followed, events, "
        "at_risk, estimate, lower, upper"
    )
    _table(con, "survival_rates", columns, rows)


def tests(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``survival_tests``: a log-rank test over the strata that have enough ends."""
    rows: list[tuple[Any, ...]] = []
    ordered = sorted(_strata(con), key=lambda one: one.key)
    for key, members in itertools.groupby(ordered, key=lambda one: one.key[:3]):
        able = [one for one in members if int((one.spells.cause > 0).sum()) >= ENOUGH_ENDS]
        if len(able) < 2:
            continue
        try:
            test = log_rank([one.spells for one in able])
        except ValueError:  # their times never overlap: nothing to compare
            continue
        names = [one.name for one in able]
        rows.append((*key, names, test.statistic, test.degrees, test.p_value))
    columns = "population_id, end_of, stratum_by, strata, statistic, degrees, p_value"
    _table(con, "survival_tests", columns, rows)


def _strata(con: duckdb.DuckDBPyConnection) -> Iterator[_Stratum]:
    for by in _STRATA:
        stratum = "'all'" if by == "all" else f"coalesce({by}, 'unknown')"
        rows = con.execute(
            f"select population_id, end_of, {stratum}, entry_days, exit_days, cause, is_at_risk "
            "from srv_spells order by population_id, end_of, 3, member"
        ).fetchall()
        for key, members in itertools.groupby(rows, key=lambda row: row[:3]):
            yield _stratum(key, by, list(members))


def _stratum(key: tuple[str, str, str], by: str, rows: list[tuple[Any, ...]]) -> _Stratum:
    followed = [row for row in rows if row[6]]
    causes = tuple(sorted({row[5] for row in followed if row[5]}))
    codes = {cause: code for code, cause in enumerate(causes, start=1)}
    spells = Spells.of(
        [row[3] for row in followed],
        [row[4] for row in followed],
        [codes.get(row[5], 0) for row in followed],
    )
    return _Stratum(key[0], key[1], by, key[2], spells, causes, len(rows))


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
                _or_none(curve.lower[place]),
                _or_none(curve.upper[place]),
            )
            waiting = 0


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _table(
    con: duckdb.DuckDBPyConnection, name: str, columns: str, rows: list[tuple[Any, ...]]
) -> None:
    """Make table ``name`` of ``rows``; the contract says of which types it must be."""
    import pandas as pd

    frame = pd.DataFrame(rows, columns=columns.split(", "), dtype=object)
    con.register("survival_rows", frame)
    types = _TYPES[name]
    select = ", ".join(
        f"{column}::{kind} as {column}" for column, kind in zip(frame.columns, types, strict=True)
    )
    extra = _EXTRA.get(name, "")
    con.execute(f"create or replace table {name} as select {select}{extra} from survival_rows")
    con.unregister("survival_rows")


_TEXTS: Final = ["varchar"] * 4
_TYPES: Final = {
    "survival": [*_TEXTS, "varchar", "varchar", "integer", *["bigint"] * 3, *["double"] * 3],
    "survival_rates": [*_TEXTS, "varchar", "integer", *["bigint"] * 4, *["double"] * 3],
    "survival_tests": [*["varchar"] * 3, "varchar[]", "double", "integer", "double"],
}
_EXTRA: Final = {
    "survival": f", time_days / {YEAR} as time_years, at_risk < {THIN} as is_thin",
    "survival_rates": f", coalesce(at_risk < {THIN}, followed < {THIN}) as is_thin",
}
