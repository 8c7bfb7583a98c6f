"""The lake: one folder of typed Parquet a snapshot, visible whole or not at all.

Two things worth knowing before you touch this. A folder's name carries the reader's version, so
a changed reader reads everything again beside what was there. A finished folder is never
written to; it appears by one rename.

What belongs here: folders, manifests and the order of snapshots. What does not: how a source is
read (``sources/``), views in SQL (``lake_views.py``).
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from filelock import FileLock, Timeout

from observatory import lake_bounds, lake_kept, lake_redaction, lake_views
from observatory.durable import sync, sync_folder
from observatory.errors import PermanentError, TransientError
from observatory.lake_redaction import Struck
from observatory.lake_snapshots import FOLDER, MANIFEST, LakeSnapshot, load, with_same_as
from observatory.lake_tables import Column, Dataset, History, RecordRun, history, table_columns
from observatory.lake_writer import Severity, SnapshotWriter
from observatory.landing.receipts import Snapshot
from observatory.landing.tombstones import Tombstone

if TYPE_CHECKING:
    from observatory.sources.base import Body, Source
    from observatory.watchlist import Watched

__all__ = [
    "Column",
    "Dataset",
    "History",
    "Lake",
    "LakeSnapshot",
    "RecordRun",
    "Severity",
    "SnapshotWriter",
    "history",
    "table_columns",
]

# Reading the largest source takes a minute or two; a lock held longer means a stuck process.
_LOCK_SECONDS = 900


class Lake:
    """All snapshots below ``root``, as ``<source>/<snapshot_id>.r<reader_version>/``."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def ingest(
        self,
        source: Source,
        snapshot: Snapshot,
        bodies: Sequence[Body],
        watched: Watched | None = None,
        tombstones: Sequence[Tombstone] = (),
        *,
        again: bool = False,
        bounded: bool = False,
    ) -> LakeSnapshot:
        """Read ``snapshot`` with the source's reader and make it visible by one rename, without
        the records that ``tombstones`` name. ``watched`` is for readers that choose among many.

        Nothing happens when this reader's version has read it before and its files are there,
        unless ``again``. ``bounded`` holds it to the source's bounds. Raises
        whatever the reader raises (nothing is left), PermanentError when
        it breaks its declaration, TransientError when the source is held long.
        """
        target = self.root / source.id / f"{snapshot.snapshot_id}.r{source.reader_version}"
        if again or not load(target):
            with self._locked(source.id), self._staging(source.id) as staging:
                if again or not load(target):
                    earlier = self.snapshots(source.id, source.reader_version)
                    with _writing(source, snapshot, bodies, staging, watched) as writer:
                        lake_bounds.judge(source, snapshot, writer, earlier, bounded=bounded)
                    lake_redaction.strike(staging / "out", source.datasets, tombstones)
                    sync_folder(staging / "out")
                    if target.exists():
                        target.replace(staging / "damaged")
                    (staging / "out").replace(target)
                    sync(target.parent)
        for found in self.snapshots(source.id, source.reader_version):
            if found.snapshot_id == snapshot.snapshot_id:
                return found
        raise PermanentError(f"snapshot {snapshot.snapshot_id} vanished", where=str(target))

    def redact(
        self, source: Source, tombstones: Sequence[Tombstone], *, look_only: bool = False
    ) -> list[Struck]:
        """Take the records that the tombstones name out of every snapshot of a source, as read by
        any version of its reader, each folder by one rename; return them. ``look_only`` does not
        take them out."""
        struck: list[Struck] = []
        with self._locked(source.id), self._staging(source.id) as staging:
            for folder in sorted((self.root / source.id).glob("*.r*")):
                if not load(folder):
                    continue
                found = lake_redaction.find(folder, source.datasets, tombstones)
                struck += found
                if found and not look_only:
                    copy = staging / "out" / folder.name
                    shutil.copytree(folder, copy)
                    lake_redaction.strike(copy, source.datasets, tombstones)
                    sync_folder(copy)
                    folder.replace(staging / folder.name)
                    copy.replace(folder)
                    sync(folder.parent)
        return struck

    def snapshots(self, source_id: str, reader_version: int | None = None) -> list[LakeSnapshot]:
        """Return the snapshots of a source in publication order, as read by
        ``reader_version`` (by default the newest version that read anything). One whose body is
        gone is given as the newest reader up to that one has read it."""
        found: dict[int, dict[str, LakeSnapshot]] = {}
        folder = self.root / source_id
        for child in folder.iterdir() if folder.is_dir() else ():
            name = FOLDER.fullmatch(child.name)
            one = load(child) if name else None
            if name and one:
                found.setdefault(int(name["version"]), {})[one.snapshot_id] = one
        version = max(found, default=0) if reader_version is None else reader_version
        kept = lake_kept.marked(folder)
        older = {
            snapshot_id: one
            for number in sorted(found)
            if number < version
            for snapshot_id, one in found[number].items()
            if snapshot_id in kept
        }
        chosen = older | found.get(version, {})
        return with_same_as(sorted(chosen.values(), key=lambda one: one.sort_key))

    def give_back(self, source_id: str, folder: Path) -> None:
        """Take a snapshot whose body is gone from the landing's derived records (``lake_kept``),
        where the lake lacks it. Raises OSError."""
        with self._locked(source_id):
            lake_kept.give_back(folder, self.root / source_id)

    def data_version(self, source_id: str, reader_version: int | None = None) -> str:
        """Return a hash of what models can see of a source: it changes only when records, or
        the date or scope of a snapshot with new records, do."""
        lines = [
            f"{one.published_on} {one.scope} {one.content_hash} r{one.reader_version}"
            for one in self.snapshots(source_id, reader_version)
            if not one.same_as
        ]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def attach(
        self,
        con: duckdb.DuckDBPyConnection,
        sources: Mapping[str, Source],
        failing: Mapping[str, date] | None = None,
    ) -> None:
        """Create schema ``lake`` in ``con``: a view for each dataset of ``sources`` over its
        snapshots with distinct records (typed and empty when there is none), and the tables
        ``lake.snapshots``, ``lake.data_issues`` and ``lake.sources``, which say of a source since
        when it is ``failing``."""
        held = {
            source.id: self.snapshots(source.id, source.reader_version)
            for source in sources.values()
        }
        lake_views.create(con, list(sources.values()), held, failing)

    @contextmanager
    def _locked(self, source_id: str) -> Iterator[None]:
        folder = self.root / source_id
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(folder / ".lock", timeout=_LOCK_SECONDS):
                yield
        except Timeout as error:
            raise TransientError(
                "another process has been reading this source for too long",
                where=str(folder),
                remedy="see whether it is stuck, end it, and run again",
            ) from error

    @contextmanager
    def _staging(self, source_id: str) -> Iterator[Path]:
        # The lock is held, so whatever lies here was left by a process that was killed.
        staging = self.root / source_id / ".staging"
        shutil.rmtree(staging, ignore_errors=True)
        for name in ("out", "temp"):
            (staging / name).mkdir(parents=True)
        try:
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def _writing(
    source: Source,
    snapshot: Snapshot,
    bodies: Sequence[Body],
    staging: Path,
    watched: Watched | None,
) -> Iterator[SnapshotWriter]:
    """Read a snapshot, let the block judge what was read, and finish its folder."""
    writer = SnapshotWriter(snapshot, source.datasets, staging / "out", staging / "temp")
    writer.watched = watched
    try:
        source.read(bodies, writer)
        yield writer
        content_hash = writer.finish()
    finally:
        writer.con.close()
    first = snapshot.receipts[0]
    manifest = {
        "snapshot_id": snapshot.snapshot_id,
        "source": source.id,
        "sha256": snapshot.sha256,
        "published_on": snapshot.published_on.isoformat(),
        "published_basis": first.published_basis,
        "fetched_at": snapshot.fetched_at.isoformat(),
        "scope": str(snapshot.scope),
        "url": first.url,
        "file_names": [receipt.file_name for receipt in snapshot.receipts],
        "rows": sum(one.rows for one in writer.written.values()),
        "quarantined": writer.issues.quarantined,
        "content_hash": content_hash,
        "reader_version": source.reader_version,
        "runs": {
            name: [asdict(run) for run in one.runs] for name, one in sorted(writer.written.items())
        },
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    (staging / "out" / MANIFEST).write_text(text, encoding="utf-8")
