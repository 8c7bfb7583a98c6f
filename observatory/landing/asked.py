"""Whom a source was asked about, when, and what the answer amounted to.

What belongs here: the memory that lets a reader of single organisations go on where it stopped,
and land only answers that changed; and what another source heard, for which one of them is asked
about sooner (a file of its own, since another process may be asking). What does not: whom to ask
about (``watchlist.py``), and any fact: deleting the file costs requests, nothing else.
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
        self._prompts = path.with_suffix(".prompts.json")
        self._known = _load(path)
        self._heard = _load(self._prompts)

    def due(self, keys: Iterable[str], every: timedelta) -> list[str]:
        """Return the keys last asked about at least ``every`` ago, or before something was heard
        of them: those never asked about first, then the longest ago, ties in alphabetical order."""
        before = (clock.now() - every).isoformat()
        known = {key: self._known.get(key, ("", ""))[0] for key in keys}
        heard = self.heard(known)
        return sorted(
            (key for key, at in known.items() if at <= before or key in heard),
            key=lambda k: (known[k], k),
        )

    def heard(self, keys: Iterable[str]) -> dict[str, str]:
        """Return those of the keys that something was heard of since they were last asked about,
        and when it was heard (UTC, ISO 8601)."""
        told = {key: self._heard.get(key, ("", ""))[0] for key in keys}
        return {
            # Within one second nobody knows which came first: better asked twice than not at all.
            key: at
            for key, at in told.items()
            if at and at >= self._known.get(key, ("", ""))[0]
        }

    def hear(self, keys: Iterable[str]) -> None:
        """Remember that something was heard of these keys now: they are due at once."""
        now = clock.now().isoformat()
        self._heard |= dict.fromkeys(keys, (now, ""))
        _save(self._prompts, self._heard)

    def answer(self, key: str) -> str:
        """Return what the last answer for ``key`` amounted to; empty when there was none."""
        return self._known.get(key, ("", ""))[1]

    def note(self, answers: Mapping[str, str]) -> None:
        """Remember that these keys were asked about now, and what each answer amounted to (a
        hash). To be called once what was new has landed."""
        now = clock.now().isoformat()
        self._known |= {key: (now, answer) for key, answer in answers.items()}
        _save(self._path, self._known)


def of(landing: Path, source_id: str) -> Asked:
    """Return the memory of a source."""
    return Asked(landing / "asked" / f"{source_id}.json")


def _save(path: Path, known: Mapping[str, tuple[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_text(json.dumps(known, sort_keys=True, indent=0), encoding="utf-8")
    temporary.replace(path)


def _load(path: Path) -> dict[str, tuple[str, str]]:
    """Read the memory; one that is missing or damaged is no memory."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {str(key): (str(at), str(answer)) for key, (at, answer) in found.items()}
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return {}
