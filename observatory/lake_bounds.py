"""How many records a whole version of a source is expected to hold.

Too few ends the reading: the version before stays in use, and the source's standing says why. Too
many only warns. What does not belong here: the bounds themselves (each source's module).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from observatory.errors import BadInput
from observatory.lake_snapshots import LakeSnapshot
from observatory.landing.receipts import Snapshot

if TYPE_CHECKING:
    from observatory.lake_writer import SnapshotWriter
    from observatory.sources.base import Source

# A register does not lose a quarter of its records between two editions; a short list may.
_SHRUNK: Final = 0.75
_SHORT: Final = 100


def judge(
    source: Source,
    snapshot: Snapshot,
    writer: SnapshotWriter,
    earlier: Iterable[LakeSnapshot],
    *,
    bounded: bool,
) -> None:
    """Raise BadInput when a whole version holds much fewer records than the whole one published
    before it or, when it is a download and ``bounded``, fewer than the source's least; report an
    issue for more than its most."""
    if snapshot.scope.kind != "whole":
        return
    rows = sum(one.rows for one in writer.written.values())
    where = ", ".join(receipt.file_name for receipt in snapshot.receipts)
    _refuse_shrunk(rows, where, snapshot, earlier)
    if bounded and snapshot.receipts[0].origin == "download":
        _hold_to_bounds(rows, where, source, writer)


def _refuse_shrunk(
    rows: int, where: str, snapshot: Snapshot, earlier: Iterable[LakeSnapshot]
) -> None:
    before = [
        one
        for one in earlier
        if one.scope.kind == "whole" and one.published_on < snapshot.published_on
    ]
    if before and before[-1].rows >= _SHORT and rows < before[-1].rows * _SHRUNK:
        raise BadInput(
            f"holds {rows:,} records, {1 - rows / before[-1].rows:.0%} fewer than the whole "
            f"edition of {before[-1].published_on} ({before[-1].rows:,})",
            where=where,
            remedy="that edition stays in use; check with the publisher, and if this one is right, "
            "land it with --scope extract",
        )


def _hold_to_bounds(rows: int, where: str, source: Source, writer: SnapshotWriter) -> None:
    limits = source.bounds
    if not limits:
        return
    if rows < limits.least:
        raise BadInput(
            f"holds {rows:,} records, where at least {limits.least:,} are expected",
            where=where,
            remedy="the version before stays in use; if this one is right, move the bound in "
            f"observatory/sources/{source.id}.py, with the reason in the same line",
        )
    if rows > limits.most:
        writer.issue(
            "more-than-expected",
            severity="drift",
            value=f"{rows}",
            detail=f"at most {limits.most:,} records were expected; all were read",
        )
