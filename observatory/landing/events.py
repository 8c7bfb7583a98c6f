"""What happened that changed data, in order: a log of one line an event, only ever added to.

What belongs here: the log. What does not: what starts a run (``assets/``), what a release says of
it (``causes.py``). Deleting it loses only what the next release would have said of its cause.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from observatory import clock


@dataclass(frozen=True)
class Event:
    """At ``at`` (UTC, ISO 8601) the event ``event`` changed what ``source`` tells: the hash of
    what models can see of it became ``data_version``."""

    at: str
    source: str
    event: str
    data_version: str


def note(landing: Path, source_id: str, event: str, data_version: str) -> None:
    """Add an event to the log; one write, so that two processes do not tear each other's."""
    one = Event(clock.now().isoformat(), source_id, event, data_version)
    landing.mkdir(parents=True, exist_ok=True)
    line = json.dumps(asdict(one), sort_keys=True) + "\n"
    handle = os.open(_path(landing), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(handle, line.encode())
    finally:
        os.close(handle)


def read(landing: Path, after: int = 0) -> list[Event]:
    """Return the events after the first ``after`` ones, in order; a line that a killed process cut
    short is passed over."""
    try:
        lines = _path(landing).read_text(encoding="utf-8").splitlines()[after:]
    except FileNotFoundError:
        return []
    return [one for line in lines if (one := _parsed(line))]


def count(landing: Path) -> int:
    """Return how many lines the log has."""
    try:
        return len(_path(landing).read_text(encoding="utf-8").splitlines())
    except FileNotFoundError:
        return 0


def last(landing: Path, source_id: str) -> Event | None:
    """Return the newest event of a source."""
    return next((one for one in reversed(read(landing)) if one.source == source_id), None)


def _parsed(line: str) -> Event | None:
    try:
        return Event(**json.loads(line))
    except (ValueError, TypeError):
        return None


def _path(landing: Path) -> Path:
    return landing / "events.jsonl"
