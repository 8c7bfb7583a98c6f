"""The pages of the signals: every signal in an example, and every example comes out as it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import pytest
import yaml

from observatory import wording
from observatory.models import engine, tables
from observatory.models.contracts import UnitTest
from observatory.models.project import Project
from observatory.models.unit_tests import _given
from observatory.settings import PROJECT_ROOT
from observatory.wording_texts import Texts
from tests.models import rules

PAGES = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted((PROJECT_ROOT / "docs" / "methodology" / "signals").glob("*.md"))
    if path.stem != "README"
}
SECTIONS = [
    (page, *section.split("\n", 1))
    for page, text in PAGES.items()
    for section in text.split("\n## ")[1:]
]
PARTS = ("What", "Why", "Leaves out", "Assumes")
EXAMPLE = re.compile(r"^```yaml example\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _plain(value: object) -> object:
    """Dates as text, as the contracts' own loader has them."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


EXAMPLES = [
    pytest.param(_plain(yaml.safe_load(example)), id=f"{page}: {title}")
    for page, title, text in SECTIONS
    for example in EXAMPLE.findall(text)
]
FILING = {
    "source": "companies_house_accounts", "record_key": "f1", "snapshot_id": "s1", "locator": "l1",
    "company_number": "09999901", "period_end_on": "2012-03-31", "is_chosen": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return rules.project(tmp_path_factory.mktemp("pages") / "models")


@pytest.fixture
def con(project: Project) -> Iterator[duckdb.DuckDBPyConnection]:
    with engine.in_memory() as made:
        engine.load_macros(made, project.macros)
        tables.make(made, project.model("signals"))
        yield made


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_worked_example_raises_the_signals_that_its_page_says(
    project: Project, con: duckdb.DuckDBPyConnection, example: dict[str, Any]
) -> None:
    given = _with_what_is_said(example)
    raised: set[str] = set()
    for name in example["models"]:
        _give(con, project, name, given)
        tables.make(con, project.model(name))
        if name.startswith("ev_"):
            raised |= _raised(con, project, name)
    assert sorted(raised) == sorted(example["expect"])


def test_every_signal_is_in_an_example() -> None:
    shown = {one for page in PAGES.values() for example in EXAMPLE.findall(page)
             for one in yaml.safe_load(example)["expect"]}  # fmt: skip
    assert set(rules.SIGNALS) == shown


@pytest.mark.parametrize(("page", "title", "text"), SECTIONS)
def test_every_section_says_what_why_and_what_it_leaves_out(
    page: str, title: str, text: str
) -> None:
    assert [one for one in PARTS if f"* **{one}**: " not in text] == []
    assert EXAMPLE.search(text)


def test_the_first_page_names_the_others() -> None:
    first = (PROJECT_ROOT / "docs" / "methodology" / "signals" / "README.md").read_text()
    assert [page for page in PAGES if f"]({page}.md)" not in first] == []


def _with_what_is_said(example: dict[str, Any]) -> dict[str, Any]:
    """The rows given, with a filing whose texts the example quotes, read by the text rules."""
    given = dict(example.get("given", {}))
    if {"accounts_say", "cic_report_says"} & set(example):
        said, report = (example.get(one, "") for one in ("accounts_say", "cic_report_says"))
        read = {
            "affirmed": _hits(said),
            "transferred_from": wording.origins(Texts([said])),
            "cic_affirmed": _hits(report),
        }
        rows = given.get("stg_companies_house_accounts", [{}])
        given["stg_companies_house_accounts"] = [{**FILING, **read, **row} for row in rows]
    return given


def _hits(text: str) -> list[dict[str, Any]]:
    found = wording.affirmed(Texts([text]))
    return [{"rule_id": one.rule_id, "terms": list(one.terms)} for one in found]


def _give(
    con: duckdb.DuckDBPyConnection, project: Project, name: str, given: dict[str, Any]
) -> None:
    model = project.model(name)
    made = {str(row[0]) for row in con.execute("select table_name from duckdb_tables()").fetchall()}
    mine = {table: rows for table, rows in given.items() if table in model.depends_on}
    rows = {table: None if one == "seed" else tuple(one) for table, one in mine.items()}
    for statement in _given(project, model, UnitTest("example", rows, ())):
        about = re.search(r'(?:table|into) "?(\w+)"?', statement)
        if about and about[1] not in made:
            con.execute(statement)
    for table, one in rows.items():
        if one is None and table not in made:
            con.execute(f"drop table if exists {table}")
            tables.make(con, project.model(table))


def _raised(con: duckdb.DuckDBPyConnection, project: Project, name: str) -> set[str]:
    if project.model(name).contract.column("signal_id"):
        found = con.execute(f"select distinct signal_id from {name}").fetchall()
    else:
        found = con.execute(
            f"select distinct signals.signal_id from {name} as readings inner join signals"
            " on readings.reading = signals.reads"
            " and list_contains(string_split(signals.source, '|'), readings.source)"
        ).fetchall()
    return {str(row[0]) for row in found}
