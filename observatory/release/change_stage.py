"""What stood behind a build: the snapshots, the seeds and the code that it was made from.

Two of these say what happened between them: what landed, what was taken out, which rules are other
ones. ``publish`` remembers those of a build that gave no new fact, so that the next release does
not blame what changed nothing. What belongs here: reading and comparing them. What does not: which
cell follows from which (``change_causes.py``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from observatory.release.connections import quoted

# Seeds whose lines are no rule: who is who, and what an organisation objected to.
_JUDGEMENTS, _CORRECTIONS = "judgements", "corrections"
_FILE = "stood_behind.json"


@dataclass(frozen=True)
class Snapshot:
    """One landed version as a build saw it."""

    source: str
    scope: str
    rows: int
    content_hash: str
    reader_version: int
    repeats: bool


@dataclass(frozen=True)
class Behind:
    """What one build was made from. ``code`` names the models' code, or is empty: not known."""

    snapshots: Mapping[str, Snapshot]
    seeds: Mapping[str, str]
    code: str


@dataclass(frozen=True)
class Arrival:
    """A snapshot that is new, or is no longer what it was; ``behind`` is how a change names it.
    Only where ``takes_away`` may a record have vanished."""

    source: str
    snapshot_id: str
    behind: str
    takes_away: bool


@dataclass(frozen=True)
class Difference:
    """What happened between two builds. ``rules``, ``judgements`` and ``corrections`` name the
    seeds and code that differ; ``redacted`` says that records were removed on request."""

    arrivals: tuple[Arrival, ...] = ()
    rules: tuple[str, ...] = ()
    judgements: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    redacted: bool = False


def behind(con: duckdb.DuckDBPyConnection, catalogue: str, code: str) -> Behind:
    """Read what stood behind the build or release attached as ``catalogue``. A table that it does
    not hold tells nothing."""
    snapshots: dict[str, Snapshot] = {}
    if _holds(con, catalogue, "snapshots"):
        rows = con.execute(
            "select snapshot_id, source, scope, rows, content_hash, reader_version, "
            f"same_as is not null from {quoted(catalogue)}.main.snapshots"
        ).fetchall()
        snapshots = {str(row[0]): Snapshot(*row[1:]) for row in rows}
    seeds: dict[str, str] = {}
    if _holds(con, catalogue, "seed_versions"):
        rows = con.execute(
            f"select seed, sha256 from {quoted(catalogue)}.main.seed_versions"
        ).fetchall()
        seeds = {str(seed): str(digest) for seed, digest in rows}
    return Behind(snapshots, seeds, code)


def between(before: Behind, after: Behind) -> Difference:
    """Compare two builds."""
    # A seed that is landed as a source as well tells its facts there, not as a rule.
    landed = {one.source for one in (*before.snapshots.values(), *after.snapshots.values())}
    seeds = sorted(
        name
        for name in (before.seeds.keys() | after.seeds.keys()) - landed
        if before.seeds.get(name) != after.seeds.get(name)
    )
    named = {
        name: f"seed {name} {after.seeds[name][:12]}"
        if name in after.seeds
        else f"seed {name} gone"
        for name in seeds
    }
    readers = {
        f"reader {one.source} {one.reader_version}"
        for name, one in after.snapshots.items()
        if name in before.snapshots and one.reader_version != before.snapshots[name].reader_version
    }
    rules = [named[name] for name in seeds if name not in (_JUDGEMENTS, _CORRECTIONS)]
    rules += sorted(readers)
    # A release that does not name its code cannot be compared in this.
    if before.code and before.code != after.code:
        rules.append(after.code or "code")
    return Difference(
        arrivals=tuple(_arrivals(before, after)),
        rules=tuple(rules),
        judgements=tuple(named[name] for name in seeds if name == _JUDGEMENTS),
        corrections=tuple(named[name] for name in seeds if name == _CORRECTIONS),
        redacted=any(_lost_records(before, after, name) for name in before.snapshots),
    )


def _arrivals(before: Behind, after: Behind) -> list[Arrival]:
    found = []
    for name, one in sorted(after.snapshots.items()):
        known = before.snapshots.get(name)
        if known is None and not one.repeats:
            found.append(Arrival(one.source, name, name, one.scope == "whole"))
        elif known is not None and _lost_records(before, after, name):
            found.append(Arrival(one.source, name, f"redacted in {name}", takes_away=True))
        elif known is not None and _read_further(known, one):
            found.append(Arrival(one.source, name, name, takes_away=False))
    for name in sorted(before.snapshots.keys() - after.snapshots.keys()):
        gone = before.snapshots[name]
        found.append(Arrival(gone.source, name, f"withdrawn {name}", takes_away=True))
    return found


def _read_further(known: Snapshot, one: Snapshot) -> bool:
    """Whether more of a snapshot is read, for an organisation that is watched since. A changed
    reader is a rule instead."""
    return known.content_hash != one.content_hash and known.reader_version == one.reader_version


def _lost_records(before: Behind, after: Behind, name: str) -> bool:
    """Whether a snapshot that stood behind both lost records, or is held no more: on request,
    since nothing else takes a record out of a snapshot."""
    known, one = before.snapshots[name], after.snapshots.get(name)
    if one is None:
        return not known.repeats
    return one.reader_version == known.reader_version and one.rows < known.rows


def remember(database: Path, version: str, stood_behind: Behind) -> None:
    """Keep beside the build ``database`` what gave exactly the facts of the release ``version``."""
    path = database.with_name(_FILE)
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps({"version": version, **asdict(stood_behind)}), encoding="utf-8")
    temporary.replace(path)


def remembered(database: Path, version: str) -> Behind | None:
    """Return what was last known to give the facts of ``version``; None when that is not known."""
    try:
        held = json.loads(database.with_name(_FILE).read_text(encoding="utf-8"))
        if held["version"] != version:
            return None
        snapshots = {name: Snapshot(**one) for name, one in held["snapshots"].items()}
        return Behind(snapshots, held["seeds"], held["code"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _holds(con: duckdb.DuckDBPyConnection, catalogue: str, table: str) -> bool:
    row = con.execute(
        "select count(*) from duckdb_tables() where database_name = ? and table_name = ?",
        [catalogue, table],
    ).fetchone()
    return row is not None and row[0] > 0
