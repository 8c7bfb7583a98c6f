"""Shares and their intervals: known values, bounds that always hold, hand-worked weights."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.answers.proportions import (
    Share,
    Stratum,
    f1,
    f1_interval,
    share_found,
    stratified,
    wilson,
)


@st.composite
def _counts(draw: st.DrawFn) -> tuple[int, int]:
    of = draw(st.integers(1, 5000))
    return draw(st.integers(0, of)), of


# R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3 (score).
@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_wilson_gives_the_published_values(hits: int, of: int, low: float, high: float) -> None:
    assert wilson(hits, of) == pytest.approx((low, high), abs=5e-5)


@given(_counts())
def test_wilson_holds_the_share_and_stays_within_nought_and_one(counts: tuple[int, int]) -> None:
    hits, of = counts
    low, high = wilson(hits, of)
    assert 0 <= low <= hits / of <= high <= 1
    assert low < high
    mirrored = wilson(of - hits, of)
    assert (1 - mirrored[1], 1 - mirrored[0]) == pytest.approx((low, high), abs=1e-9)


@given(_counts())
def test_wilson_narrows_as_the_same_share_is_seen_on_more(counts: tuple[int, int]) -> None:
    hits, of = counts
    low, high = wilson(hits, of)
    lower, higher = wilson(4 * hits, 4 * of)
    assert higher - lower < high - low


@pytest.mark.parametrize(("hits", "of"), [(0, 0), (-1, 3), (4, 3)])
def test_what_is_no_proportion_is_refused(hits: int, of: int) -> None:
    with pytest.raises(ValueError, match="no proportion"):
        wilson(hits, of)


def test_a_share_of_nothing_is_unknown() -> None:
    assert (Share(0, 0).value, Share(0, 0).interval) == (None, None)


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 400))
def test_f1_is_the_harmonic_mean_within_its_interval(tp: int, fp: int, fn: int) -> None:
    value, interval = f1(tp, fp, fn), f1_interval(tp, fp, fn)
    if tp + fp + fn == 0:
        assert (value, interval) == (None, None)
        return
    assert value is not None
    assert interval is not None
    assert 0 <= interval[0] <= value <= interval[1] <= 1
    assert interval[0] < interval[1]
    if tp:
        precision, recall = tp / (tp + fp), tp / (tp + fn)
        assert value == pytest.approx(2 * precision * recall / (precision + recall))


def test_strata_are_weighted_by_their_populations() -> None:
    # by hand: 900 with 9 of 10, 100 with 2 of 10 -> 0.9 * 0.9 + 0.1 * 0.2 = 0.83
    told = stratified([Stratum(900, 10, 9), Stratum(100, 10, 2)])
    assert told is not None
    estimate, (low, high) = told
    assert estimate == pytest.approx(0.83)
    # Wilson of 9/10 is 0.59585-0.98212, of 2/10 is 0.05668-0.50984:
    # sqrt((0.9 * 0.30415)^2 + (0.1 * 0.14332)^2) = 0.27411
    # sqrt((0.9 * 0.08212)^2 + (0.1 * 0.30984)^2) = 0.08015
    assert (low, high) == pytest.approx((0.83 - 0.27411, 0.83 + 0.08015), abs=1e-4)


def test_a_stratum_that_was_reviewed_whole_is_known() -> None:
    assert stratified([Stratum(4, 4, 3)]) == (0.75, (0.75, 0.75))
    told = stratified([Stratum(4, 4, 3), Stratum(0, 0, 0)])
    assert told == (0.75, (0.75, 0.75))


def test_an_unreviewed_stratum_leaves_the_whole_unknown() -> None:
    assert stratified([Stratum(900, 10, 9), Stratum(1, 0, 0)]) is None
    assert stratified([]) is None
    assert share_found([Stratum(9, 3, 1)], [Stratum(5, 0, 0)]) is None


@given(
    st.lists(
        st.integers(1, 60).flatmap(
            lambda of: st.builds(Stratum, st.integers(of, 5000), st.just(of), st.integers(0, of))
        ),
        min_size=1,
        max_size=6,
    )
)
def test_a_weighted_share_lies_within_its_interval(strata: list[Stratum]) -> None:
    told = stratified(strata)
    assert told is not None
    estimate, (low, high) = told
    assert -1e-12 <= low <= estimate + 1e-12
    assert estimate <= high + 1e-12
    assert high <= 1 + 1e-12
    alone = [one.hits / one.reviewed for one in strata]
    assert min(alone) - 1e-12 <= estimate <= max(alone) + 1e-12


def test_the_share_found_is_the_weighted_count_of_both_sides() -> None:
    # by hand: 40 * 8/10 = 32 taken, 1000 * 1/50 = 20 left -> 32 / 52
    told = share_found([Stratum(40, 10, 8)], [Stratum(1000, 50, 1)])
    assert told is not None
    estimate, (low, high) = told
    assert estimate == pytest.approx(32 / 52)
    assert 0 < low < estimate < high < 1
    assert told == share_found([Stratum(40, 10, 8)], [Stratum(1000, 50, 1)])
    assert share_found([Stratum(9, 3, 0)], [Stratum(5, 2, 0)]) is None
