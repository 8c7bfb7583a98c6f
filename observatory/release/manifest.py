"""The manifest of a release: what it holds, table by table and file by file.

What belongs here: ``manifest.json`` and ``SHA256SUMS``, written and read. What does not: deciding
whether they tell the truth (``verify.py``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from observatory.errors import BadInput
from observatory.release.contracts import ReleaseColumn, ReleaseTable

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
_FORMAT = 1


@dataclass(frozen=True)
class TableEntry:
    """One published table: its contract, its rows, and the hash of its content (order-free)."""

    table: ReleaseTable
    rows: int
    content_hash: str


@dataclass(frozen=True)
class FileEntry:
    """One file, by its path inside the release (with ``/``). ``rows`` is None where a file
    holds several tables."""

    path: str
    size_bytes: int
    sha256: str
    table: str = ""
    rows: int | None = None


@dataclass(frozen=True)
class Manifest:
    """What one release holds. ``sources`` gives the terms of each source that it draws on, and
    ``changes`` how much differs from the release before (none in a release older than that)."""

    version: str
    built_at: datetime
    previous_version: str
    facts_hash: str
    sources: tuple[Mapping[str, str], ...]
    tables: tuple[TableEntry, ...]
    files: tuple[FileEntry, ...]
    # How its schema differs from the version before (``evolution.py``); empty in older releases.
    kind: str = ""
    schema_changes: tuple[str, ...] = ()
    # The events and edited rules that led to it; empty in older releases.
    caused_by: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fact_rows(self) -> int:
        """Rows of all fact tables together."""
        return sum(entry.rows for entry in self.tables if entry.table.kind == "facts")

    def rows(self, table: str) -> int | None:
        """Rows of one table; None when the release does not hold it."""
        return next((entry.rows for entry in self.tables if entry.table.name == table), None)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write ``manifest.json``, then ``SHA256SUMS`` over it and every file that it names."""
    content = {"format": _FORMAT, **asdict(manifest), "built_at": manifest.built_at.isoformat()}
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    sums = {entry.path: entry.sha256 for entry in manifest.files}
    sums[MANIFEST] = sha256_of(folder / MANIFEST)
    lines = "".join(f"{sums[path]}  {path}\n" for path in sorted(sums))
    (folder / SUMS).write_text(lines, encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest in ``folder``. Raises BadInput when it is not there or not readable."""
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != _FORMAT:
            raise BadInput(f"manifest format {content['format']} is not known", where=str(path))
        return Manifest(
            version=content["version"],
            built_at=datetime.fromisoformat(content["built_at"]),
            previous_version=content["previous_version"],
            facts_hash=content["facts_hash"],
            sources=tuple(content["sources"]),
            tables=tuple(_table_entry(entry) for entry in content["tables"]),
            files=tuple(FileEntry(**entry) for entry in content["files"]),
            kind=content.get("kind", ""),
            schema_changes=tuple(content.get("schema_changes", ())),
            caused_by=content.get("caused_by", ""),
            changes=content.get("changes", {}),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(
            f"the release's manifest cannot be read ({error})",
            where=str(path),
            remedy="restore this release from a copy, or move its folder away: the next refresh "
            "publishes what is missing",
        ) from error


def read_sums(folder: Path) -> dict[str, str]:
    """Return path → SHA-256 from ``SHA256SUMS``. Raises BadInput when it cannot be read."""
    path = folder / SUMS
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        pairs = [line.split("  ", 1) for line in lines]
        return {name: digest for digest, name in pairs}
    except (OSError, ValueError) as error:
        raise BadInput(f"the checksums cannot be read ({error})", where=str(path)) from error


def files_in(folder: Path) -> Iterable[Path]:
    """Yield every file (and link) below ``folder``, sorted."""
    return sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())


def _table_entry(entry: dict[str, Any]) -> TableEntry:
    table = entry["table"]
    columns = tuple(
        ReleaseColumn(
            **{**column, "sources": tuple(column["sources"]), "enum": tuple(column["enum"])}
        )
        for column in table["columns"]
    )
    contract = ReleaseTable(
        **{
            **table,
            "key": tuple(table["key"]),
            "order_by": tuple(table["order_by"]),
            "columns": columns,
        }
    )
    return TableEntry(contract, entry["rows"], entry["content_hash"])
