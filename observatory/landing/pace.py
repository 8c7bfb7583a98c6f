"""Keeping a publisher's pace: one request at a time, and so many seconds between two.

The pace outlives the process: for each host a small file says when the next request may start,
and a lock beside it is held while one is under way, so that two runs do not double the load.
What does not belong here: what the pace is (the source module says, with its evidence).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from observatory.errors import TransientError

Sleeper = Callable[[float], None]
Ticks = Callable[[], float]

# A moment further away than this is a damaged file or a clock that was set back.
_LONGEST_WAIT: Final = 86_400.0
# How long another run may keep a host to itself: one large download.
_LOCK_SECONDS: Final = 900.0


class Pace:
    """The pace kept with each host, below one folder."""

    def __init__(self, folder: Path, seconds: float, sleeper: Sleeper, ticks: Ticks) -> None:
        self.folder = folder
        self.seconds = seconds
        self.lock_seconds = _LOCK_SECONDS
        self._sleep = sleeper
        self._ticks = ticks

    @contextmanager
    def turn(self, host: str, patience: float) -> Iterator[None]:
        """Wait for our turn with a host and keep it to ourselves until the block ends.

        Raises TransientError at once when the wait would be longer than ``patience`` seconds,
        or when another run holds the host for too long.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(f"{self._file(host)}.lock", timeout=self.lock_seconds):
                self._await(host, patience)
                try:
                    yield
                finally:
                    self.postpone(host, self.seconds)
        except Timeout as error:
            raise TransientError(
                f"another run has been reading from it for more than {self.lock_seconds:.0f} s",
                where=host,
                remedy="wait for that run to end, then refresh again",
                retry_after=self.lock_seconds,
            ) from error

    def postpone(self, host: str, seconds: float) -> None:
        """Let no run ask this host for anything in the next ``seconds`` seconds."""
        moment = max(self._ticks() + seconds, self._next(host))
        self._file(host).write_text(f"{moment:.3f}\n", encoding="ascii")

    def _await(self, host: str, patience: float) -> None:
        wait = self._next(host) - self._ticks()
        if wait > patience:
            raise TransientError(
                f"it has asked us to stay away for another {wait:.0f} s",
                where=host,
                remedy=f"refresh again in {ceil(wait / 60)} minutes",
                retry_after=wait,
            )
        if wait > 0:
            self._sleep(wait)

    def _next(self, host: str) -> float:
        try:
            moment = float(self._file(host).read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 0.0
        return moment if moment - self._ticks() <= _LONGEST_WAIT else 0.0

    def _file(self, host: str) -> Path:
        return self.folder / re.sub(r"[^a-z0-9.-]", "_", host.lower())
