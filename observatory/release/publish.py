"""Makes a release visible: verified first, then one rename, one pointer, one index.

What belongs here: whether a release is due, and the three atomic steps. A process may be killed
between any two of them: readers see the release before, whole, and the next run finishes or
repeats the work. What does not: what is in a release (``stage.py``).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from observatory import clock
from observatory.errors import PermanentError, TransientError
from observatory.release.connections import quoted, reading
from observatory.release.contracts import PARENT, ProjectLike
from observatory.release.facts import FactsHash, facts_hash
from observatory.release.stage import (
    Checkpoint,
    Companion,
    Staged,
    no_checkpoint,
    stage,
    sync,
)
from observatory.release.verify import verify
from observatory.release.versions import (
    INDEX,
    POINTER,
    STAGING_PREFIX,
    ReleaseRef,
    history,
    latest,
    next_version,
    versions,
)

_LOCK = ".lock"
_LOCK_SECONDS = 60.0
_SHOWN_PROBLEMS = 20


@dataclass(frozen=True)
class Published:
    """A new release is there; ``previous`` is the one before it."""

    release: ReleaseRef
    previous: ReleaseRef | None

    @property
    def version(self) -> str:
        """The new version."""
        return str(self.release.version)

    @property
    def facts_hash(self) -> str:
        """The hash of its facts."""
        return self.release.facts_hash

    @property
    def message(self) -> str:
        """What happened, in a sentence."""
        since = f" after {self.previous.version}" if self.previous else ", the first one"
        return f"Published {self.version}{since}."


@dataclass(frozen=True)
class Unchanged:
    """Nothing was published, for ``reason``; ``release`` still is the latest (None: no release
    yet)."""

    release: ReleaseRef | None
    reason: str

    @property
    def version(self) -> str:
        """The version that still is the latest, or an empty text."""
        return str(self.release.version) if self.release else ""

    @property
    def facts_hash(self) -> str:
        """The hash of the latest release's facts, or an empty text."""
        return self.release.facts_hash if self.release else ""

    @property
    def message(self) -> str:
        """What happened, in a sentence."""
        return f"Nothing was published: {self.reason}."


def publish(
    database: Path,
    project: ProjectLike,
    releases: Path,
    *,
    built_at: datetime | None = None,
    companions: Sequence[Companion] = (),
    checkpoint: Checkpoint = no_checkpoint,
) -> Published | Unchanged:
    """Publish the build ``database`` as a new version, if its facts are new.

    ``built_at`` defaults to the observatory's clock; ``companions`` add their files to the staged
    release. Raises PermanentError when the release gate
    refuses a column or the staged release fails its verification (nothing is published then),
    and TransientError when another process publishes at the same time.
    """
    moment = built_at or clock.now()
    with _alone(releases):
        repair(releases)
        previous = latest(releases)
        reason = _not_due(database, project, previous)
        if reason:
            return Unchanged(previous, reason)
        version = next_version(versions(releases), moment.date())
        staged = stage(
            database,
            project,
            releases,
            version=version,
            built_at=moment,
            companions=companions,
            checkpoint=checkpoint,
        )
        _refuse_problems(staged)
        checkpoint("verified")
        staged.folder.rename(releases / str(version))
        sync(releases)
        checkpoint("renamed")
        _point(releases, str(version))
        checkpoint("pointed")
        _write_index(releases)
        return Published(ReleaseRef(version, releases / str(version), staged.manifest), previous)


def repair(releases: Path) -> None:
    """Finish what a killed run began: remove its staging folders, point ``latest`` at the newest
    release and derive ``index.json`` from the folders again.

    A folder bears a version's name only once it is verified, so the newest one is right.
    """
    for stale in releases.glob(f"{STAGING_PREFIX}*"):
        shutil.rmtree(stale)
    newest = max(versions(releases), default=None)
    if newest is None:
        return
    # A pointer to a folder that is gone counts as none.
    current = latest(releases) if (releases / POINTER).exists() else None
    if current is None or current.version != newest:
        _point(releases, str(newest))
    _write_index(releases)


def _not_due(database: Path, project: ProjectLike, previous: ReleaseRef | None) -> str:
    """Say why no release is due, or return an empty text."""
    with reading(database) as con:
        facts = _facts(con, project)
        if PARENT in facts.tables and facts.tables[PARENT].rows == 0:
            return _nothing_to_publish(previous)
    if previous is None or facts.overall != previous.facts_hash:
        return ""
    rows = sum(content.rows for content in facts.tables.values())
    return (
        f"no fact differs from the release {previous.version} "
        f"({len(facts.tables)} fact tables, {rows:,} rows compared)"
    )


def _nothing_to_publish(previous: ReleaseRef | None) -> str:
    held = previous.manifest.rows(PARENT) if previous else 0
    if previous and held:
        raise PermanentError(
            f"the build holds no organisation, where the release {previous.version} holds {held:,}",
            where="release",
            remedy="see `observatory sources` for what is missing; nothing was published",
        )
    return "the build holds no organisation yet"


def _facts(con: duckdb.DuckDBPyConnection, project: ProjectLike) -> FactsHash:
    try:
        return facts_hash(con, project)
    except duckdb.Error as error:
        names = ", ".join(quoted(name) for name in sorted(project.models))
        raise PermanentError(
            f"the build database does not hold the published tables ({error})",
            where=names if len(names) < 200 else "build database",
            remedy="build the models first: `observatory refresh`",
        ) from error


def _refuse_problems(staged: Staged) -> None:
    problems = verify(staged.folder)
    if not problems:
        return
    shown = "\n  ".join(str(problem) for problem in problems[:_SHOWN_PROBLEMS])
    raise PermanentError(
        f"the staged release has {len(problems)} problem(s); nothing was published\n  {shown}",
        where=str(staged.folder),
        remedy="the staged folder is kept until the next run, to look at",
    )


def _point(releases: Path, version: str) -> None:
    """Move ``latest`` in one step: a reader finds the old target or the new one, never none."""
    fresh = releases / f".{POINTER}.new"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(version, target_is_directory=True)
    fresh.replace(releases / POINTER)
    sync(releases)


def _write_index(releases: Path) -> None:
    """Derive ``index.json`` (newest first) from the release folders."""
    entries = [
        {
            "version": str(one.version),
            "built_at": one.built_at.isoformat(),
            "previous_version": one.manifest.previous_version,
            "facts_hash": one.facts_hash,
            "rows": {entry.table.name: entry.rows for entry in one.manifest.tables},
            "manifest": f"{one.version}/manifest.json",
        }
        for one in reversed(history(releases))
    ]
    text = json.dumps({"latest": entries[0]["version"], "releases": entries}, indent=1) + "\n"
    target = releases / INDEX
    if target.is_file() and target.read_text(encoding="utf-8") == text:
        return
    fresh = releases / f".{INDEX}.new"
    fresh.write_text(text, encoding="utf-8")
    sync(fresh)
    fresh.replace(target)
    sync(releases)


@contextmanager
def _alone(releases: Path) -> Iterator[None]:
    releases.mkdir(parents=True, exist_ok=True)
    lock = FileLock(releases / _LOCK)
    try:
        lock.acquire(timeout=_LOCK_SECONDS)
    except Timeout as error:
        raise TransientError(
            "another process is publishing a release",
            where=str(releases),
            remedy="wait until it has finished, then try again",
        ) from error
    try:
        yield
    finally:
        lock.release()
