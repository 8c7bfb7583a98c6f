"""What is kept of versions beside their folders: which were withdrawn, cited or pruned, and why.

What belongs here: those small files below ``releases/``, written whole and once. What does not:
deciding (``withdraw.py``, ``retention.py``, ``cite.py``).

| where | what |
|---|---|
| ``withdrawn/<version>.json`` | the day and the reason |
| ``cited/<version>/<hash>.json`` | each citation that was made of it, as ``cite`` gave it |
| ``pruned/<version>/`` | its manifest and checksums, and ``pruned.json`` with day and reason |
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

from observatory.errors import BadInput
from observatory.release.manifest import read_manifest
from observatory.release.versions import ReleaseRef, Version, history, versions

WITHDRAWN: Final = "withdrawn"
CITED: Final = "cited"
PRUNED: Final = "pruned"
NOTE: Final = "pruned.json"

Status = Literal["published", "withdrawn", "pruned"]
STATUSES: Final[tuple[Status, ...]] = ("published", "withdrawn", "pruned")


@dataclass(frozen=True)
class Mark:
    """That a version was withdrawn or pruned: the day, and the reason in words."""

    on: date
    reason: str


@dataclass(frozen=True)
class Past:
    """One version that was ever published, whether its files are still there or not."""

    release: ReleaseRef
    status: Status
    mark: Mark | None = None


def past(releases: Path) -> list[Past]:
    """Return every version that was ever published below ``releases``, oldest first.

    Raises BadInput for a record that cannot be read."""
    marks = withdrawn(releases)
    found = [
        Past(one, "withdrawn", marks[one.version])
        if one.version in marks
        else Past(one, "published")
        for one in history(releases)
    ]
    held = {one.release.version for one in found}
    # A process that was killed while it pruned leaves the record and the files: they are held.
    for version in sorted(set(versions(releases / PRUNED)) - held):
        folder = releases / PRUNED / str(version)
        reference = ReleaseRef(version, folder, read_manifest(folder))
        found.append(Past(reference, "pruned", _mark(folder / NOTE)))
    return sorted(found, key=lambda one: one.release.version)


def withdrawn(releases: Path) -> dict[Version, Mark]:
    """Return the versions that were withdrawn. Raises BadInput for a record that cannot be read:
    a withdrawal must never be overlooked."""
    return {
        Version.parse(path.stem): _mark(path)
        for path in sorted((releases / WITHDRAWN).glob("v*.json"))
    }


def cited(releases: Path) -> set[Version]:
    """Return the versions that somebody has cited."""
    return set(versions(releases / CITED))


def write(path: Path, content: Any) -> None:  # noqa: ANN401 - whatever JSON holds
    """Write ``content`` as JSON to ``path`` in one step, and see it safely on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("w", encoding="utf-8") as stream:
        json.dump(content, stream, ensure_ascii=False, indent=1)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)


def _mark(path: Path) -> Mark:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Mark(date.fromisoformat(content["on"]), str(content["reason"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(
            f"the record of a release cannot be read ({error})",
            where=str(path),
            remedy="restore it from a copy: it says why a version was withdrawn or pruned",
        ) from error
