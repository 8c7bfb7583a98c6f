"""Survival estimates as their definitions read, day by day: slow, and written apart from ours.

The reference where lifelines has none: a Kaplan-Meier curve over a risk set that empties early
(lifelines refuses it), a log-rank test under late entry, and the cumulative incidence of a cause.
Sources of the definitions: Kaplan & Meier 1958; Mantel 1966; Aalen & Johansen 1978.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def at_risk(entry: ArrayLike, exit_: ArrayLike, day: float) -> int:
    """How many had entered before ``day`` and had not left before it."""
    return int(((np.asarray(entry) < day) & (np.asarray(exit_) >= day)).sum())


def kaplan_meier(entry: ArrayLike, exit_: ArrayLike, ended: ArrayLike) -> dict[float, float]:
    """The product limit on each day on which somebody left."""
    leaves, ends = np.asarray(exit_, dtype=float), np.asarray(ended, dtype=bool)
    survival, curve = 1.0, {}
    for day in sorted(set(leaves.tolist())):
        deaths = int((ends & (leaves == day)).sum())
        survival *= 1 - deaths / at_risk(entry, leaves, day)
        curve[day] = survival
    return curve


def empties_early(entry: ArrayLike, exit_: ArrayLike) -> bool:
    """Whether everybody had left on a day after which others entered or were still to leave."""
    entries, leaves = np.asarray(entry, dtype=float), np.asarray(exit_, dtype=float)
    days = sorted(set(leaves.tolist()))[:-1]
    return any(((entries <= day) & (leaves > day)).sum() == 0 for day in days)


def incidence(
    entry: ArrayLike, exit_: ArrayLike, cause: ArrayLike, wanted: int
) -> dict[float, float]:
    """The share that had ended of ``wanted`` by each day; ``cause`` 0 is none."""
    leaves, causes = np.asarray(exit_, dtype=float), np.asarray(cause)
    survival, total, curve = 1.0, 0.0, {}
    for day in sorted(set(leaves.tolist())):
        risk = at_risk(entry, leaves, day)
        total += survival * int(((leaves == day) & (causes == wanted)).sum()) / risk
        survival *= 1 - int(((leaves == day) & (causes > 0)).sum()) / risk
        curve[day] = total
    return curve


def log_rank(groups: Sequence[tuple[ArrayLike, ArrayLike, ArrayLike]]) -> float:
    """The statistic over groups of (entry, exit, ended); all but the last make the test."""
    parts = [
        (np.asarray(a, dtype=float), np.asarray(b, dtype=float), np.asarray(c, dtype=bool))
        for a, b, c in groups
    ]
    days = sorted({day for _, leaves, ends in parts for day in leaves[ends].tolist()})
    gap: NDArray[Any] = np.zeros(len(parts))
    spread: NDArray[Any] = np.zeros((len(parts), len(parts)))
    for day in days:
        risk = np.array([at_risk(a, b, day) for a, b, _ in parts], dtype=float)
        deaths = np.array([int((c & (b == day)).sum()) for _, b, c in parts], dtype=float)
        n, d = risk.sum(), deaths.sum()
        gap += deaths - d * risk / n
        if n > 1:
            own = np.diag(risk / n) - np.outer(risk, risk) / n**2
            spread += d * (n - d) / (n - 1) * own
    return float(gap[:-1] @ np.linalg.solve(spread[:-1, :-1], gap[:-1]))
