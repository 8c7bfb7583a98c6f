"""The match benchmarks: their arithmetic, and what the matcher must keep on the real strings.

Only the development half is asked here: the test half is for ``python -m bench.linkage``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from observatory.answers.match_benchmark import (
    Benchmark,
    Labelled,
    Share,
    measure,
    notice_suppliers,
    payment_strings,
)
from observatory.linkage import Asker, Held


def test_the_interval_is_wilsons() -> None:
    # E. B. Wilson's interval for 9 of 10 at 95 %, from the published formula by hand
    low, high = Share(9, 10).interval or (0, 0)
    assert (round(low, 4), round(high, 4)) == (0.5958, 0.9821)
    assert Share(0, 0).value is None
    assert Share(0, 0).interval is None


def test_a_match_on_no_company_is_wrong_and_a_lead_is_told_apart() -> None:
    register = (
        Held("GB-COH-99000001", "FICTIONAL HERON LIMITED"),
        Held("GB-COH-99000002", "IMAGINARY LARK LIMITED"),
        Held("GB-COH-99000003", "INVENTED WREN LIMITED"),
    )
    labelled = (
        Labelled(Asker("a", ("FICTIONAL HERON LTD",)), "GB-COH-99000001", "found", "test"),
        Labelled(Asker("b", ("IMAGINARY LARK LTD",)), None, "no company", "test"),
        Labelled(Asker("c", ("INVENTED WREN LTD",)), "GB-COH-99000003", "lead", "test"),
        Labelled(Asker("d", ("NOBODY AT ALL LTD",)), "GB-COH-99000004", "found", "test"),
        Labelled(Asker("e", ("FICTIONAL HERON LTD",)), "GB-COH-99000001", "found", "development"),
    )
    figures = measure(Benchmark("fictional", labelled, register), "test")
    assert figures.precision == Share(1, 2)
    assert figures.recall == Share(1, 2)
    assert figures.leads == Share(1, 1)
    assert figures.tiers == {"name": Share(1, 2)}


@pytest.mark.corpus
def test_payment_strings_keep_their_precision_and_recall(corpus: Path) -> None:
    benchmark = payment_strings(corpus)
    halves = {
        one.half: {x.org_id for x in benchmark.labelled if x.half == one.half}
        for one in benchmark.labelled
    }
    assert halves["development"] & halves["test"] <= {None}
    figures = measure(benchmark, "development")
    assert figures.decoys >= 75_000
    assert (figures.precision.value or 0) >= 0.99
    assert (figures.recall.value or 0) >= 0.79


@pytest.mark.corpus
def test_suppliers_that_are_not_in_the_register_are_left_alone(corpus: Path) -> None:
    figures = measure(notice_suppliers(corpus), "development")
    assert figures.precision == Share(26, 26)
