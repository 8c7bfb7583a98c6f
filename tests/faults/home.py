"""One home folder of the observatory, its nights, and what must hold after each fault.

A night here is what the assets do (take in every source, build what is stale, publish), called
as library functions, since Dagster's bookkeeping would cost twice the work itself; the tests of
killed processes run the command. What does not belong here: faults.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import duckdb
import pytest

from assets.release import _publish
from observatory import build, intake
from observatory.errors import ObservatoryError, in_words
from observatory.intake import Intake
from observatory.landing.http import Publisher
from observatory.landing.store import Landing, hash_file
from observatory.release.database import DATABASE
from observatory.release.publish import Published, Unchanged
from observatory.release.verify import verify
from observatory.release.versions import ReleaseRef, latest
from observatory.settings import Settings
from observatory.sources.base import get
from tests.faults.world import SOURCES, World
from tests.loopback import Loopback

HOSTS = (
    "mutuals.fca.org.uk",
    "files.example",
    "raw.githubusercontent.com",
    "www.contractsfinder.service.gov.uk",
    "www.gov.uk",
    "assets.example",
    "mirror.example",
)


class FakeTime:
    """Seconds that pass only while somebody waits."""

    def __init__(self) -> None:
        self.moment = 1_790_000_000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self.slept.append(seconds)
        self.moment += seconds

    def ticks(self) -> float:
        """The present second."""
        return self.moment


@dataclass
class Night:
    """What one night did: each source's intake, and the release's outcome or failure."""

    intakes: dict[str, Intake] = field(default_factory=dict)
    outcome: Published | Unchanged | None = None
    failure: ObservatoryError | None = None

    def problem(self, source: str) -> str:
        """What went wrong with a source; empty when nothing did."""
        return self.intakes[source].problem

    @property
    def problems(self) -> dict[str, str]:
        """The sources that something went wrong with."""
        return {name: one.problem for name, one in self.intakes.items() if one.problem}


@contextmanager
def _told(night: Night) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        night.failure = in_words(error)


class Home:
    """A home folder and the publishers that it asks."""

    def __init__(self, folder: Path, publisher: Loopback, time: FakeTime) -> None:
        self.folder = folder
        self.publisher = publisher
        self.time = time
        self.settings = Settings(
            home=folder, origin_overrides=dict.fromkeys(HOSTS, publisher.origin)
        )

    def serve(self, world: World) -> None:
        """Have every publisher serve this world."""
        for path, answers in world.routes().items():
            self.publisher.sequence(path, answers)

    def night(self, *, offline: bool = False, sources: Sequence[str] = SOURCES) -> Night:
        """Take in the sources, build and publish; what goes wrong on the way is in the result, as
        the assets would tell it."""
        self.time.moment += 86_400
        night = Night()
        with _told(night):
            for one in sources:
                night.intakes[one] = intake.take_in(get(one), self.settings, offline=offline)
            answer = build.stale(self.settings)
            if answer:
                build.build_models(self.settings, answer.models)
                night.outcome = _publish(self.settings)
        return night

    def release(self) -> ReleaseRef:
        """The latest release."""
        found = latest(self.settings.releases)
        assert found is not None
        return found

    def facts(self) -> str:
        """The content hash of the latest release."""
        return self.release().facts_hash

    def landed(self) -> dict[str, str]:
        """Every receipt and body that was kept, with the hash of its bytes."""
        root = self.settings.landing
        kept = [*root.glob("receipts/*/*.json"), *root.glob("bodies/*/*")]
        return {path.relative_to(root).as_posix(): hash_file(path) for path in sorted(kept)}

    def unfinished(self) -> list[str]:
        """What lies about that nobody will ever finish."""
        root = self.settings.landing
        return [str(path) for path in [*root.glob(".fetch-*"), *root.glob("tmp/*")]]

    def copy(self, folder: Path) -> Home:
        """The same home in another folder."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Home(folder, self.publisher, self.time)

    def rebuilt(self, folder: Path) -> Home:
        """What a new home makes of the same landing."""
        shutil.copytree(self.settings.landing, folder / "landing")
        fresh = Home(folder, self.publisher, self.time)
        night = fresh.night(offline=True)
        assert night.failure is None, night.failure
        return fresh


@dataclass(frozen=True)
class Before:
    """What a home held before a fault."""

    landed: dict[str, str]
    version: str

    @classmethod
    def of(cls, home: Home) -> Before:
        """Look at a home."""
        return cls(home.landed(), str(home.release().version))


def check(home: Home, before: Before) -> None:
    """What must hold after any fault: the last release opens and verifies, none older took its
    place, and nothing that had landed is lost or changed."""
    release = home.release()
    assert str(release.version) >= before.version
    assert verify(release.path) == []
    with duckdb.connect(str(release.path / DATABASE), read_only=True) as con:
        found = con.execute("select count(*) from organisations").fetchone()
    assert found
    assert found[0] > 0
    landed = home.landed()
    assert {path: landed.get(path) for path in before.landed} == before.landed
    for source in SOURCES:
        for snapshot in Landing(home.settings.landing).snapshots(source):
            for receipt in snapshot.receipts:
                Landing(home.settings.landing).sound_body(receipt)


def small_site(settings: Settings) -> Callable[[Path, Callable[[], object]], None]:
    """A site of one page, in place of the product's, which needs all its tables."""

    def write(folder: Path, _downloads: Callable[[], object]) -> None:
        (folder / "site").mkdir()
        (folder / "site" / "index.html").write_text("<!DOCTYPE html><title>Fictional</title>\n")

    return write


def use(models: Path, patch: pytest.MonkeyPatch, time: FakeTime) -> None:
    """Have this process use these models, and let no request really wait. Other models than the
    product's have a small site."""
    if models != Settings(home=Path()).models:
        patch.setattr("assets.release.site.writer", small_site)
    patch.setattr(Settings, "models", property(lambda _: models))
    patch.setattr(intake, "Publisher", partial(Publisher, sleeper=time.sleep, ticks=time.ticks))
