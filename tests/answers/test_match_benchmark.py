"""The match benchmarks: their arithmetic, and what the matcher must keep on the real strings.

Only the development half is asked here: the test half is for ``python -m bench.linkage``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from observatory.answers.match_benchmark import (
    Benchmark,
    Labelled,
    measure,
    notice_suppliers,
    payment_strings,
)
from observatory.answers.proportions import Share
from observatory.linkage import Asker, Held


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
