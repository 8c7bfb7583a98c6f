"""What may be thrown away, by a stated rule, and throwing it away.

The rule, in full:

- a **body** goes when its source keeps ``derived``, it was fetched more than the source's
  ``body_days`` ago, the present reader has read it, a later whole snapshot of the source is held
  (or it is no whole snapshot), and no other source still needs the same bytes. Its receipt and hash
  stay, and its records are first put by in the landing, since nobody can read it again: a newer
  reader takes them over as they are (``lake_kept.py``). No other body ever goes.
- a **folder of the lake** goes when a newer reader has read the same snapshot.
- **scratch** of a process that was killed goes after a day, an **old build file** beside the build
  database after a week.
- a **release** goes by the rule in ``release/retention.py``.

What a person put into an inbox is not touched.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal

from observatory import clock, lake_kept
from observatory.lake import Lake
from observatory.lake_snapshots import FOLDER, LakeSnapshot, load
from observatory.landing import tombstones
from observatory.landing.receipts import Receipt, Snapshot
from observatory.landing.store import Landing
from observatory.release import retention
from observatory.settings import Settings
from observatory.sources.base import Source, registry

Kind = Literal["body", "older reading", "scratch", "old build file", "release"]

_SCRATCH_SECONDS: Final = 86_400.0
_BUILD_SECONDS: Final = 7 * 86_400.0
_LIVE: Final = frozenset(
    {"build.duckdb", "build.duckdb.wal", "build.duckdb.lock", "build.duckdb.spill"}
)


@dataclass(frozen=True)
class Prunable:
    """One thing that may go: its size in bytes, and the part of the rule that lets it."""

    kind: Kind
    path: Path
    size_bytes: int
    why: str
    # Of a body: its snapshot as the present reader has read it.
    read: LakeSnapshot | None = None


def plan(settings: Settings) -> list[Prunable]:
    """Return what may go now, by kind and path. Raises PermanentError for a receipt or a list of
    tombstones that cannot be read: without them nothing is known to be unneeded."""
    found = [*_scratch(settings), *_build_files(settings), *_releases(settings)]
    for source in registry().values():
        found += _older_readings(source, settings)
        found += _bodies(source, settings)
    return sorted(found, key=lambda one: (one.kind, str(one.path)))


def prune(settings: Settings) -> list[Prunable]:
    """Throw away what may go, and return it. A process killed on the way has lost nothing: the
    records of a body are put by before it goes. Raises OSError, TransientError when another process
    publishes, and what ``plan`` raises."""
    gone = plan(settings)
    if any(one.kind == "release" for one in gone):
        retention.prune(settings.releases, clock.now().date())
    for one in gone:
        if one.kind == "release":
            continue
        if one.read is not None:
            folder = lake_kept.put_by(one.read, settings.landing)
            one.path.unlink(missing_ok=True)
            Lake(settings.lake).give_back(one.read.source, folder)
        elif one.path.is_dir() and not one.path.is_symlink():
            shutil.rmtree(one.path, ignore_errors=True)
        else:
            one.path.unlink(missing_ok=True)
    return gone


def _bodies(source: Source, settings: Settings) -> Iterator[Prunable]:
    if source.keeps != "derived" or not source.body_days:
        return
    landing, lake = Landing(settings.landing), Lake(settings.lake)
    read = {
        one.snapshot_id: one
        for one in lake.snapshots(source.id, source.reader_version)
        if one.reader_version == source.reader_version
    }
    held = landing.snapshots(source.id)
    whole = [one.snapshot_id for one in held if one.scope.kind == "whole"]
    removed = tombstones.read(settings.landing, source.id)
    for snapshot in held:
        if (
            snapshot.snapshot_id not in read
            or [snapshot.snapshot_id] == whole[-1:]
            or not _is_old(source, snapshot)
            or tombstones.withdrawn(snapshot, removed)
        ):
            continue
        why = f"{source.id}: read, and fetched more than {source.body_days} days ago"
        for receipt in snapshot.receipts:
            if landing.has_body(receipt) and not _needed_elsewhere(receipt, landing):
                path, known = landing.body(receipt), read[snapshot.snapshot_id]
                yield Prunable("body", path, receipt.size_bytes, why, known)


def _is_old(source: Source, snapshot: Snapshot) -> bool:
    return clock.now() - snapshot.fetched_at > timedelta(days=source.body_days)


def _needed_elsewhere(receipt: Receipt, landing: Landing) -> bool:
    """Whether another source has a receipt of the same bytes: bodies are shared by hash."""
    return any(
        landing.receipt(other, receipt.sha256) is not None
        for other in registry()
        if other != receipt.source
    )


def _older_readings(source: Source, settings: Settings) -> Iterator[Prunable]:
    root = settings.lake / source.id
    for folder in sorted(root.iterdir()) if root.is_dir() else ():
        name = FOLDER.fullmatch(folder.name)
        if not name or int(name["version"]) >= source.reader_version:
            continue
        if load(root / f"{name['snapshot']}.r{source.reader_version}"):
            why = f"{source.id}: reader {source.reader_version} has read the same snapshot"
            yield Prunable("older reading", folder, _size(folder), why)


def _scratch(settings: Settings) -> Iterator[Prunable]:
    patterns = (
        (settings.landing, ".fetch-*"),
        (settings.landing, ".watch-*"),
        (settings.landing / "tmp", "*"),
        (settings.lake, "*/.staging"),
        (lake_kept.shelf(settings.landing), "*/.staged"),
    )
    for root, pattern in patterns:
        for path in sorted(root.glob(pattern)):
            if _age(path) > _SCRATCH_SECONDS:
                why = "left behind by a process that was killed"
                yield Prunable("scratch", path, _size(path), why)


def _build_files(settings: Settings) -> Iterator[Prunable]:
    for path in sorted(settings.warehouse.glob("build.*")):
        if path.name not in _LIVE and _age(path) > _BUILD_SECONDS:
            yield Prunable("old build file", path, _size(path), "moved aside over a week ago")


def _releases(settings: Settings) -> Iterator[Prunable]:
    for one in retention.plan(settings.releases, clock.now().date()):
        yield Prunable("release", one.path, one.size_bytes, retention.REASON)


def _age(path: Path) -> float:
    """Seconds since a path was last changed, by the machine's clock, which set that time."""
    return clock.ticks() - path.lstat().st_mtime


def _size(path: Path) -> int:
    if not path.is_dir():
        return path.lstat().st_size
    return sum(one.lstat().st_size for one in path.rglob("*") if one.is_file())
