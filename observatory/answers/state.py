"""How the observatory stands: its sources, its releases, what is stale, what is broken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from observatory import outlook, standing
from observatory.alerts import open_incidents
from observatory.answers.tables import Table
from observatory.build import stale
from observatory.errors import PermanentError, TransientError
from observatory.intake import needs_key, standing_folder
from observatory.landing.inbox import strays
from observatory.landing.receipts import waiting
from observatory.landing.store import Landing
from observatory.release import records
from observatory.release.changes import CAUSES
from observatory.release.versions import latest
from observatory.settings import Settings
from observatory.sources.base import Source, registry


def sources(settings: Settings) -> Table:
    """One row a source: what it is, what it lets us republish, how often we ask it (its evidence is
    in ``docs/sources``), what landed, what is wrong."""
    landing = Landing(settings.landing)
    rows: list[tuple[Any, ...]] = []
    for source in registry().values():
        landed = landing.snapshots(source.id)
        stands = standing.load(standing_folder(settings), source.id)
        rows.append(
            (
                source.id,
                source.publisher,
                source.licence,
                source.republish,
                source.cadence,
                source.limits.pace if source.is_live and not source.local else None,
                len(landed),
                landed[-1].published_on if landed else None,
                stands.succeeded_at or None,
                stands.problem or needs_key(source) or None,
            )
        )
    columns = (
        "source",
        "publisher",
        "licence",
        "republish",
        "cadence",
        "limit",
        "snapshots",
        "newest published on",
        "last success",
        "problem",
    )
    return Table(columns, rows)


def releases(settings: Settings) -> Table:
    """One row a version that was ever published, newest first, with what has become of it; the
    one that ``latest`` names is marked."""
    newest = latest(settings.releases)
    rows: list[tuple[Any, ...]] = []
    for past in reversed(records.past(settings.releases)):
        one = past.release
        told = f"{past.status} {past.mark.on}: {past.mark.reason}" if past.mark else past.status
        is_latest = newest is not None and one.version == newest.version
        rows.append(
            (str(one.version), one.built_at, one.manifest.kind, *_counted(one.manifest.changes),
             len(one.manifest.files), one.facts_hash[:12], is_latest, told,
             one.manifest.caused_by or None)
        )  # fmt: skip
    names = (
        "version", "built at", "kind", "verdicts changed", "rows added", "rows removed",
        "cells changed", "by cause", "files", "facts hash", "latest", "status",
        "caused by",
    )  # fmt: skip
    return Table(names, rows)


def _counted(changes: Mapping[str, Any]) -> tuple[Any, ...]:
    """How much a version changed: verdicts, rows, cells, and the causes with their lines."""
    causes = [
        f"{cause} {count:,}" for cause in CAUSES if (count := changes.get(f"by_{cause}", 0) or 0)
    ]
    names = ("verdicts_changed", "rows_added", "rows_removed", "cells_changed")
    return (*(changes.get(name) for name in names), ", ".join(causes) or changes.get("note"))


def cookbook(folder: Path) -> Table:
    """The named queries and the question that each answers (its first comment line)."""
    rows = []
    for path in sorted(folder.glob("*.sql")):
        with path.open(encoding="utf-8") as lines:
            rows.append((path.stem, lines.readline().lstrip("- ").strip()))
    return Table(("name", "question"), rows)


def status(settings: Settings) -> Table:
    """What a person who runs the observatory at night wants to see first: what is broken, and for
    each source its last event, last success, when it is due next and how old what we hold is."""
    blank = (None,) * 4
    columns = ("what", "state", "last event", "last success", "next due", "lag days")
    rows = [(*one, *blank) if len(one) == 2 else one for one in _status(settings)]
    return Table(columns, rows)


def _status(settings: Settings) -> Iterator[tuple[Any, ...]]:
    newest = latest(settings.releases)
    yield "home", str(settings.home)
    if newest is None:
        yield "latest release", "none yet"
    else:
        yield "latest release", f"{newest.version}, built {newest.built_at:%Y-%m-%d %H:%M} UTC"
    yield "stale models", _stale_models(settings)
    for name, since, problem in open_incidents(settings):
        if not name.startswith("source "):
            yield f"broken: {name}", f"since {since}\n{problem}"
    for source_id, source in registry().items():
        try:
            yield _source(source, settings)
            for edition in waiting(Landing(settings.landing).receipts(source_id)):
                yield f"waiting: {source_id}", edition
        except PermanentError as error:
            yield f"broken: {source_id}", str(error)
    for stray in strays(settings, set(registry())):
        yield "inbox", str(stray)
    for room in ("landing", "lake", "warehouse", "releases", "dagster"):
        yield f"disk: {room}", f"{_megabytes(settings.home / room):,.1f} MB"


def _source(source: Source, settings: Settings) -> tuple[Any, ...]:
    """One source's row of ``status``."""
    seen = outlook.of(source, settings)
    name, said = source.id, "never tried"
    if seen.problem:
        name, said = f"broken: {source.id}", f"since {seen.broken_since}\n{seen.problem}"
    elif lacking := needs_key(source):
        name, said = f"needs a key: {source.id}", lacking
    elif seen.last_success:
        said = f"well at {seen.last_success}" + ("; its newest version is old" * seen.late)
    told = (seen.last_event, seen.last_success, seen.next_due)
    return (name, said, *(one or None for one in told), seen.lag_days)


def _stale_models(settings: Settings) -> str:
    try:
        names = stale(settings, wait_seconds=1.0).models
    except TransientError:
        return "not known: another run is building them now"
    listed = f": {', '.join(names[:8])}" + (", …" if len(names) > 8 else "") if names else ""
    return f"{len(names)}{listed}"


def _megabytes(folder: Path) -> float:
    """Disk used below a folder, each hard-linked file once."""
    seen: dict[tuple[int, int], int] = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            found = path.stat()
            seen[found.st_dev, found.st_ino] = found.st_size
    return sum(seen.values()) / 1e6
