"""How lineage and governance look on a terminal: one line a fact, its record below it.

What does not belong here: anything that decides what is said (``lineage.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from observatory.answers.lineage import Lineage, Origin, Right, Succession


def came_from(told: Lineage) -> Iterator[str]:
    """Yield where it came from and what followed, in lines; nothing where nothing is held."""
    if told.origin:
        yield from _origin(told.origin)
    for one in told.successions:
        yield from _succession(one)


def rights(told: Lineage) -> Iterator[str]:
    """Yield who holds rights in it, in lines."""
    for one in told.rights:
        yield from _right(one)


def _origin(one: Origin) -> Iterator[str]:
    parent = (
        f"{one.public_parent} (by {one.public_parent_basis})" if one.public_parent else "unknown"
    )
    yield f"  Public parent: {parent}{_at(one.public_parent_url)}"
    if one.spun_out_on:
        yield f"  Left it: {_day(one.spun_out_on, one.spun_out_precision)}"
    yield f"  Route: {one.route}{_at(one.route_url)}"
    yield f"  Begun by: {one.began_by}{_at(one.began_by_url)}"
    if one.first_contract_on:
        probable = ", match probable" if one.first_contract_match == "probable" else ""
        yield (
            f"  Earliest contract held: {one.first_contract_on},"
            f" {one.first_contract_buyer or 'buyer unknown'}{probable}"
            f"{_at(one.first_contract_url)}"
        )


def _succession(one: Succession) -> Iterator[str]:
    side = "Came from" if one.side == "before" else "Followed by"
    known = f" ({one.other_id})" if one.other_id else ""
    sure = ", probable" if one.confidence == "probable" else ""
    on = _day(one.happened_on, one.precision)
    yield f"  {side} {one.other}{known}: {one.kind}, {on}, by {one.basis}{sure}"
    place = ", ".join(part for part in (one.source, one.snapshot_id, one.locator) if part)
    yield f"      in: {place}{_at(one.url)}"
    last = [other for other in one.final_successor_ids if other != one.other_id]
    if last:
        yield f"      the chain ends with: {', '.join(last)}"


def _right(one: Right) -> Iterator[str]:
    through = f", through a {one.held_through}" if one.held_through else ""
    extent = f", {one.extent}" if one.extent else ""
    seen = "seen " if one.dates_are == "sightings" else ""
    since = f"from {one.valid_from}" if one.valid_from else "start not known"
    until = f" to {one.valid_to}" if one.valid_to else ""
    ids = ", ".join(name[:6] for name in one.evidence_ids)
    yield f"  {one.holder_group}: {one.held_right}{extent}{through}; {seen}{since}{until} [{ids}]"


def _day(on: date | None, precision: str | None) -> str:
    """The date, no more exact than it is known."""
    if on is None:
        return "date not known"
    return on.isoformat()[: {"year": 4, "month": 7}.get(precision or "", 10)]


def _at(url: str | None) -> str:
    return f", at {url}" if url else ""
