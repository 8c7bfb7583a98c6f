"""How each source stands and what comes next, as the command and Dagster's UI both show it.

What belongs here: putting standing, cursor, events and landing together for one source. What does
not: showing it (``answers/state.py``, ``assets/sources.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from observatory import clock, standing
from observatory.intake import needs_key, standing_folder
from observatory.landing import cursors, events
from observatory.landing.store import Landing
from observatory.settings import Settings
from observatory.sources.base import Source

ZONE: Final = ZoneInfo("Europe/London")
NIGHT: Final = time(2, 30)


@dataclass(frozen=True)
class Outlook:
    """One source. Times are UTC, ISO 8601, empty when it never happened; ``lag_days`` is the age
    of the newest version held, and it is ``late`` when that is more than its publisher's rhythm
    lets us expect. ``problem`` says what is broken, ``broken_since`` since when."""

    source: str
    last_event: str
    last_success: str
    next_due: str
    lag_days: int | None
    late: bool
    problem: str
    broken_since: str


def of(source: Source, settings: Settings) -> Outlook:
    """Return how a source stands. Raises PermanentError for a receipt that cannot be read."""
    stands = standing.load(standing_folder(settings), source.id)
    cursor = cursors.load(settings.landing, source.id)
    event = events.last(settings.landing, source.id)
    held = Landing(settings.landing).snapshots(source.id)
    lag = (clock.now().date() - held[-1].published_on).days if held else None
    problem, since = stands.problem, stands.broken_since
    if not problem and cursor.problem:
        problem, since = f"cannot be watched: {cursor.problem}", cursor.broken_since
    return Outlook(
        source.id,
        f"{event.event} at {event.at}" if event else "",
        stands.succeeded_at,
        _next(source, cursor),
        lag,
        lag is not None and lag > source.freshness_days,
        problem,
        since,
    )


def next_night(after: datetime) -> datetime:
    """Return the next 02:30 in London after a moment, in UTC; in the night that the clocks go
    forward there is one too, for 02:30 is after the gap of 01:00 to 02:00."""
    local = after.astimezone(ZONE)
    day: date = local.date() + timedelta(days=local.time() >= NIGHT)
    return datetime.combine(day, NIGHT, ZONE).astimezone(UTC)


def _next(source: Source, cursor: cursors.Cursor) -> str:
    """When it is next looked at or asked: the watcher's next look, or the night."""
    if not source.is_live or needs_key(source):
        return ""
    night = next_night(clock.now())
    if source.watcher.look is None or not cursor.looked_at:
        return night.isoformat()
    look = datetime.fromisoformat(cursor.looked_at) + source.watcher.every
    return min(night, max(look, clock.now())).isoformat()
