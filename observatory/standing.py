"""How each source stands: its last try, its last success, and what is wrong with it now.

One small JSON file a source under ``<home>/landing/standing/``, rewritten atomically. This is
the standing check that lists what is broken; it clears itself at the next success. It holds no
data: deleting it loses only the memory of when a problem began.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from observatory import clock


@dataclass(frozen=True)
class Standing:
    """``tried_at`` and ``succeeded_at`` are UTC ISO 8601 times, empty when it never happened;
    ``problem`` is empty when the last try succeeded, and ``broken_since`` says since when."""

    source: str
    tried_at: str = ""
    succeeded_at: str = ""
    problem: str = ""
    broken_since: str = ""
    landed: int = 0
    rejected: int = 0
    # Whether the problem may pass by itself (``TransientError``).
    transient: bool = False


def load(folder: Path, source_id: str) -> Standing:
    """Return how the source stands; a source never tried has an empty standing."""
    try:
        found = json.loads(_path(folder, source_id).read_text(encoding="utf-8"))
        return Standing(**found)
    except (FileNotFoundError, ValueError, TypeError):
        return Standing(source_id)


def everyone(folder: Path) -> list[Standing]:
    """Return how every source stands that was ever tried, by its id."""
    return [load(folder, one.stem) for one in sorted(folder.glob("*.json"))]


def succeeded(folder: Path, source_id: str, *, landed: int, rejected: int) -> Standing:
    """Record a try that ended well, with the bodies it landed and refused."""
    now = _moment(clock.now())
    return _save(folder, Standing(source_id, now, now, "", "", landed, rejected))


def failed(
    folder: Path,
    source_id: str,
    problem: str,
    *,
    landed: int,
    rejected: int,
    transient: bool = False,
) -> Standing:
    """Record a try that failed; the time since when it is broken is kept."""
    now = _moment(clock.now())
    before = load(folder, source_id)
    return _save(
        folder,
        replace(
            before,
            source=source_id,
            tried_at=now,
            problem=problem,
            broken_since=before.broken_since or now,
            landed=landed,
            rejected=rejected,
            transient=transient,
        ),
    )


def _save(folder: Path, standing: Standing) -> Standing:
    folder.mkdir(parents=True, exist_ok=True)
    target = _path(folder, standing.source)
    temporary = target.with_suffix(f".{os.getpid()}.tmp")
    temporary.write_text(json.dumps(asdict(standing), indent=1) + "\n", encoding="utf-8")
    temporary.replace(target)
    return standing


def _path(folder: Path, source_id: str) -> Path:
    return folder / f"{source_id}.json"


def _moment(value: datetime) -> str:
    return value.isoformat()
