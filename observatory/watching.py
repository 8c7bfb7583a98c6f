"""Looking whether a publisher changed something: one small request, a cursor, one firing.

Three things worth knowing before you touch this. The first look only notes what is there: what
was never read is the night's work. A change stays pending until a reader has asked the publisher,
so that a process killed between the two loses nothing. And a look that fails starts nothing: it is
told, and the next one is the retry.

What belongs here: when to look and what it amounts to. What does not: a publisher's way of being
watched (``sources/_watchers.py``), starting runs (``assets/automation.py``).
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from observatory import clock
from observatory.errors import in_words
from observatory.intake import needs_key
from observatory.landing import cursors
from observatory.landing.cursors import Cursor
from observatory.landing.http import Publisher
from observatory.landing.store import Landing
from observatory.settings import Settings, secret
from observatory.sources.base import Source

Outcome = Literal["changed", "same", "first look", "not due", "failed", "not watched"]


@dataclass(frozen=True)
class Sighting:
    """What one look amounted to. ``cursor`` is as it stands now; ``problem`` says what failed."""

    source_id: str
    outcome: Outcome
    cursor: Cursor
    problem: str = ""

    @property
    def run_key(self) -> str:
        """The name of the pending change, the same until there is another; empty for none."""
        pending = self.cursor.is_pending
        return f"watch-{self.source_id}-{self.cursor.changes}" if pending else ""


def look(source: Source, settings: Settings, *, now: bool = False) -> Sighting:
    """Look at a source's publisher when it is time (or ``now``); never raises for its failure."""
    cursor = cursors.load(settings.landing, source.id)
    if source.watcher.look is None or needs_key(source):
        return Sighting(source.id, "not watched", cursor)
    if not now and not _due(source, cursor):
        return Sighting(source.id, "not due", cursor)
    try:
        state = _ask(source, settings)
    except Exception as error:
        said = str(in_words(error))
        return Sighting(source.id, "failed", _failed(settings, source.id, said), said)
    outcome: Outcome = "same"

    def seen(before: Cursor) -> Cursor:
        nonlocal outcome
        now_seen = replace(before, looked_at=_now(), problem="", broken_since="")
        outcome, now_seen = _compared(before, now_seen, state)
        return now_seen

    cursor = cursors.update(settings.landing, source.id, seen)
    return Sighting(source.id, outcome, cursor)


def _compared(before: Cursor, seen: Cursor, state: str | None) -> tuple[Outcome, Cursor]:
    if state is None:
        return "not due", seen
    if not before.changed_at:
        return "first look", replace(seen, state=state, changed_at=seen.looked_at)
    if state == before.state:
        return "same", seen
    seen = replace(seen, state=state, changed_at=seen.looked_at)
    # Nothing newer than what landed is no change: it is what a reader leaves behind.
    return ("changed", replace(seen, changes=seen.changes + 1)) if state else ("same", seen)


def _due(source: Source, cursor: Cursor) -> bool:
    if not cursor.looked_at:
        return True
    # A timer's ticks are not even: a little early still counts.
    waited = clock.now() - datetime.fromisoformat(cursor.looked_at)
    return waited >= source.watcher.every * 0.9


def _ask(source: Source, settings: Settings) -> str | None:
    assert source.watcher.look is not None  # noqa: S101 - its caller has looked
    receipts = Landing(settings.landing).receipts(source.id)
    settings.landing.mkdir(parents=True, exist_ok=True)
    keys = {source.key.host: secret(source.key.variable)} if source.key else {}
    with tempfile.TemporaryDirectory(dir=settings.landing, prefix=".watch-") as folder:
        publisher = Publisher(source.limits, settings, Path(folder), credentials=keys, hurried=True)
        try:
            return source.watcher.look(publisher, receipts)
        finally:
            publisher.close()


def _failed(settings: Settings, source_id: str, said: str) -> Cursor:
    now = _now()
    return cursors.update(
        settings.landing,
        source_id,
        lambda one: replace(one, looked_at=now, problem=said, broken_since=one.broken_since or now),
    )


def _now() -> str:
    return clock.now().isoformat()
