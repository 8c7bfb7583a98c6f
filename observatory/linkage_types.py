"""The words of matching: who asks, what a register holds, what was found, and the tiers.

What does not belong here: any rule (``linkage.py``, ``linkage_claims.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Tier = Literal[
    "name and postcode",
    "name",
    "name without legal form",
    "previous name",
    "same words",
    "initials",
    "likeness",
]
Decision = Literal["match", "review"]

# In the order in which they decide. The score of a tier is the precision that its unique answers
# had on the development half of the payment strings, rounded down; docs/methodology/linkage.md.
TIERS: Mapping[Tier, float] = {
    "name and postcode": 0.99,
    "name": 0.99,
    "name without legal form": 0.95,
    "previous name": 0.95,
    "same words": 0.95,
    "initials": 0.9,
    "likeness": 0.0,
}


@dataclass(frozen=True)
class Asker:
    """Who asks: a key of the caller's, the names it goes by, its postcode, and the days between
    which it was seen (None where that is not known)."""

    key: str
    names: tuple[str, ...]
    postcode: str | None = None
    seen_from: date | None = None
    seen_to: date | None = None


@dataclass(frozen=True)
class Held:
    """A name that a register holds for an organisation. ``kind`` is current, trading, previous or
    notice (a buyer wrote it beside the number: it counts at the same postcode only); ``since``
    and ``until`` when the name was borne, ``registered_on`` and ``ended_on`` when the organisation
    was; None where the register does not say. ``is_body``: a public body, of a list of these."""

    org_id: str
    name: str
    kind: str = "current"
    postcode: str | None = None
    since: date | None = None
    until: date | None = None
    registered_on: date | None = None
    ended_on: date | None = None
    is_body: bool = False


@dataclass(frozen=True)
class Match:
    """One asker and one organisation: the tier, a score in [0, 1], why in words, what follows."""

    key: str
    org_id: str
    tier: Tier
    score: float
    explanation: str
    decision: Decision
