"""The match benchmarks beside an evaluation: how well names lead to the right organisation.

What belongs here: running them on the corpus' files and showing their figures. What does not: the
benchmarks themselves (``match_benchmark.py``), and matching (``observatory/linkage.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from observatory.answers.match_benchmark import (
    Benchmark,
    Figures,
    measure,
    notice_suppliers,
    payment_strings,
)
from observatory.answers.proportions import Share
from observatory.answers.tables import Table
from observatory.errors import BadInput

_BENCHMARKS: tuple[Callable[[Path], Benchmark], ...] = (payment_strings, notice_suppliers)
COLUMNS = ("benchmark", "organisations", "precision", "recall", "seconds")


def run(
    corpus: Path, heard: Callable[[int, int], None] = lambda done, of: None
) -> tuple[Figures, ...]:
    """Match the test half of each benchmark on the files of ``corpus``; ``heard`` is told how many
    are done. Raises BadInput where a file that a benchmark reads is missing or not as expected."""
    told = []
    for done, read in enumerate(_BENCHMARKS):
        heard(done, len(_BENCHMARKS))
        try:
            benchmark = read(corpus)
        except (OSError, ValueError, KeyError) as error:
            raise BadInput(
                f"the files of the match benchmarks cannot be read: {error}",
                where=str(corpus),
                remedy="give the corpus' folder (nhs_spend/, companies_house/ and procurement/ "
                "lie in it), or leave --corpus out",
            ) from error
        told.append(measure(benchmark, "test"))
    heard(len(_BENCHMARKS), len(_BENCHMARKS))
    return tuple(told)


def table(figures: tuple[Figures, ...]) -> Table:
    """The figures for a person."""
    rows = [
        (
            one.benchmark,
            one.decoys,
            _words(one.precision),
            _words(one.recall),
            f"{one.seconds:.1f}",
        )
        for one in figures
    ]
    return Table(COLUMNS, list(rows))


def as_dicts(figures: tuple[Figures, ...]) -> list[dict[str, object]]:
    """The figures for a program. Seconds are left out: they differ from run to run."""
    return [
        {
            "benchmark": one.benchmark,
            "half": one.half,
            "organisations": one.decoys,
            "precision": one.precision.as_dict(),
            "recall": one.recall.as_dict(),
            "leads": one.leads.as_dict(),
        }
        for one in figures
    ]


def _words(share: Share) -> str:
    if share.value is None or share.interval is None:
        return "–"
    low, high = share.interval
    return f"{share.value:.1%}, {share.hits} of {share.of} ({low:.1%}–{high:.1%})"
