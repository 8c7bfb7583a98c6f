"""Names of releases, and which releases there are.

What belongs here: versions ``vYYYY.MM.DD.N``, the ``latest`` pointer as a reader sees it, and
the history derived from the release folders. What does not: anything that writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from observatory.errors import PermanentError
from observatory.release.manifest import Manifest, read_manifest

POINTER = "latest"
INDEX = "index.json"
STAGING_PREFIX = ".staging-"
# The DuckDB file of a release, and its table of what it is.
DATABASE = "observatory.duckdb"
METADATA_TABLE = "_observatory"

_VERSION = re.compile(r"v(\d{4})\.(\d{2})\.(\d{2})\.([1-9]\d*)")


@dataclass(frozen=True, order=True)
class Version:
    """The day a release was built (UTC) and its number on that day, from 1."""

    day: date
    number: int

    def __str__(self) -> str:
        return f"v{self.day:%Y.%m.%d}.{self.number}"

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read ``v2026.11.23.1``. Raises PermanentError for anything else."""
        found = _VERSION.fullmatch(text)
        try:
            if found:
                year, month, day, number = (int(part) for part in found.groups())
                return cls(date(year, month, day), number)
        except ValueError:
            pass
        raise PermanentError(
            f"{text!r} is not a version", remedy="a version is written like v2026.11.23.1"
        )


@dataclass(frozen=True)
class ReleaseRef:
    """One published release: its folder and what its manifest says."""

    version: Version
    path: Path
    manifest: Manifest

    @property
    def built_at(self) -> datetime:
        """When it was built (UTC)."""
        return self.manifest.built_at

    @property
    def facts_hash(self) -> str:
        """The content hash over all its fact tables."""
        return self.manifest.facts_hash


def versions(releases: Path) -> list[Version]:
    """Return the versions that have a folder below ``releases``, oldest first."""
    if not releases.is_dir():
        return []
    names = (entry.name for entry in releases.iterdir() if entry.is_dir())
    return sorted(Version.parse(name) for name in names if _VERSION.fullmatch(name))


def next_version(existing: Iterable[Version], day: date) -> Version:
    """Return the version of a release built on ``day``.

    Raises PermanentError when ``day`` lies before the newest release: versions only grow, or
    ``latest`` would not be the last one.
    """
    newest = max(existing, default=None)
    if newest is None or newest.day < day:
        return Version(day, 1)
    if newest.day > day:
        raise PermanentError(
            f"today is {day}, but the release {newest} is already there",
            remedy="set the clock (or OBSERVATORY_NOW) right; if it is right and was ahead when "
            f'{newest} was made, `observatory withdraw {newest} --reason "the clock was ahead"` '
            "and run again",
        )
    return Version(day, newest.number + 1)


def latest(releases: Path) -> ReleaseRef | None:
    """Return the release that ``latest`` points at, or None before the first one.

    The pointer is read once: whoever holds the result keeps reading the same version while
    the next one is published.
    """
    try:
        name = (releases / POINTER).readlink().name
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PermanentError(
            "the pointer to the latest release is not a symbolic link",
            where=str(releases / POINTER),
            remedy="remove it; the next refresh writes it again",
        ) from error
    version = Version.parse(name)
    if not (releases / name).exists():
        raise PermanentError(
            f"points at {version}, whose folder is gone",
            where=str(releases / POINTER),
            remedy="put the folder back, or run `observatory refresh`: it points at the newest "
            "release that is left, or publishes one",
        )
    return _reference(releases, version)


def history(releases: Path) -> list[ReleaseRef]:
    """Return every release below ``releases``, oldest first."""
    return [_reference(releases, version) for version in versions(releases)]


def find(releases: Path, name: str) -> ReleaseRef:
    """Return the release called ``name`` (a version, or ``latest``).

    Raises PermanentError that lists the releases there are.
    """
    if name == POINTER:
        newest = latest(releases)
        if newest is not None:
            return newest
    else:
        wanted = Version.parse(name)
        if wanted in versions(releases):
            return _reference(releases, wanted)
    known = ", ".join(str(version) for version in versions(releases)[-10:])
    raise PermanentError(
        f"there is no release {name}",
        where=str(releases),
        remedy=f"the newest are: {known}" if known else "run `observatory refresh` to make one",
    )


def _reference(releases: Path, version: Version) -> ReleaseRef:
    path = releases / str(version)
    return ReleaseRef(version, path, read_manifest(path))
