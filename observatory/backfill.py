"""Fetching what was published before, one day, month or year after the other.

Three things worth knowing before you touch this. It may break off anywhere and goes on where it
stopped, in whatever order its parts are asked for: a part that is done is noted once all of it has
landed. A part that is not over yet is fetched, but not noted. And every request keeps the
publisher's pace, which is shared by all processes (``landing/pace.py``).

What belongs here: cutting a span into parts, and their memory. What does not: how a publisher is
asked (``Source.past``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from observatory import clock
from observatory.errors import BadInput
from observatory.intake import Intake, land_downloads, needs_key, take_in
from observatory.landing.accept import Landed
from observatory.landing.asked import Asked
from observatory.landing.http import Publisher
from observatory.landing.store import Landing
from observatory.settings import Settings
from observatory.sources.base import Download, Past, Source

_EVER = timedelta(days=36_500)
Heard = Callable[[str, int], None]


@dataclass
class Backfill:
    """What one backfill did: the parts asked for and those already done (by their first day), the
    bodies that landed, and what reading them brought."""

    asked: list[str] = field(default_factory=list)
    done_before: list[str] = field(default_factory=list)
    landed: list[Landed] = field(default_factory=list)
    intake: Intake | None = None


def backfill(
    source: Source,
    settings: Settings,
    first: date,
    last: date,
    heard: Heard = lambda part, bodies: None,
) -> Backfill:
    """Fetch, land and read what ``source`` published from ``first`` to ``last``, both included.

    ``heard`` is told each part and the bodies that it brought. Raises BadInput for a span that
    cannot be, and for a source whose publisher offers only the newest; and whatever fails on the
    way, once what came before it has landed: ask again to go on from there.
    """
    past = _past(source, first, last)
    landing = Landing(settings.landing)
    memory = Asked(settings.landing / "backfill" / f"{source.id}.json")
    parts = list(_parts(past, max(first, past.first), last))
    keys = {str(begin): (begin, end) for begin, end in parts}
    due = set(memory.due(keys, _EVER)) if past.unit != "range" else set(keys)
    found = Backfill(done_before=[key for key in keys if key not in due])
    try:
        for key, (begin, end) in keys.items():
            if key not in due:
                continue
            brought = list(_fetched(source, settings, past, landing, begin, end))
            found.landed += brought
            found.asked.append(key)
            if past.unit != "range" and end < clock.now().date():
                memory.note({key: str(len(brought))})
            heard(key, len(brought))
    finally:
        found.intake = take_in(source, settings, offline=True, event="backfill")
    return found


def _fetched(
    source: Source, settings: Settings, past: Past, landing: Landing, begin: date, end: date
) -> Iterator[Landed]:
    def ask(publisher: Publisher) -> Iterator[Download]:
        yield from past.between(publisher, landing.receipts(source.id), begin, end)

    yield from land_downloads(source, settings, landing, ask)


def _past(source: Source, first: date, last: date) -> Past:
    today = clock.now().date()
    if source.past is None:
        raise BadInput(
            "its publisher offers only the newest version",
            where=source.id,
            remedy=f"land older ones with `observatory land {source.id} FILE --published DATE`",
        )
    if lacking := needs_key(source):
        raise BadInput(lacking, where=source.id)
    if first > last or first > today or last < source.past.first:
        raise BadInput(
            f"there is nothing from {first} to {last}",
            where=source.id,
            remedy=f"give two days in order, from {source.past.first} to {today}",
        )
    return source.past


def _parts(past: Past, first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield the parts that a span touches, whole: first and last day of each, oldest first."""
    last = min(last, clock.now().date())
    if past.unit == "range":
        yield first, last
        return
    begin = first
    if past.unit == "month":
        begin = first.replace(day=1)
    elif past.unit == "year":
        begin = first.replace(month=1, day=1)
    while begin <= last:
        after = _after(past, begin)
        yield begin, after - timedelta(days=1)
        begin = after


def _after(past: Past, begin: date) -> date:
    if past.unit == "year":
        return date(begin.year + 1, 1, 1)
    if past.unit == "month":
        return date(begin.year + (begin.month == 12), begin.month % 12 + 1, 1)
    return begin + timedelta(days=1)
