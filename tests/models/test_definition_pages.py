"""The pages of the definitions: one each, and every worked example comes out as it says."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
import yaml

from observatory.settings import PROJECT_ROOT
from tests.models import rules

PREFIX = "definition-"
PAGES = {
    path.stem.removeprefix(PREFIX): path.read_text(encoding="utf-8")
    for path in sorted((PROJECT_ROOT / "docs" / "methodology").glob(f"{PREFIX}*.md"))
}
SECTIONS = ["What it asks", "Worked example", "What it leaves out", "What we assume"]
EXAMPLE = re.compile(r"^```yaml example\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _examples() -> list[tuple[str, dict[str, Any]]]:
    return [
        (name, yaml.safe_load(text))
        for name, page in PAGES.items()
        for text in EXAMPLE.findall(page)
    ]


EXAMPLES = _examples()


def _piece(one: dict[str, Any]) -> dict[str, object]:
    dates = {"valid_from": one.get("from"), "valid_to": one.get("to")}
    if "signal" in one:
        return rules.piece(one["signal"], **dates)
    told = {key: one[key] for key in ("direction", "strength", "source")}
    return {"signal_id": "example", "criterion_id": one["criterion"], **told, **dates}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], dict[str, Any]]:
    """Every example judged in one run: organisation and definition → its row of classifications."""
    judge = rules.Judge(rules.project(tmp_path_factory.mktemp("rules") / "models"))
    ids = {one["organisation"]: f"XX-{n}" for n, (_, one) in enumerate(EXAMPLES)}
    given = {ids[one["organisation"]]: one for _, one in EXAMPLES}
    judge.judge(
        {org_id: [_piece(piece) for piece in one["evidence"]] for org_id, one in given.items()},
        lives={org_id: {"registered_on": one["registered_on"]} for org_id, one in given.items()},
        nations={org_id: one.get("nation", "England") for org_id, one in given.items()},
        forms={org_id: one.get("form", "cic") for org_id, one in given.items()},
    )
    cursor = judge.con.execute("select * from classifications")
    names = [column[0] for column in cursor.description or []]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    organisations = {org_id: name for name, org_id in ids.items()}
    return {(organisations[row["org_id"]], row["definition_id"]): row for row in rows}


@pytest.mark.parametrize(
    ("definition", "example"), EXAMPLES, ids=[one["organisation"] for _, one in EXAMPLES]
)
def test_a_worked_example_comes_out_as_its_page_says(
    judged: dict[tuple[str, str], dict[str, Any]], definition: str, example: dict[str, Any]
) -> None:
    row = judged[example["organisation"], definition]
    assert {name: row[name] for name in example["expect"]} == example["expect"]
    assert example["says"] in row["reason"]


def test_every_example_is_of_a_fictional_organisation_named_once() -> None:
    names = [one["organisation"] for _, one in EXAMPLES]
    assert len(set(names)) == len(names)
    assert all(name.startswith("Fictional ") for name in names)


@pytest.mark.parametrize("definition", [row["definition_id"] for row in rules.seed("definitions")])
def test_every_definition_has_a_page_with_its_criteria(definition: str) -> None:
    page = PAGES[definition]
    assert EXAMPLE.search(page)
    assert [one for one in SECTIONS if f"\n## {one}\n" not in page] == []
    titles = {row["criterion_id"]: row["title"] for row in rules.seed("criteria")}
    lines = [row for row in rules.seed("definition_criteria") if row["definition_id"] == definition]
    table = page.split("## What it asks")[1].split("\n## ")[0]
    for line in lines:
        role = line["role"] + (", key" if line["is_key"] == "true" else "")
        role += ", final" if line["refutation_is_final"] == "true" else ""
        assert f"| {titles[line['criterion_id']]} | {role} |" in table
    assert table.count("\n| ") == len(lines) + 1


def test_no_page_is_left_of_a_definition_that_is_gone() -> None:
    known = {row["definition_id"] for row in rules.seed("definitions")}
    assert set(PAGES) == known
    assert all(isinstance(one["registered_on"], date) for _, one in EXAMPLES)
