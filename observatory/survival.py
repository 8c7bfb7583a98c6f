"""Survival estimates for left-truncated, right-censored spells.

Times are days since time zero. A spell is at risk in ``(entry, exit]``: who enters on a day is not
at risk of that day's ends, as in lifelines and in R's ``survival``. Cause 0 is censoring.

Sources of the formulas: Kaplan & Meier (1958), J. Am. Stat. Assoc. 53:457, with Greenwood's
variance and the log-log interval of Kalbfleisch & Prentice (2002), p. 18; Aalen & Johansen (1978),
Scand. J. Stat. 5:141; the interval of a median by Brookmeyer & Crowley (1982), Biometrics 38:29;
the log-rank test of Mantel (1966) with its hypergeometric variance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

#: The 97.5th percentile of the normal distribution, for intervals of 95 %.
Z95 = 1.959963984540054


@dataclass(frozen=True)
class Spells:
    """Spells of one population: ``entry`` and ``exit`` in days since time zero (``entry < exit``),
    ``cause`` 0 where the spell was still going on at ``exit``, else a code of 1 or more."""

    entry: Floats
    exit: Floats
    cause: Counts

    @staticmethod
    def of(entry: Sequence[float], exit_: Sequence[float], cause: Sequence[int]) -> Spells:
        """Spells from plain sequences of one length.

        Raises ValueError when they differ in length, when a spell ends before it begins or has no
        length (it was never at risk: leave it out and say so), or when an entry is negative."""
        spells = Spells(
            np.asarray(entry, dtype=np.float64),
            np.asarray(exit_, dtype=np.float64),
            np.asarray(cause, dtype=np.int64),
        )
        if not len(spells.entry) == len(spells.exit) == len(spells.cause):
            raise ValueError("entry, exit and cause differ in length")
        if bool((spells.entry < 0).any()) or bool((spells.cause < 0).any()):
            raise ValueError("an entry or a cause is negative")
        if bool((spells.exit <= spells.entry).any()):
            raise ValueError("a spell ends before, or on, the day on which it enters the risk set")
        return spells

    def where(self, mask: NDArray[np.bool_]) -> Spells:
        """The spells that ``mask`` picks."""
        return Spells(self.entry[mask], self.exit[mask], self.cause[mask])

    def __len__(self) -> int:
        return len(self.entry)


@dataclass(frozen=True)
class Curve:
    """A step curve at the distinct days on which a spell ended or was censored.

    ``estimate`` is the probability of surviving beyond ``time`` (Kaplan-Meier) or of having ended
    of one cause by then (Aalen-Johansen); ``lower`` and ``upper`` bound it with 95 % confidence
    point by point, and are NaN where the estimate has no variance (before the first end, and where
    it is exactly 0 or 1)."""

    time: Floats
    at_risk: Counts
    events: Counts
    censored: Counts
    estimate: Floats
    lower: Floats
    upper: Floats


def _table(spells: Spells) -> tuple[Floats, Counts, Counts, Counts]:
    time = np.unique(spells.exit)
    started = np.searchsorted(np.sort(spells.entry), time, side="left")
    gone = np.searchsorted(np.sort(spells.exit), time, side="left")
    ended = spells.cause > 0
    events = _tally(time, spells.exit[ended])
    censored = _tally(time, spells.exit[~ended])
    return time, (started - gone).astype(np.int64), events, censored


def _tally(time: Floats, days: Floats) -> Counts:
    counts = np.zeros(len(time), dtype=np.int64)
    np.add.at(counts, np.searchsorted(time, days), 1)
    return counts


def log_log(estimate: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Bounds of 95 % on the scale of ``log(-log(estimate))``, from the variance of its logarithm;
    NaN where that is not defined."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        log = np.log(estimate)
        half = Z95 * np.sqrt(variance) / np.abs(log)
        lower, upper = np.exp(log * np.exp(half)), np.exp(log * np.exp(-half))
    undefined = ~np.isfinite(half) | (estimate <= 0) | (estimate >= 1)
    lower[undefined] = upper[undefined] = np.nan
    return lower, upper


def kaplan_meier(spells: Spells) -> Curve:
    """The probability of surviving any end, by the product limit.

    An early risk set of a few late entrants can bring the curve to 0 for good, as the product
    limit demands; ``at_risk`` shows where that is so."""
    time, at_risk, events, censored = _table(spells)
    n = np.maximum(at_risk, 1).astype(np.float64)
    estimate: Floats = np.cumprod(1.0 - events / n).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(events / (n * (n - events)))
    lower, upper = log_log(estimate, greenwood)
    return Curve(time, at_risk, events, censored, estimate, lower, upper)


def aalen_johansen(spells: Spells, cause: int) -> Curve:
    """The probability of having ended of ``cause``, other causes competing.

    The variance is the delta-method one (Marubini & Valsecchi 1995, eq. 10.12); the interval is on
    the scale of ``log(-log(1 - estimate))``."""
    time, at_risk, events, censored = _table(spells)
    ours = _tally(time, spells.exit[spells.cause == cause])
    n = np.maximum(at_risk, 1).astype(np.float64)
    survival = np.cumprod(1.0 - events / n)
    before = np.concatenate(([1.0], survival[:-1]))
    incidence = np.cumsum(before * ours / n)
    variance = _incidence_variance(incidence, before, ours, events, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        # of log(1 - incidence), which the log-log bounds ask for
        lower, upper = log_log(1.0 - incidence, variance / (1.0 - incidence) ** 2)
    return Curve(time, at_risk, ours, censored, incidence, 1.0 - upper, 1.0 - lower)


def _incidence_variance(
    incidence: Floats, before: Floats, ours: Counts, events: Counts, n: Floats
) -> Floats:
    """Sums over the days up to each day, expanded so that they take one pass."""
    with np.errstate(divide="ignore", invalid="ignore"):
        a = np.where(n > events, events / (n * (n - events)), 0.0)
    b = before**2 * ours * (n - ours) / n**3
    c = before * ours / n**2
    sum_a, sum_ai, sum_aii = np.cumsum(a), np.cumsum(a * incidence), np.cumsum(a * incidence**2)
    first = incidence**2 * sum_a - 2 * incidence * sum_ai + sum_aii
    third = incidence * np.cumsum(c) - np.cumsum(c * incidence)
    variance: Floats = np.maximum(first + np.cumsum(b) - 2 * third, 0.0)
    return variance


def at_risk_on(spells: Spells, day: float) -> int:
    """How many were at risk on ``day``: entered before it, and neither ended nor left before it."""
    return int(((spells.entry < day) & (spells.exit >= day)).sum())


def value_at(curve: Curve, day: float, start: float) -> tuple[float, float, float]:
    """Estimate and bounds on ``day``; ``start`` is the value at time zero.

    Beyond the last observed day nothing is known: all are NaN."""
    if len(curve.time) == 0 or day > curve.time[-1]:
        return math.nan, math.nan, math.nan
    place = int(np.searchsorted(curve.time, day, side="right")) - 1
    if place < 0:
        return start, math.nan, math.nan
    return float(curve.estimate[place]), float(curve.lower[place]), float(curve.upper[place])


def median(curve: Curve) -> tuple[float, float, float]:
    """The first day on which the curve is at or below one half, and its 95 % interval in days.

    NaN where the curve, or its bound, never gets there: the median lies beyond the follow-up."""
    return _first(curve, curve.estimate), _first(curve, curve.lower), _first(curve, curve.upper)


def _first(curve: Curve, values: Floats) -> float:
    with np.errstate(invalid="ignore"):
        below = np.flatnonzero(values <= 0.5)
    return float(curve.time[below[0]]) if len(below) else math.nan


@dataclass(frozen=True)
class LogRank:
    """A log-rank test of equal hazards: ``degrees`` is the number of groups less one."""

    statistic: float
    degrees: int
    p_value: float
    observed: tuple[int, ...]
    expected: tuple[float, ...]


def log_rank(groups: Sequence[Spells]) -> LogRank:
    """Compare two or more groups, left truncation heeded.

    Raises ValueError for fewer than two groups, or when no comparison is possible because no end
    happened while two groups were at risk."""
    if len(groups) < 2:
        raise ValueError("a log-rank test compares at least two groups")
    ends = [one.exit[one.cause > 0] for one in groups]
    time = np.unique(np.concatenate(ends))
    d = np.stack([_tally(time, one) for one in ends]).astype(np.float64)
    n = np.stack([_at_risk(one, time) for one in groups])
    total_d, total_n = d.sum(axis=0), n.sum(axis=0)
    share = n / total_n
    expected = share * total_d
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(total_n > 1, total_d * (total_n - total_d) / (total_n - 1), 0.0)
    covariance = np.diag((share * factor).sum(axis=1)) - (share * factor) @ share.T
    gap = (d - expected).sum(axis=1)[:-1]
    core = covariance[:-1, :-1]
    if np.linalg.matrix_rank(core) < len(core):
        raise ValueError("no end happened while all groups could be compared")
    statistic = float(gap @ np.linalg.solve(core, gap))
    degrees = len(groups) - 1
    return LogRank(
        statistic,
        degrees,
        chi_square_tail(statistic, degrees),
        tuple(int(one) for one in d.sum(axis=1)),
        tuple(float(one) for one in expected.sum(axis=1)),
    )


def _at_risk(spells: Spells, time: Floats) -> Floats:
    started = np.searchsorted(np.sort(spells.entry), time, side="left")
    gone = np.searchsorted(np.sort(spells.exit), time, side="left")
    return (started - gone).astype(np.float64)


def chi_square_tail(value: float, degrees: int) -> float:
    """The probability that a chi-squared variable of ``degrees`` exceeds ``value``.

    The finite sums of Abramowitz & Stegun 26.4.4 and 26.4.5; SciPy would bring 35 MB for this."""
    if value <= 0:
        return 1.0
    half = value / 2
    if degrees % 2 == 0:
        term, total = 1.0, 1.0
        for k in range(1, degrees // 2):
            term *= half / k
            total += term
        return math.exp(-half) * total
    term, total = math.sqrt(half) / math.gamma(1.5), 0.0
    for k in range(1, (degrees - 1) // 2 + 1):
        total += term
        term *= half / (k + 0.5)
    return math.erfc(math.sqrt(half)) + math.exp(-half) * total
