"""What the release says of the archetypes, held against what is expected: every difference at once.

What belongs here: the comparison and its table. What does not: how the release came about
(``home.py``), and what is expected (the files under ``cases/``). Run as a module, it builds the
archetypes in a temporary folder and prints the table.
"""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import duckdb

from tests.archetypes.cases import ORDER, Archetype, Row, Subject, archetypes

_UNDETERMINED: Final = ORDER.index("undetermined")


@dataclass(frozen=True)
class Difference:
    """One check that failed. ``check`` names it for ``known_gaps``: the organisation, then the
    definition or what it must show or never do."""

    archetype: str
    check: str
    expected: str
    got: str
    reason: str


@dataclass(frozen=True)
class Release:
    """What a release says of every organisation, by its id."""

    verdicts: dict[tuple[str, str], dict[str, Any]]
    evidence: dict[str, list[dict[str, Any]]]
    awards: dict[str, list[dict[str, Any]]]
    events: dict[str, list[dict[str, Any]]]
    organisations: dict[str, dict[str, Any]]
    successions: dict[str, list[str]] | None
    aliases: dict[str, str]
    issues: list[dict[str, Any]]

    def org_id(self, said: str) -> str:
        """The id under which the release knows an organisation, whichever of its ids is said."""
        return said if said in self.organisations else self.aliases.get(said, said)


def open_release(folder: Path) -> Release:
    """Read what the comparison needs from a release; no table of successions is told as None."""
    with duckdb.connect(str(folder / "observatory.duckdb"), read_only=True) as con:

        def rows(table: str) -> list[dict[str, Any]]:
            found = con.execute(f"select * from {table}")
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

        def grouped(table: str) -> dict[str, list[dict[str, Any]]]:
            groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
            for row in rows(table):
                groups[row["org_id"]].append(row)
            return groups

        tables = {
            name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()
        }
        successions: dict[str, list[str]] | None = None
        if "successions" in tables:
            successions = defaultdict(list)
            for row in rows("successions"):
                texts = [str(value) for value in row.values()]
                for text in texts:
                    successions[text] += texts
        return Release(
            {(row["org_id"], row["definition_id"]): row for row in rows("classifications")},
            grouped("evidence"),
            grouped("awards"),
            grouped("events"),
            {row["org_id"]: row for row in rows("organisations")},
            successions,
            {f"{row['scheme']}-{row['identifier']}": row["org_id"] for row in rows("identifiers")},
            [row for row in rows("data_issues") if row["severity"] != "info"],
        )


def differences(release: Release, chosen: Sequence[Archetype] | None = None) -> list[Difference]:
    """Return every check that fails, in the order of the files."""
    return [
        Difference(one.id, f"{subject.org_id} {check}", expected, got, reason)
        for one in (archetypes() if chosen is None else chosen)
        for subject in one.subjects
        for check, expected, got, reason in _of(
            replace(subject, org_id=release.org_id(subject.org_id)), release
        )
    ]


Found = tuple[str, str, str, str]


def _of(subject: Subject, release: Release) -> Iterator[Found]:
    for definition, expected in subject.expect.items():
        row = release.verdicts.get((subject.org_id, definition))
        problem = _verdict_problem(expected, row)
        if problem:
            yield (definition, *problem, str(row["reason"]) if row else "")
    yield from _never(subject, release)
    yield from _shows(subject, release)


def _verdict_problem(expected: Row, row: dict[str, Any] | None) -> tuple[str, str] | None:
    """Return what was expected and what was got, or None when they agree."""
    if row is None:
        unlisted_will_do = (
            expected.get("unlisted")
            or expected.get("not_assessed")
            or (
                not {"verdict", "at_least"} & set(expected)
                and ORDER.index(expected["at_most"]) >= _UNDETERMINED
            )
        )
        return None if unlisted_will_do else (_said(expected), "no row")
    if expected.get("unlisted"):
        return "no row", row["verdict"]
    if _is_not_assessed(row):
        return None if expected.get("not_assessed") else (_said(expected), "not assessed")
    if expected.get("not_assessed") is True:
        return "not assessed", row["verdict"]
    got = [row["verdict"], row["basis"], row["end_kind"] if row["has_ended"] else "has not ended"]
    if _fits(expected, row):
        return None
    return _said(expected), ", ".join(map(str, got))


def _is_not_assessed(row: dict[str, Any]) -> bool:
    """Whether a verdict says that the definition did not reach it: in its own words, since no
    column tells it."""
    return row["verdict"] == "undetermined" and any(
        words in row["reason"]
        for words in ("not in force", "not tested", "not assessed", "does not reach")
    )


def _fits(expected: Row, row: dict[str, Any]) -> bool:
    rank = ORDER.index(row["verdict"])
    exact = expected.get("verdict", row["verdict"])
    low, high = expected.get("at_least", exact), expected.get("at_most", exact)
    within = (
        row["verdict"] == exact
        and (low == exact or rank >= ORDER.index(low))
        and (high == exact or rank <= ORDER.index(high))
    )
    ended = expected.get("ended", ...)
    return (
        within
        and row["basis"] == expected.get("basis", row["basis"])
        and expected.get("reason", "").lower() in row["reason"].lower()
        and (
            ended is ...
            or (ended is False and not row["has_ended"])
            or (ended is not False and row["has_ended"] and row["end_kind"] == ended)
        )
    )


def _said(expected: Row) -> str:
    words = {
        "verdict": "{}",
        "at_least": "at least {}",
        "at_most": "at most {}",
        "basis": "basis {}",
        "reason": "reason with “{}”",
        "ended": "ended: {}",
        "not_assessed": "not assessed ({})",
        "unlisted": "no row",
    }
    return ", ".join(text.format(expected[key]) for key, text in words.items() if key in expected)


def _never(subject: Subject, release: Release) -> Iterator[Found]:
    verdicts = [row for (org_id, _), row in release.verdicts.items() if org_id == subject.org_id]
    for row in verdicts:
        for words in subject.never.get("words", ()):
            if words.lower() in row["reason"].lower():
                yield "never words", f"no “{words}”", row["definition_id"], row["reason"]
        if subject.never.get("ended") and row["has_ended"]:
            yield "never ended", "has not ended", str(row["end_kind"]), row["reason"]
    linked = {row["ocid"] for row in release.awards.get(subject.org_id, ())}
    for ocid in sorted(linked & set(subject.never.get("awards", ()))):
        yield "never awards", f"not supplier of {ocid}", "linked", ""
    for row in release.evidence.get(subject.org_id, ()):
        direction, criterion = row["direction"], row["criterion_id"]
        if criterion in subject.never.get(f"evidence_{direction}", ()):
            said = f"nothing {direction} {criterion}"
            yield f"never {direction}", said, row["signal_id"], str(row["value_seen"])


def _shows(subject: Subject, release: Release) -> Iterator[Found]:
    awards = release.awards.get(subject.org_id, [])
    linked = {row["ocid"] for row in awards}
    for ocid in subject.shows.get("awards", ()):
        if ocid not in linked:
            yield "shows awards", f"supplier of {ocid}", "not linked", ""
    seen = {
        "declared": sorted({str(row["mutual_declared"]) for row in awards}),
        "status_detail": [str(release.organisations.get(subject.org_id, {}).get("status_detail"))],
    }
    for what, got in seen.items():
        if what in subject.shows and got != [subject.shows[what]]:
            yield f"shows {what}", subject.shows[what], ", ".join(got), ""
    yield from _shows_history(subject, release)


def _shows_history(subject: Subject, release: Release) -> Iterator[Found]:
    events = release.events.get(subject.org_id, [])
    words = subject.shows.get("event", "")
    if not any(words in f"{row['event']} {row['detail']}".lower() for row in events) and words:
        yield "shows event", words, ", ".join(sorted({row["event"] for row in events})), ""
    successor = subject.shows.get("successor", "")
    if successor and release.successions is None:
        yield "shows successor", successor, "no table of successions", ""
    elif successor and successor not in (release.successions or {}).get(subject.org_id, ()):
        yield "shows successor", successor, "not told", ""


def as_table(found: Sequence[Difference]) -> str:
    """The differences as a table for a person."""
    head = ("archetype", "check", "expected", "got", "reason or value seen")
    lines = [head, *((d.archetype, d.check, d.expected, d.got, d.reason) for d in found)]
    widths = [max(len(line[column]) for line in lines) for column in range(4)]
    return "\n".join(
        "  ".join(
            [*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[4]]
        )
        for line in lines
    )


def main() -> None:
    """Build the archetypes and print every difference, and which of them are known gaps."""
    from tests.archetypes.home import build

    with tempfile.TemporaryDirectory() as folder:
        found = differences(open_release(build(Path(folder))))
    gaps = {(one.id, check) for one in archetypes() for check in one.known_gaps}
    for title, part in (
        ("Differences", [d for d in found if (d.archetype, d.check) not in gaps]),
        ("Known gaps", [d for d in found if (d.archetype, d.check) in gaps]),
    ):
        sys.stdout.write(f"{title}: {len(part)}\n{as_table(part)}\n\n")


if __name__ == "__main__":
    main()
