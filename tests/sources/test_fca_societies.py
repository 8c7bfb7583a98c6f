"""The FCA's list of societies: both generations, every fault, the live reader."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from observatory.errors import BadInput
from observatory.landing.accept import land_file
from observatory.landing.store import Landing
from observatory.settings import Settings
from observatory.sources.base import get
from tests.loopback import Loopback
from tests.sources.reading import failure, fixture, read, refresh

ID = "fca_societies"
OLD, NEW = "society_list_2019.csv", "society_list_2024.csv"
HEADER = (
    b"Society Number,Society Suffix,Full Registation Number,Society Name,Registered As,"
    b"Society Address,Registration Date,Deregistration Date,Registration Act,Society Status\r\n"
)
FILE = "/societylist/SocietyList.csv"
FRONT = (
    '<html><body><a href="/About">About</a> '
    f'<a href="//fcastoragemprprod.blob.core.windows.net{FILE}">Download</a></body></html>'
)


def row(number: str, name: str = "Fictional Society Limited", **changed: str) -> bytes:
    """One row of a fictional society."""
    cells = {"kind": "Registered Society", "on": "2001-02-03", "off": "", "status": "Registered"}
    cells |= changed
    return (
        f"{number},,{number},{name},{cells['kind']},Nowhere,{cells['on']},{cells['off']},,"
        f"{cells['status']}\r\n"
    ).encode()


def test_both_generations_hold_the_same_societies(tmp_path: Path) -> None:
    old = read(ID, fixture(ID, OLD), tmp_path / "old")
    new = read(ID, fixture(ID, NEW), tmp_path / "new")
    varying = ("snapshot_id", "sic_code")
    same = [
        [{k: v for k, v in one.items() if k not in varying} for one in result.rows]
        for result in (old, new)
    ]
    assert same[0] == same[1]
    assert len(old.rows) == 11
    assert {one["sic_code"] for one in old.rows} == {None}
    leisure = next(one for one in new.rows if one["full_registration_number"] == "27793R")
    assert leisure["society_name"] == "GREENWICH LEISURE LIMITED"
    assert leisure["registered_on"] == date(1993, 5, 26)
    assert leisure["deregistered_on"] is None
    assert leisure["sic_code"] == "9311"
    assert leisure["locator"] == "line 4"
    assert leisure["registration_act"] is None


def test_what_each_generation_lacks_and_how_it_is_written_is_said(tmp_path: Path) -> None:
    old = read(ID, fixture(ID, OLD), tmp_path / "old")
    assert sorted(old.kinds()) == ["absent-column", "absent-column", "encoding"]
    assert "Windows-1252" in old.issue("encoding")["detail"]
    assert {issue["severity"] for issue in old.issues} == {"info"}
    assert any("SUPPORTERS\u2019" in one["society_name"] for one in old.rows)
    assert read(ID, fixture(ID, NEW), tmp_path / "new").issues == []


def test_the_key_column_may_be_spelled_right(tmp_path: Path) -> None:
    data = fixture(ID, NEW).replace(b"Full Registation", b" full  registration", 1)
    assert len(read(ID, data, tmp_path).rows) == 11


def test_numbers_alike_but_for_the_suffix_are_two_societies(tmp_path: Path) -> None:
    found = [r for r in read(ID, fixture(ID, NEW), tmp_path).rows if r["society_number"] == "7071"]
    assert [one["full_registration_number"] for one in found] == ["7071R", "7071"]


def test_duplicates_are_kept_once_and_conflicts_named_by_both_lines(tmp_path: Path) -> None:
    data = HEADER + row("99001") + row("99002") + row("99001") + row("99002", status="Deregistered")
    result = read(ID, data, tmp_path)
    assert [(r["full_registration_number"], r["society_status"]) for r in result.rows] == [
        ("99001", "Registered"),
        ("99002", "Registered"),
    ]
    assert result.issue("duplicate")["locator"] == "line 4"
    conflict = result.issue("conflicting-duplicate")
    assert (conflict["locator"], conflict["value"]) == ("line 5", "99002")
    assert "line 3" in conflict["detail"]
    assert "Society Status" in conflict["detail"]
    assert conflict["severity"] == "quarantined"
    assert result.snapshot.quarantined == 1


def test_no_record_is_lost_without_an_issue(tmp_path: Path) -> None:
    data = (
        HEADER
        + row("99001", name="")
        + row("", name="Fictional Nameless Number Limited")
        + b"99003,,99003,Fictional Ragged Limited,Registered Society\r\n"
        + row("99004,extra")
        + row("99005", name='"Fictional "Quoted" Limited"')
        + row("99006", on="31/02/2001", status="Struck off", kind="Fictional Kind")
        + row("99007", name="Fictional Caf\ufffd Limited")
        + row("99008")
    )
    result = read(ID, data, tmp_path)
    numbers = [one["full_registration_number"] for one in result.rows]
    assert numbers == ["99005", "99006", "99007", "99008"]
    lost = [issue for issue in result.issues if issue["severity"] == "quarantined"]
    assert [issue["locator"] for issue in lost] == ["line 2", "line 3", "line 4", "line 5"]
    assert len(lost) == result.snapshot.quarantined
    assert "5 columns where the header has 10" in lost[2]["detail"]
    bad_date = result.issue("unreadable-value")
    assert (bad_date["locator"], bad_date["field"]) == ("line 7", "Registration Date")
    assert bad_date["value"] == "31/02/2001"
    assert result.rows[1]["registered_on"] is None
    unmapped = {i["field"]: i["value"] for i in result.issues if i["kind"] == "unmapped-value"}
    assert unmapped == {"Registered As": "Fictional Kind", "Society Status": "Struck off"}
    assert result.rows[1]["society_status"] == "Struck off"
    assert result.issue("quoting")["locator"] == "line 6"
    assert result.issue("lost-letter")["locator"] == "line 8"


def test_issues_repeat_no_row_of_the_register(tmp_path: Path) -> None:
    data = HEADER + b"99001,,99001,Fictional Secret Name,Somewhere\r\n" + row("99002") * 2
    for issue in read(ID, data, tmp_path).issues:
        assert "Fictional" not in f"{issue['value']}{issue['detail']}"


def test_curly_and_straight_apostrophes_are_one_word(tmp_path: Path) -> None:
    kinds = ("Working Men's Club", "Working Men\u2019s Club", "CREDIT UNION")
    data = HEADER + b"".join(row(f"9900{n}", kind=kind) for n, kind in enumerate(kinds))
    assert "unmapped-value" not in read(ID, data, tmp_path).kinds()


def test_a_new_column_is_drift_and_harms_nothing(tmp_path: Path) -> None:
    lines = fixture(ID, NEW).split(b"\r\n")
    data = b"\r\n".join(
        [lines[0] + b",Fictional New Column"] + [one + b",x" for one in lines[1:-1]]
    )
    result = read(ID, data + b"\r\n", tmp_path)
    assert len(result.rows) == 11
    assert result.issue("unknown-column")["field"] == "Fictional New Column"
    assert result.issue("unknown-column")["severity"] == "drift"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "HTML"),
        (
            fixture(ID, NEW).replace(b"Full Registation Number", b"Number"),
            "Full Registation Number",
        ),
        (
            fixture(ID, NEW).replace(b"Society Status", b"State"),
            "its header lacks 'Society Status'",
        ),
        (fixture(ID, NEW).replace(b",", b";"), "its header lacks"),
        (fixture(ID, NEW)[:700], "cut short"),
        (fixture(ID, NEW)[: fixture(ID, NEW).index(b"Middlegate") + 4], "never closes"),
        (fixture(ID, NEW).splitlines(keepends=True)[0], "no record below its header"),
        (HEADER + b"a,b\r\n" * 3 + row("99001"), "3 of its 4 records"),
        (fixture(ID, NEW).decode("utf-8-sig").encode("utf-16"), "UTF-16"),
        (fixture(ID, NEW) + b"99001,\x81\r\n", "neither UTF-8 nor Windows-1252"),
    ],
)
def test_bad_files_are_refused_with_name_reason_and_remedy(
    data: bytes, says: str, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match=r".") as refused:
        read(ID, data, tmp_path, "SocietyList.csv")
    assert says in str(refused.value)
    assert "SocietyList.csv" in str(refused.value)
    assert refused.value.remedy


def test_a_last_line_without_an_end_is_mentioned(tmp_path: Path) -> None:
    result = read(ID, fixture(ID, NEW).rstrip(), tmp_path)
    assert len(result.rows) == 11
    assert result.kinds() == ["no-final-line-end"]


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("SocietyList-2024-04-12.csv", date(2024, 4, 12)),
        ("SocietyList-2026-07.csv", date(2026, 7, 1)),
    ],
)
def test_an_archived_file_is_dated_by_its_name(name: str, day: date, tmp_path: Path) -> None:
    receipt = read(ID, fixture(ID, NEW), tmp_path, name).receipt
    assert (receipt.published_on, receipt.published_basis) == (day, "file name")


def test_a_list_without_a_date_is_of_its_newest_registration(tmp_path: Path) -> None:
    path = tmp_path / "SocietyList.csv"
    old, slip = row("1", on="2017-05-31"), row("3", on="2071-05-31")
    path.write_bytes(HEADER + old + row("2", on="2001-02-03") + slip)
    landed = land_file(get(ID), path, Landing(tmp_path / "landing"), origin="command")
    assert landed.receipt.published_on == date(2017, 5, 31)
    assert landed.receipt.published_basis == "newest record"
    assert "--published" in landed.message


def test_a_date_before_the_newest_registration_is_doubted(tmp_path: Path) -> None:
    path = tmp_path / "SocietyList-2016-01-01.csv"
    path.write_bytes(HEADER + row("1", on="2017-05-31"))
    landed = land_file(get(ID), path, Landing(tmp_path / "landing"), origin="command")
    assert landed.receipt.published_on == date(2016, 1, 1)
    assert "2017-05-31, later than that date" in landed.message


@pytest.mark.corpus
def test_the_corpus_loses_nothing(corpus: Path, tmp_path: Path) -> None:
    data = (corpus / "fca_mutuals" / "SocietyList.csv").read_bytes()
    result = read(ID, data, tmp_path)
    assert len(result.rows) == 6_464
    assert len({one["full_registration_number"] for one in result.rows}) == 6_464
    assert sum(one["deregistered_on"] is not None for one in result.rows) == 1_131
    lost = [issue["locator"] for issue in result.issues if issue["kind"] == "lost-letter"]
    assert lost == ["line 2759", "line 3943"]
    assert result.snapshot.quarantined == 0


def test_live_lands_once_then_again_only_when_changed(home: Settings, loopback: Loopback) -> None:
    headers = {"ETag": '"one"', "Last-Modified": "Fri, 17 Jul 2026 03:10:00 GMT"}
    loopback.route("/", FRONT, content_type="text/html")
    loopback.route(FILE, fixture(ID, NEW), headers=headers, content_type="text/csv")
    first = refresh(ID, home, loopback)
    assert not first.problem
    (landed,) = first.new
    assert landed.receipt.file_name == "SocietyList.csv"
    assert (landed.receipt.published_on, landed.receipt.published_basis) == (
        date(2026, 7, 17),
        "last-modified",
    )
    assert [one.rows for one in first.read] == [11]

    second = refresh(ID, home, loopback)
    assert (second.new, second.read, second.problem) == ([], [], "")
    assert loopback.asked(FILE)[-1].header("If-None-Match") == '"one"'
    assert loopback.asked(FILE)[-1].header("If-Modified-Since") == headers["Last-Modified"]

    changed = (
        fixture(ID, NEW) + b"4465,,4465,THE RED LEARNING CO-OPERATIVE LIMITED" + b"," * 8 + b"\r\n"
    )
    headers = {"ETag": '"two"', "Last-Modified": "Sat, 18 Jul 2026 03:10:00 GMT"}
    loopback.route(FILE, changed, headers=headers, content_type="text/csv")
    assert len(refresh(ID, home, loopback).new) == 1
    assert refresh(ID, home, loopback).new == []


def test_live_without_validators_knows_the_bytes(home: Settings, loopback: Loopback) -> None:
    loopback.route("/", FRONT, content_type="text/html")
    loopback.route(FILE, fixture(ID, NEW))
    assert len(refresh(ID, home, loopback).new) == 1
    assert refresh(ID, home, loopback).new == []


def test_live_html_in_place_of_the_file_is_refused_and_nothing_lost(
    home: Settings, loopback: Loopback
) -> None:
    loopback.route("/", FRONT, content_type="text/html")
    loopback.route(FILE, fixture(ID, NEW))
    refresh(ID, home, loopback)
    loopback.route(FILE, "<html><body>Service unavailable</body></html>", content_type="text/html")
    intake = refresh(ID, home, loopback)
    assert isinstance(failure(intake), BadInput)
    assert "SocietyList.csv" in str(failure(intake))
    assert intake.new == []


def test_live_page_without_the_link_says_so(home: Settings, loopback: Loopback) -> None:
    loopback.route(
        "/", "<html><body><a href='/x.pdf'>x</a></body></html>", content_type="text/html"
    )
    failed = failure(refresh(ID, home, loopback))
    assert isinstance(failed, BadInput)
    assert "https://mutuals.fca.org.uk/" in str(failed)
    assert "SocietyList" in str(failed)
    assert "observatory land" in failed.remedy
