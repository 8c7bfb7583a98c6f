from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.spread import effective_number, herfindahl, indices


@settings(max_examples=100)
@given(st.lists(st.integers(1, 200), min_size=1, max_size=12))
def test_the_indices_stay_within_what_they_can_be(counts: list[int]) -> None:
    effective, low, high, concentration, _, most = indices(counts)
    assert 1 - 1e-9 <= effective <= len(counts) + 1e-9
    assert 1 / len(counts) - 1e-9 <= concentration <= 1 + 1e-9
    assert low <= high
    assert most <= 1 + 1e-9
    assert indices(counts) == indices(list(counts))
    # Hill's numbers fall with their order: the inverse of the Herfindahl index is that of order 2
    assert effective >= 1 / concentration - 1e-9


def test_equal_sectors_count_in_full_and_a_lone_one_as_one() -> None:
    assert effective_number(np.full(5, 0.2)) == pytest.approx(5)
    assert herfindahl(np.full(5, 0.2)) == pytest.approx(0.2)
    assert indices([7])[:1] == (1.0,)


def test_a_worked_example() -> None:
    """Shares of 1/2, 1/4 and 1/4: entropy 1.5 ln 2, so 2 to the power 1.5."""
    effective, _, _, concentration, _, _ = indices([2, 1, 1])
    assert effective == pytest.approx(2**1.5)
    assert concentration == pytest.approx(0.375)


def test_nobody_has_no_index() -> None:
    with pytest.raises(ValueError, match="nobody"):
        indices([])
