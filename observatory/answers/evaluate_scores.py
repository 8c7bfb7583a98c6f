"""Precision, recall and F1 of verdicts against labels, in every cut that is told.

What belongs here: counting. What does not: finding organisations (``evaluate_records.py``), the
formulas (``proportions.py``) and showing (``evaluate_render.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from observatory.answers.evaluate_records import Case, Verdict
from observatory.answers.proportions import Interval, Share, f1, f1_interval

# "inferred": the evidence without the curated list. "all": the published verdict, which leans on a
# list that was made from such labels, so it can only show whether the two agree.
View = Literal["inferred", "all"]
VIEWS: tuple[View, ...] = ("inferred", "all")

# What counts as taken for a mutual, from the strictest reading to the widest.
STRICTNESS: tuple[tuple[str, frozenset[str]], ...] = (
    ("mutual", frozenset({"mutual"})),
    ("plus probable", frozenset({"mutual", "probable"})),
    ("plus possible", frozenset({"mutual", "probable", "possible"})),
)
WIDEST = STRICTNESS[-1][0]
# With fewer of a class than this an accuracy is told as counts and an interval only.
ENOUGH = 30


@dataclass(frozen=True)
class Scores:
    """The four counts of one cut and what follows from them."""

    definition_id: str
    view: View
    strictness: str
    by: str
    group: str
    true_positives: int
    false_positives: int
    false_negatives: int
    true_negatives: int

    @property
    def precision(self) -> Share:
        """Of those taken for a mutual, how many are labelled one."""
        return Share(self.true_positives, self.true_positives + self.false_positives)

    @property
    def recall(self) -> Share:
        """Of those labelled a mutual, how many were taken for one."""
        return Share(self.true_positives, self.true_positives + self.false_negatives)

    @property
    def f1(self) -> float | None:
        """Their harmonic mean; None without a label and without a positive verdict."""
        return f1(self.true_positives, self.false_positives, self.false_negatives)

    @property
    def f1_interval(self) -> Interval | None:
        """Its interval at 95 %."""
        return f1_interval(self.true_positives, self.false_positives, self.false_negatives)

    @property
    def is_enough(self) -> bool:
        """Whether each class has enough organisations for a single figure."""
        positives = self.true_positives + self.false_negatives
        return min(positives, self.false_positives + self.true_negatives) >= ENOUGH

    def as_dict(self) -> dict[str, object]:
        """The counts and figures by name."""
        return {
            "definition": self.definition_id,
            "evidence": self.view,
            "strictness": self.strictness,
            "by": self.by,
            "group": self.group,
            "true_positives": self.true_positives,
            "false_positives": self.false_positives,
            "false_negatives": self.false_negatives,
            "true_negatives": self.true_negatives,
            "precision": self.precision.as_dict(),
            "recall": self.recall.as_dict(),
            "f1": self.f1,
            "f1_interval_95": self.f1_interval,
            "enough_for_a_single_figure": self.is_enough,
        }


@dataclass(frozen=True)
class Wrong:
    """A scored organisation whose verdict is not its label, even at the widest reading."""

    case: Case
    definition_id: str
    view: View
    verdict: str
    reason: str

    def as_dict(self) -> dict[str, object]:
        """What a program needs to list it."""
        return {
            "definition": self.definition_id,
            "evidence": self.view,
            "label": self.case.labelled.group,
            "name": self.case.labelled.name,
            "org_ids": list(self.case.org_ids),
            "verdict": self.verdict,
            "reason": self.reason,
            "records_of": list(self.case.sources),
            "place": self.case.labelled.place,
        }


def in_view(case: Case, view: View) -> bool:
    """Whether the case can be scored so: the inferred view asks for a record held."""
    return bool(case.org_ids) and (case.has_records or view == "all")


def is_taken(case: Case, definition_id: str, view: View, strictness: str) -> bool:
    """Whether a verdict that counts at this reading holds on a day on which the label is true.

    Of several entities of one row the highest verdict counts.
    """
    counts = dict(STRICTNESS)[strictness]
    return any(
        _word(one, view) in counts and case.labelled.span.overlaps(*_days(one, view))
        for one in case.told(definition_id)
    )


def score(cases: Sequence[Case], definitions: Iterable[str]) -> list[Scores]:
    """Return the scores of the cases whose label counts, by everything that they are told by:
    all together, sector, legal form, and whether the form has a register of controllers."""
    cuts: tuple[tuple[str, Callable[[Case], str]], ...] = (
        ("all", lambda case: "all"),
        ("sector", lambda case: case.labelled.sector),
        ("legal form", lambda case: case.form),
        ("register of controllers", _controllers),
    )
    told = []
    for definition_id in definitions:
        for view in VIEWS:
            held = [one for one in cases if one.labelled.scored and in_view(one, view)]
            for by, key in cuts:
                for group in sorted({key(one) for one in held}):
                    members = [one for one in held if key(one) == group]
                    for strictness, _ in STRICTNESS:
                        told.append(_count(members, definition_id, view, strictness, by, group))
    return told


def wrong(cases: Sequence[Case], definitions: Iterable[str]) -> list[Wrong]:
    """Return the scored cases that even the widest reading gets wrong, positives first."""
    found = []
    for definition_id in definitions:
        for view in VIEWS:
            for case in cases:
                if not case.labelled.scored or not in_view(case, view):
                    continue
                if is_taken(case, definition_id, view, WIDEST) != case.labelled.is_positive:
                    found.append(_wrong(case, definition_id, view))
    return sorted(
        found,
        key=lambda one: (not one.case.labelled.is_positive, one.case.labelled.name.lower()),
    )


def _wrong(case: Case, definition_id: str, view: View) -> Wrong:
    told = case.told(definition_id)
    if not told:
        reason = "Known from a register and not listed: no record tells more of it than its form."
        return Wrong(case, definition_id, view, "not listed", reason)
    # the verdict that made it wrong: the highest for a look-alike, and for one missed as well
    order = ("mutual", "probable", "possible", "undetermined", "not_mutual")
    one = min(told, key=lambda each: order.index(_word(each, view)))
    reason = one.reason if view == "all" else one.inferred_reason
    if case.labelled.is_positive and _word(one, view) in order[:3]:
        first, last = _days(one, view)
        reason = (
            f"The verdict holds from {first or 'an unknown day'} to {last or 'now'}, on no day of "
            f"the label ({case.labelled.span.first or 'open'} to "
            f"{case.labelled.span.last or 'open'}). {reason}"
        )
    return Wrong(case, definition_id, view, _word(one, view), reason)


def _count(
    members: Sequence[Case], definition_id: str, view: View, strictness: str, by: str, group: str
) -> Scores:
    taken = [is_taken(one, definition_id, view, strictness) for one in members]
    pairs = list(zip(members, taken, strict=True))
    return Scores(
        definition_id,
        view,
        strictness,
        by,
        group,
        sum(one.labelled.is_positive and yes for one, yes in pairs),
        sum(not one.labelled.is_positive and yes for one, yes in pairs),
        sum(one.labelled.is_positive and not yes for one, yes in pairs),
        sum(not one.labelled.is_positive and not yes for one, yes in pairs),
    )


def _controllers(case: Case) -> str:
    return "societies and CIOs, which have none" if case.has_no_psc_register else "every other form"


def _word(one: Verdict, view: View) -> str:
    return one.verdict if view == "all" else one.inferred


def _days(one: Verdict, view: View) -> tuple[date | None, date | None]:
    return (one.first, one.last) if view == "all" else (one.inferred_first, one.inferred_last)
