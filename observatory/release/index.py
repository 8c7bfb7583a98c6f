"""``releases/index.json``: every version, newest first, and what has become of it.

What belongs here: that file, derived from the folders and records. What does not: either of them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from observatory.release import records
from observatory.release.manifest import MANIFEST
from observatory.release.stage import sync
from observatory.release.versions import INDEX, POINTER


def write(releases: Path) -> None:
    """Write the index again where it differs from what the folders and records say, in one step.

    ``latest`` must point somewhere. Raises BadInput for a manifest or record that cannot be read.
    """
    entries = [_entry(releases, one) for one in reversed(records.past(releases))]
    named = (releases / POINTER).readlink().name
    text = json.dumps({"latest": named, "releases": entries}, ensure_ascii=False, indent=1) + "\n"
    target = releases / INDEX
    if target.is_file() and target.read_text(encoding="utf-8") == text:
        return
    fresh = releases / f".{INDEX}.new"
    fresh.write_text(text, encoding="utf-8")
    sync(fresh)
    fresh.replace(target)
    sync(releases)


def _entry(releases: Path, past: records.Past) -> dict[str, Any]:
    one = past.release
    told: dict[str, Any] = {
        "version": str(one.version),
        "built_at": one.built_at.isoformat(),
        "previous_version": one.manifest.previous_version,
        "kind": one.manifest.kind,
        "schema_changes": list(one.manifest.schema_changes),
        "caused_by": one.manifest.caused_by,
        "status": past.status,
        "facts_hash": one.facts_hash,
        "rows": {entry.table.name: entry.rows for entry in one.manifest.tables},
        "manifest": (one.path / MANIFEST).relative_to(releases).as_posix(),
    }
    if past.mark:
        told |= {"status_on": past.mark.on.isoformat(), "status_reason": past.mark.reason}
    return told
