"""What an explanation holds: plain records that a program, a page or a terminal can show.

What does not belong here: how they are found (``explain.py``) or shown (``render.py``).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from observatory.answers.identity import NameMatch
from observatory.answers.lineage import Lineage

# listed: in the release; known: in the build database or the lake only; several: more than one
# organisation answers; unknown: none does.
Standing = Literal["listed", "known", "several", "unknown"]

STATES = {
    "met": "meets",
    "not met": "does not meet",
    "unknown": "not shown to meet, on the records held",
}

NO_ELIGIBILITY = "No verdict here decides anybody's eligibility in law."


@dataclass(frozen=True)
class Identifier:
    """One identifier and how it is known to belong to the organisation."""

    scheme: str
    identifier: str
    basis: str | None = None


@dataclass(frozen=True)
class Evidence:
    """One signal seen in one record: what was seen, where, since when, and what it means."""

    evidence_id: str
    criterion_id: str
    criterion: str
    direction: str
    strength: str
    value_seen: str
    why: str
    known_failures: str
    source: str
    source_title: str
    published_on: date | None
    snapshot_id: str
    locator: str
    url: str | None
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class Criterion:
    """One criterion of a definition, its state and the evidence behind it."""

    criterion_id: str
    title: str
    role: str
    state: str
    score: int
    evidence_ids: tuple[str, ...]

    @property
    def words(self) -> str:
        """The state in the words that pages use."""
        if self.role == "refuter" and self.state == "unknown":
            return "not shown to fail, on the records held"
        return STATES[self.state]


@dataclass(frozen=True)
class Verdict:
    """The verdict under one definition over an interval, with its criteria."""

    definition_id: str
    definition: str
    definition_url: str
    is_headline: bool
    verdict: str
    basis: str
    band: str
    reason: str
    valid_from: date | None
    valid_to: date | None
    has_ended: bool
    is_disputed: bool
    what_would_change_it: str | None
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Correction:
    """One objection to what is said of the organisation, and what became of it."""

    correction_id: str
    claim: str
    received_on: date
    status: str
    answer: str | None
    answered_on: date | None
    effect: str


@dataclass(frozen=True)
class Near:
    """An organisation that may be meant; ``how`` says why it is offered."""

    org_id: str
    name: str
    how: str


@dataclass(frozen=True)
class Looked:
    """One source that was searched: its newest version and how many records it holds."""

    source: str
    title: str
    newest_published_on: date | None
    snapshots: int
    rows: int


@dataclass(frozen=True)
class Explanation:
    """The whole answer to "why is this organisation in or out?"."""

    query: str
    standing: Standing
    message: str
    matched_by: str = ""
    org_id: str = ""
    name: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    identifiers: tuple[Identifier, ...] = ()
    other_names: tuple[str, ...] = ()
    name_matches: tuple[NameMatch, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    corrections: tuple[Correction, ...] = ()
    lineage: Lineage = field(default_factory=Lineage)
    near: tuple[Near, ...] = ()
    looked_at: tuple[Looked, ...] = ()
    would_count: tuple[str, ...] = ()
    release: str = ""
    objections: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The answer for a program: plain values only, dates in ISO form."""
        told: dict[str, Any] = _plain(asdict(self))
        for verdict, shown in zip(told["verdicts"], self.verdicts, strict=True):
            for criterion, one in zip(verdict["criteria"], shown.criteria, strict=True):
                criterion["words"] = one.words
        told["eligibility"] = NO_ELIGIBILITY
        return told


def _plain(value: Any) -> Any:  # noqa: ANN401 - a tree of anything
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value
