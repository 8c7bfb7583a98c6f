"""Taking a version back: it is marked, with the day and the reason, and never deleted.

What belongs here: the mark and what follows from it: ``latest`` names the newest version that was
not withdrawn, and no night publishes the same facts again. What does not: removing a record
everywhere (``observatory redact``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from observatory.errors import BadInput
from observatory.release import records
from observatory.release.publish import alone, repair
from observatory.release.records import Mark
from observatory.release.versions import ReleaseRef, find, latest


@dataclass(frozen=True)
class Withdrawal:
    """A version that was withdrawn, and what ``latest`` names now."""

    release: ReleaseRef
    mark: Mark
    latest: ReleaseRef | None

    @property
    def is_still_latest(self) -> bool:
        """Whether readers still get it: no other version is left."""
        return self.latest is not None and self.latest.version == self.release.version


def withdraw(releases: Path, name: str, reason: str, on: date) -> Withdrawal:
    """Mark the version ``name`` as withdrawn on the day ``on`` for ``reason``.

    Raises BadInput without a reason or when it is withdrawn already, PermanentError when there is
    no such version, and TransientError when another process publishes.
    """
    told = " ".join(reason.split())
    if not told:
        raise BadInput(
            "a withdrawal needs a reason: readers are told it",
            where=name,
            remedy='add --reason "..."',
        )
    with alone(releases):
        release = find(releases, name)
        known = records.withdrawn(releases).get(release.version)
        if known:
            raise BadInput(
                f"was withdrawn already, on {known.on}: {known.reason}", where=str(release.version)
            )
        mark = Mark(on, told)
        path = releases / records.WITHDRAWN / f"{release.version}.json"
        records.write(path, {"version": str(release.version), "on": on.isoformat(), "reason": told})
        repair(releases)
        return Withdrawal(release, mark, latest(releases))
