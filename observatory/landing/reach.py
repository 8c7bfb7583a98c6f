"""Whether there is a network at all, as one refresh finds out.

When three publishers' hosts in a row could not be reached and none was, the others are named
without being asked: a dead name server costs eight seconds a host, and a refresh without a
network must end within two minutes however many sources there are. What does not belong here:
one host's failures (``http.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from observatory.errors import Unreachable

ENOUGH: Final = 3


@dataclass
class Reach:
    """The hosts that could not be reached since the last one that was."""

    lost: set[str] = field(default_factory=set)

    def check(self, host: str) -> None:
        """Raise Unreachable without asking when enough other hosts could not be reached."""
        if len(self.lost - {host}) >= ENOUGH:
            raise Unreachable(
                "was not asked: no publisher could be reached before it",
                where=host,
                remedy="check the network, then refresh again; nothing is lost",
            )


_current: Reach | None = None


@contextmanager
def one_refresh() -> Iterator[None]:
    """Remember, until the block ends, which hosts this process could not reach."""
    global _current
    before, _current = _current, Reach()
    try:
        yield
    finally:
        _current = before


@contextmanager
def asking(host: str) -> Iterator[None]:
    """Wrap a request to a host; outside ``one_refresh`` this does nothing."""
    if _current is None:
        yield
        return
    _current.check(host)
    try:
        yield
    except Unreachable:
        _current.lost.add(host)
        raise
    _current.lost.clear()
