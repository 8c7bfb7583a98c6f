"""Real files in, a lake out: what every benchmark of reading needs.

What belongs here: where the corpus is, and a file as if it had landed. What does not: what is
measured.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from observatory.lake import Lake, LakeSnapshot
    from observatory.sources.base import Source


def corpus(part: str = "") -> Path:
    """Return the corpus, or a folder of it; raises SystemExit where it is absent."""
    root = Path(__file__).resolve().parents[1]
    named = os.environ.get("OBSERVATORY_CORPUS") or root.parent / "shared" / "corpus"
    folder = Path(named) / part
    if not folder.is_dir():
        raise SystemExit(f"no corpus at {folder}: set OBSERVATORY_CORPUS")
    return folder


def ingest(
    lake: Lake,
    source: Source,
    path: Path,
    published_on: date,
    scope: Literal["whole", "increment"],
    file_name: str = "",
) -> LakeSnapshot:
    """Read a file into the lake as if it had landed under ``file_name`` (else its own)."""
    from observatory.landing.receipts import Receipt, Scope, Snapshot
    from observatory.sources.base import Body

    receipt = Receipt(
        source=source.id,
        sha256="0" * 64,
        size_bytes=path.stat().st_size,
        file_name=file_name or path.name,
        origin="command",
        fetched_at=datetime(2026, 11, 23, tzinfo=UTC),
        published_on=published_on,
        published_basis="given",
        scope=Scope(scope),
    )
    return lake.ingest(source, Snapshot(source.id, (receipt,)), [Body(path, receipt)])
