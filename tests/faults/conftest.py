"""A home after its first night, copied for every fault, and publishers that a test can break."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import FIXED_NOW
from tests.faults import ledger, small_project, world
from tests.faults.home import FakeTime, Home, use
from tests.loopback import Loopback

FIRST = world.first(date(2026, 11, 20))
# The next night's world: a society and an award more, a society renamed.
NEXT = (
    FIRST.on(date(2026, 11, 21))
    .put(world.SOCIETIES, s09=world.society(9), s03=world.society(3, name="Fictional Three Ltd"))
    .put(world.PROVIDERS, r07=world.provider(7))
    .put(world.AWARDS, a04=world.award(4))
    .put(world.PAIRS, p03=world.pair(3))
)


@dataclass(frozen=True)
class Stage:
    """The home after its first night, and the content hash that an undisturbed second ends at."""

    first: Home
    undisturbed: str
    models: Path
    time: FakeTime


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Make it once; nobody changes it."""
    folder, time = tmp_path_factory.mktemp("faults"), FakeTime()
    models = small_project.make(folder)
    with pytest.MonkeyPatch.context() as patch, Loopback() as publisher:
        patch.setenv("OBSERVATORY_NOW", FIXED_NOW)
        use(models, patch, time)
        first = Home(folder / "first", publisher, time)
        first.serve(FIRST)
        night = first.night()
        assert (night.problems, night.failure) == ({}, None)
        second = first.copy(folder / "second")
        second.serve(NEXT)
        night = second.night()
        assert (night.problems, night.failure) == ({}, None)
        assert second.facts() != first.facts()
    return Stage(first, second.facts(), models, time)


@pytest.fixture
def home(stage: Stage, tmp_path: Path, loopback: Loopback, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A copy of the first home, to break; its publishers serve what they served that night."""
    use(stage.models, monkeypatch, stage.time)
    stage.first.publisher = loopback
    copy = stage.first.copy(tmp_path / "home")
    copy.serve(FIRST)
    return copy


@pytest.fixture
def fault(request: pytest.FixtureRequest) -> Callable[[int], None]:
    """Called with the number of faults that a test is about to try."""

    def count(number: int) -> None:
        ledger.tried(request, number)

    return count
