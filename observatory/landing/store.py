"""The landing on disk: bodies named by their SHA-256, one receipt a body and source.

Two things worth knowing before you touch this. A receipt is written last, and only whole, so
that a process killed at any moment leaves at worst a body that nobody refers to; landing the
file again completes it. And nothing kept is ever changed: bodies are read-only, and the first
receipt of a body stays, whatever is said of the same bytes later.
What does not belong here: whether a body is acceptable (``accept.py``), and how bodies make
snapshots (``receipts.py``).
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final

from observatory import clock
from observatory.durable import sync
from observatory.errors import ObservatoryError, PermanentError, TransientError
from observatory.landing.receipt_files import read_receipt, to_json
from observatory.landing.receipts import (
    Origin,
    PublishedBasis,
    Receipt,
    Scope,
    Snapshot,
    snapshots,
)

Progress = Callable[[int, int], None]

CHUNK_BYTES: Final = 1 << 20
# Headers that say something of the body. Cookies, request ids and the like are not kept.
KEPT_HEADERS: Final = frozenset(
    {
        "content-disposition",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "etag",
        "last-modified",
    }
)
_SOURCE_ID = re.compile(r"[a-z][a-z0-9_]*")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def base_name(name: str) -> str:
    """Return the last part of a file name, from Windows or from Unix, without control
    characters and at most 200 characters long; ``body`` when nothing is left."""
    last = _UNPRINTABLE.sub("", re.split(r"[/\\]", name)[-1]).strip()
    return last[-200:] if last not in ("", ".", "..") else "body"


def hash_file(path: Path, on_progress: Progress | None = None) -> str:
    """Return the SHA-256 of a file in hex, read in chunks; ``on_progress`` is told the bytes
    read so far and the size of the file in bytes."""
    digest = hashlib.sha256()
    total, done = path.stat().st_size, 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
            done += len(chunk)
            if on_progress:
                on_progress(done, total)
    return digest.hexdigest()


class Landing:
    """The bodies and receipts below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def temp(self) -> Path:
        """Where unfinished bodies lie: on the same disk, so that a rename completes one."""
        return self.root / "tmp"

    def receipt(self, source_id: str, sha256: str) -> Receipt | None:
        """Return the receipt of these bytes for this source, or None when they never landed.

        Raises PermanentError when the receipt is there but cannot be read.
        """
        path = self._receipt_path(source_id, sha256)
        return read_receipt(path) if path.is_file() else None

    def receipts(self, source_id: str) -> list[Receipt]:
        """Return every receipt of a source, by publication date, then by hash.

        Raises PermanentError that names a receipt that cannot be read: passing over it would
        make a snapshot vanish without a word.
        """
        folder = self._receipt_path(source_id, "0" * 64).parent
        paths = [path for path in folder.glob("*.json") if _SHA256.fullmatch(path.stem)]
        return sorted(map(read_receipt, paths), key=lambda one: one.sort_key)

    def snapshots(self, source_id: str) -> list[Snapshot]:
        """Return the versions of a source that are complete, in publication order."""
        return snapshots(self.receipts(source_id))

    def has_body(self, receipt: Receipt) -> bool:
        """Whether a receipt's body is there, of its size; one that was pruned is not."""
        path = self._body_path(receipt.sha256)
        return path.is_file() and path.stat().st_size == receipt.size_bytes

    def holds(self, snapshot: Snapshot) -> bool:
        """Whether no body of a snapshot was taken out: one that is damaged still counts."""
        return all(self._body_path(one.sha256).is_file() for one in snapshot.receipts)

    def body(self, receipt: Receipt) -> Path:
        """Return the file that holds a receipt's body.

        Raises PermanentError when it is gone or no longer has its size.
        """
        path = self._body_path(receipt.sha256)
        if not path.is_file():
            what = "the body of this receipt is not in the landing"
        elif path.stat().st_size != receipt.size_bytes:
            what = f"holds {path.stat().st_size} bytes where its receipt says {receipt.size_bytes}"
        else:
            return path
        raise self._not_as_kept(receipt, what)

    def sound_body(self, receipt: Receipt) -> Path:
        """Return the file that holds a receipt's body, read through and compared with its hash:
        a body that rotted on the disk must not become facts. Raises PermanentError."""
        path = self.body(receipt)
        if hash_file(path) != receipt.sha256:
            raise self._not_as_kept(receipt, "no longer holds the bytes that landed")
        return path

    def _not_as_kept(self, receipt: Receipt, what: str) -> PermanentError:
        return PermanentError(
            what,
            where=str(self._body_path(receipt.sha256)),
            remedy=f"put {receipt.file_name} (source {receipt.source}, SHA-256 {receipt.sha256}) "
            "back there, from a backup or from its publisher",
        )

    def keep(
        self,
        path: Path,
        *,
        source_id: str,
        file_name: str,
        origin: Origin,
        published_on: date,
        published_basis: PublishedBasis,
        scope: Scope,
        url: str = "",
        headers: Mapping[str, str] | None = None,
        sha256: str = "",
        move: bool = False,
        on_progress: Progress | None = None,
    ) -> tuple[Receipt, bool]:
        """Keep a body and its receipt; return the receipt and whether it is new.

        The same bytes landed before for this source: does nothing, returns the first receipt
        and False. ``move`` takes the file itself (a download) in place of a copy of it.
        ``sha256`` spares a second hashing when the caller knows it. Raises TransientError when
        the file changes while it is read, PermanentError when there is no room on the disk.
        """
        sha256 = sha256 or hash_file(path, on_progress)
        known = self.receipt(source_id, sha256)
        if known:
            return known, False
        named = {name.lower(): value for name, value in (headers or {}).items()}
        with _no_half_kept(file_name, self.root):
            size = self._keep_body(path, sha256, move=move)
            receipt = Receipt(
                source=source_id,
                sha256=sha256,
                size_bytes=size,
                file_name=base_name(file_name),
                origin=origin,
                fetched_at=clock.now(),
                published_on=published_on,
                published_basis=published_basis,
                scope=scope,
                url=url,
                etag=named.get("etag", ""),
                last_modified=named.get("last-modified", ""),
                headers={name: named[name] for name in sorted(KEPT_HEADERS & named.keys())},
            )
            return self._keep_receipt(receipt)

    def _keep_body(self, path: Path, sha256: str, *, move: bool) -> int:
        target = self._body_path(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        self.temp.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.temp) as folder:
            staged = Path(folder) / sha256
            if not (move and _renamed(path, staged)):
                _copy(path, staged, sha256)
            staged.chmod(0o444)
            sync(staged)
            staged.replace(target)
        if move:
            path.unlink(missing_ok=True)
        sync(target.parent)
        return target.stat().st_size

    def _keep_receipt(self, receipt: Receipt) -> tuple[Receipt, bool]:
        target = self._receipt_path(receipt.source, receipt.sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.temp) as folder:
            staged = Path(folder) / target.name
            staged.write_text(to_json(receipt), encoding="utf-8")
            sync(staged)
            try:
                # A link, unlike a rename, never replaces: of two processes that land the same
                # body at once, the first receipt stays.
                os.link(staged, target)
            except FileExistsError:
                return read_receipt(target), False
            except OSError as error:
                if error.errno in _NO_ROOM:
                    raise
                staged.replace(target)  # a file system without hard links
        sync(target.parent)
        return receipt, True

    def _body_path(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise PermanentError(f"{sha256!r} is not a SHA-256 in hexadecimal")
        return self.root / "bodies" / sha256[:2] / sha256

    def _receipt_path(self, source_id: str, sha256: str) -> Path:
        if not _SOURCE_ID.fullmatch(source_id):
            raise PermanentError(f"{source_id!r} is not a source id (letters, digits and _)")
        return self.root / "receipts" / source_id / f"{sha256}.json"


@contextmanager
def _no_half_kept(file_name: str, root: Path) -> Iterator[None]:
    try:
        yield
    except ObservatoryError:
        raise
    except OSError as error:
        full = error.errno in _NO_ROOM
        raise PermanentError(
            f"could not be kept ({error.strerror or error}); nothing of it was kept",
            where=f"{base_name(file_name)} → {root}",
            remedy=("free space on that disk" if full else "make that folder writable")
            + " and land the file again",
        ) from error


def _renamed(path: Path, target: Path) -> bool:
    try:
        path.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        return False
    return True


def _copy(path: Path, target: Path, sha256: str) -> None:
    shutil.copyfile(path, target)
    if hash_file(target) != sha256:
        raise TransientError(
            "changed while it was being read; nothing of it was kept",
            where=str(path),
            remedy="wait until it is complete, then land it again",
        )
