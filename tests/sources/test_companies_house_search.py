"""Cohorts: the website's CSV, the API's pages, the cap, and the live reader."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from observatory.errors import BadInput
from observatory.settings import Settings
from observatory.sources import companies_house_search as search
from tests.loopback import Answer, Loopback
from tests.sources.faults import BUSY, faults
from tests.sources.reading import failure, fixture, read, refresh, table

ID = "companies_house_search"
CSV = fixture(ID, "results.csv")
PATH = "/advanced-search/companies"


def item(number: str, **more: object) -> dict[str, Any]:
    address = {
        "premises": "1",
        "address_line_1": "Nowhere Street",
        "care_of": "Canary Fictional",
        "postal_code": "ZZ1 1ZZ",
    }
    known: dict[str, Any] = {
        "company_name": f"FICTIONAL {number} CIC",
        "company_number": number,
        "company_status": "active",
        "company_type": "private-limited-guarant-nsc",
        "company_subtype": "community-interest-company",
        "date_of_creation": "2024-01-03",
        "kind": "search-results#company",
        "links": {"company_profile": f"/company/{number}"},
        "registered_office_address": address,
        "sic_codes": ["86900", "88100"],
    }
    return known | more


def page(*items: dict[str, Any], hits: int | None = None) -> bytes:
    found = {"etag": "x", "items": list(items), "kind": "search#advanced-search"}
    return json.dumps(found | {"hits": len(items) if hits is None else hits}).encode()


def test_the_website_s_csv_as_downloaded(tmp_path: Path) -> None:
    result = read(ID, CSV, tmp_path, "incorporated-jan-2024.csv")
    care, dissolved, branch, overseas = result.rows
    assert (care["company_type"], care["company_subtype"], care["company_status"]) == (
        "private-limited-guarant-nsc",
        "community-interest-company",
        "active",
    )
    assert care["sic_codes"] == ["86900", "88100"]
    assert (care["incorporated_on"], care["dissolved_on"]) == (date(2024, 1, 3), None)
    assert (dissolved["dissolved_on"], dissolved["company_name"]) == (
        date(2024, 5, 7),
        "FICTIONAL, DISSOLVED LIMITED",
    )
    assert branch["sic_codes"] is None
    assert (overseas["removed_on"], overseas["registered_on"]) == (
        date(2024, 2, 3),
        date(2023, 1, 2),
    )
    assert str(result.receipt.scope) == "extract"
    assert result.issues == []


def test_a_renamed_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="lacks 'dissolution_date'"):
        read(ID, CSV.replace(b"dissolution_date", b"dissolved"), tmp_path, "x.csv")


def test_the_api_s_items_become_the_same_rows(tmp_path: Path) -> None:
    odd = item("09999905", company_status="a-new-status", date_of_cessation="2024-02-31")
    pages = [json.loads(page(item("09999901"), odd))]
    line = {"key": "cic 2024-01", "asked_at": "2026-11-23T02:30:00", "answer": pages}
    result = read(ID, json.dumps(line).encode() + b"\n", tmp_path, "cohorts_x.jsonl")
    first, second = result.rows
    ours = read(ID, CSV, tmp_path / "csv", "x.csv").rows[0]
    varying = ("snapshot_id", "locator", "company_name", "registered_office_address")
    assert {k: v for k, v in first.items() if k not in varying} == {
        k: v for k, v in ours.items() if k not in varying
    }
    assert first["registered_office_address"] == "1 Nowhere Street ZZ1 1ZZ"
    assert (first["locator"], second["locator"]) == ("line 1 item 0", "line 1 item 1")
    assert sorted((one["kind"], one["field"]) for one in result.issues) == [
        ("unmapped-value", "company_status"),
        ("unreadable-value", "dissolution_date"),
    ]
    for path in result.snapshot.folder.iterdir():
        assert b"canary" not in path.read_bytes().lower()


def test_a_page_of_the_api_that_a_person_saved_is_read(tmp_path: Path) -> None:
    saved = json.dumps(json.loads(page(item("09999901"), item("09999905"))), indent=2).encode()
    one = read(ID, saved, tmp_path, "page.json")
    assert [row["company_number"] for row in one.rows] == ["09999901", "09999905"]
    several = read(ID, b"\xef\xbb\xbf[" + saved + b"]", tmp_path / "list", "pages.json")
    assert [row["locator"] for row in several.rows] == ["/0 item 0", "/0 item 1"]


@pytest.mark.corpus
def test_real_downloads(corpus: Path, tmp_path: Path) -> None:
    files = sorted((corpus / "companies_house" / "advanced_search").glob("*.csv"))
    rows: list[dict[str, Any]] = []
    for file in files:
        result = read(ID, file.read_bytes(), tmp_path / file.stem, file.name)
        assert [one for one in result.issues if one["severity"] != "info"] == []
        rows += result.rows
    assert len(rows) == 16_305
    cics = [row for row in rows if row["company_subtype"] == "community-interest-company"]
    assert (len(cics), sum(row["dissolved_on"] is not None for row in cics)) == (67, 1)
    guarantee = [
        row
        for row in rows
        if row["company_type"] == "private-limited-guarant-nsc" and not row["company_subtype"]
    ]
    assert (len(guarantee), sum(row["dissolved_on"] is not None for row in guarantee)) == (187, 22)


@pytest.fixture
def one_month(home: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A key, and a calendar in which only January 2024 is to be asked for."""
    monkeypatch.setenv("OBSERVATORY_COMPANIES_HOUSE_KEY", "a-key")
    monkeypatch.setenv("OBSERVATORY_NOW", "2024-02-10T02:30:00")
    monkeypatch.setattr(search, "_FIRST", (2024, 1))
    monkeypatch.setattr(search, "COHORTS", {"cic": "company_subtype=community-interest-company"})
    monkeypatch.setattr("observatory.landing.http._wait", lambda state: 0.0)
    return home


def test_a_month_is_asked_for_once_a_month_and_a_change_lands_once(
    one_month: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Loopback() as publisher:
        publisher.route(PATH, page(item("09999901")))
        assert len(refresh(ID, one_month, publisher).new) == 1
        (asked,) = publisher.requests
        assert asked.query == {
            "company_subtype": ["community-interest-company"],
            "incorporated_from": ["2024-01-01"],
            "incorporated_to": ["2024-01-31"],
            "size": ["5000"],
            "start_index": ["0"],
        }
        assert asked.header("Authorization").startswith("Basic ")
        assert refresh(ID, one_month, publisher).landed == []
        monkeypatch.setenv("OBSERVATORY_NOW", "2024-03-20T02:30:00")
        publisher.route(PATH, page(item("09999901", company_status="dissolved")))
        (snapshot,) = refresh(ID, one_month, publisher).read
        statuses = {row["company_status"] for row in table(snapshot.parquet(ID))}
        assert statuses == {"dissolved"}
        assert refresh(ID, one_month, publisher).landed == []


def test_pages_are_followed_and_a_full_month_is_asked_for_by_day(
    one_month: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "PAGE_SIZE", 2)
    monkeypatch.setattr(search, "CAP", 3)
    numbers = [f"0999990{n}" for n in range(5)]
    with Loopback() as publisher:
        publisher.route(PATH, status=404)
        base = f"{PATH}?company_subtype=community-interest-company&incorporated_from=2024-01-"
        publisher.route(
            f"{base}01&incorporated_to=2024-01-31&size=2&start_index=0",
            page(item(numbers[0]), item(numbers[1]), hits=5),
        )
        days = {"03": numbers[:3], "31": numbers[3:]}
        for day, given in days.items():
            for start in range(0, len(given), 2):
                publisher.route(
                    f"{base}{day}&incorporated_to=2024-01-{day}&size=2&start_index={start}",
                    page(*map(item, given[start : start + 2]), hits=len(given)),
                )
        turn = refresh(ID, one_month, publisher)
        assert turn.problem == ""
        (snapshot,) = turn.read
        assert [row["company_number"] for row in table(snapshot.parquet(ID))] == numbers
        assert len(publisher.requests) == 1 + 29 + 2 + 1


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        *faults(page(item("09999901"))),
        (Answer(b"<html>Sorry</html>"), "not JSON"),
        (Answer(b'{"items": []}'), "not a page of companies"),
        (Answer(page({"company_name": "x"})), "not a page of companies"),
        (Answer(page(item("09999901"), hits=2)), "gave 1 of 2"),
    ],
)
def test_failures_lose_nothing(one_month: Settings, answer: Answer, says: str) -> None:
    with Loopback() as publisher:
        publisher.sequence(PATH, [answer])
        turn = refresh(ID, one_month, publisher)
        assert says in str(failure(turn))
        assert turn.landed == []
        publisher.route(PATH, page(item("09999901")))
        assert len(refresh(ID, one_month, publisher).new) == 1


@pytest.mark.parametrize("busy", BUSY, ids=("429", "503", "reset"))
def test_a_busy_publisher_is_asked_again(one_month: Settings, busy: Answer) -> None:
    with Loopback() as publisher:
        publisher.sequence(PATH, [busy, Answer(page(item("09999901")))])
        assert refresh(ID, one_month, publisher).problem == ""
