"""What each watcher saw last: one small JSON file a source, rewritten atomically.

What belongs here: that file. What does not: looking (``watching.py``), and any fact: deleting a
cursor loses at most one change, which the night then finds.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from filelock import FileLock

_LOCK_SECONDS: Final = 30.0


@dataclass(frozen=True)
class Cursor:
    """``state`` is what the publisher showed last; ``changes`` counts how often it showed
    something else, and ``taken`` is the count up to which a reader has asked since. Times are UTC
    ISO 8601, empty when it never happened; ``problem`` is that of the last look."""

    source: str
    state: str = ""
    looked_at: str = ""
    changed_at: str = ""
    changes: int = 0
    taken: int = 0
    problem: str = ""
    broken_since: str = ""

    @property
    def is_pending(self) -> bool:
        """Whether something changed since a reader asked last."""
        return self.changes > self.taken


def load(landing: Path, source_id: str) -> Cursor:
    """Return a source's cursor; an empty one when it was never looked at, or is damaged."""
    try:
        return Cursor(**json.loads(_path(landing, source_id).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return Cursor(source_id)


def update(landing: Path, source_id: str, change: Callable[[Cursor], Cursor]) -> Cursor:
    """Change a source's cursor, whole or not at all, and return it; a watcher and a reader may do
    so at once."""
    target = _path(landing, source_id)
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(target.with_suffix(".lock"), timeout=_LOCK_SECONDS):
        cursor = change(load(landing, source_id))
        temporary = target.with_suffix(".tmp")
        temporary.write_text(json.dumps(asdict(cursor), indent=1) + "\n", encoding="utf-8")
        temporary.replace(target)
    return cursor


def taken(landing: Path, source_id: str, changes: int) -> None:
    """Note that a reader has asked the publisher since it had shown this many changes."""
    if load(landing, source_id).taken < changes:
        update(landing, source_id, lambda one: replace(one, taken=max(one.taken, changes)))


def _path(landing: Path, source_id: str) -> Path:
    return landing / "watching" / f"{source_id}.json"
