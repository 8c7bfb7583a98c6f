"""The polite client against a loopback publisher, with a clock that a test can read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from observatory.landing.http import Publisher
from observatory.settings import Settings
from observatory.sources.base import Limits
from tests.landing.polite import FakeTime, Make
from tests.loopback import Loopback


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def make(home: Settings, loopback: Loopback, time: FakeTime) -> Iterator[Make]:
    made: list[Publisher] = []

    def publisher(overrides: dict[str, str] | None = None, **more: object) -> Publisher:
        settings = Settings(
            home=home.home,
            contact=home.contact,
            origin_overrides={"*": loopback.origin} if overrides is None else overrides,
        )
        limits = Limits(
            float(str(more.pop("seconds", 0.0))), float(str(more.pop("after_403", 0.0)))
        )
        fields = {"sleeper": time.sleep, "ticks": time.ticks} | more
        made.append(Publisher(limits, settings, home.home / "tmp", **fields))  # type: ignore[arg-type]
        return made[-1]

    yield publisher
    for one in made:
        one.close()
