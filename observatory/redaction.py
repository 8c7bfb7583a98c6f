"""Removing a record everywhere, for good: lake, bodies on request, and what releases still hold.

Three things worth knowing before you touch this. The tombstone is written first, so that a removal
that is broken off is completed by the next reading. A release never changes: those that hold the
record are named, and a person decides about them. And a body is deleted only when that is asked
for, because a reader that changes later can then no longer read that version again.

What belongs here: putting tombstones, lake, landing and releases together. What does not: how a
folder is changed (``lake_redaction.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from observatory import clock, lake_kept
from observatory.errors import BadInput, PermanentError
from observatory.lake import Lake
from observatory.lake_redaction import Struck
from observatory.landing import tombstones
from observatory.landing.receipts import Receipt, Snapshot
from observatory.landing.store import Landing
from observatory.landing.tombstones import Tombstone
from observatory.release.connections import reading
from observatory.release.database import DATABASE
from observatory.release.versions import history
from observatory.settings import Settings
from observatory.sources.base import Source


@dataclass(frozen=True)
class Asked:
    """What to remove: the records with this key in every snapshot, or the one record at a place
    of one snapshot. ``withdraw`` deletes the bodies that hold it, too."""

    key: str = ""
    snapshot_id: str = ""
    locator: str = ""
    reason: str = ""
    withdraw: bool = False


@dataclass
class Redaction:
    """What was removed, the bodies that held it (path, and whether it was deleted), and the rows
    of each published release that still lead to it, by table."""

    struck: list[Struck] = field(default_factory=list)
    bodies: list[tuple[Path, bool]] = field(default_factory=list)
    released: dict[str, dict[str, int]] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """Say it to a person, with what is left to do."""
        places = Counter((one.snapshot_id, one.locator) for one in self.struck)
        told = [f"removed {snapshot}, {place}" for snapshot, place in sorted(places)]
        for path, gone in self.bodies:
            told.append(
                f"deleted the body {path}"
                if gone
                else f"the body still holds it: {path} (--withdraw deletes it)"
            )
        for version, tables in self.released.items():
            rows = ", ".join(f"{table} {count}" for table, count in sorted(tables.items()))
            told.append(f"release {version} still shows it: {rows}")
        told.append("Next: observatory refresh --offline, which publishes a release without it.")
        if self.released:
            told.append(
                "A release never changes: after that, delete the folders of these, and every copy "
                "that you gave away, if the record must not be read there."
            )
        return told


def redact(source: Source, asked: Asked, settings: Settings) -> Redaction:
    """Remove what is asked for of a source, and leave a tombstone that later readings honour.

    Raises BadInput when it is not said what or why, or nothing such is held.
    """
    wanted = _tombstone(source, asked)
    known = {one.same_as for one in tombstones.read(settings.landing, source.id)}
    lake, landing = Lake(settings.lake), Landing(settings.landing)
    if wanted.same_as not in known and not lake.redact(source, [wanted], look_only=True):
        raise BadInput(
            "nothing such is held: nothing was removed",
            where=f"{source.id}, {asked.key or f'{asked.snapshot_id} {asked.locator}'}",
            remedy="give the key or the place as data_issues and evidence show it",
        )
    tombstones.add(settings.landing, [wanted])
    done = Redaction(lake.redact(source, [wanted]))
    # Of bodies that are gone the landing keeps the records itself, in folders as in a lake.
    Lake(lake_kept.shelf(settings.landing)).redact(source, [wanted])
    held = {one.snapshot_id for one in done.struck}
    for snapshot in landing.snapshots(source.id):
        if snapshot.snapshot_id in held:
            done.bodies += _bodies(snapshot, asked, landing, settings)
    done.released = _released(settings, done.struck)
    return done


def _tombstone(source: Source, asked: Asked) -> Tombstone:
    if bool(asked.key) == bool(asked.locator) or bool(asked.locator) != bool(asked.snapshot_id):
        raise BadInput(
            "it is not said which record",
            where="observatory redact",
            remedy="give --key, or --snapshot and --locator",
        )
    if not asked.reason.strip():
        raise BadInput("no reason is given", where="--reason", remedy="say why, without names")
    return Tombstone(
        source=source.id,
        reason=asked.reason.strip(),
        redacted_on=clock.now().date().isoformat(),
        key_sha256=tombstones.hash_key(asked.key) if asked.key else "",
        snapshot_id=asked.snapshot_id,
        locator=asked.locator,
    )


def _bodies(
    snapshot: Snapshot, asked: Asked, landing: Landing, settings: Settings
) -> list[tuple[Path, bool]]:
    found = []
    for receipt in snapshot.receipts:
        try:
            path = landing.body(receipt)
        except PermanentError:
            continue  # it is not there: withdrawn before, or lost, which its source's turn tells
        if asked.withdraw:
            tombstones.add(settings.landing, [_of_body(receipt, asked.reason)])
            path.unlink()
        found.append((path, asked.withdraw))
    return found


def _of_body(receipt: Receipt, reason: str) -> Tombstone:
    return Tombstone(
        source=receipt.source,
        reason=reason.strip(),
        redacted_on=clock.now().date().isoformat(),
        body_sha256=receipt.sha256,
    )


def _released(settings: Settings, struck: Sequence[Struck]) -> dict[str, dict[str, int]]:
    """Count, in every release, the rows that lead to a place where a record was removed."""
    places = [(one.snapshot_id, one.locator) for one in struck]
    found: dict[str, dict[str, int]] = {}
    for release in history(settings.releases) if places else []:
        with reading(release.path / DATABASE) as con:
            tables = con.execute(
                "select table_name from duckdb_columns() where database_name = 'observatory' "
                "and column_name in ('snapshot_id', 'locator') group by table_name "
                "having count(*) = 2 order by table_name"
            ).fetchall()
            for (table,) in tables:
                row = con.execute(
                    f'select count(*) from "{table}" where list_contains('
                    "?::struct(s varchar, l varchar)[], {'s': snapshot_id, 'l': locator})",
                    [[{"s": snapshot, "l": locator} for snapshot, locator in places]],
                ).fetchone()
                if row and row[0]:
                    found.setdefault(str(release.version), {})[str(table)] = int(row[0])
    return found
