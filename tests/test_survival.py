from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
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
from tests import naive_survival
from tests.lifelines_oracle import log_rank_by_lifelines, survival_by_lifelines

spell = st.tuples(st.integers(0, 60), st.integers(1, 60), st.integers(0, 2))


def spells_of(rows: list[tuple[int, int, int]]) -> Spells:
    return Spells.of(
        [entry for entry, _, _ in rows],
        [entry + length for entry, length, _ in rows],
        [cause for _, _, cause in rows],
    )


@settings(max_examples=60)
@given(st.lists(spell, min_size=1, max_size=40))
def test_kaplan_meier_is_that_of_lifelines(rows: list[tuple[int, int, int]]) -> None:
    spells = spells_of(rows)
    curve = kaplan_meier(spells)
    naive = naive_survival.kaplan_meier(spells.entry, spells.exit, spells.cause > 0)
    assert dict(zip(curve.time, curve.estimate, strict=True)) == pytest.approx(naive, abs=1e-12)
    peer = survival_by_lifelines(spells.entry, spells.exit, spells.cause > 0, curve.time)
    if peer is None:  # it will not go on over a risk set that was empty once
        assert naive_survival.empties_early(spells.entry, spells.exit)
        return
    known = np.isfinite(curve.lower)
    assert np.allclose(curve.estimate, peer.estimate, atol=1e-9, rtol=0)
    assert np.allclose(curve.lower[known], peer.lower[known], atol=1e-9, rtol=0)
    assert np.allclose(curve.upper[known], peer.upper[known], atol=1e-9, rtol=0)


@settings(max_examples=60)
@given(st.lists(st.tuples(spell, st.integers(0, 2)), min_size=6, max_size=60))
def test_log_rank_is_that_of_lifelines(rows: list[tuple[tuple[int, int, int], int]]) -> None:
    from_zero = [((0, length, cause), group) for (_, length, cause), group in rows]
    groups = [spells_of([one for one, g in from_zero if g == k]) for k in range(3)]
    present = [one for one in groups if len(one)]
    try:
        ours = log_rank(present)
    except ValueError:
        return
    peer = log_rank_by_lifelines(
        [(one.entry.tolist(), one.exit.tolist(), (one.cause > 0).tolist()) for one in present]
    )
    assert (ours.statistic, ours.p_value) == pytest.approx(peer, abs=1e-9)


@settings(max_examples=60)
@given(st.lists(st.tuples(spell, st.integers(0, 2)), min_size=6, max_size=60))
def test_log_rank_under_late_entry_is_as_its_definition_reads(
    rows: list[tuple[tuple[int, int, int], int]],
) -> None:
    """lifelines has no log-rank test for who enters late."""
    groups = [spells_of([one for one, g in rows if g == k]) for k in range(3)]
    present = [one for one in groups if len(one)]
    try:
        ours = log_rank(present)
    except ValueError:
        return
    naive = naive_survival.log_rank([(one.entry, one.exit, one.cause > 0) for one in present])
    assert ours.statistic == pytest.approx(naive, rel=1e-9, abs=1e-9)


@settings(max_examples=60)
@given(st.lists(spell, min_size=1, max_size=40))
def test_incidences_and_survival_add_to_one(rows: list[tuple[int, int, int]]) -> None:
    spells = spells_of(rows)
    incidence = aalen_johansen(spells, 1).estimate + aalen_johansen(spells, 2).estimate
    assert np.allclose(incidence + kaplan_meier(spells).estimate, 1.0)


@settings(max_examples=40)
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


def test_the_competing_risks_of_breast_cancer() -> None:
    """Published: Satagopan et al. 2004, Br J Cancer 91:1229, table 2: 305 patients by month, of
    whom nine leave in the first 27 months; cause 1 is the cancer, 2 another cause of death."""
    months = [7, 10, 14, 16, 18, 23, 24, 26, 27] + [60] * 296
    causes = [0, 1, 0, 1, 2, 1, 0, 2, 1] + [0] * 296
    spells = Spells.of([0] * 305, months, causes)
    cancer = aalen_johansen(spells, 1)
    at_risk = {10: 304, 16: 302, 23: 300, 27: 297}
    in_percent = {10: 0.3, 16: 0.6, 23: 0.9, 27: 1.2}  # the paper adds rounded terms
    for month, risk in at_risk.items():
        place = int(np.flatnonzero(cancer.time == month)[0])
        assert cancer.at_risk[place] == risk
        assert 100 * cancer.estimate[place] == pytest.approx(in_percent[month], abs=0.15)
    survival = kaplan_meier(spells)
    published = {10: 99.7, 16: 99.3, 18: 99.0, 23: 98.7, 26: 98.3, 27: 98.0}
    for month, percent in published.items():
        assert 100 * value_at(survival, month, 1.0)[0] == pytest.approx(percent, abs=0.06)


def test_the_competing_risks_that_other_packages_print() -> None:
    """Estimates of cmprsk (R), standard errors of Stata, as statsmodels' own tests carry them
    (statsmodels/duration/tests/test_survfunc.py, test_incidence): many ties, three causes."""
    days = [1, 1, 2, 4, 4, 4, 6, 6, 7, 8, 9, 9, 9, 1, 2, 2, 4, 4]
    causes = [1, 1, 1, 2, 2, 2, 3, 3, 3, *[0] * 9]
    spells = Spells.of([0] * 18, days, causes)
    estimates = {
        1: [0.11111111, *[0.17037037] * 6],
        2: [0, 0, *[0.20740741] * 5],
        3: [0, 0, 0, 0.17777778, *[0.26666667] * 3],
    }
    errors = {1: 0.08976251, 2: 0.10610391, 3: 0.12787781}
    for cause, published in estimates.items():
        curve = aalen_johansen(spells, cause)
        assert curve.estimate.tolist() == pytest.approx(published, abs=1e-8)
        inner = float(np.log(-np.log(1 - curve.upper[-1])) - np.log(-np.log(1 - curve.lower[-1])))
        going_on = 1 - curve.estimate[-1]
        error = inner / 2 / 1.959963984540054 * going_on * -np.log(going_on)
        assert error == pytest.approx(errors[cause], abs=1e-8)


@settings(max_examples=60)
@given(st.lists(spell, min_size=1, max_size=40))
def test_incidence_under_late_entry_is_as_its_definition_reads(
    rows: list[tuple[int, int, int]],
) -> None:
    spells = spells_of(rows)
    curve = aalen_johansen(spells, 1)
    naive = naive_survival.incidence(spells.entry, spells.exit, spells.cause, 1)
    assert dict(zip(curve.time, curve.estimate, strict=True)) == pytest.approx(naive, abs=1e-12)


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
