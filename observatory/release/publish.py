"""Makes a release visible: verified first, then one rename, one pointer, one index.

What belongs here: whether a release is due, and the three atomic steps. A process may be killed
between any two of them: readers see the release before, whole, and the next run finishes or
repeats the work. What does not: what is in a release (``stage.py``).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from observatory import clock
from observatory.errors import PermanentError, TransientError
from observatory.release import change_stage, index, records
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
    POINTER,
    STAGING_PREFIX,
    ReleaseRef,
    Version,
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
    allow_breaking: bool = False,
    cause: str = "",
    code: str = "",
) -> Published | Unchanged:
    """Publish the build ``database`` as a new version, if its facts are new.

    ``built_at`` defaults to the observatory's clock; ``companions`` add their files to the staged
    release; ``code`` names the code of the models, so that a change can name it, and ``cause`` the
    events that led to it. A version that would break readers of the one before needs
    ``allow_breaking``, which no night gives. Raises PermanentError without it, when the release
    gate refuses a column, or when the staged release fails its verification (nothing is published
    then), and TransientError when another process publishes at the same time.
    """
    moment = built_at or clock.now()
    with alone(releases):
        repair(releases)
        previous = latest(releases)
        today = moment.date()
        standing = _standing(releases, today)
        counts = previous if previous and previous.version in standing else None
        if reason := (
            _not_due(database, project, counts) or _withdrawn(releases, database, project, today)
        ):
            if previous:
                _remember(database, previous, code)
            return Unchanged(previous, reason)
        version = next_version(standing, today)
        staged = stage(
            database,
            project,
            releases,
            version=version,
            built_at=moment,
            companions=companions,
            checkpoint=checkpoint,
            allow_breaking=allow_breaking,
            cause=cause,
            code=code,
        )
        _refuse_problems(staged)
        checkpoint("verified")
        return Published(_reveal(staged, releases, version, checkpoint), previous)


def _reveal(staged: Staged, releases: Path, version: Version, checkpoint: Checkpoint) -> ReleaseRef:
    folder = releases / str(version)
    staged.folder.rename(folder)
    sync(releases)
    checkpoint("renamed")
    _point(releases, str(version))
    checkpoint("pointed")
    index.write(releases)
    return ReleaseRef(version, folder, staged.manifest)


def repair(releases: Path) -> None:
    """Finish what a killed run began: remove its staging folders, point ``latest`` at the newest
    release that was not withdrawn and derive ``index.json`` from the folders again.

    A folder bears a version's name only once it is verified, so the newest one is right.
    """
    for stale in releases.glob(f"{STAGING_PREFIX}*"):
        shutil.rmtree(stale)
    known = versions(releases)
    if not known:
        return
    marks = records.withdrawn(releases)
    # Where every version was withdrawn, readers are still told of the last one, and why.
    newest = max([one for one in known if one not in marks] or known)
    # A pointer to a folder that is gone counts as none.
    current = latest(releases) if (releases / POINTER).exists() else None
    if current is None or current.version != newest:
        _point(releases, str(newest))
    index.write(releases)


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


def _standing(releases: Path, today: date) -> list[Version]:
    """Return the versions that the next one comes after: all, but for those of a day to come that
    were withdrawn. A clock that was ahead made them, and nobody is led to one any more."""
    marks = records.withdrawn(releases)
    return [one for one in versions(releases) if one not in marks or one.day <= today]


def _withdrawn(releases: Path, database: Path, project: ProjectLike, today: date) -> str:
    """Say which withdrawn version has the very facts of the build, or return an empty text: what
    was taken back is not published again by the next night. One of a day to come was taken back for
    that day, and its facts may be published under the right one."""
    marks = {
        version: mark
        for version, mark in records.withdrawn(releases).items()
        if version.day <= today
    }
    if not marks:
        return ""
    with reading(database) as con:
        built = _facts(con, project).overall
    for one in history(releases):
        if one.version in marks and one.facts_hash == built:
            return f"its facts are those of {one.version}, withdrawn: {marks[one.version].reason}"
    return ""


def _remember(database: Path, previous: ReleaseRef, code: str) -> None:
    """Remember that what this build was made from gives the facts of the release ``previous``."""
    with reading(database) as con:
        here = str(con.sql("select current_database()").fetchall()[0][0])
        change_stage.remember(database, str(previous.version), change_stage.behind(con, here, code))


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


@contextmanager
def alone(releases: Path) -> Iterator[None]:
    """Hold the lock of the folder of releases. Raises TransientError when another process holds it
    for longer than a minute."""
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
