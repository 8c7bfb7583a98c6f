"""A refresh that is killed (SIGKILL) between the first byte and the move of the pointer.

The steps of an undisturbed refresh are recorded once; six of them, one in each room, are tried in
the ordinary run, and fifty, drawn by a fixed seed, by ``make soak``.
"""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from tests.faults import world
from tests.faults.conftest import NEXT, Stage
from tests.faults.dying import Refreshes, refreshes, steps
from tests.faults.home import HOSTS, Before, Home, check
from tests.loopback import Loopback

Tried = Callable[[int], None]

NIGHT = "2026-11-24T02:30:00+00:00"
SEED = 20261123
# What the refresh is about to do when it is killed, as the steps tell it, and whether the next
# one is the command too: it costs three times the work alone, and shows that Dagster's own state
# does not hold it up.
PLACES = {
    "a receipt is linked": ("os.link ", " to landing/receipts/", False),
    "a snapshot appears in the lake": ("os.rename ", ".staging/out to lake/", False),
    "models are half built": ("model ", "", True),
    "a release is half staged": ("open ", "releases/.staging", False),
    "the pointer moves": ("os.rename ", " to releases/latest", True),
}


@pytest.fixture(scope="module")
def server(stage: Stage) -> Iterator[Refreshes]:
    """Refreshes on the small project."""
    with refreshes(stage.models) as found:
        yield found


@pytest.fixture(scope="module")
def recorded(
    stage: Stage, server: Refreshes, tmp_path_factory: pytest.TempPathFactory
) -> list[str]:
    """The steps of an undisturbed second night, which ends where it does without Dagster."""
    with Loopback() as publisher:
        stage.first.publisher = publisher
        home = stage.first.copy(tmp_path_factory.mktemp("recorded") / "home")
        home.serve(NEXT)
        assert _refresh(server, home) == 0
    assert home.facts() == stage.undisturbed
    return steps(home.folder)


def _start(server: Refreshes, home: Home, step: int = 0) -> int:
    overrides = ",".join(f"{host}={home.publisher.origin}" for host in HOSTS)
    home.time.moment += 86_400
    return server.start(home.folder, step, now=NIGHT, overrides=overrides, ticks=home.time.moment)


def _refresh(server: Refreshes, home: Home, step: int = 0) -> int:
    return server.wait(_start(server, home, step))


def killed(step: int, server: Refreshes, home: Home) -> Before:
    """Kill a refresh at a step, and look at what it left; return what was there before."""
    before = Before.of(home)
    home.serve(NEXT)
    assert _refresh(server, home, step) == -signal.SIGKILL
    check(home, before)
    return before


def finished(home: Home, stage: Stage, before: Before, server: Refreshes | None) -> None:
    """Let the next night finish what a killed one began: the command, or the same work alone."""
    home.serve(NEXT)
    if server:
        assert _refresh(server, home) == 0
    else:
        night = home.night()
        assert (night.problems, night.failure) == ({}, None)
    check(home, before)
    assert home.facts() == stage.undisturbed
    assert not list(home.settings.releases.glob(".staging-*"))


@pytest.mark.parametrize("place", PLACES)
def test_a_refresh_killed_in_each_room(
    place: str,
    server: Refreshes,
    recorded: list[str],
    home: Home,
    stage: Stage,
    fault: Tried,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kind, path, by_command = PLACES[place]
    found = [n for n, one in enumerate(recorded, 1) if one.startswith(kind) and path in one]
    fault(1)
    monkeypatch.setenv("OBSERVATORY_NOW", NIGHT)
    before = killed(random.Random(SEED).choice(found), server, home)
    finished(home, stage, before, server if by_command else None)


def test_a_refresh_killed_in_the_middle_of_a_body(
    server: Refreshes,
    home: Home,
    stage: Stage,
    fault: Tried,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fault(1)
    monkeypatch.setenv("OBSERVATORY_NOW", NIGHT)
    before = Before.of(home)
    home.serve(NEXT)
    half = replace(NEXT.answer(world.SOCIETIES), cut=500, stall=True)
    home.publisher.sequence(world.LIST, [half])
    process = _start(server, home)
    home.publisher.stalled.wait()
    os.kill(process, signal.SIGKILL)
    assert server.wait(process) == -signal.SIGKILL
    check(home, before)
    finished(home, stage, before, None)


@pytest.mark.soak
@pytest.mark.parametrize("number", range(50))
def test_a_refresh_killed_anywhere(
    number: int,
    server: Refreshes,
    recorded: list[str],
    home: Home,
    stage: Stage,
    fault: Tried,
) -> None:
    fault(1)
    # one in each fiftieth of the night, so that the draw leaves no room out
    width = len(recorded) / 50
    step = random.Random(SEED + number).uniform(number * width, (number + 1) * width)
    before = killed(max(1, int(step)), server, home)
    finished(home, stage, before, server)
