"""What the tests of the polite client share: an address, a clock that moves only in sleep."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from observatory.landing.http import Publisher
from observatory.settings import Settings

URL = "https://register.example/list.csv"
BODY = b"id,name\n1,Fictional\n"
Make = Callable[..., Publisher]


class FakeTime:
    """A clock that moves only when somebody sleeps, and remembers how long."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.moment = 1_800_000_000.0

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += seconds

    def ticks(self) -> float:
        return self.moment


def left(home: Settings) -> list[Path]:
    folder = home.home / "tmp"
    return list(folder.iterdir()) if folder.exists() else []
