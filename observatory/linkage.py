"""Who is meant by a name without an identifier: tiers from certain to likely, and honest doubt.

An asker (a supplier in a notice, a buyer, a controller, an entry of a list) is compared with the
names that registers hold. The first tier in which one organisation alone answers decides; where
two answer, nobody is chosen and the pairs go to review. The same askers and names give the same
answer in whatever order they come. What does not belong here: finding the names to compare
(``linkage_blocking.py``), taking names apart (``linkage_names.py``), tables and sources.

Two traps. The likest name in an extract of a register is often not the right one, since the
right one is not in it: a caller whose register is no whole one says so, and likeness then only
suggests. And an older bearer of a name is another organisation: dates decide, or nobody does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from observatory.linkage_claims import Claim, claim_of, doubt_of, gap_of, is_rival
from observatory.linkage_scoring import Weights, probability
from observatory.linkage_types import TIERS, Asker, Decision, Held, Match, Tier

__all__ = ["LIKELY", "TIERS", "Asker", "Held", "Match", "decide"]

# Likeness decides from here on; fitted and chosen on the development half.
LIKELY = 0.9
# Below this a pair is not worth a reviewer's time.
WORTH_A_LOOK = 0.35
_MOST_REVIEWED = 3
_MOST_IN_REVIEW = 0.89


def decide(
    asker: Asker, names: Iterable[Held], weights: Weights, *, complete: bool = True
) -> list[Match]:
    """Return who is meant: one match, or pairs to review (the likest first), or nothing.

    ``names`` are those of the register that may be meant, every bearer of the same name among
    them; ``complete`` says whether the register is whole. A match's score is at least that of
    its tier on labelled data; a review's score is how likely the pair is, never above 0.89.
    """
    best: dict[str, Claim] = {}
    for held in names:
        claim = claim_of(asker, held, weights)
        if claim and (claim.org_id not in best or claim.rank < best[claim.org_id].rank):
            best[claim.org_id] = claim
    claims = sorted(best.values(), key=lambda one: (one.rank, one.org_id))
    if not claims:
        return []
    first = claims[0]
    rivals = [one for one in claims[1:] if is_rival(asker, first, one)]
    doubt = doubt_of(asker, first, rivals, claims, complete)
    score = _score(first, claims)
    if not doubt and score >= (LIKELY if first.tier == "likeness" else 0.0):
        return [_told(asker, first, score, "match", "")]
    doubt = doubt or "it is only like it"
    pairs = [first, *rivals] if rivals else claims[:_MOST_REVIEWED]
    scores = {one.org_id: min(_score(one, claims), _MOST_IN_REVIEW) for one in pairs}
    reviews = [_told(asker, one, scores[one.org_id], "review", doubt) for one in pairs]
    return [one for one in reviews if one.score >= WORTH_A_LOOK]


def _score(claim: Claim, claims: Sequence[Claim]) -> float:
    if claim.tier != "likeness":
        return TIERS[claim.tier] / sum(one.tier == claim.tier for one in claims)
    return probability(claim.likeness, gap_of(claim, claims), claim.form, claim.held_form)


_SAID: Mapping[Tier, str] = {
    "name and postcode": "the same name at the same postcode",
    "name": "the same name",
    "name without legal form": "the same name but for its legal form or its spelling",
    "previous name": "the same as a name that it bore before",
    "same words": "the same words in another order",
    "initials": "the initials of its name",
    "likeness": "a name like it",
}


def _told(asker: Asker, claim: Claim, score: float, decision: Decision, doubt: str) -> Match:
    said = f"{_SAID[claim.tier]}: {claim.held.name}"
    if claim.how:
        said += f" ({claim.how})"
    if claim.tier == "likeness":
        share = f"{claim.likeness.asked:.0%} of what the name tells is in it"
        said += f"; {share}, {claim.likeness.held:.0%} the other way round"
    if doubt:
        said += f"; not decided: {doubt}"
    return Match(asker.key, claim.org_id, claim.tier, round(score, 4), said, decision)
