"""Fictional organisations of documented patterns get the verdicts that the definitions' own texts
give them, through the ordinary door and the ordinary refresh."""

from __future__ import annotations

from dataclasses import replace

import pytest

from observatory.settings import PROJECT_ROOT
from tests.archetypes import cases, compare
from tests.archetypes.cases import Archetype, archetypes
from tests.archetypes.compare import Difference, as_table
from tests.archetypes.page import page
from tests.archetypes.strike import strike

GAPS = [
    pytest.param(one.id, check, why, id=f"{one.id}: {check}")
    for one in archetypes()
    for check, why in one.known_gaps.items()
]


@pytest.mark.parametrize("archetype", archetypes(), ids=lambda one: one.id)
def test_an_archetype_is_judged_as_documented(
    archetype: Archetype, found: list[Difference]
) -> None:
    mine = [
        one
        for one in found
        if one.archetype == archetype.id and one.check not in archetype.known_gaps
    ]
    assert not mine, f"{archetype.title}\n{as_table(mine)}"


@pytest.mark.parametrize(("archetype", "check", "why"), GAPS)
def test_a_known_gap_is_still_open(
    archetype: str, check: str, why: str, found: list[Difference]
) -> None:
    """Strict: a gap that has closed fails here until its line is struck."""
    if any((one.archetype, one.check) == (archetype, check) for one in found):
        pytest.xfail(why)
    pytest.fail(
        f"{check} is as expected now: strike it from known_gaps of cases/{archetype}.yml "
        "(`python -m tests.archetypes.strike`), then write the page again "
        "(`python -m tests.archetypes.page > docs/methodology/archetypes.md`)"
    )


def test_striking_a_gap_touches_nothing_else() -> None:
    text = 'title: A\nknown_gaps:\n  "GB-COH-1 dcms-2018": why\n  "GB-COH-1 never awards": why\n'
    once = strike(text, {"GB-COH-1 dcms-2018"})
    assert once == 'title: A\nknown_gaps:\n  "GB-COH-1 never awards": why\n'
    assert strike(once, {"GB-COH-1 never awards"}) == "title: A\n"


def test_the_page_of_the_methodology_is_the_files() -> None:
    written = (PROJECT_ROOT / "docs" / "methodology" / "archetypes.md").read_text(encoding="utf-8")
    assert written == page(), "python -m tests.archetypes.page > docs/methodology/archetypes.md"


def test_there_are_forty_patterns_and_every_one_is_fictional() -> None:
    assert len(archetypes()) >= 40
    for one in archetypes():
        for source in one.records:
            for row in one.records[source]:
                names = [row["name"]] if "name" in row else []
                names += [supplier["name"] for supplier in row.get("suppliers", ())]
                assert all("fictional" in name.lower() for name in names), (one.id, source, names)


def test_no_two_archetypes_share_an_organisation() -> None:
    ids = [subject.org_id for one in archetypes() for subject in one.subjects]
    assert len(ids) == len(set(ids))


def test_every_register_and_every_site_of_notices_is_used() -> None:
    assert len(cases.sources()) >= 24


def test_every_file_is_in_the_layout_that_its_reader_knows(release: compare.Release) -> None:
    assert release.issues == []


def test_a_wrong_verdict_would_be_told(release: compare.Release) -> None:
    """The comparison can fail: turned upside down, the release differs everywhere it is exact."""
    turned = dict(release.verdicts)
    for key, row in turned.items():
        place = cases.ORDER.index(row["verdict"])
        turned[key] = row | {"verdict": cases.ORDER[4 - place if place != 2 else 0]}
    upside_down = replace(release, verdicts=turned)
    exact = sum(
        "verdict" in expected and (subject.org_id, definition) in release.verdicts
        for one in archetypes()
        for subject in one.subjects
        for definition, expected in subject.expect.items()
    )
    assert exact
    assert len(compare.differences(upside_down)) >= exact
