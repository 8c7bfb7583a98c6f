"""How alike two names are, as a probability that they name one organisation.

What belongs here: the comparison of two names taken apart, with words weighted by how rare they
are in the register. What does not: choosing among candidates (``linkage.py``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from observatory.linkage_names import NameForm


@dataclass(frozen=True)
class Weights:
    """How much each word tells, in nats: ln(names in the register / names with the word)."""

    names: int
    counts: Mapping[str, int]

    def of(self, word: str) -> float:
        """Return the word's weight; one that no name has tells the most."""
        return math.log((self.names + 1) / (self.counts.get(word, 0) + 1))


@dataclass(frozen=True)
class Likeness:
    """What two names share. ``asked`` and ``held`` are the parts of each name's weight that the
    other has, ``shared`` the weight itself (nats); ``first`` whether they begin alike; ``whole``
    whether one name is the beginning of the other."""

    asked: float
    held: float
    shared: float
    most_asked_left: float
    most_held_left: float
    first: bool
    whole: bool

    @property
    def dice(self) -> float:
        """The harmonic mean of the two parts, in [0, 1]."""
        both = self.asked + self.held
        return 2 * self.asked * self.held / both if both else 0.0


def word_likeness(one: str, other: str) -> float:
    """Compare two words, in [0, 1]: a plural's s, a slip of the pen, a word cut short."""
    if one == other:
        return 1.0
    if min(len(one), len(other)) >= 4:
        if one.rstrip("s") == other.rstrip("s"):
            return 0.95
        alike = Levenshtein.normalized_similarity(one, other)
        if alike >= 0.8:
            return alike
    if len(one) >= 3 and other.startswith(one):
        return 0.5 + 0.4 * len(one) / len(other)
    return 0.0


def compare(asked: NameForm, held: NameForm, weights: Weights) -> Likeness:
    """Compare a name that is asked for with one that a register holds, word by word."""
    pairs = sorted(
        (
            (-alike, i, j)
            for i, word in enumerate(asked.words)
            for j, other in enumerate(held.words)
            if (alike := word_likeness(word, other)) > 0
        ),
    )
    mine: dict[int, float] = {}
    theirs: dict[int, float] = {}
    for minus, i, j in pairs:
        if i not in mine and j not in theirs:
            mine[i] = theirs[j] = -minus
    left, right = _side(asked, mine, weights), _side(held, theirs, weights)
    shorter = min(len(asked.words), len(held.words))
    return Likeness(
        asked=left[0],
        held=right[0],
        shared=(left[1] + right[1]) / 2,
        most_asked_left=left[2],
        most_held_left=right[2],
        first=word_likeness(asked.words[0], held.words[0]) > 0.8,
        whole=asked.words[:shorter] == held.words[:shorter],
    )


def _side(
    name: NameForm, matched: Mapping[int, float], weights: Weights
) -> tuple[float, float, float]:
    weight = [weights.of(word) for word in name.words]
    found = sum(weight[place] * alike for place, alike in matched.items())
    left = max(weight[place] * (1 - matched.get(place, 0.0)) for place in range(len(weight)))
    return found / sum(weight) if sum(weight) else 0.0, found, left


# Such a word more makes it the other company of a group, not the one asked for.
_GROUP_WORDS = frozenset({"ventures", "trading", "holdings", "enterprises", "properties"})
# A string of which less than this is in the name says mostly something else.
_LEAST_ASKED = 0.45
# With the next organisation as near as this, likeness tells nobody apart.
LEAST_GAP = 0.07

COEFFICIENTS = (-3.92, -0.15, 0.21, 1.68, 2.51, 0.62, 1.01, -0.41, 0.7, -1.24, -0.28)


def probability(alike: Likeness, gap: float, asked: NameForm, held: NameForm) -> float:
    """Return the probability that two unequal names are one organisation's.

    ``gap`` is the distance to the next organisation in ``Likeness.dice``. A logistic regression,
    fitted on the development half of the payment strings (docs/methodology/linkage.md).
    """
    more = set(held.words) - set(asked.words)
    if alike.asked < _LEAST_ASKED or more & _GROUP_WORDS:
        return 0.0
    seen = features(alike, gap, asked, held)
    return 1 / (1 + math.exp(-sum(w * x for w, x in zip(COEFFICIENTS, seen, strict=True))))


def features(alike: Likeness, gap: float, asked: NameForm, held: NameForm) -> tuple[float, ...]:
    """Return what the regression sees, in the order of ``COEFFICIENTS``."""
    return (
        1.0,
        alike.asked,
        alike.held,
        min(alike.shared, 30.0) / 10,
        min(gap, 0.3) * 3,
        float(alike.first),
        float(alike.whole),
        (1 - alike.held) if len(asked.words) == 1 else 0.0,
        float(len(set(asked.words) & set(held.words)) >= 2),
        min(alike.most_asked_left, alike.most_held_left) / 10,
        float(len(held.words) == 1),
    )
