"""What people judged of a record and an organisation: applied, and refused where two disagree.

What belongs here: which judgements hold for an asker, and the contradictions among them. What does
not: where they are kept (``dbt_like_models/seeds/judgements.csv``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from observatory.errors import PermanentError
from observatory.identifiers import normalise_name

WHERE = "dbt_like_models/seeds/judgements.csv"


@dataclass(frozen=True, order=True)
class Judgement:
    """One line: ``asked_as`` is record or name, ``asked`` the record's key or the name."""

    source: str
    asked_as: str
    asked: str
    org_id: str
    verdict: str
    judged_by: str
    judged_on: date
    why: str
    source_url: str

    def __str__(self) -> str:
        return (
            f"{self.asked_as} {self.asked!r} of {self.source} is {self.verdict} as {self.org_id}"
            f" ({self.judged_by}, {self.judged_on})"
        )

    @property
    def told(self) -> str:
        """The judgement in words, for an explanation."""
        return (
            f"judged {self.verdict} by {self.judged_by} on {self.judged_on}: {self.why}"
            f" ({self.source_url})"
        )


class Judgements:
    """The judgements by what they are on. Raises PermanentError where two lines on one record or
    name contradict each other, naming both."""

    def __init__(self, lines: Iterable[Judgement]) -> None:
        self._on: dict[tuple[str, str, str], list[Judgement]] = {}
        for one in sorted(lines):
            asked = normalise_name(one.asked) or "" if one.asked_as == "name" else one.asked
            self._on.setdefault((one.source, one.asked_as, asked), []).append(one)
        for together in self._on.values():
            _refuse_contradictions(together)

    def on(self, source: str, record_key: str, names: Sequence[str]) -> Mapping[str, Judgement]:
        """Return what holds for a record, by organisation: its own lines before its names'.

        Raises PermanentError where the lines that hold contradict each other.
        """
        own = self._on.get((source, "record", record_key), [])
        normalised = sorted({normalise_name(name) or "" for name in names})
        by_name = [one for name in normalised for one in self._on.get((source, "name", name), [])]
        _refuse_contradictions([*own, *by_name])
        return {one.org_id: one for one in [*by_name, *own]}


def _refuse_contradictions(lines: Sequence[Judgement]) -> None:
    for place, one in enumerate(lines):
        for other in lines[place + 1 :]:
            two_verdicts = one.org_id == other.org_id and one.verdict != other.verdict
            two_owners = one.org_id != other.org_id and one.verdict == other.verdict == "same"
            if two_verdicts or two_owners:
                raise PermanentError(
                    f"two judgements contradict each other: {one}; {other}",
                    where=WHERE,
                    remedy="delete the one that is wrong",
                )
