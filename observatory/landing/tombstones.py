"""What was taken out of the observatory, so that no later reading brings it back.

A tombstone names a record by the hash of its key, because a key may itself be what had to go (a
supplier's name), or by its place in one snapshot. It says when and why, and nothing of the record.

What belongs here: tombstones and the file that keeps them. What does not: taking records out of
the lake (``lake_redaction.py``), or bodies out of the landing (``redaction.py``).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock

from observatory.errors import PermanentError
from observatory.landing.receipts import Snapshot


@dataclass(frozen=True)
class Tombstone:
    """One removal of ``source``: of the records whose key has the hash ``key_sha256``, of the
    record at ``locator`` in ``snapshot_id``, or of the body ``body_sha256``. ``redacted_on`` is
    an ISO date."""

    source: str
    reason: str
    redacted_on: str
    key_sha256: str = ""
    snapshot_id: str = ""
    locator: str = ""
    body_sha256: str = ""

    @property
    def same_as(self) -> tuple[str, ...]:
        """What it removes, whatever the day and the reason."""
        return (self.key_sha256, self.snapshot_id, self.locator, self.body_sha256)


def hash_key(key: str) -> str:
    """Return the SHA-256 of a record's key, as DuckDB's ``sha256`` gives it."""
    return hashlib.sha256(key.encode()).hexdigest()


def read(landing: Path, source_id: str) -> list[Tombstone]:
    """Return the tombstones of a source, in the order in which they were set up.

    Raises PermanentError for a file that cannot be read: passing over it would bring back what
    had to go.
    """
    path = _path(landing, source_id)
    if not path.is_file():
        return []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [Tombstone(**json.loads(line)) for line in lines]
    except (ValueError, TypeError) as error:
        raise PermanentError(
            f"is not a readable list of tombstones ({error})",
            where=str(path),
            remedy="restore it from a backup: without it, removed records would come back",
        ) from error


def add(landing: Path, tombstones: Sequence[Tombstone]) -> None:
    """Add tombstones of one source to its file, those that are there already left out. The file
    is replaced by one rename, and is on the disk when this returns."""
    if not tombstones:
        return
    path = _path(landing, tombstones[0].source)
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        known = read(landing, tombstones[0].source)
        there = {one.same_as for one in known}
        known += [one for one in tombstones if one.same_as not in there]
        staged = path.with_suffix(".tmp")
        with staged.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(one), sort_keys=True) + "\n" for one in known)
            file.flush()
            os.fsync(file.fileno())
        staged.replace(path)


def withdrawn(snapshot: Snapshot, tombstones: Sequence[Tombstone]) -> bool:
    """Whether a body of the snapshot was taken out of the landing: it cannot be read again."""
    gone = {one.body_sha256 for one in tombstones if one.body_sha256}
    return any(receipt.sha256 in gone for receipt in snapshot.receipts)


def _path(landing: Path, source_id: str) -> Path:
    return landing / "tombstones" / f"{source_id}.jsonl"
