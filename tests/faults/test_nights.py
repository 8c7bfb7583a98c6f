"""Nights in fast-forward: something changes at the publishers, something fails, every night.

Five nights of the small project in the ordinary run; thirty of the whole project in ``make soak``.
Each night is the command's own refresh, under Dagster, in this process.
"""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import dagster as dg
import pytest

from assets.instance import open_instance
from assets.jobs import SOURCES_JOB
from assets.run import Outcome, refresh
from observatory.build import load_project
from observatory.landing import wire
from observatory.landing.accept import land_file
from observatory.landing.store import Landing
from observatory.release.connections import reading
from observatory.release.facts import facts_hash
from observatory.release.versions import history
from observatory.settings import PROJECT_ROOT, Settings
from observatory.sources.base import get
from tests.faults import ledger, small_project, world
from tests.faults.conftest import FIRST
from tests.faults.home import Before, FakeTime, Home, check, use
from tests.faults.nights import Evening, evenings
from tests.loopback import Loopback

SEED = 20261124
PROCESS = Path("/proc/self")


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fifth of a second of silence counts as a stall."""
    monkeypatch.setattr(wire, "TIMEOUTS", (5.0, 0.2))


def test_five_nights(
    tmp_path: Path,
    loopback: Loopback,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _nights(5, small_project.make(tmp_path), tmp_path, loopback, request, monkeypatch)


@pytest.mark.soak
def test_thirty_nights_of_the_whole_project(
    tmp_path: Path,
    loopback: Loopback,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    models = PROJECT_ROOT / "dbt_like_models"
    _nights(30, models, tmp_path, loopback, request, monkeypatch)


def test_every_fault_of_thirty_nights_can_be_made_of_that_nights_files() -> None:
    for evening in evenings(FIRST, 30, SEED):
        good = evening.world.answer(evening.fault.source)
        made = evening.fault.answers(good, 0.0)
        assert made[0] != good, evening.fault.name


def _nights(
    number: int,
    models: Path,
    folder: Path,
    publisher: Loopback,
    request: pytest.FixtureRequest,
    patch: pytest.MonkeyPatch,
) -> None:
    (PROCESS / "clear_refs").write_text("5", "utf-8")  # the peak of tests before is not ours
    home = Home(folder / "home", publisher, FakeTime())
    home.folder.mkdir()
    use(models, patch, home.time)
    home.serve(FIRST)
    outcome = _refresh(home, patch, 0)
    assert outcome.ok, outcome.failures
    ledger.tried(request, number)
    changed = 1
    for n, evening in enumerate(evenings(FIRST, number, SEED), 1):
        before = Before.of(home)
        changed += _night(home, n, evening, patch)
        check(home, before)
        _published_each_change_of_facts(home)
    home.serve(evening.world)
    facts = home.facts()
    outcome = _refresh(home, patch, number + 1)
    assert outcome.ok, (outcome.failures, [one.problem for one in outcome.intakes])
    changed += home.facts() != facts

    assert _runs(home.settings) == {SOURCES_JOB: number + 2, "refresh": changed}
    _published_each_change_of_facts(home)
    if models != PROJECT_ROOT / "dbt_like_models":
        # Here every change at a publisher is one of a published table.
        assert len(list(home.settings.releases.glob("v*"))) == changed
    _tell(request, number, home.folder)
    assert home.rebuilt(folder / "rebuilt").facts() == home.facts()


def _night(home: Home, n: int, evening: Evening, patch: pytest.MonkeyPatch) -> bool:
    """Run one night with its fault; return whether the lake changed in it."""
    home.serve(evening.world)
    fault = evening.fault
    good = evening.world.answer(fault.source)
    home.publisher.sequence(
        world.FILES[fault.source], fault.answers(good, home.time.moment + 86_400)
    )
    if evening.late:
        _hand_in(home, *evening.late)
    outcome = _refresh(home, patch, n)
    assert outcome.failures == [], (n, fault.name, outcome.failures)
    problems = {one.source_id: one.problem for one in outcome.intakes if one.problem}
    assert set(problems) <= {fault.source}, (n, fault.name, problems)
    return any(one.changed for one in outcome.intakes)


def _published_each_change_of_facts(home: Home) -> None:
    """Check that what is built is what was published last, and that no two versions in a row say
    the same: a release was made if and only if a fact table changed."""
    with reading(home.settings.build_database) as con:
        built = facts_hash(con, load_project(home.settings)).overall
    assert built == home.facts()
    said = [one.facts_hash for one in history(home.settings.releases)]
    assert all(before != after for before, after in pairwise(said))


def _hand_in(home: Home, source: str, older: world.World) -> None:
    given = home.folder.parent / "SocietyList.csv"
    given.write_bytes(older.body(source))
    land_file(
        get(source),
        given,
        Landing(home.settings.landing),
        origin="command",
        published_on=older.day,
    )


def _refresh(home: Home, patch: pytest.MonkeyPatch, night: int) -> Outcome:
    day = FIRST.day + timedelta(days=night + 1)
    patch.setenv("OBSERVATORY_NOW", f"{day}T02:30:00+00:00")
    patch.setenv("OBSERVATORY_HOME", str(home.folder))
    overrides = home.settings.origin_overrides.items()
    patch.setenv(
        "OBSERVATORY_ORIGIN_OVERRIDES", ",".join(f"{host}={origin}" for host, origin in overrides)
    )
    home.time.moment += 86_400
    return refresh(home.settings, world.SOURCES, offline=False)


def _runs(settings: Settings) -> dict[str, int]:
    """The runs that Dagster keeps, by job: all that asked the sources, since a night in which one
    of them failed is a failed run there, and those of the models and the release that succeeded."""
    found = {SOURCES_JOB: 0, "refresh": 0}
    with open_instance(settings) as instance:
        for run in instance.get_runs():
            if run.job_name == SOURCES_JOB or run.status is dg.DagsterRunStatus.SUCCESS:
                found[run.job_name] += 1
    return found


def _tell(request: pytest.FixtureRequest, nights: int, folder: Path) -> None:
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", (PROCESS / "status").read_text("utf-8"))
    memory = int(peak) / 1024
    seen: dict[int, int] = {}
    for one in folder.rglob("*"):
        stat = one.lstat()
        seen[stat.st_ino] = stat.st_blocks * 512
    disk = sum(seen.values()) / 1e6
    ledger.tell(
        request, f"{nights} nights: {memory:,.0f} MB of memory at most, {disk:,.0f} MB of disk"
    )
