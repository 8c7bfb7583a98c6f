"""Two refreshes at once, a reader that holds its release, a clock that jumps, and no network."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import duckdb
import pytest
from click.testing import CliRunner

from observatory.cli import main
from observatory.release.database import DATABASE
from observatory.release.verify import verify
from tests.faults import world
from tests.faults.conftest import NEXT, Stage
from tests.faults.dying import refreshes
from tests.faults.home import HOSTS, Before, Home, check

Tried = Callable[[int], None]


def _nightfall(patch: pytest.MonkeyPatch, day: str) -> str:
    now = f"{day}T02:30:00+00:00"
    patch.setenv("OBSERVATORY_NOW", now)
    return now


def test_two_refreshes_at_once_do_the_work_of_one(
    home: Home, stage: Stage, fault: Tried, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(1)
    now = _nightfall(monkeypatch, "2026-11-24")
    before = Before.of(home)
    home.serve(NEXT)
    home.time.moment += 86_400
    told = {
        "now": now,
        "overrides": ",".join(f"{host}={home.publisher.origin}" for host in HOSTS),
        "ticks": home.time.moment,
    }
    with refreshes(stage.models) as server:
        both = [server.start(home.folder, 0, **told) for _ in range(2)]
        assert [server.wait(one) for one in both] == [0, 0]
    check(home, before)
    assert home.facts() == stage.undisturbed
    receipts = [path for path in home.landed() if path.startswith("receipts/")]
    assert len(receipts) == len([path for path in before.landed if path in receipts]) + 4


def test_a_reader_holds_its_release_through_three_publications(
    home: Home, fault: Tried, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(1)
    held = home.release()
    asked = "select count(*), sum(hash(name)) from organisations"
    with (
        duckdb.connect(str(held.path / DATABASE), read_only=True) as reader,
        (held.path / "csv" / "organisations.csv").open("rb") as file,
    ):
        seen, half = reader.execute(asked).fetchone(), file.read(50)
        published = NEXT
        for n in range(3):
            _nightfall(monkeypatch, f"2026-11-{24 + n}")
            published = published.on(date(2026, 11, 23 + n))
            published = published.put(world.SOCIETIES, **{f"n{n}": world.society(30 + n)})
            home.serve(published)
            night = home.night()
            assert (night.problems, night.failure) == ({}, None)
            assert reader.execute(asked).fetchone() == seen
        assert half + file.read() == (held.path / "csv" / "organisations.csv").read_bytes()
    assert len(list(home.settings.releases.glob("v*"))) == 4
    assert verify(held.path) == []
    assert home.release().version > held.version


@pytest.mark.parametrize("jump", ["1970-01-01", "2026-11-27"])
def test_a_clock_that_jumps_and_is_set_right(
    jump: str, home: Home, stage: Stage, fault: Tried, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(1)
    before = Before.of(home)
    home.serve(NEXT)
    _nightfall(monkeypatch, jump)
    night = home.night()
    check(home, before)
    if jump < "2026":  # every file is of the future then, and no version may be older than the last
        assert "lies in the future" in night.problem(world.SOCIETIES)
        assert str(home.release().version) == before.version

    _nightfall(monkeypatch, "2026-11-25")
    night = home.night()
    check(home, before)
    if night.failure:  # a later version is there: it is told, and nothing older takes its place
        assert "already there" in str(night.failure)
    _nightfall(monkeypatch, "2026-11-28")
    night = home.night()
    assert (night.problems, night.failure) == ({}, None)
    check(home, before)
    assert home.facts() == stage.undisturbed


@pytest.mark.parametrize("changed", [True, False])
def test_a_release_of_a_clock_that_was_ahead_is_withdrawn_and_made_again(
    changed: bool, home: Home, stage: Stage, fault: Tried, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(1)
    before = Before.of(home)
    home.serve(NEXT)
    _nightfall(monkeypatch, "2027-03-01")
    assert home.night().failure is None
    assert str(home.release().version) == "v2027.03.01.1"

    _nightfall(monkeypatch, "2026-11-25")
    if changed:
        home.serve(NEXT.on(date(2026, 11, 24)).put(world.SOCIETIES, s20=world.society(20)))
        assert "observatory withdraw v2027.03.01.1" in str(home.night().failure)
    monkeypatch.setenv("OBSERVATORY_HOME", str(home.folder))
    asked = ["withdraw", "v2027.03.01.1", "--reason", "the clock was ahead"]
    assert CliRunner().invoke(main, asked).exit_code == 0
    assert str(home.release().version) == before.version
    night = home.night()
    assert (night.problems, night.failure) == ({}, None)
    assert str(home.release().version) == "v2026.11.25.1"
    check(home, before)
    assert (home.facts() == stage.undisturbed) is not changed

    # The day that the clock had named comes: numbers go on, and only grow.
    _nightfall(monkeypatch, "2027-03-01")
    home.serve(NEXT.on(date(2027, 2, 28)).put(world.SOCIETIES, s21=world.society(21)))
    assert home.night().failure is None
    assert str(home.release().version) == "v2027.03.01.2"
    check(home, before)


def test_a_machine_without_network(
    home: Home, stage: Stage, fault: Tried, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(1)
    before = Before.of(home)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{unused.getsockname()[1]}"
        _nightfall(monkeypatch, "2026-11-24")
        connected = home.settings
        home.settings = replace(connected, origin_overrides=dict.fromkeys(HOSTS, nowhere))
        night = home.night()  # the port is held meanwhile, so that nobody else begins to answer
    assert set(night.problems) == set(world.SOURCES)
    assert all("cannot be reached" in one for one in night.problems.values())
    assert night.failure is None
    check(home, before)
    assert str(home.release().version) == before.version

    home.settings = connected
    home.serve(NEXT)
    assert home.night().problems == {}
    assert home.facts() == stage.undisturbed
