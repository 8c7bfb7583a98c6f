"""lifelines, asked for the estimates that ours are held to."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from lifelines import KaplanMeierFitter
from lifelines.exceptions import StatError
from lifelines.statistics import multivariate_logrank_test
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Curve:
    """Estimates and log-log bounds on the days asked for."""

    estimate: NDArray[Any]
    lower: NDArray[Any]
    upper: NDArray[Any]


def survival_by_lifelines(
    entry: ArrayLike,
    exit_: ArrayLike,
    ended: ArrayLike,
    days: ArrayLike,
    weights: ArrayLike | None = None,
) -> Curve | None:
    """Its Kaplan-Meier curve on ``days``; None where it refuses the risk set for its one known
    reason (any other refusal is raised)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            peer = KaplanMeierFitter().fit(exit_, ended, entry=entry, weights=weights)
        except StatError as refusal:
            if "too few early truncation times" in str(refusal):
                return None
            raise
        estimate = peer.survival_function_at_times(days).to_numpy()
    bounds = peer.confidence_interval_survival_function_.loc[np.asarray(days)].to_numpy()
    return Curve(estimate, bounds[:, 0], bounds[:, 1])


def log_rank_by_lifelines(
    groups: Sequence[tuple[Sequence[float], Sequence[float], Sequence[bool]]],
) -> tuple[float, float]:
    """Statistic and p-value of its log-rank test, which takes no late entry."""
    exits = [day for _, exit_, _ in groups for day in exit_]
    ended = [one for _, _, ends in groups for one in ends]
    names = [place for place, (_, exit_, _) in enumerate(groups) for _ in exit_]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = multivariate_logrank_test(exits, names, ended)
    return float(peer.test_statistic), float(peer.p_value)
