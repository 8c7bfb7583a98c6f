"""Shares, F1 and stratified shares, each with an interval. No clock, no state; seeds are fixed.

What does not belong here: what is counted (``evaluate.py``, ``review_estimate.py``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy

Interval = tuple[float, float]

# The 97.5 % point of the standard normal: every interval here is a two-sided one of 95 %.
Z = 1.959963984540054
RESAMPLES = 2000
SEED = 20_261_123


@dataclass(frozen=True)
class Share:
    """``hits`` of ``of``. ``value`` and ``interval`` are None where there is nothing to count."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """The share, between 0 and 1."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's interval."""
        return wilson(self.hits, self.of) if self.of else None

    def as_dict(self) -> dict[str, object]:
        """The numbers by name."""
        return {
            "hits": self.hits,
            "of": self.of,
            "value": self.value,
            "interval_95": self.interval,
        }


@dataclass(frozen=True)
class Stratum:
    """``population`` members of which ``reviewed`` were looked at and ``hits`` were so."""

    population: int
    reviewed: int
    hits: int


def wilson(hits: int, of: int) -> Interval:
    """Wilson's score interval of a proportion, at 95 %.

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927), 209-212. Raises ValueError unless
    0 <= hits <= of and of > 0.
    """
    if of <= 0 or not 0 <= hits <= of:
        raise ValueError(f"{hits} of {of} is no proportion")
    share, square = hits / of, Z * Z
    middle = share + square / (2 * of)
    spread = Z * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    low, high = (middle - spread) / (1 + square / of), (middle + spread) / (1 + square / of)
    # exact at the ends, where the rounding of the formula would leave 1e-17
    return (0.0 if hits == 0 else max(0.0, low), 1.0 if hits == of else min(1.0, high))


def f1(true_positives: int, false_positives: int, false_negatives: int) -> float | None:
    """The harmonic mean of precision and recall; None where all three counts are 0."""
    total = 2 * true_positives + false_positives + false_negatives
    return 2 * true_positives / total if total else None


def f1_interval(true_positives: int, false_positives: int, false_negatives: int) -> Interval | None:
    """The interval of F1 at 95 %: Wilson's, carried over from the share that F1 is a function of.

    Of all that are labelled a mutual or taken for one, let J be the share that are both (Jaccard's
    index). Then F1 = 2 J / (1 + J), which rises with J, so the Wilson limits of J give limits of
    F1. Unlike a bootstrap, it keeps its width where the sample shows 0 or 1. None where F1 is
    undefined.
    """
    either = true_positives + false_positives + false_negatives
    if not either:
        return None
    low, high = wilson(true_positives, either)
    return 2 * low / (1 + low), 2 * high / (1 + high)


def stratified(strata: Sequence[Stratum]) -> tuple[float, Interval] | None:
    """The share of a population from a sample of each of its strata, with an interval at 95 %.

    The estimate is the mean of the strata's shares, weighted by their populations (W. G. Cochran,
    Sampling Techniques, 3rd ed. 1977, formula 5.1). The interval joins the Wilson limits l, u of
    the strata as sums of squares of ``weight * (share - l)`` and of ``weight * (u - share)`` (G. Y.
    Zou, W. Huang and X. Zhang, Computational Statistics and Data Analysis 53 (2009), 1080-1085),
    since the normal interval has no width where a stratum is all yes or all no. A stratum that
    was reviewed whole is known and adds no width. None where a stratum with members has no
    reviewed one, or there are no members.
    """
    held = [one for one in strata if one.population]
    if not held or any(not one.reviewed for one in held):
        return None
    total = sum(one.population for one in held)
    estimate = below = above = 0.0
    for one in held:
        weight, share = one.population / total, one.hits / one.reviewed
        estimate += weight * share
        if one.reviewed < one.population:
            low, high = wilson(one.hits, one.reviewed)
            below += (weight * (share - low)) ** 2
            above += (weight * (high - share)) ** 2
    return estimate, (max(0.0, estimate - math.sqrt(below)), min(1.0, estimate + math.sqrt(above)))


def share_found(taken: Sequence[Stratum], left: Sequence[Stratum]) -> tuple[float, Interval] | None:
    """The share of all members that are so which the strata ``taken`` hold: a recall, at 95 %.

    The estimate divides the weighted count of ``taken`` by that of both. The interval is the
    middle 95 % of draws with a fixed seed, each stratum's share drawn from a Beta distribution
    with Jeffreys's prior (L. D. Brown, T. T. Cai and A. DasGupta, Statistical Science 16 (2001),
    101-133, section 4); a stratum that was reviewed whole is not drawn. None where a stratum with
    members has no reviewed one, or no reviewed member is so.
    """
    held = [(one, True) for one in taken if one.population]
    held += [(one, False) for one in left if one.population]
    if not held or any(not one.reviewed for one, _ in held):
        return None
    counts = [one.population * one.hits / one.reviewed for one, _ in held]
    if not sum(counts):
        return None
    found = sum(count for count, (_, is_taken) in zip(counts, held, strict=True) if is_taken)
    generator = numpy.random.default_rng(SEED)
    drawn = numpy.zeros((2, RESAMPLES))
    for one, is_taken in held:
        share = (
            numpy.full(RESAMPLES, one.hits / one.reviewed)
            if one.reviewed == one.population
            else generator.beta(one.hits + 0.5, one.reviewed - one.hits + 0.5, RESAMPLES)
        )
        drawn[0 if is_taken else 1] += one.population * share
    total = drawn.sum(axis=0)
    low, high = numpy.quantile(drawn[0][total > 0] / total[total > 0], [0.025, 0.975])
    return found / sum(counts), (float(low), float(high))
