"""The last line of a PSC snapshot counts the others: the proof that it is complete.

What belongs here: comparing those counts with the lines that were read. What does not: reading.

The guess, kept here alone: that the count of persons is that of all controllers, individual or
not, and that each count equals the number of lines. Only one totals line was ever seen, without
the lines that it counts; a difference is therefore reported, and does not refuse the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from observatory.lake import SnapshotWriter
from observatory.sources import _psc_words as words

_COUNTED: Final = {
    "persons_of_significant_control_count": (*words.INDIVIDUALS, *words.CONTROLLERS),
    "statements_count": words.STATEMENTS,
    "exemptions_count": words.EXEMPTIONS,
}
_KNOWN: Final = frozenset(kind for kinds in _COUNTED.values() for kind in kinds) | {words.TOTALS}


def compare(kinds: Counter[str], totals: Mapping[str, int], writer: SnapshotWriter) -> None:
    """Report kinds that nobody knows, and totals that are missing or differ."""
    for kind in sorted(kinds.keys() - _KNOWN):
        writer.issue(
            "unmapped-value",
            severity="unmapped",
            field="kind",
            value=kind,
            detail="a kind of line that this reader does not know; its lines are not kept",
            occurrences=kinds[kind],
        )
    if writer.snapshot.scope.kind != "whole":
        return
    if not totals:
        detail = "it has no totals line, so it cannot be shown to be complete"
        writer.issue("no-totals", severity="drift", detail=detail)
    for name, promised in totals.items():
        read = sum(kinds[kind] for kind in _COUNTED[name])
        if read != promised:
            detail = f"the totals line says {promised:,}, {read:,} lines were read"
            writer.issue("totals-differ", severity="drift", field=name, detail=detail)
