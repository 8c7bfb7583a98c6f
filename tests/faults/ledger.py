"""Counts the faults: tried, survived, lost, as the last line of a run of the tests.

A test says how many faults it is about to try; they are survived when it passes, and lost when
it does not. Figures that a test wants told come before that line. The counts travel in the
tests' reports, so that they hold under pytest-xdist too.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

import pytest

TRIED: Final = "faults tried"
TOLD: Final = "told"

_reports: list[pytest.TestReport] = []


def tried(request: pytest.FixtureRequest, number: int = 1) -> None:
    """Count so many faults as tried by the test that asks."""
    request.node.user_properties.append((TRIED, number))


def tell(request: pytest.FixtureRequest, words: str) -> None:
    """Print a line with a figure at the end of the run."""
    request.node.user_properties.append((TOLD, words))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep the report of a test that tried faults."""
    if report.when == "call" and any(name == TRIED for name, _ in report.user_properties):
        _reports.append(report)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Print what was told, then the counts."""
    if hasattr(config, "workerinput") or not _reports:
        return
    counts: Counter[str] = Counter()
    terminal = config.get_terminal_writer()
    for report in _reports:
        said = [(name, value) for name, value in report.user_properties]
        number = sum(int(str(value)) for name, value in said if name == TRIED)
        counts["survived" if report.passed else "lost"] += number
        for name, value in said:
            if name == TOLD:
                terminal.line(str(value))
    total = counts["survived"] + counts["lost"]
    terminal.line(f"Faults: {total} tried, {counts['survived']} survived, {counts['lost']} lost")
    _reports.clear()
