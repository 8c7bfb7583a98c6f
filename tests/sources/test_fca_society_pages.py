"""Society pages: both shapes of a list, the empty template, and nobody's name."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from observatory.errors import BadInput
from observatory.settings import Settings
from observatory.sources import _society_pages as pages
from tests.loopback import Answer, Loopback
from tests.sources.faults import BUSY, faults
from tests.sources.reading import Result, failure, fixture, read, refresh, table
from tests.sources.watching import watch

ID = "fca_society_pages"
PAGE = fixture(ID, "society.html").decode()
SEARCH = fixture(ID, "search.html").decode()
ROWS = json.loads(fixture(ID, "documents.json"))
EMPTY = "<html><head><title>Mutuals Public Register</title></head><body></body></html>"
NOTHING = "<html><head><title>Mutuals Public Register: Search Results</title></head></html>"
SEARCHED, SOCIETY, LISTED = (
    "/Search/Search",
    "/Search/Society/90001",
    "/Documents/GetSocietiesDocument",
)


def body(*answers: tuple[str, Any]) -> bytes:
    lines = [
        json.dumps({"key": key, "asked_at": "2026-11-23T02:30:00", "answer": answer})
        for key, answer in answers
    ]
    return "\n".join([*lines, ""]).encode()


@pytest.fixture
def result(tmp_path: Path) -> Result:
    wrapped = {"sEcho": 1, "iTotalRecords": 1, "aaData": ROWS[:1]}
    return read(
        ID,
        body(
            ("99901R", {"society_id": "90001", "page": PAGE, "documents": ROWS}),
            ("99902", {"society_id": "90002", "page": PAGE, "documents": wrapped}),
            ("99903", {"society_id": "99999", "page": EMPTY, "documents": []}),
            ("99904", None),
        ),
        tmp_path,
        "societies_x.jsonl",
    )


def test_what_is_kept_of_a_page(result: Result) -> None:
    first, second, empty, unknown = result.rows
    assert first["society_name"] == "Fictional Care Society Limited"
    assert (first["society_status"], first["registered_as"]) == (
        "Registered",
        "Community Benefit Society",
    )
    assert (first["registered_on"], first["year_end"]) == (date(2011, 11, 10), "31 March")
    assert first["registration_act"].endswith("Act 2014")
    assert (first["deregistered_on"], first["documents"]) == (None, 5)
    assert (second["documents"], second["is_known"]) == (1, True)
    assert (empty["is_known"], empty["society_id"], empty["society_name"]) == (False, "99999", None)
    assert (unknown["is_known"], unknown["society_id"]) == (False, None)


def test_filings_are_events_and_no_file_name_names_a_person(result: Result) -> None:
    rows = table(result.snapshot.parquet("fca_society_documents"))
    assert [(one["document_id"], one["document_kind"], one["filed_on"]) for one in rows] == [
        ("900123", "annual-return", date(2025, 11, 21)),
        ("900100", "annual-return", date(2024, 10, 2)),
        ("900001", "rules", date(2011, 11, 10)),
        ("900002", None, None),
        ("900123", "annual-return", date(2025, 11, 21)),
    ]
    assert rows[0]["file_name"] == "Annual Return and Accounts 31 March 2025.pdf"
    assert (rows[1]["file_name"], rows[1]["is_file_name_withheld"]) == (None, True)
    assert rows[0]["locator"] == "line 1/documents/0"
    assert result.issue("unreadable-row")["locator"] == "line 1/documents/4"


def test_nothing_of_a_person_reaches_the_lake(result: Result) -> None:
    for path in result.snapshot.folder.iterdir():
        data = path.read_bytes().lower()
        assert b"canary" not in data, path
        assert b"960999" not in data, path


@pytest.mark.parametrize(
    "page",
    [
        PAGE.replace("<label>Status</label>", "").replace("<label>Registration Date</label>", ""),
        "<html><head><title>Sign in</title></head></html>",
        PAGE.replace("Mutuals Public Register:", "Register:"),
    ],
)
def test_a_page_in_another_form_is_refused(tmp_path: Path, page: str) -> None:
    data = body(("99901R", {"society_id": "1", "page": page, "documents": []}))
    with pytest.raises(BadInput):
        read(ID, data, tmp_path, "societies_x.jsonl")


@pytest.mark.parametrize("listed", [None, {}, {"data": []}, "rows", {"aaData": None}])
def test_a_third_shape_of_list_is_refused_and_not_taken_for_none(
    tmp_path: Path, listed: object
) -> None:
    data = body(("99901R", {"society_id": "1", "page": PAGE, "documents": listed}))
    with pytest.raises(BadInput, match="unknown form"):
        read(ID, data, tmp_path, "societies_x.jsonl")


def test_the_search_is_settled_by_the_number_and_never_guessed() -> None:
    assert pages.society_id(SEARCH, "99901R", "") == "90001"
    assert pages.society_id(SEARCH, "199901R", "") == "90002"
    assert pages.society_id(NOTHING, "99901R", "") is None
    with pytest.raises(BadInput, match="finds 2 societies, 0 of them"):
        pages.society_id(SEARCH, "9990", "")


def serve(publisher: Loopback, rows: object = ROWS) -> None:
    publisher.route(SEARCHED, NOTHING, content_type="text/html")
    publisher.route(f"{SEARCHED}?SearchTerm=99901R", SEARCH, content_type="text/html")
    publisher.route(SOCIETY, PAGE, content_type="text/html")
    publisher.route(LISTED, json.dumps(rows), content_type="application/json")


@pytest.fixture
def watching(home: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home that watches two societies, one of which the site does not know."""
    monkeypatch.setenv("OBSERVATORY_NOW", "2026-11-23T02:30:00")
    monkeypatch.setattr("observatory.landing.http._wait", lambda state: 0.0)
    watch(home.releases, societies=["99901R", "99909"])
    return home


def test_a_society_is_asked_about_once_a_week_and_a_filing_lands_once(
    watching: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Loopback() as publisher:
        serve(publisher)
        first = refresh(ID, watching, publisher)
        assert (len(first.new), first.problem) == (1, "")
        assert len(publisher.requests) == 4
        assert publisher.asked(LISTED)[0].query == {"societyId": ["90001"]}
        assert refresh(ID, watching, publisher).landed == []
        assert len(publisher.requests) == 4
        for day, rows, landed in (("11-30", ROWS, 0), ("12-08", [ROWS[2], *ROWS], 1)):
            monkeypatch.setenv("OBSERVATORY_NOW", f"2026-{day}T02:30:00")
            serve(publisher, rows)
            assert len(refresh(ID, watching, publisher).new) == landed


@pytest.mark.parametrize("path", [SOCIETY, LISTED])
@pytest.mark.parametrize(
    ("answer", "says"),
    [
        *faults(PAGE.encode()),
        (Answer(b"<html><head><title>Sorry</title></head></html>"), ""),
    ],
)
def test_a_night_that_breaks_off_is_made_up_for(
    watching: Settings, path: str, answer: Answer, says: str
) -> None:
    with Loopback() as publisher:
        serve(publisher)
        publisher.sequence(path, [answer])
        assert says in str(failure(refresh(ID, watching, publisher)))
        serve(publisher)
        turn = refresh(ID, watching, publisher)
        assert turn.problem == ""
        kept = [one["society_number"] for one in table(turn.read[-1].parquet(ID))]
        assert "99901R" in kept


@pytest.mark.parametrize("busy", BUSY, ids=("429", "503", "reset"))
def test_a_busy_site_is_asked_again(watching: Settings, busy: Answer) -> None:
    with Loopback() as publisher:
        serve(publisher)
        publisher.sequence(SOCIETY, [busy, Answer(PAGE.encode(), content_type="text/html")])
        assert refresh(ID, watching, publisher).problem == ""
