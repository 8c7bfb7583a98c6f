"""The page of the archetypes in the methodology, written from the files under ``cases/``.

What belongs here: words and table. What does not: whether the release agrees (``compare.py``).
``python -m tests.archetypes.page > docs/methodology/archetypes.md`` writes it; a test tells when
it is stale.
"""

from __future__ import annotations

import sys
from typing import Final

from tests.archetypes.cases import DEFINITIONS, Archetype, Row, archetypes

_HEAD: Final = """# Archetypes: the rules tried on fictional organisations

Few organisations have been labelled by hand, and most labels have no records beside them. So the
logic of the rules is proven on fictional organisations: each is a documented pattern, complete in
the published layouts of all sources, landed through the ordinary door. What must be said of it
was decided from the texts of the definitions, before the rules were tuned. They prove that the
rules do what they say; they say nothing about how often the rules are right about real
organisations, which is what `observatory evaluate` is for.

The files are in `tests/archetypes/cases/`, one a pattern; `python -m tests.archetypes.compare`
builds them and prints every difference between the release and this page. *at least* and *at
most* stand on the order `not_mutual`, `undetermined`, `possible`, `probable`, `mutual`, where the
texts leave room; *at most* is also kept by an organisation that is not listed. *not assessed*:
the definition was not in force where or when the organisation lived. (c): a citation of the
curated list decides. † marks an expectation that the rules do not meet yet; the reasons are below
the table.
"""
_SHORT: Final = ("Cabinet Office 2012", "DCMS 2018", "reg. 77", "section 33", "traditional")


def _cell(expected: Row, *, is_gap: bool) -> str:
    if expected.get("unlisted"):
        words = "not listed"
    elif expected.get("not_assessed") is True:
        words = "not assessed"
    else:
        low, high = expected.get("at_least"), expected.get("at_most")
        words = expected.get("verdict") or (
            f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}"
        )
        if expected.get("not_assessed"):
            words += ", or not assessed"
    if expected.get("basis") == "curated":
        words += " (c)"
    if ended := expected.get("ended"):
        words += f"; {ended}"
    return words + (" †" if is_gap else "")


def _row(one: Archetype) -> list[str]:
    lines = []
    for subject in one.subjects:
        title = one.title if subject.role == "the organisation" else f"{one.title}: {subject.role}"
        cells = [
            _cell(subject.expect[each], is_gap=f"{subject.org_id} {each}" in one.known_gaps)
            for each in DEFINITIONS
        ]
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    return lines


def page() -> str:
    """Return the page."""
    parts = [_HEAD, "| pattern | " + " | ".join(_SHORT) + " |", "|---|---|---|---|---|---|"]
    parts += [line for one in archetypes() for line in _row(one)]
    gaps: dict[tuple[str, str], list[str]] = {}
    for one in archetypes():
        for check, why in one.known_gaps.items():
            gaps.setdefault((one.title, why), []).append(f"`{check}`")
    total = sum(map(len, gaps.values()))
    parts.append(f"\n## What the rules do not meet yet ({total})\n")
    parts += [
        f"* {title}: {why} ({', '.join(checks)})" for (title, why), checks in gaps.items()
    ] or ["Nothing is listed."]
    parts.append("\n## The patterns")
    for one in archetypes():
        parts.append(f"\n### {one.title}\n\n{one.pattern}\n\nKnown from: {one.known_from}")
        parts += [
            f"\n* `{definition}`: {expected['why']}"
            for subject in one.subjects
            for definition, expected in subject.expect.items()
            if "why" in expected
        ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
