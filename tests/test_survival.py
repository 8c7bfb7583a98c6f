from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from lifelines.exceptions import StatError
from lifelines.statistics import multivariate_logrank_test
from scipy.stats import chi2

from observatory.survival import (
    Spells,
    aalen_johansen,
    at_risk_on,
    chi_square_tail,
    kaplan_meier,
    log_rank,
    median,
    value_at,
)

spell = st.tuples(st.integers(0, 60), st.integers(1, 60), st.integers(0, 2))


def spells_of(rows: list[tuple[int, int, int]]) -> Spells:
    return Spells.of(
        [entry for entry, _, _ in rows],
        [entry + length for entry, length, _ in rows],
        [cause for _, _, cause in rows],
    )


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(spell, min_size=1, max_size=40))
def test_kaplan_meier_is_that_of_lifelines(rows: list[tuple[int, int, int]]) -> None:
    spells = spells_of(rows)
    curve = kaplan_meier(spells)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            peer = KaplanMeierFitter().fit(spells.exit, spells.cause > 0, entry=spells.entry)
        except StatError:  # it refuses a risk set that empties early; ours tells who is at risk
            assume(False)
    table = peer.survival_function_at_times(curve.time).to_numpy()
    assert np.allclose(curve.estimate, table, atol=1e-9, rtol=0)
    bounds = peer.confidence_interval_survival_function_.loc[curve.time].to_numpy()
    known = np.isfinite(curve.lower)
    assert np.allclose(curve.lower[known], bounds[known, 0], atol=1e-9, rtol=0)
    assert np.allclose(curve.upper[known], bounds[known, 1], atol=1e-9, rtol=0)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(spell, st.integers(0, 2)), min_size=6, max_size=60))
def test_log_rank_is_that_of_lifelines(rows: list[tuple[tuple[int, int, int], int]]) -> None:
    from_zero = [((0, length, cause), group) for (_, length, cause), group in rows]
    groups = [spells_of([one for one, g in from_zero if g == k]) for k in range(3)]
    present = [one for one in groups if len(one)]
    try:
        ours = log_rank(present)
    except ValueError:
        return
    peer = multivariate_logrank_test(
        [one[1] for one, _ in from_zero],
        [g for _, g in from_zero],
        [one[2] > 0 for one, _ in from_zero],
    )
    assert ours.statistic == pytest.approx(peer.test_statistic, abs=1e-9)
    assert ours.p_value == pytest.approx(peer.p_value, abs=1e-9)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(spell, min_size=1, max_size=40))
def test_incidences_and_survival_add_to_one(rows: list[tuple[int, int, int]]) -> None:
    spells = spells_of(rows)
    incidence = aalen_johansen(spells, 1).estimate + aalen_johansen(spells, 2).estimate
    assert np.allclose(incidence + kaplan_meier(spells).estimate, 1.0)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(spell, min_size=2, max_size=40))
def test_one_cause_alone_is_one_minus_kaplan_meier(rows: list[tuple[int, int, int]]) -> None:
    spells = spells_of([(entry, length, min(cause, 1)) for entry, length, cause in rows])
    curve, incidence = kaplan_meier(spells), aalen_johansen(spells, 1)
    assert np.allclose(incidence.estimate, 1 - curve.estimate)
    known = np.isfinite(curve.lower) & (curve.at_risk > curve.events)
    assert np.allclose(incidence.lower[known], 1 - curve.upper[known])


def test_the_leukaemia_trial_of_freireich() -> None:
    """Published: Freireich et al. 1963, with the estimates of Kalbfleisch & Prentice: 6-MP."""
    days = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    ends = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    curve = kaplan_meier(Spells.of([0] * 21, days, ends))
    published = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    for week, estimate in published.items():
        assert value_at(curve, week, 1.0)[0] == pytest.approx(estimate, abs=5e-4)
    assert median(curve)[0] == 23
    placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
    other = Spells.of([0] * 21, placebo, [1] * 21)
    test = log_rank([Spells.of([0] * 21, days, ends), other])
    assert test.statistic == pytest.approx(16.79, abs=5e-3)


def test_the_competing_risks_of_a_worked_example() -> None:
    """By hand: ends of causes 1, 2, 1 on days 1, 2, 4 of five, one censored on day 3, one on 5."""
    curve = aalen_johansen(Spells.of([0] * 5, [1, 2, 3, 4, 5], [1, 2, 0, 1, 0]), 1)
    assert curve.estimate.tolist() == pytest.approx([0.2, 0.2, 0.2, 0.5, 0.5])
    other = aalen_johansen(Spells.of([0] * 5, [1, 2, 3, 4, 5], [1, 2, 0, 1, 0]), 2)
    assert other.estimate.tolist() == pytest.approx([0, 0.2, 0.2, 0.2, 0.2])


def test_who_enters_late_is_not_at_risk_before() -> None:
    curve = kaplan_meier(Spells.of([0, 0, 5, 6], [5, 9, 9, 8], [1, 0, 0, 1]))
    assert curve.at_risk.tolist() == [2, 3, 2]
    assert curve.estimate.tolist() == pytest.approx([0.5, 1 / 3, 1 / 3])


def test_nothing_is_told_beyond_the_last_observation() -> None:
    spells = Spells.of([0, 0, 6], [5, 9, 9], [1, 0, 0])
    curve = kaplan_meier(spells)
    assert np.isnan(value_at(curve, 10, 1.0)).all()
    assert value_at(curve, 1, 1.0)[0] == 1.0
    assert [at_risk_on(spells, day) for day in (1, 5, 5.5, 6, 7, 9, 10)] == [2, 2, 1, 1, 2, 2, 0]
    assert np.isnan(median(kaplan_meier(Spells.of([0, 0], [5, 9], [0, 0])))[0])


@pytest.mark.parametrize(
    ("entry", "exit_", "cause", "says"),
    [
        ([0], [1, 2], [0], "differ in length"),
        ([-1], [1], [0], "negative"),
        ([0], [1], [-1], "negative"),
        ([3], [3], [1], "ends before"),
    ],
)
def test_what_is_no_spell_is_refused(
    entry: list[float], exit_: list[float], cause: list[int], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        Spells.of(entry, exit_, cause)


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 7, 12])
def test_the_tail_of_chi_squared_is_that_of_scipy(degrees: int) -> None:
    for value in (0.001, 0.5, 1.0, 3.84, 10.0, 40.0):
        assert chi_square_tail(value, degrees) == pytest.approx(
            float(chi2.sf(value, degrees)), rel=1e-10
        )
