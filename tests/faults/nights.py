"""What happens at the publishers night after night, drawn by a fixed seed.

What belongs here: the changes of a night (new, changed, vanished, corrected, late) and its fault.
What does not: how a night runs and what must hold (``test_nights.py``).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from tests.faults import world
from tests.faults.misbehaviour import FAULTS, Fault
from tests.faults.world import World

KINDS: Final = ("new", "changed", "vanished", "corrected", "late")
_MAKE: Final = {
    world.SOCIETIES: world.society,
    world.PROVIDERS: world.provider,
    world.AWARDS: world.award,
}
# The two whose rows have a name that may change, and whose file is a whole list.
_LISTS: Final = (world.SOCIETIES, world.PROVIDERS)


@dataclass(frozen=True)
class Evening:
    """What is published before a night, what happened (in words), the fault of that night, and
    an older edition of a source's list that somebody hands in late, if any."""

    world: World
    happened: tuple[str, ...]
    fault: Fault
    late: tuple[str, World] | None = None


def evenings(first: World, number: int, seed: int) -> Iterator[Evening]:
    """Yield so many evenings, beginning with the day after that of ``first``."""
    draw, today = random.Random(seed), first
    faults = draw.sample(FAULTS, len(FAULTS))
    for n in range(number):
        before = today
        today = today.on(first.day + timedelta(days=n + 1))
        happened: list[str] = []
        late = None
        # every kind comes in turn, a second one by chance; one night in six nothing happens
        kinds = [] if n % 6 == 5 else [KINDS[n % 6], *draw.sample(KINDS[:3], draw.randint(0, 1))]
        for kind in kinds:
            if kind == "late":
                late = (world.SOCIETIES, _older(before, n))
            else:
                today = _happen(today, kind, n, draw)
            happened.append(kind)
        yield Evening(today, tuple(happened), faults[n % len(faults)], late)


def _happen(today: World, kind: str, n: int, draw: random.Random) -> World:
    if kind == "new":
        source = draw.choice(list(_MAKE))
        return today.put(source, **{f"n{n:02}": _MAKE[source](40 + n)})
    source = draw.choice(_LISTS)
    key = draw.choice(sorted(today.rows[source]))
    if kind == "vanished" and len(today.rows[source]) > 5:
        return today.without(source, key)
    words = "Corrected" if kind == "corrected" else "Renamed"
    return today.put(
        source, **{key: {**today.rows[source][key], "name": f"Fictional {words} {n} Limited"}}
    )


def _older(today: World, n: int) -> World:
    """The list as it was published years ago, before anybody asked for it."""
    return today.on(date(2020, 1, 1) + timedelta(days=n)).put(
        world.SOCIETIES, **{f"o{n:02}": world.society(70 + n)}
    )
