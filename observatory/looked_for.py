"""Whom each snapshot was searched for, where a reader keeps watched organisations only.

An archive of accounts that was read before an organisation was watched holds filings of it that
nobody took out. What belongs here: remembering whom a snapshot was searched for, in a small file
beside the lake's folders, and telling who is new. What does not: reading it again (``intake.py``).

Who was once looked for stays so: an organisation that is no longer a candidate keeps its records,
or it would lose the very evidence that made it one, and gain and lose it by turns.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from observatory.durable import sync

EVERYBODY = "everybody"


class LookedFor:
    """The memory of one source as read by one version of its reader.

    A file that is not there or not readable is an empty memory: everything is searched once more.
    """

    def __init__(self, lake: Path, source_id: str, reader_version: int) -> None:
        self._file = lake / source_id / f".looked-for.r{reader_version}.json"
        self._lists: dict[str, list[str]] = {}
        self._snapshots: dict[str, str] = {}
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            self._lists, self._snapshots = dict(kept["lists"]), dict(kept["snapshots"])
        except (OSError, ValueError, KeyError, TypeError):
            self._lists, self._snapshots = {}, {}

    def before(self, snapshot_id: str) -> frozenset[str]:
        """The company numbers that a snapshot was searched for; empty when for nobody."""
        return frozenset(self._lists.get(self._snapshots.get(snapshot_id, ""), ()))

    def new(self, snapshot_id: str, numbers: frozenset[str]) -> frozenset[str]:
        """Those of ``numbers`` that a snapshot was not yet searched for."""
        if self._snapshots.get(snapshot_id) == EVERYBODY:
            return frozenset()
        return numbers - self.before(snapshot_id)

    def note(self, snapshot_id: str, numbers: frozenset[str], *, everybody: bool = False) -> None:
        """Remember that a snapshot was searched for ``numbers``, or for everybody in it."""
        text = "\n".join(sorted(numbers))
        name = EVERYBODY if everybody else hashlib.sha256(text.encode()).hexdigest()[:12]
        if self._snapshots.get(snapshot_id) == name:
            return
        self._snapshots[snapshot_id] = name
        if not everybody:
            self._lists[name] = sorted(numbers)
        used = set(self._snapshots.values())
        self._lists = {key: value for key, value in self._lists.items() if key in used}
        self._write()

    def _write(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        partial = self._file.with_suffix(".partial")
        kept = {"lists": self._lists, "snapshots": self._snapshots}
        partial.write_text(json.dumps(kept, sort_keys=True), encoding="utf-8")
        sync(partial)
        partial.replace(self._file)
