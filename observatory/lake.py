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
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from filelock import FileLock, Timeout

from observatory import lake_redaction, lake_views
from observatory.durable import sync, sync_folder
from observatory.errors import BadInput, PermanentError, TransientError
from observatory.lake_redaction import Struck
from observatory.lake_tables import Column, Dataset, History, RecordRun, history, table_columns
from observatory.lake_writer import Severity, SnapshotWriter
from observatory.landing.receipts import Scope, Snapshot
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

MANIFEST = "manifest.json"
ISSUES = "issues.parquet"
_FOLDER = re.compile(r"(?P<snapshot>.+)\.r(?P<version>\d+)")
# Reading the largest source takes a minute or two; a lock held longer means a stuck process.
_LOCK_SECONDS = 900


@dataclass(frozen=True)
class LakeSnapshot:
    """One snapshot in the lake. ``same_as`` names the earlier snapshot that holds the same
    records, or is empty; ``runs`` leads counted records of a dataset back to their files."""

    snapshot_id: str
    source: str
    sha256: str
    published_on: date
    published_basis: str
    fetched_at: datetime
    scope: Scope
    url: str
    file_names: tuple[str, ...]
    rows: int
    quarantined: int
    content_hash: str
    reader_version: int
    folder: Path
    runs: Mapping[str, tuple[RecordRun, ...]]
    same_as: str = ""

    @property
    def sort_key(self) -> tuple[date, str]:
        """Publication order; ties are broken by the id, never by arrival."""
        return (self.published_on, self.snapshot_id)

    def parquet(self, dataset: str) -> Path:
        """Return the file that holds this snapshot's records of ``dataset``."""
        return self.folder / f"{dataset}.parquet"


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
    ) -> LakeSnapshot:
        """Read ``snapshot`` with the source's reader and make it visible by one rename, without
        the records that ``tombstones`` name. ``watched`` is for readers that choose among many.

        Nothing happens when this reader's version has read it before and its files are there,
        unless ``again``. Raises whatever the reader raises (nothing is left), PermanentError when
        it breaks its declaration, TransientError when the source is held long.
        """
        target = self.root / source.id / f"{snapshot.snapshot_id}.r{source.reader_version}"
        if again or not _load(target):
            with self._locked(source.id), self._staging(source.id) as staging:
                if again or not _load(target):
                    _read(source, snapshot, bodies, staging, watched)
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
                if not _load(folder):
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
        ``reader_version`` (by default the newest version that read anything)."""
        found: dict[int, list[LakeSnapshot]] = {}
        folder = self.root / source_id
        for child in folder.iterdir() if folder.is_dir() else ():
            name = _FOLDER.fullmatch(child.name)
            one = _load(child) if name else None
            if name and one:
                found.setdefault(int(name["version"]), []).append(one)
        version = max(found, default=0) if reader_version is None else reader_version
        return _with_same_as(sorted(found.get(version, []), key=lambda one: one.sort_key))

    def data_version(self, source_id: str, reader_version: int | None = None) -> str:
        """Return a hash of what models can see of a source: it changes only when records, or
        the date or scope of a snapshot with new records, do."""
        lines = [
            f"{one.published_on} {one.scope} {one.content_hash} r{one.reader_version}"
            for one in self.snapshots(source_id, reader_version)
            if not one.same_as
        ]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def attach(self, con: duckdb.DuckDBPyConnection, sources: Mapping[str, Source]) -> None:
        """Create schema ``lake`` in ``con``: a view for each dataset of ``sources`` over its
        snapshots with distinct records (typed and empty when there is none), and the tables
        ``lake.snapshots``, ``lake.data_issues`` and ``lake.sources``."""
        held = {
            source.id: self.snapshots(source.id, source.reader_version)
            for source in sources.values()
        }
        lake_views.create(con, list(sources.values()), held)

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


def _read(
    source: Source,
    snapshot: Snapshot,
    bodies: Sequence[Body],
    staging: Path,
    watched: Watched | None,
) -> None:
    writer = SnapshotWriter(snapshot, source.datasets, staging / "out", staging / "temp")
    writer.watched = watched
    try:
        source.read(bodies, writer)
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


def _load(folder: Path) -> LakeSnapshot | None:
    """Return the snapshot in a folder; None when there is none, or not all of one: it counts as
    not read, so that the next turn of its source makes it again from the landing."""
    try:
        found = _parse(folder)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, BadInput):
        return None
    files = [*(found.parquet(name) for name in found.runs), folder / ISSUES]
    return found if all(_is_parquet(one) for one in files) else None


def _is_parquet(path: Path) -> bool:
    """Whether a file is there and ends as Parquet does: one cut short does not."""
    try:
        with path.open("rb") as file:
            file.seek(-4, os.SEEK_END)
            return file.read() == b"PAR1"
    except OSError:
        return False


def _parse(folder: Path) -> LakeSnapshot:
    fields: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    fields["published_on"] = date.fromisoformat(fields["published_on"])
    fields["fetched_at"] = datetime.fromisoformat(fields["fetched_at"])
    fields["scope"] = Scope.parse(fields["scope"])
    fields["file_names"] = tuple(fields["file_names"])
    fields["runs"] = {
        name: tuple(RecordRun(**run) for run in runs) for name, runs in fields["runs"].items()
    }
    return LakeSnapshot(folder=folder, **fields)


def _with_same_as(ordered: Sequence[LakeSnapshot]) -> list[LakeSnapshot]:
    """Mark each snapshot that repeats the one just before it in publication order.

    Only the one just before counts: were records A, then B, then A again, leaving the last out
    would make B the present state.
    """
    marked: list[LakeSnapshot] = []
    for one in ordered:
        before = marked[-1] if marked else None
        same = (
            before is not None
            and before.content_hash == one.content_hash
            and before.scope.kind == one.scope.kind
        )
        first = (before.same_as or before.snapshot_id) if same and before else ""
        marked.append(replace(one, same_as=first))
    return marked
