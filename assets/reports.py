"""Where a step's full outcome waits for the command that runs it in the same process.

Dagster's events carry what its UI shows; the command's summary needs the outcomes whole. With
nobody listening (a run under Dagster's daemon) a report is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import dagster as dg

from observatory import errors
from observatory.alerts import settle
from observatory.errors import TransientError
from observatory.settings import from_environment

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


@contextmanager
def watched_over(step: str) -> Iterator[list[str]]:
    """Tell an incident when the block fails, or leaves a problem in the list that it is given, and
    its end when it does not. What may pass by itself is no incident."""
    problems: list[str] = []
    try:
        yield problems
    except TransientError:
        raise
    except Exception as error:
        settle(from_environment(), step, str(errors.in_words(error)))
        raise
    settle(from_environment(), step, "\n".join(problems))


@contextmanager
def in_words() -> Iterator[None]:
    """Turn what goes wrong inside into Dagster's failure of the step, in the library's words."""
    try:
        yield
    except Exception as error:
        told = str(errors.in_words(error))
        raise dg.Failure(description=told, allow_retries=False) from error
