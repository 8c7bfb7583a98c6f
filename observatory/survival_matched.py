"""Mutuals beside their matched comparators: ``survival_matched``, made from ``srv_matches``.

What belongs here: the weighted estimate and its rows. What does not: who is matched with whom, and
with which weight (``srv_matches.sql``).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import duckdb
import numpy as np

from observatory.survival import Counts, Floats, Spells, log_log
from observatory.survival_rows import OF_A_CURVE, or_none, write

_COLUMNS: Final = {
    **dict.fromkeys(("population_id", "comparator_id", "matched_on", "side"), "varchar"),
    **dict.fromkeys(("matched", "followed"), "bigint"),
    "time_days": "integer",
    **dict.fromkeys(("at_risk", "events"), "bigint"),
    **dict.fromkeys(("effective_at_risk", "estimate", "lower", "upper"), "double"),
}


@dataclass(frozen=True)
class WeightedCurve:
    """A curve of weighted members at the days with an end, and the last day.

    ``at_risk`` and ``events`` count members; ``effective`` is how many equally weighted members
    would tell as much."""

    time: Floats
    at_risk: Counts
    events: Counts
    effective: Floats
    estimate: Floats
    lower: Floats
    upper: Floats


def weighted_kaplan_meier(spells: Spells, weights: Floats) -> WeightedCurve:
    """The product limit where each spell counts for its weight, with the log-log interval.

    The variance is that of Xie & Liu 2005, Stat. Med. 24:3089, eq. 2: Greenwood's, with the
    effective number at risk in the place of the number. With equal weights it is Greenwood's."""
    ended = spells.cause > 0
    time = np.unique(np.append(spells.exit[ended], spells.exit.max()))
    at_risk = np.rint(_sum_at_risk(spells, time, np.ones(len(spells)))).astype(np.int64)
    total = _sum_at_risk(spells, time, weights)
    effective = total**2 / _sum_at_risk(spells, time, weights**2)
    place = np.searchsorted(time, spells.exit[ended])
    events = np.bincount(place, minlength=len(time)).astype(np.int64)
    leaving = np.bincount(place, weights=weights[ended], minlength=len(time))
    # whoever is left after all that were at risk have ended weighs nothing, whatever the rounding
    stay = np.where(events == at_risk, 0.0, 1.0 - leaving / total)
    estimate: Floats = np.cumprod(stay).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum((1.0 - stay) / (effective * stay))
    lower, upper = log_log(estimate, variance)
    return WeightedCurve(time, at_risk, events, effective, estimate, lower, upper)


def _sum_at_risk(spells: Spells, time: Floats, values: Floats) -> Floats:
    """The sum of ``values`` over the spells at risk on each day: entered before it, not gone."""

    def before(days: Floats) -> Floats:
        order = np.argsort(days, kind="stable")
        sums = np.concatenate(([0.0], np.cumsum(values[order])))
        return sums[np.searchsorted(days[order], time, side="left")]

    return before(spells.entry) - before(spells.exit)


def matched(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``survival_matched``: for each population and comparator, both sides' curves."""
    rows = con.execute(
        "select population_id, comparator_id, matched_on, side, followed, entry_days, exit_days, "
        "cause, weight from srv_matches "
        "order by population_id, comparator_id, matched_on, side, member"
    ).fetchall()
    made = [
        row
        for key, members in itertools.groupby(rows, key=lambda row: row[:5])
        for row in _side(key, list(members))
    ]
    extra = OF_A_CURVE.replace("at_risk", "effective_at_risk")
    write(con, "survival_matched", _COLUMNS, made, extra)


def _side(key: tuple[Any, ...], members: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    *names, followed = key
    spells = Spells.of(
        [row[5] for row in members],
        [row[6] for row in members],
        [int(row[7] is not None) for row in members],
    )
    curve = weighted_kaplan_meier(spells, np.array([row[8] for row in members]))
    for place, day in enumerate(curve.time):
        yield (
            *names,
            len(members),
            followed,
            int(day),
            int(curve.at_risk[place]),
            int(curve.events[place]),
            float(curve.effective[place]),
            float(curve.estimate[place]),
            or_none(curve.lower[place]),
            or_none(curve.upper[place]),
        )
