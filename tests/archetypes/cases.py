"""The archetypes: fictional organisations, each a documented pattern, with what must be said of it.

Two things worth knowing before you touch this. An expectation is decided from the definitions'
own texts, never from what the code says today: where the code falls short, the check is listed
under ``known_gaps`` with the reason, and the test tells as soon as the gap has closed. And where
the texts leave room, an expectation is a bound on the order of verdicts, not one verdict.

What belongs here: reading and checking the files under ``cases/``. What does not: publishers'
layouts (``companies.py``, ``registers.py``, ``notices.py``) and comparing (``compare.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

CASES: Final = Path(__file__).with_name("cases")
ORDER: Final = ("not_mutual", "undetermined", "possible", "probable", "mutual")
DEFINITIONS: Final = (
    "cabinet-office-2012",
    "dcms-2018",
    "pcr-2015-reg-77",
    "procurement-act-2023",
    "traditional-mutual",
)
_EXPECTED: Final = {
    *("verdict", "at_least", "at_most", "basis", "reason", "ended", "not_assessed", "unlisted"),
    "why",
}
_NEVER: Final = {"words", "awards", "evidence_for", "evidence_against", "ended", "why"}
_SHOWS: Final = {"awards", "status_detail", "event", "successor", "declared", "why"}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Subject:
    """One organisation of an archetype: what is expected under each definition, what must never
    be said of it, and what else the release must show of it."""

    org_id: str
    role: str
    expect: Mapping[str, Row]
    never: Row
    shows: Row


@dataclass(frozen=True)
class Archetype:
    """A documented pattern: where it is known from, its published rows by source, its subjects,
    and the checks that today's rules are known not to pass, each with the reason."""

    id: str
    title: str
    pattern: str
    known_from: str
    records: Mapping[str, Sequence[Row]]
    subjects: Sequence[Subject]
    known_gaps: Mapping[str, str]


@cache
def archetypes() -> tuple[Archetype, ...]:
    """Return all archetypes, in the order of their file names. Raises ValueError for a file that
    is not in order, with its name."""
    return tuple(_read(path) for path in sorted(CASES.glob("*.yml")))


def records(source: str) -> list[Row]:
    """Return the rows of all archetypes for one source, in order."""
    return [row for one in archetypes() for row in one.records.get(source, ())]


def sources() -> list[str]:
    """Return the sources that some archetype has a row for, in alphabetical order."""
    return sorted({source for one in archetypes() for source in one.records})


def _read(path: Path) -> Archetype:
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        found = Archetype(
            path.stem,
            said["title"],
            " ".join(said["pattern"].split()),
            " ".join(said["known_from"].split()),
            said["records"],
            tuple(
                Subject(
                    one["org_id"],
                    one.get("role", "the organisation"),
                    one["expect"],
                    one.get("never", {}),
                    one.get("shows", {}),
                )
                for one in said["subjects"]
            ),
            said.get("known_gaps", {}),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path.name}: {error!r} is missing or of another kind") from error
    for problem in _problems(found):
        raise ValueError(f"{path.name}: {problem}")
    return found


def _problems(one: Archetype) -> list[str]:
    problems = []
    for subject in one.subjects:
        if set(subject.expect) != set(DEFINITIONS):
            problems.append(f"{subject.org_id}: expects under {sorted(subject.expect)}")
        for definition, expected in subject.expect.items():
            said = [expected.get(key) for key in ("verdict", "at_least", "at_most")]
            if unknown := set(expected) - _EXPECTED:
                problems.append(f"{subject.org_id} {definition}: unknown {sorted(unknown)}")
            if bad := [verdict for verdict in said if verdict and verdict not in ORDER]:
                problems.append(f"{subject.org_id} {definition}: no verdict {bad}")
            if not any(said) and not expected.get("not_assessed") and not expected.get("unlisted"):
                problems.append(f"{subject.org_id} {definition}: expects nothing")
        if unknown := set(subject.never) - _NEVER | set(subject.shows) - _SHOWS:
            problems.append(f"{subject.org_id}: unknown {sorted(unknown)}")
    return problems
