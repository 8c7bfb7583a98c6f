"""Publishers that misbehave: the source says so, the last release stands, and the next night ends
where an undisturbed one does."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import zip_longest
from pathlib import Path

import pytest

from observatory import live_status, standing
from observatory.intake import standing_folder
from observatory.landing import slow, wire
from tests.faults import world
from tests.faults.conftest import FIRST, NEXT, Stage
from tests.faults.home import Before, Home, check
from tests.faults.misbehaviour import FAULTS, Fault, always, body, headers
from tests.loopback import Answer

Tried = Callable[[int], None]


def rounds() -> list[list[Fault]]:
    """The faults, so that each night has one a source at most."""
    by_source = [[one for one in FAULTS if one.source == source] for source in world.SOURCES]
    return [[one for one in found if one] for found in zip_longest(*by_source)]


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fifth of a second of silence counts as a stall: nobody waits a minute here."""
    monkeypatch.setattr(wire, "TIMEOUTS", (5.0, 0.2))


def nightfall(patch: pytest.MonkeyPatch, day: int) -> None:
    """Set the clock to half past two of a day of November 2026."""
    patch.setenv("OBSERVATORY_NOW", f"2026-11-{day}T02:30:00+00:00")


@pytest.mark.parametrize("faults", rounds(), ids=lambda faults: ", ".join(f.name for f in faults))
def test_a_night_of_faults_loses_nothing_and_the_next_ends_where_it_should(
    faults: list[Fault],
    home: Home,
    stage: Stage,
    fault: Tried,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fault(len(faults))
    before = Before.of(home)
    nightfall(monkeypatch, 24)
    home.serve(NEXT)
    for one in faults:
        answers = one.answers(NEXT.answer(one.source), home.time.moment + 86_400)
        home.publisher.sequence(world.FILES[one.source], answers)
    night = home.night()
    for one in faults:
        assert one.says in night.problem(one.source), one.name
        assert bool(night.problem(one.source)) is bool(one.says), one.name
        known = standing.load(standing_folder(home.settings), one.source)
        assert bool(known.broken_since) is bool(one.says), one.name
    assert night.failure is None
    assert home.unfinished() == []
    check(home, before)

    nightfall(monkeypatch, 25)
    home.serve(NEXT)
    night = home.night()
    assert (night.problems, night.failure) == ({}, None)
    check(home, before)
    assert home.facts() == stage.undisturbed


def test_a_broken_source_keeps_its_last_good_version_and_holds_up_nobody(
    home: Home, stage: Stage, fault: Tried, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(1)
    before = Before.of(home)
    nightfall(monkeypatch, 24)
    home.serve(NEXT)
    home.publisher.sequence(world.LIST, [Answer(status=503)])
    night = home.night()
    assert list(night.problems) == [world.SOCIETIES]
    check(home, before)
    assert str(home.release().version) > before.version
    assert home.facts() != stage.undisturbed
    assert home.rebuilt(tmp_path / "rebuilt").facts() == home.facts()


def test_a_failing_source_is_told_beside_the_releases_and_makes_none(
    home: Home, fault: Tried, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(1)
    before = Before.of(home)
    for day, answer, since in (
        (24, Answer(status=503), "2026-11-24T02:30:00+00:00"),
        (25, Answer(status=503), "2026-11-24T02:30:00+00:00"),
        (26, FIRST.answer(world.SOCIETIES), None),
    ):
        nightfall(monkeypatch, day)
        home.publisher.sequence(world.LIST, [answer])
        home.night()
        text = (home.settings.releases / live_status.NAME).read_text(encoding="utf-8")
        told = json.loads(text)
        assert told["as_of"] == f"2026-11-{day}T02:30:00+00:00"
        assert set(told["sources"]) == set(world.SOURCES)
        failing = {name: one["failing_since"] for name, one in told["sources"].items()}
        assert failing == dict.fromkeys(world.SOURCES) | {world.SOCIETIES: since}
        assert "503" not in text  # what went wrong is not the readers' business
    check(home, before)
    assert str(home.release().version) == before.version


def test_a_publisher_that_drips_is_left(
    home: Home, stage: Stage, fault: Tried, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(1)
    before = Before.of(home)
    monkeypatch.setattr(slow, "LEAST", (1_000, 1.0))
    # a busy machine may be silent between two drips: that is not what is asked here
    monkeypatch.setattr(wire, "TIMEOUTS", (5.0, 60.0))
    nightfall(monkeypatch, 24)
    home.serve(NEXT)
    home.publisher.sequence(world.LIST, [replace(NEXT.answer(world.SOCIETIES), drip=0.05)])
    night = home.night()
    assert "came too slowly" in night.problem(world.SOCIETIES)
    assert night.intakes[world.SOCIETIES].may_pass
    assert home.unfinished() == []
    check(home, before)

    nightfall(monkeypatch, 25)
    home.serve(NEXT)
    night = home.night()
    assert (night.problems, night.failure) == ({}, None)
    assert home.facts() == stage.undisturbed


def test_another_etag_of_the_same_content_changes_nothing(
    home: Home, fault: Tried, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(1)
    before = Before.of(home)
    for night_of in (24, 25):
        nightfall(monkeypatch, night_of)
        tagged = headers(ETag=f'"{night_of}"', Last_Modified=f"Sun, {night_of} Nov 2026 01:00 GMT")
        home.publisher.sequence(world.LIST, [tagged(FIRST.answer(world.SOCIETIES))])
        night = home.night()
        assert [one.new for one in night.intakes[world.SOCIETIES].landed] == [False]
        assert not night.intakes[world.SOCIETIES].changed
        assert (night.problems, night.outcome) == ({}, None)
    check(home, before)
    assert str(home.release().version) == before.version


def test_rows_in_another_order_change_nothing(
    home: Home, fault: Tried, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(1)
    before = Before.of(home)
    facts = home.facts()
    nightfall(monkeypatch, 24)

    def shuffled(data: bytes) -> bytes:
        header, *rows = data.splitlines(keepends=True)
        return b"".join([header, *reversed(rows)])

    answers = always(body(shuffled))(FIRST.answer(world.PAIRS), 0.0)
    home.publisher.sequence(world.CROSSWALK, answers)
    night = home.night()
    assert night.problems == {}
    check(home, before)
    assert home.facts() == facts


@pytest.mark.parametrize("source", [world.SOCIETIES, world.PROVIDERS])
def test_two_versions_of_one_day_give_the_same_in_either_order(
    source: str, home: Home, fault: Tried, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(1)
    before, other = Before.of(home), home.copy(tmp_path / "other")
    make = world.society if source == world.SOCIETIES else world.provider
    wrong = FIRST.on(date(2026, 11, 21)).put(source, x=make(20))
    right = FIRST.on(date(2026, 11, 21)).put(source, x=make(20, name="Fictional Right Limited"))
    for one, worlds in ((home, (wrong, right)), (other, (right, wrong))):
        for day, served in zip((24, 25), worlds, strict=True):
            nightfall(monkeypatch, day)
            one.serve(served)
            assert one.night().problems == {}
        check(one, before)
    assert home.facts() == other.facts()
    assert home.rebuilt(tmp_path / "rebuilt").facts() == home.facts()


def test_a_page_without_its_link_is_named(
    home: Home, stage: Stage, fault: Tried, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(1)
    before = Before.of(home)
    nightfall(monkeypatch, 24)
    home.serve(NEXT)
    home.publisher.sequence("/", [Answer(b"<html>Sign in</html>", content_type="text/html")])
    night = home.night()
    assert "no link to a file" in night.problem(world.SOCIETIES)
    check(home, before)
    home.serve(NEXT)
    assert home.night().problems == {}
    assert home.facts() == stage.undisturbed


def test_a_stalled_publisher_is_left_alone_after_four_attempts(
    home: Home, fault: Tried, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(1)
    nightfall(monkeypatch, 24)
    stalled = replace(NEXT.answer(world.SOCIETIES), cut=10, stall=True)
    home.publisher.sequence(world.LIST, [stalled])
    asked = len(home.publisher.asked(world.LIST))
    night = home.night()
    assert "fell silent" in night.problem(world.SOCIETIES)
    assert len(home.publisher.asked(world.LIST)) - asked == 4
