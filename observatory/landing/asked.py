"""Whom a source was asked about, when, and what the answer amounted to.

What belongs here: the memory that lets a reader of single organisations go on where it stopped,
and land only answers that changed. What does not: whom to ask about (``watchlist.py``), and any
fact: deleting the file costs requests, nothing else.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path

from observatory import clock


class Asked:
    """The memory of one source, one small JSON file, rewritten atomically."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = _load(path)

    def due(self, keys: Iterable[str], every: timedelta) -> list[str]:
        """Return the keys last asked about at least ``every`` ago: those never asked about
        first, then the longest ago, ties in alphabetical order."""
        before = (clock.now() - every).isoformat()
        known = {key: self._known.get(key, ("", ""))[0] for key in keys}
        return sorted(
            (key for key, at in known.items() if at <= before), key=lambda k: (known[k], k)
        )

    def answer(self, key: str) -> str:
        """Return what the last answer for ``key`` amounted to; empty when there was none."""
        return self._known.get(key, ("", ""))[1]

    def note(self, answers: Mapping[str, str]) -> None:
        """Remember that these keys were asked about now, and what each answer amounted to (a
        hash). To be called once what was new has landed."""
        now = clock.now().isoformat()
        self._known |= {key: (now, answer) for key, answer in answers.items()}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_text(json.dumps(self._known, sort_keys=True, indent=0), encoding="utf-8")
        temporary.replace(self._path)


def _load(path: Path) -> dict[str, tuple[str, str]]:
    """Read the memory; one that is missing or damaged is no memory."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {str(key): (str(at), str(answer)) for key, (at, answer) in found.items()}
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return {}
