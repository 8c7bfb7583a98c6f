"""One organisation a legal entity: permanent ids, twins and successors, on the curated list."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from observatory import build
from observatory.identifiers import normalise_name
from observatory.models import engine, tables
from observatory.models.project import Project
from observatory.settings import from_environment
from observatory.sources.known_mutuals import SEED

# Two spun-out companies and the companies beside them that bear nearly their names.
TWINS = [
    ("07585003", "SIRONA CARE & HEALTH C.I.C.", "08275256", "SIRONA CARE SERVICES LIMITED"),
    ("07584107", "LIVEWELL SOUTHWEST CIC", "09944115", "LIVEWELL SOUTHWEST LTD"),
]
NUMBERS = ("society_number", "company_number", "charity_number")


@pytest.fixture(scope="module")
def facts() -> list[dict[str, str]]:
    with SEED.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_a_permanent_id_is_one_organisations(facts: list[dict[str, str]]) -> None:
    names = defaultdict(set)
    for fact in facts:
        names[fact["entry_id"]].add(fact["name"])
    assert {entry: found for entry, found in names.items() if len(found) > 1} == {}


def test_no_number_is_two_entries_so_that_a_successor_is_never_its_predecessor(
    facts: list[dict[str, str]],
) -> None:
    entries = defaultdict(set)
    for fact in facts:
        if fact["field"] in NUMBERS:
            entries[fact["field"], fact["value"]].add(fact["entry_id"])
    assert {number: found for number, found in entries.items() if len(found) > 1} == {}


def test_no_entry_has_two_numbers_of_one_register(facts: list[dict[str, str]]) -> None:
    numbers = defaultdict(set)
    for fact in facts:
        if fact["field"] in NUMBERS:
            numbers[fact["entry_id"], fact["field"]].add(fact["value"])
    assert {entry: found for entry, found in numbers.items() if len(found) > 1} == {}


class _Joined:
    """``ent_record_organisations`` over tables that a test fills; the others are empty."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.model = project.model("ent_record_organisations")
        self.con: duckdb.DuckDBPyConnection = engine.in_memory().__enter__()
        engine.load_macros(self.con, project.macros)

    def of(self, given: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
        """Return the organisation of each record, by the record's key."""
        for name in self.model.depends_on:
            columns = self.project.model(name).contract.columns
            declared = ", ".join(f"{tables.quoted(one.name)} {one.type}" for one in columns)
            self.con.execute(f"create or replace table {name} ({declared})")
            for row in given.get(name, []):
                marks = ", ".join(f"? as {column}" for column in row)
                self.con.execute(f"insert into {name} by name select {marks}", list(row.values()))
        tables.make(self.con, self.model)
        return dict(
            self.con.execute("select record_key, org_id from ent_record_organisations").fetchall()
        )


@pytest.fixture(scope="module")
def joined() -> Iterator[_Joined]:
    made = _Joined(build.load_project(from_environment({})))
    yield made
    made.con.close()


def _named(source: str, key: str, kind: str, name: str) -> dict[str, Any]:
    return {
        "source": source,
        "record_key": key,
        "name_type": kind,
        "name_normalised": normalise_name(name),
    }


@pytest.mark.parametrize(("number", "name", "twin", "twin_name"), TWINS)
def test_twins_stay_apart(
    joined: _Joined, number: str, name: str, twin: str, twin_name: str
) -> None:
    """By number each award is its own company's; by name alone it is nobody's."""
    house = "companies_house_basic"
    found = joined.of(
        {
            "stg_companies_house_basic": [
                {"source": house, "record_key": one, "company_number": one}
                for one in (number, twin)
            ],
            "stg_award_suppliers": [
                {"source": "find_a_tender", "record_key": "by number", "company_number": twin},
                {"source": "find_a_tender", "record_key": "by name"},
            ],
            "ent_record_names": [
                _named(house, number, "current", name),
                _named(house, twin, "current", twin_name),
                _named("find_a_tender", "by name", "notice", name),
            ],
        }
    )
    assert normalise_name(name) != normalise_name(twin_name)
    assert found == {
        number: f"GB-COH-{number}",
        twin: f"GB-COH-{twin}",
        "by number": f"GB-COH-{twin}",
    }


def test_an_entry_keeps_its_permanent_id_until_a_number_is_found(joined: _Joined) -> None:
    entry = {"source": "known_mutuals", "entry_id": "XM-PSM-9001", "name": "Fictional Care"}
    label = {**entry, "record_key": "f1", "field": "label", "value": "psm"}
    number = {**entry, "record_key": "f2", "field": "company_number", "value": "9999991"}
    renamed = {**label, "name": "Fictional Care Renamed"}
    assert joined.of({"stg_known_mutuals": [label]}) == {"XM-PSM-9001": "XM-PSM-9001"}
    assert joined.of({"stg_known_mutuals": [renamed]}) == {"XM-PSM-9001": "XM-PSM-9001"}
    found = joined.of({"stg_known_mutuals": [label, number]})
    assert found == {"XM-PSM-9001": "GB-COH-09999991"}
