"""One snapshot as it lies in the lake: its folder, its manifest, and which repeats which.

What belongs here: reading what is there. What does not: writing folders (``lake.py``).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from observatory.errors import BadInput
from observatory.lake_tables import RecordRun
from observatory.landing.receipts import Scope

MANIFEST = "manifest.json"
FOLDER = re.compile(r"(?P<snapshot>.+)\.r(?P<version>\d+)")
ISSUES = "issues.parquet"


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


def load(folder: Path) -> LakeSnapshot | None:
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


def with_same_as(ordered: Sequence[LakeSnapshot]) -> list[LakeSnapshot]:
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
