"""What a reviewed sample says of all published organisations.

What belongs here: reading a sheet of ``review_sample.py`` back, and weighting it to the
population. What does not: the formulas (``proportions.py``).
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from observatory.answers.evaluate_scores import STRICTNESS
from observatory.answers.proportions import Interval, Stratum, share_found, stratified
from observatory.answers.review_sample import COLUMNS
from observatory.errors import BadInput

_ANSWERS = ("yes", "no", "unclear")
_NEEDED = (
    "release", "definition_id", "stratum", "stratum_population", "stratum_sampled", "org_id",
    "verdict", "is_mutual",
)  # fmt: skip
_AGAIN = "draw a sheet with `observatory review-sample` and fill its last four columns only"


@dataclass(frozen=True)
class Reviewed:
    """One stratum of a sheet: how many the release has, were drawn, and were answered how."""

    name: str
    verdict: str
    population: int
    sampled: int
    yes: int
    no: int
    unclear: int

    @property
    def awaited(self) -> int:
        """How many have no answer yet."""
        return self.sampled - self.yes - self.no - self.unclear

    def as_stratum(self, unclear_is: str) -> Stratum:
        """The stratum with its unclear ones left out, or counted as ``yes`` or ``no``."""
        hits = self.yes + (self.unclear if unclear_is == "yes" else 0)
        reviewed = self.yes + self.no + (self.unclear if unclear_is != "left out" else 0)
        return Stratum(self.population, reviewed, hits)


@dataclass(frozen=True)
class Sheet:
    """A reviewed sheet: the release and definition that it was drawn from, and its strata."""

    file: str
    release: str
    definition_id: str
    strata: tuple[Reviewed, ...]


@dataclass(frozen=True)
class Figure:
    """A share of the population with its interval at 95 %, or why it is not known. ``bounds``
    count every unclear answer as no, and as yes."""

    name: str
    strictness: str
    value: float | None
    interval: Interval | None
    bounds: Interval | None
    why_not: str = ""

    def line(self) -> str:
        """The figure in words."""
        name = f"{self.name} over all published, {self.strictness}"
        if self.value is None or self.interval is None:
            return f"{name}: not known ({self.why_not})"
        low, high = self.interval
        told = f"{name}: {self.value:.0%} ({low:.0%}–{high:.0%})"
        if self.bounds and self.bounds[0] < self.bounds[1]:
            told += f"; {self.bounds[0]:.0%}–{self.bounds[1]:.0%} as the unclear ones turn out"
        return told


@dataclass(frozen=True)
class Population:
    """What is known of all published organisations, and what must be said with it."""

    figures: tuple[Figure, ...]
    remarks: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """The figures for a person."""
        return [
            "",
            "All published organisations (a precision on a labelled list is not the register's)",
            *(f"  {one}" for one in self.remarks),
            *(f"  {one.line()}" for one in self.figures),
        ]

    def as_dict(self) -> dict[str, object]:
        """The figures for a program: null and the reason where one is not known."""
        figures = [
            {
                "measure": one.name,
                "strictness": one.strictness,
                "value": one.value,
                "interval_95": one.interval,
                "if_unclear_were_no_or_yes": one.bounds,
                "known": one.value is not None,
                "why_not": one.why_not or None,
            }
            for one in self.figures
        ]
        return {"figures": figures, "remarks": list(self.remarks)}


def read(path: Path) -> Sheet:
    """Read a sheet. Raises BadInput, naming file and line, where it is no such sheet, a row is
    missing or double, or an answer is none of yes, no and unclear (empty: not yet reviewed)."""
    rows = _rows(path)
    strata: dict[str, list[tuple[int, dict[str, str]]]] = {}
    seen: set[str] = set()
    for line, row in rows:
        if row["org_id"] in seen:
            raise _bad(path, line, f"{row['org_id']} stands there twice", "take one out")
        seen.add(row["org_id"])
        if row["is_mutual"].strip().lower() not in ("", *_ANSWERS):
            what = f"is_mutual is {row['is_mutual']!r}"
            raise _bad(path, line, what, f"write {', '.join(_ANSWERS)}, or nothing yet")
        strata.setdefault(row["stratum"], []).append((line, row))
    releases = {(row["release"], row["definition_id"]) for _, row in rows}
    if len(releases) != 1:
        raise _bad(path, 1, f"rows of {len(releases)} samples are mixed", _AGAIN)
    release, definition_id = releases.pop()
    told = tuple(_stratum(path, name, members) for name, members in sorted(strata.items()))
    return Sheet(str(path), release, definition_id, told)


def estimate(sheet: Sheet | None, release: str) -> Population:
    """Weight a reviewed sheet to the published organisations: precision at each reading, and
    what share of all mutuals among them that reading holds. Without a sheet, or while a row of a
    stratum concerned awaits its review, a figure is not known."""
    if sheet is None:
        why = "no reviewed sample was given: see `observatory review-sample`"
        unknown = tuple(Figure("precision", name, None, None, None, why) for name, _ in STRICTNESS)
        return Population(unknown)
    remarks = [f"by {sheet.file}, drawn from {sheet.release} under {sheet.definition_id}"]
    if release != sheet.release:
        remarks.append(f"these are figures of {sheet.release}, not of {release}")
    figures: list[Figure] = []
    for strictness, verdicts in STRICTNESS:
        taken = [one for one in sheet.strata if one.verdict in verdicts]
        left = [one for one in sheet.strata if one.verdict not in verdicts]
        figures.append(_precision(strictness, taken))
        figures.append(_recall(strictness, taken, left))
    return Population(tuple(figures), tuple(remarks))


def _precision(strictness: str, taken: Sequence[Reviewed]) -> Figure:
    if why := _why_not(taken):
        return Figure("precision", strictness, None, None, None, why)
    told = stratified([one.as_stratum("left out") for one in taken])
    if told is None:
        why = "every answer in one of its strata is unclear"
        return Figure("precision", strictness, None, None, None, why)
    as_no = stratified([one.as_stratum("no") for one in taken])
    as_yes = stratified([one.as_stratum("yes") for one in taken])
    bounds = (as_no[0], as_yes[0]) if as_no and as_yes else None
    return Figure("precision", strictness, told[0], told[1], bounds)


def _recall(strictness: str, taken: Sequence[Reviewed], left: Sequence[Reviewed]) -> Figure:
    why = _why_not([*taken, *left])
    told = None
    if not why:
        told = share_found(
            [one.as_stratum("left out") for one in taken],
            [one.as_stratum("left out") for one in left],
        )
        why = "" if told else "no answer says yes, or a stratum is all unclear"
    if told is None:
        return Figure("recall", strictness, None, None, None, why)
    return Figure("recall", strictness, told[0], told[1], None)


def _why_not(strata: Sequence[Reviewed]) -> str:
    if not strata:
        return "nothing is published with such a verdict"
    awaited = sum(one.awaited for one in strata)
    return f"{awaited} of its rows await review" if awaited else ""


def _stratum(path: Path, name: str, members: list[tuple[int, dict[str, str]]]) -> Reviewed:
    line, first = members[0]
    told = {
        (row["stratum_population"], row["stratum_sampled"], row["verdict"]) for _, row in members
    }
    population, sampled = first["stratum_population"], first["stratum_sampled"]
    if len(told) != 1 or not population.isdecimal() or not sampled.isdecimal():
        raise _bad(path, line, f"the counts of stratum {name!r} were changed", _AGAIN)
    if len(members) != int(sampled) or int(sampled) > int(population):
        what = f"stratum {name!r} has {len(members)} rows, and {sampled} were drawn"
        raise _bad(path, line, what, "put the missing rows back; leave is_mutual empty instead")
    answers = [row["is_mutual"].strip().lower() for _, row in members]
    yes, no, unclear = (answers.count(one) for one in _ANSWERS)
    return Reviewed(name, first["verdict"], int(population), int(sampled), yes, no, unclear)


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [one for one in _NEEDED if one not in (reader.fieldnames or ())]
            if missing:
                what = f"there is no column {missing[0]!r}"
                raise _bad(path, 1, what, f"keep the columns {', '.join(COLUMNS)}")
            rows = []
            for row in reader:
                if None in row or None in row.values():
                    what = "the row has not as many cells as the first line"
                    raise _bad(path, reader.line_num, what, _AGAIN)
                rows.append((reader.line_num, row))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise BadInput(f"cannot be read: {said}", where=str(path), remedy=_AGAIN) from error
    if not rows:
        raise _bad(path, 1, "the sheet has no rows", _AGAIN)
    return rows


def _bad(path: Path, line: int, what: str, remedy: str) -> BadInput:
    return BadInput(what, where=f"{path}, line {line}", remedy=remedy)
