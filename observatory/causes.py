"""Why a release is due: the events at sources, and the rules edited, since the last one offered.

What belongs here: putting that into one line. What does not: the events themselves
(``landing/events.py``), and what each cell's cause is (``release/``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from observatory.landing import events
from observatory.settings import Settings

_NAMED: Final = 6  # so many of a kind are named, more are counted


def told(settings: Settings, built: str) -> str:
    """Return what happened since a release was last offered, such as ``watcher: fca_societies;
    seed judgements``, in an order that does not depend on who came first. ``built`` identifies the
    build: where nothing else happened, code made it another."""
    before = _marker(settings)
    groups: dict[str, set[str]] = {}
    for one in events.read(settings.landing, int(before.get("events", 0))):
        groups.setdefault(one.event, set()).add(one.source)
    parts = [f"{event}: {_listed(names)}" for event, names in sorted(groups.items())]
    known = before.get("rules", {})
    if known:
        now = _rules(settings)
        edited = {name for name in {*known, *now} if known.get(name) != now.get(name)}
        seeds = {Path(name).stem for name in edited if "/seeds/" in name}
        others = {Path(name).stem for name in edited if "/seeds/" not in name}
        parts += [f"seed: {_listed(seeds)}"] if seeds else []
        parts += [f"rules: {_listed(others)}"] if others else []
    if not parts and before.get("build") and before["build"] != built:
        parts.append("code")
    return "; ".join(parts)


def mark(settings: Settings, built: str) -> None:
    """Remember that the build as it stands has been offered, with what led to it."""
    events_seen = events.count(settings.landing)
    _save(settings, {"build": built, "events": events_seen, "rules": _rules(settings)})


def offer_again(settings: Settings) -> None:
    """Forget that the build was offered, so that the next run offers it once more: a version that
    was withdrawn for its date leaves its facts to be published under the right one."""
    if known := _marker(settings):
        _save(settings, {**known, "build": ""})


def offered(settings: Settings) -> str:
    """Return which build was last offered; empty when none was, or nobody remembers."""
    return str(_marker(settings).get("build", ""))


def _marker(settings: Settings) -> Mapping[str, Any]:
    try:
        text = (settings.warehouse / "released.json").read_text(encoding="utf-8")
        found = json.loads(text)
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _save(settings: Settings, seen: Mapping[str, Any]) -> None:
    marker = settings.warehouse / "released.json"
    temporary = marker.with_suffix(".tmp")
    temporary.write_text(json.dumps(seen, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    temporary.replace(marker)


def _rules(settings: Settings) -> dict[str, str]:
    """A short hash of every file of the models, seeds and macros, by its path below its folder."""
    return {
        f"{folder.name}/{path.relative_to(folder).as_posix()}": hashlib.sha256(
            path.read_bytes()
        ).hexdigest()[:12]
        for folder in (settings.models, settings.sql / "macros")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in (".sql", ".yml", ".csv")
    }


def _listed(names: set[str]) -> str:
    ordered = sorted(names)
    more = len(ordered) - _NAMED
    return ", ".join(ordered[:_NAMED]) + (f" and {more} more" if more > 0 else "")
