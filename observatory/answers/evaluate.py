"""How good the verdicts are, measured on labelled organisations.

What belongs here: putting an evaluation together from labels, a release and reviewed samples.
What does not: the parts (``evaluate_labels``, ``evaluate_records``, ``evaluate_scores``,
``evaluate_held``, ``review_estimate``) and showing (``evaluate_render``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from observatory.answers import evaluate_labels, evaluate_records, evaluate_scores
from observatory.answers.evaluate_held import Held, held
from observatory.answers.evaluate_labels import APART, NEVER
from observatory.answers.evaluate_records import Case, Connection
from observatory.answers.evaluate_scores import STRICTNESS, WIDEST, Scores, Wrong, is_taken
from observatory.answers.explain import unlisted
from observatory.errors import PermanentError
from observatory.release.connections import reading
from observatory.release.versions import latest
from observatory.settings import Settings


@dataclass(frozen=True)
class Definition:
    """A definition under which verdicts are scored."""

    definition_id: str
    title: str
    is_headline: bool


@dataclass(frozen=True)
class Evaluation:
    """Everything that an evaluation tells. ``remarks`` name what in the files was odd;
    ``has_build`` says whether organisations that no release lists could be looked up."""

    release: str
    folder: str
    definitions: tuple[Definition, ...]
    cases: tuple[Case, ...]
    scores: tuple[Scores, ...]
    wrong: tuple[Wrong, ...]
    remarks: tuple[str, ...]
    has_build: bool
    held: tuple[Held, ...]

    @property
    def headline(self) -> str:
        """The definition that comes first."""
        return self.definitions[0].definition_id

    def coverage(self) -> list[dict[str, int | str]]:
        """Return for each group of labels how many were found, hold records, and were taken."""
        rows: list[dict[str, int | str]] = []
        for group in (*evaluate_labels.SCORED, *APART, NEVER):
            members = [one for one in self.cases if one.labelled.group == group]
            if members:
                rows.append(
                    {"group": group, **self._covered(members, is_taken_told=group != NEVER)}
                )
        return rows

    def _covered(self, members: Sequence[Case], *, is_taken_told: bool) -> dict[str, int]:
        told = {
            "labelled": len(members),
            "found": sum(bool(one.org_ids) for one in members),
            "with_records": sum(one.has_records for one in members),
            "two_independent": sum(one.origins > 1 for one in members),
        }
        if is_taken_told:
            held = [one for one in members if one.has_records]
            told["inferred_possible"] = sum(
                is_taken(one, self.headline, "inferred", WIDEST) for one in held
            )
            for strictness, _ in STRICTNESS:
                told[f"all_{strictness.replace(' ', '_')}"] = sum(
                    is_taken(one, self.headline, "all", strictness) for one in members
                )
        return told

    def not_found(self) -> list[Case]:
        """The labelled organisations that nothing held answers to."""
        return [one for one in self.cases if not one.org_ids and one.labelled.group != NEVER]

    def without_records(self) -> list[Case]:
        """Those known from the curated list alone: nothing can be claimed of them."""
        return [
            one
            for one in self.cases
            if one.org_ids and not one.has_records and one.labelled.group != NEVER
        ]

    def as_dict(self) -> dict[str, object]:
        """The evaluation for a program."""
        return {
            "release": self.release,
            "folder": self.folder,
            "definitions": [vars(one) for one in self.definitions],
            "coverage": self.coverage(),
            "scores": [one.as_dict() for one in self.scores],
            "wrong": [one.as_dict() for one in self.wrong],
            "records": [one.as_dict() for one in self.held],
            "not_found": [_named(one) for one in self.not_found()],
            "no_record_held": [_named(one) for one in self.without_records()],
            "remarks": list(self.remarks),
            "looked_into_the_build": self.has_build,
        }


def from_settings(
    settings: Settings,
    folder: Path,
    heard: Callable[[int, int], None] = lambda done, of: None,
) -> Evaluation:
    """Evaluate the latest release on the labels of ``folder``; ``heard`` is told how many are
    done. Raises BadInput for a bad file and PermanentError before the first release."""
    labels = evaluate_labels.read(folder)
    newest = latest(settings.releases)
    if newest is None:
        raise PermanentError(
            "there is no release to evaluate",
            where=str(settings.releases),
            remedy="run `observatory refresh`",
        )
    with reading(newest.path / "observatory.duckdb") as con, unlisted(settings) as build:
        return evaluate(
            con, labels, build=build, release=str(newest.version), folder=folder, heard=heard
        )


def evaluate(
    con: Connection,
    labels: evaluate_labels.Labels,
    *,
    build: Connection | None = None,
    release: str = "",
    folder: Path = Path(),
    heard: Callable[[int, int], None] = lambda done, of: None,
) -> Evaluation:
    """Score the verdicts of a release against labels, under its policy definitions."""
    definitions = tuple(
        Definition(*row)
        for row in con.execute(
            "select definition_id, title, is_headline from definitions where kind = 'policy'"
            " order by is_headline desc, definition_id"
        ).fetchall()
    )
    done = iter(range(1, len(labels.rows) + 1))
    found, remarks = evaluate_records.cases(
        con, build, labels.rows, lambda: heard(next(done), len(labels.rows))
    )
    kept, doubles = _once(found)
    named = [one.definition_id for one in definitions]
    return Evaluation(
        release,
        str(folder),
        definitions,
        tuple(kept),
        tuple(evaluate_scores.score(kept, named)),
        tuple(evaluate_scores.wrong(kept, named)),
        (*labels.remarks, *remarks, *doubles),
        build is not None,
        tuple(held(con, kept, named[0])) if named else (),
    )


def _once(cases: Sequence[Case]) -> tuple[list[Case], list[str]]:
    """Leave out what is labelled twice for the same days: the later row where both say the same,
    and both rows where they contradict each other."""
    remarks: list[str] = []
    dropped: set[int] = set()
    for later, one in enumerate(cases):
        for earlier, other in enumerate(cases[:later]):
            both = set(one.org_ids) & set(other.org_ids)
            days = other.labelled.span
            if not both or not one.labelled.span.overlaps(days.first, days.last):
                continue
            same = one.labelled.group == other.labelled.group
            dropped |= {later} if same else {earlier, later}
            places = f"{other.labelled.place} and {one.labelled.place}"
            said = (
                "name the same organisation; it counts once"
                if same
                else f"name the same organisation, as {other.labelled.group} and as "
                f"{one.labelled.group}; neither counts"
            )
            remarks.append(f"{places} {said} ({', '.join(sorted(both))})")
    return [one for place, one in enumerate(cases) if place not in dropped], remarks


def _named(case: Case) -> dict[str, object]:
    return {
        "name": case.labelled.name,
        "label": case.labelled.group,
        "org_ids": list(case.org_ids),
        "how": case.how,
        "place": case.labelled.place,
    }
