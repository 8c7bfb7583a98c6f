"""The claim of one organisation to be the one asked for, and what puts a claim in doubt.

What belongs here: the conditions of the tiers, the dates, and the reasons not to decide. What does
not: choosing (``linkage.py``) and the comparison itself (``linkage_scoring.py``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from observatory.linkage_names import NameForm, read_name, readings
from observatory.linkage_scoring import LEAST_GAP, Likeness, Weights, compare
from observatory.linkage_types import TIERS, Asker, Held, Tier

_ORDER = tuple(TIERS)
_SAME_NAME = _ORDER[: _ORDER.index("same words")]

# Names of premises and NHS bodies: a practice or a trust of that name need not be the company of
# that name, and mostly is none. Only the exact name, or the postcode, decides.
_PREMISES = re.compile(
    r"\b(?:surgery|medical (?:practice|centre)|health(?:y living)? centre|pct|nhs)\b"
)


@dataclass(frozen=True)
class Claim:
    """One organisation's best name for one asker: in which reading (``form``, ``how``) of the
    asker's names, by which tier, and how alike."""

    org_id: str
    tier: Tier
    form: NameForm
    how: str
    held: Held
    held_form: NameForm
    likeness: Likeness

    @property
    def rank(self) -> tuple[int, float, float, str, str]:
        """Smaller is better; names and ids break ties, so that order never does."""
        alike = self.likeness
        return (_ORDER.index(self.tier), -alike.dice, -alike.shared, self.held.name, self.how)


def possible(asker: Asker, held: Held) -> bool:
    """Say whether the dates allow it: registered before the asker was last seen, not ended before
    it was first seen, and not yet to take the name when it was last seen."""
    begins = max((day for day in (held.registered_on, held.since) if day), default=None)
    if held.kind == "previous":
        begins = held.registered_on
    if begins and asker.seen_to and begins > asker.seen_to:
        return False
    return not (held.ended_on and asker.seen_from and held.ended_on < asker.seen_from)


def claim_of(asker: Asker, held: Held, weights: Weights) -> Claim | None:
    """Return the best claim that a held name gives, None where dates or kind rule it out."""
    form = read_name(held.name)
    if form is None or not possible(asker, held):
        return None
    if held.kind == "notice" and (not asker.postcode or asker.postcode != held.postcode):
        return None
    found: list[Claim] = []
    for name in asker.names:
        for how, asked in readings(name):
            alike = compare(asked, form, weights)
            tier = _tier(asker, asked, how, held, form)
            found.append(Claim(held.org_id, tier, asked, how, held, form, alike))
    best = min(found, key=lambda one: one.rank) if found else None
    return None if best and held.kind == "notice" and best.tier != _ORDER[0] else best


def _tier(asker: Asker, asked: NameForm, how: str, held: Held, form: NameForm) -> Tier:
    """Return the first tier whose condition holds. One word left of a longer string is not
    enough to be the same name."""
    same = asked.words == form.words or asked.letters == form.letters
    exact = asked.normalised == form.normalised
    if (how and len(asked.words) == 1) or not (exact or asked.agrees(form)):
        return "likeness"
    if same and asker.postcode and asker.postcode == held.postcode:
        return "name and postcode"
    if same and held.kind == "previous":
        return "previous name"
    if same:
        return "name" if exact and not how else "name without legal form"
    if len(asked.words) > 1 and asked.bag == form.bag:
        return "same words"
    if len(asked.words) == 1 and len(form.words) >= 4 and asked.letters == form.initials:
        return "initials"
    return "likeness"


def is_rival(asker: Asker, first: Claim, other: Claim) -> bool:
    """Say whether the other organisation has as good a claim as the first."""
    if first.tier == "likeness":
        return False  # the distance to the next is part of the likeness's score
    if other.tier == first.tier:
        return True
    if "name" in (first.tier, other.tier) and other.tier == "previous name":
        # who bore the name first, who bears it now: only a date can tell
        is_same = other.form.normalised == other.held_form.normalised
        return is_same and not _gone(asker, other.held)
    return False


def _gone(asker: Asker, held: Held) -> bool:
    return bool(held.until and asker.seen_from and held.until < asker.seen_from)


def doubt_of(
    asker: Asker, first: Claim, rivals: Sequence[Claim], claims: Sequence[Claim], complete: bool
) -> str:
    """Return why the first claim must not decide, empty when it may."""
    asked = first.form
    if rivals:
        return f"{len(rivals) + 1} organisations answer to it alike"
    if _different_forms(asker):
        return "the names asked for have different legal forms, as predecessor and successor have"
    if len({one.org_id for one in claims if one.tier in _SAME_NAME}) > 1 and len(asker.names) > 1:
        return "its names are those of different organisations"
    if first.tier in ("name and postcode", "name"):
        return ""
    if not asked.forms and not first.held.is_body and _PREMISES.search(asked.normalised):
        return "a practice, a centre or an NHS body of the name need not be the company"
    same_form = bool(asked.forms & first.held_form.forms)
    if not complete and (first.tier in ("initials", "likeness") or not same_form):
        return "the register at hand is not whole: the right one may be missing from it"
    if first.tier == "initials" and any(_begins_with(one, asked) for one in claims):
        return "another name begins with the word"
    return _doubt_of_likeness(first, claims) if first.tier == "likeness" else ""


def _doubt_of_likeness(first: Claim, claims: Sequence[Claim]) -> str:
    if first.how and len(first.form.words) == 1:
        return "one word of a longer string is not its name"
    if not first.form.agrees(first.held_form):
        return "the legal forms differ"
    if gap_of(first, claims) < LEAST_GAP:
        return "another is almost as like it"
    return ""


def _different_forms(asker: Asker) -> bool:
    forms = [form.forms for name in asker.names if (form := read_name(name)) and form.forms]
    societies = ["society" in name.lower().split() for name in asker.names]
    if any(societies) and not all(societies) and forms:
        return True
    return any(not one & other for one in forms for other in forms)


def _begins_with(claim: Claim, asked: NameForm) -> bool:
    return claim.held_form.words[0] == asked.words[0]


def gap_of(claim: Claim, claims: Sequence[Claim]) -> float:
    """Return how much liker a claim is than the best of the others, 0 where it is not."""
    others = [one.likeness.dice for one in claims if one is not claim]
    return max(claim.likeness.dice - max(others, default=0.0), 0.0)
