from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter

from observatory.survival import Spells, kaplan_meier
from observatory.survival_matched import weighted_kaplan_meier

spell = st.tuples(st.integers(0, 60), st.integers(1, 60), st.booleans())


def spells_of(rows: list[tuple[int, int, bool]]) -> Spells:
    return Spells.of(
        [entry for entry, _, _ in rows],
        [entry + length for entry, length, _ in rows],
        [int(ended) for _, _, ended in rows],
    )


@settings(max_examples=40)
@given(st.lists(spell, min_size=1, max_size=40), st.sampled_from([1.0, 0.25, 3.0]))
def test_equal_weights_are_no_weights(rows: list[tuple[int, int, bool]], weight: float) -> None:
    spells = spells_of(rows)
    curve, plain = weighted_kaplan_meier(spells, np.full(len(rows), weight)), kaplan_meier(spells)
    places = np.searchsorted(plain.time, curve.time)
    assert curve.at_risk.tolist() == plain.at_risk[places].tolist()
    assert curve.effective == pytest.approx(plain.at_risk[places])
    assert np.allclose(curve.estimate, plain.estimate[places], atol=1e-12)
    assert np.allclose(curve.lower, plain.lower[places], atol=1e-9, equal_nan=True)
    assert np.allclose(curve.upper, plain.upper[places], atol=1e-9, equal_nan=True)


@settings(max_examples=25)
@given(st.lists(st.tuples(spell, st.integers(1, 4)), min_size=1, max_size=30))
def test_a_whole_weight_is_that_many_members(
    rows: list[tuple[tuple[int, int, bool], int]],
) -> None:
    """The estimate of so many copies, as lifelines has it with weights; the interval is wider."""
    from_zero = [((0, length, ended), weight) for (_, length, ended), weight in rows]
    spells = spells_of([one for one, _ in from_zero])
    weights = np.array([float(weight) for _, weight in from_zero])
    curve = weighted_kaplan_meier(spells, weights)
    peer = KaplanMeierFitter().fit(spells.exit, spells.cause > 0, weights=weights)
    expected = peer.survival_function_at_times(curve.time).to_numpy()
    assert np.allclose(curve.estimate, expected, atol=1e-12)
    copies = kaplan_meier(spells_of([one for one, weight in from_zero for _ in range(weight)]))
    places = np.searchsorted(copies.time, curve.time)
    known = np.isfinite(curve.lower) & np.isfinite(copies.lower[places])
    assert (curve.lower[known] <= copies.lower[places][known] + 1e-12).all()
    assert (curve.upper[known] >= copies.upper[places][known] - 1e-12).all()


def test_a_heavy_member_counts_for_less_than_its_weight_in_members() -> None:
    """By hand: weights 3, 1 and 1; the heavy one ends first, then a light one."""
    spells = Spells.of([0, 0, 0], [5, 8, 9], [1, 1, 0])
    curve = weighted_kaplan_meier(spells, np.array([3.0, 1.0, 1.0]))
    assert curve.effective.tolist() == pytest.approx([25 / 11, 2, 1])
    assert curve.estimate.tolist() == pytest.approx([0.4, 0.2, 0.2])
    # Xie and Liu: 0.6 / (25/11 * 0.4), then 0.5 / (2 * 0.5) more
    spread = 1.959963984540054 * np.sqrt(0.6 * 11 / 25 / 0.4 + 0.5) / -np.log(0.2)
    assert curve.lower[1] == pytest.approx(0.2 ** np.exp(spread))
