"""Contracts Finder: what is kept of a release, and what is mended."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory import ocds_text
from observatory.errors import BadInput
from observatory.lake import Lake
from observatory.landing.accept import land_file
from observatory.landing.store import Landing
from observatory.settings import Settings
from observatory.sources.base import Body
from observatory.sources.contracts_finder import SOURCE
from tests.sources.notices import paths
from tests.sources.reading import Result, fixture, read

CANARIES = ("canary", "01632 960123", "Contactname")
Row = dict[str, Any]


@pytest.fixture
def package(tmp_path: Path) -> Result:
    return read(SOURCE.id, fixture(SOURCE.id, "package.json"), tmp_path / "p", "package.json")


@pytest.fixture
def lines(tmp_path: Path) -> Result:
    return read(SOURCE.id, fixture(SOURCE.id, "releases.jsonl"), tmp_path / "l", "releases.jsonl")


def by_number(result: Result) -> dict[int, Row]:
    return {int(row["ocid"][-4:]): row for row in result.rows}


def test_a_release_becomes_one_row(package: Result) -> None:
    row = by_number(package)[1]
    assert row["locator"] == "/releases/0"
    assert row["release_id"] == "fictional-0001-100"
    assert row["released_at"] == datetime(2024, 5, 1, 23, 30)
    assert row["cpv_codes"] == ["85141200", "85323000"]
    assert (row["buyer_id"], row["buyer_name"]) == ("GB-LAE-FIC", "Fictional Borough Council")
    assert (row["tender_amount"], row["tender_currency"]) == (100000.5, "GBP")
    assert row["suitability_vcse"] is True
    assert row["reserved_participation"] == ["publicServiceMissionOrganization"]
    # The publisher's own calendar day, though it is still the day before in UTC.
    assert row["contract_start_on"] == date(2024, 6, 1)
    (award,) = row["awards"]
    assert (award["awarded_on"], award["amount"]) == (date(2024, 5, 1), 95000)
    assert [one["id"] for one in award["suppliers"]] == ["GB-COH-00000001", "GB-CFS-1"]
    assert award["notice_url"].startswith("https://www.contractsfinder.service.gov.uk/Notice/")


def test_identifiers_are_kept_as_published_and_flags_keep_three_states(package: Result) -> None:
    buyer, company, other = by_number(package)[1]["parties"]
    assert (company["scheme"], company["identifier"]) == ("GB-COH", "1")
    assert (other["scheme"], other["identifier"]) == (None, None)
    assert (company["vcse"], other["vcse"], buyer["vcse"]) == (True, False, None)
    assert company["public_service_mutual"] is None
    assert other["name"] == "Fictional Nurses' Co-operative Ltd"


def test_no_contact_reaches_the_lake(package: Result, lines: Result) -> None:
    for result in (package, lines):
        kept = json.dumps([result.rows, result.issues], default=str)
        assert result.rows
        assert not [one for one in CANARIES if one.lower() in kept.lower()]
    title = by_number(package)[1]["title"]
    assert title == "Fictional nursing & therapy, ask [e-mail removed] or [telephone removed]"


def test_canaries_are_not_even_in_the_files_of_the_lake(package: Result, lines: Result) -> None:
    for result in (package, lines):
        for path in result.snapshot.folder.iterdir():
            assert b"canary" not in path.read_bytes().lower()


def test_odd_releases_are_kept_as_far_as_they_say_something(package: Result) -> None:
    rows = by_number(package)
    assert sorted(rows) == [1, 2, 3, 4, 5, 6]
    assert rows[2]["awards"][0]["suppliers"] == [{"id": "GB-CFS-2", "name": None}]
    assert rows[2]["parties"][1]["name"] is None
    assert [one["roles"] for one in rows[3]["parties"]] == [["buyer"], ["supplier", "tenderer"]]
    assert rows[4]["awards"][0]["amount"] is None
    assert rows[4]["awards"][0]["awarded_on"] is None
    assert rows[4]["awards"][0]["suppliers"] is None
    assert rows[5]["parties"] is None
    assert rows[5]["tags"] is None
    assert rows[5]["reserved_participation"] is None


def test_a_sole_traders_address_is_not_kept(package: Result) -> None:
    trader = by_number(package)[6]["parties"][1]
    assert trader["name"] == "Ann Fictional"
    assert trader["street_address"] is None


def test_what_was_mended_or_unknown_is_reported(package: Result) -> None:
    found = {(one["kind"], one["field"], one["value"], one["locator"]) for one in package.issues}
    assert found == {
        ("html-entity", None, None, "/releases/0"),
        ("duplicate-party", "parties", "GB-COH-9", "/releases/2"),
        ("invalid-company-number", "parties.identifier.id", "123456789", "/releases/2"),
        ("unreadable-value", "awards.date", "not a date", "/releases/3"),
        ("unreadable-value", "awards.value.amount", "1e9999", "/releases/3"),
        ("unknown-code", "awards.status", "unheardOf", None),
        ("unknown-field", "newField", None, None),
    }


def test_a_bad_line_is_quarantined_and_the_rest_is_kept(lines: Result) -> None:
    places = {number: row["locator"] for number, row in by_number(lines).items()}
    assert places == {
        11: "line 1",
        13: "line 4",
        15: "line 8/releases/0",
        16: "line 8/releases/1",
        18: "line 10",
    }
    bad = {
        one["locator"]: one["detail"] for one in lines.issues if one["severity"] == "quarantined"
    }
    assert sorted(bad) == ["line 3", "line 5", "line 6", "line 9"]
    assert "not JSON" in bad["line 3"]
    assert "an ocid and an id" in bad["line 9"]
    assert lines.snapshot.quarantined == 4


def test_a_damaged_release_of_a_package_is_quarantined_alone(tmp_path: Path) -> None:
    data = fixture(SOURCE.id, "package.json").replace(b"1e9999", b" 000,")
    result = read(SOURCE.id, data, tmp_path, "package.json")
    assert sorted(by_number(result)) == [1, 2, 3, 5, 6]
    assert by_number(result)[6]["locator"] == "/releases/5"
    assert result.issue("unreadable-release")["locator"] == "/releases/3"


def test_a_body_that_is_not_utf8_is_read_and_reported(tmp_path: Path) -> None:
    text = fixture(SOURCE.id, "releases.jsonl").decode()
    result = read(SOURCE.id, text.encode("cp1252"), tmp_path, "releases.jsonl")
    assert by_number(result)[18]["title"] == "Fictional café"
    assert result.issue("encoding")["severity"] == "repaired"


@pytest.mark.parametrize(
    ("data", "word"),
    [(b"a,b\n1,2\n", "neither"), (b'{"releases": [{"ocid": "x"', "cut short"), (b"[]", "neither")],
)
def test_another_file_is_refused(data: bytes, word: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=word):
        read(SOURCE.id, data, tmp_path, "given.json")


def test_the_date_is_the_packages_or_the_newest_releases(package: Result, lines: Result) -> None:
    assert package.receipt.published_on == date(2024, 5, 2)
    assert lines.receipt.published_on == date(2024, 5, 1)
    assert package.receipt.published_basis == "content"
    assert str(package.receipt.scope) == "increment"


@given(st.binary(max_size=200))
@settings(max_examples=60)
def test_any_bytes_are_split_or_refused(body: bytes) -> None:
    text, _ = ocds_text.decode(body)
    found, lost = ocds_text.split('{"releases": [' + text)
    assert isinstance(found, list)
    assert isinstance(lost, list)


# Real releases


@pytest.mark.corpus
def test_the_fixture_keeps_every_field_path(corpus: Path) -> None:
    folder = corpus / "procurement" / "contracts_finder"
    real: set[str] = set()
    for path in folder.glob("*.jsonl"):
        real = real.union(*(paths(json.loads(line)) for line in path.open(encoding="utf-8")))
    for path in folder.glob("*.json"):
        real = real.union(*(paths(one) for one in json.loads(path.read_text())["releases"]))
    package = json.loads(fixture(SOURCE.id, "package.json"))
    kept = set[str]().union(*(paths(one) for one in package["releases"]))
    assert real - kept == set()


@pytest.mark.corpus
def test_every_real_release_is_read(corpus: Path, home: Settings) -> None:
    landing, lake = Landing(home.landing), Lake(home.lake)
    for path in sorted((corpus / "procurement" / "contracts_finder").iterdir()):
        land_file(SOURCE, path, landing, origin="command")
    for snapshot in landing.snapshots(SOURCE.id):
        bodies = [Body(landing.body(receipt), receipt) for receipt in snapshot.receipts]
        lake.ingest(SOURCE, snapshot, bodies)
    con = duckdb.connect()
    lake.attach(con, {SOURCE.id: SOURCE})
    counted = con.execute(
        """
        with awards as (
            select ocid, release_id, unnest(awards) as award from lake.contracts_finder
        ),
        suppliers as (
            select ocid, award.id as award_id, unnest(award.suppliers) as supplier from awards
        )
        select
            (select count(*) from lake.contracts_finder),
            (select count(distinct release_id) from lake.contracts_finder),
            count(distinct (ocid, award_id, supplier.id))
        from suppliers
        """
    ).fetchone()
    assert counted == (401, 300, 311)
    issues = con.execute(
        "select distinct kind, value from lake.data_issues where kind != 'html-entity' order by all"
    ).fetchall()
    assert issues == [
        ("duplicate-party", "GB-COH-03794455"),
        ("invalid-company-number", "458577871"),
    ]
