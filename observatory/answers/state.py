"""What is held: the sources, the releases, the named queries.

What does not belong here: how all stands now (``status.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from observatory import standing
from observatory.answers.tables import Table
from observatory.intake import needs_key, standing_folder
from observatory.landing.store import Landing
from observatory.release import records
from observatory.release.changes import CAUSES
from observatory.release.versions import latest
from observatory.settings import Settings
from observatory.sources.base import registry


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
