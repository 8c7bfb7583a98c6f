"""How long versions are kept, and letting old nightly ones go.

The rule, in full: the last version of each month stays for ever. Every other version stays for
``NIGHTLY_DAYS`` days. ``latest``, a version that somebody cited, one that was withdrawn and one
that a program is reading never go. Of a version that went, its manifest, checksums and changelog
stay below ``releases/pruned/``: they name every file and its hash, so that a copy can be checked.

What belongs here: that rule. What does not: landing, lake and build files (their own rule).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from observatory.release import records
from observatory.release.holds import in_use
from observatory.release.manifest import MANIFEST, SUMS
from observatory.release.publish import alone, repair
from observatory.release.records import Past
from observatory.release.versions import STAGING_PREFIX, Version, latest

NIGHTLY_DAYS: Final = 35
_KEPT: Final = (MANIFEST, SUMS, "CHANGELOG.md")
REASON: Final = f"a nightly version older than {NIGHTLY_DAYS} days, and not the last of its month"


@dataclass(frozen=True)
class Old:
    """A version that may go: its folder, and the bytes that no other version shares."""

    version: Version
    path: Path
    size_bytes: int


def plan(releases: Path, today: date) -> list[Old]:
    """Return the versions that may go on ``today``, oldest first. Raises BadInput for a record
    that cannot be read: without it nothing is known to be unneeded."""
    past = records.past(releases)
    cited, newest = records.cited(releases), latest(releases)
    monthly = last_of_each_month(one.release.version for one in past)
    border = today - timedelta(days=NIGHTLY_DAYS)
    return [
        Old(one.release.version, one.release.path, _own_bytes(one.release.path))
        for one in past
        if _may_go(one, border)
        and one.release.version not in monthly | cited
        and (newest is None or one.release.version != newest.version)
        and not in_use(one.release.path)
    ]


def prune(releases: Path, today: date) -> list[Old]:
    """Let every version go that may, and return them. A process killed on the way leaves a version
    whole, or gone with its record: never half. Raises what ``plan`` raises, and TransientError when
    another process publishes."""
    with alone(releases):
        gone = plan(releases, today)
        for one in gone:
            _record(releases, one, today)
            # Out of every reader's sight in one step; `repair` removes what is left of it.
            one.path.rename(releases / f"{STAGING_PREFIX}gone-{one.version}")
        repair(releases)
    return gone


def last_of_each_month(known: Iterable[Version]) -> set[Version]:
    """Return the newest version of each calendar month."""
    found: dict[tuple[int, int], Version] = {}
    for version in sorted(known):
        found[version.day.year, version.day.month] = version
    return set(found.values())


def _may_go(past: Past, border: date) -> bool:
    return past.status == "published" and past.release.version.day < border


def _record(releases: Path, old: Old, today: date) -> None:
    folder = releases / records.PRUNED / str(old.version)
    if folder.exists():
        return
    fresh = folder.with_name(f"{STAGING_PREFIX}{old.version}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name in _KEPT:
        if (old.path / name).is_file():
            shutil.copy2(old.path / name, fresh / name)
    records.write(fresh / records.NOTE, {"on": today.isoformat(), "reason": REASON})
    fresh.rename(folder)


def _own_bytes(folder: Path) -> int:
    """Bytes that go with the folder: files that another version shares stay (hard links)."""
    stats = (path.lstat() for path in folder.rglob("*") if path.is_file())
    return sum(one.st_size for one in stats if one.st_nlink == 1)
