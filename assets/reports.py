"""Where a step's full outcome waits for the command that runs it in the same process.

Dagster's events carry what its UI shows; the command's summary needs the outcomes whole. With
nobody listening (a run under Dagster's daemon) a report is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_listeners: list[Callable[[object], None]] = []


def report(outcome: object) -> None:
    """Hand an outcome to whoever listens in this process."""
    for listener in _listeners:
        listener(outcome)


@contextmanager
def listening(listener: Callable[[object], None]) -> Iterator[None]:
    """Have ``listener`` called with every outcome reported inside the block."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
