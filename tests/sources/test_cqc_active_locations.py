"""CQC's workbook of active locations: preamble, days, floats, persons, the live reader."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from observatory.errors import BadInput
from observatory.settings import Settings
from observatory.sources._cqc_columns import LAYOUT
from tests.loopback import Answer, Loopback
from tests.sources.reading import Result, failure, fixture, read, refresh
from tests.sources.workbooks import Cell, ods, xlsx

ID = "cqc_active_locations"
NAME = "01_September_2026_HSCA_Active_Locations.ods"
PAGE = "/about-us/transparency/using-cqc-data"
CANARIES = ("canary", "01632960", "cottage", "nominee", "person,", "example.org")


def sheet() -> list[list[Cell]]:
    """The fixture, which has a published column a line, as the workbook's sheet."""
    lines = csv.reader(io.StringIO(fixture(ID, "locations.csv").decode()))
    return [list(row) for row in zip(*lines, strict=True)]


def typed(rows: list[list[Cell]]) -> list[list[Cell]]:
    """The same with numbers and days, as office programs keep them."""

    def cell(header: Cell, value: Cell) -> Cell:
        if value and str(header).endswith("start date"):
            return date.fromisoformat(str(value))
        return float(str(value)) if str(value).replace(".", "").isdigit() else value

    header = rows[0]
    return [header] + [
        [cell(name, value) for name, value in zip(header, row, strict=True)] for row in rows[1:]
    ]


def workbook(rows: list[list[Cell]], build: Callable[..., bytes] = ods) -> bytes:
    return build(
        {
            "README": [["Active locations"], ["Source: CQC database as at 1 September 2026"]],
            "HSCA_Active_Locations": rows,
            "Dual_Registration_Locations": [["Location ID", "Linked"], ["1-1", "1-2"]],
        }
    )


def land(rows: list[list[Cell]], folder: Path, name: str = NAME) -> Result:
    return read(ID, workbook(rows), folder, name)


def by_id(result: Result) -> dict[str, dict[str, object]]:
    return {row["location_id"][-1]: row for row in result.rows}


@pytest.mark.parametrize(("build", "name"), [(ods, NAME), (xlsx, "locations.xlsx")])
@pytest.mark.parametrize("form", [sheet, lambda: typed(sheet())], ids=["text", "typed"])
def test_every_form_of_workbook_gives_the_same_locations(
    build: Callable[..., bytes], name: str, form: Callable[[], list[list[Cell]]], tmp_path: Path
) -> None:
    result = read(ID, workbook(form(), build), tmp_path, name)
    reference = land(sheet(), tmp_path / "reference")
    assert result.snapshot.content_hash == reference.snapshot.content_hash
    assert [row["locator"] for row in result.rows] == [f"line {n}" for n in range(2, 8)]


@pytest.mark.parametrize(("sign", "mark"), [(",", ""), ("|", "\ufeff"), (";", "")])
def test_a_sheet_saved_as_text_gives_the_same_locations(
    tmp_path: Path, sign: str, mark: str
) -> None:
    out = io.StringIO()
    written = csv.writer(out, delimiter=sign)
    written.writerows([["Active locations"], [], *sheet()])
    result = read(ID, (mark + out.getvalue()).encode(), tmp_path, "locations.csv")
    reference = land(sheet(), tmp_path / "reference")
    rows, ours = result.rows, reference.rows
    varying = ("snapshot_id", "locator")
    assert [{k: v for k, v in row.items() if k not in varying} for row in rows] == [
        {k: v for k, v in row.items() if k not in varying} for row in ours
    ]
    assert rows[0]["locator"] == "line 4"


def test_the_smaller_directory_is_named_and_the_larger_asked_for(tmp_path: Path) -> None:
    body = b"CQC Locations data\n\nName,CQC Location ID (for office use only)\nFictional,1-1\n"
    with pytest.raises(BadInput, match="smaller directory") as told:
        read(ID, body, tmp_path, "directory.csv")
    assert "HSCA_Active_Locations" in told.value.remedy


def test_values_are_typed_and_flags_become_lists(tmp_path: Path) -> None:
    result = land(sheet(), tmp_path)
    clinic, home, hospital = (by_id(result)[one] for one in "123")
    assert clinic["location_started_on"] == date(2011, 4, 1)
    assert clinic["rating_published_on"] == date(1899, 12, 30) + timedelta(days=43122)
    assert clinic["provider_company_number"] == "01234569"
    assert clinic["provider_company_number_published"] == "1234569"
    assert clinic["provider_charity_number"] == "1234567"
    assert clinic["brand_id"] is clinic["brand_name"] is None
    assert clinic["service_types"] == [
        "Community health care services - Nurses Agency only",
        "Community healthcare service",
    ]
    assert (home["is_care_home"], home["care_home_beds"]) == (True, 24)
    assert home["provider_company_number"] == "RS009999"
    assert home["service_user_bands"] == ["Dementia", "Older People"]
    assert (home["dual_registration"], home["dual_primary_id"]) == (
        "Dual Registration",
        "1-9000000003",
    )
    assert (hospital["overall_rating"], hospital["is_rating_inherited"]) == (None, None)
    assert hospital["regulated_activities"] == []
    assert by_id(result)["6"]["is_dormant"] is True
    assert result.receipt.published_on == date(2026, 9, 1)


def test_numbers_that_are_none_are_null_and_reported(tmp_path: Path) -> None:
    result = land(sheet(), tmp_path)
    assert by_id(result)["6"]["provider_company_number"] is None
    assert by_id(result)["6"]["provider_company_number_published"] == "not known"
    found = {(i["field"], i["value"]) for i in result.issues if i["kind"] == "unreadable-value"}
    assert found == {
        ("Provider Companies House Number", "not known"),
        ("Provider Charity Number", "none"),
    }


def test_persons_reach_neither_lake_nor_issues(tmp_path: Path) -> None:
    result = land(sheet(), tmp_path)
    for one in "45":
        person = by_id(result)[one]
        assert person["provider_name"] is person["location_name"] is None
        assert person["provider_postcode"] is person["provider_company_number_published"] is None
        assert person["service_types"]
    shown = (str(result.rows) + str(result.issues)).lower()
    assert not [one for one in CANARIES if one in shown]


def test_a_kind_of_owner_that_nobody_knows_is_taken_for_a_person(tmp_path: Path) -> None:
    rows = sheet()
    at = rows[0].index("Provider Ownership Type")
    rows[1][at] = "Fictional kind"
    result = land(rows, tmp_path)
    assert by_id(result)["1"]["provider_name"] is None
    assert result.issue("unmapped-value")["value"] == "Fictional kind"


def test_a_new_column_is_said_and_not_read(tmp_path: Path) -> None:
    rows = sheet()
    rows = [
        [*row, "Location Deputy Manager" if not n else "Canary Deputy"]
        for n, row in enumerate(rows)
    ]
    result = land(rows, tmp_path)
    assert result.issue("unknown-column")["field"] == "Location Deputy Manager"
    assert "Canary" not in str(result.rows) + str(result.issues)


def test_every_published_column_is_read_folded_or_left_out() -> None:
    known = {one.header for one in LAYOUT.fields} | LAYOUT.ignored
    folded = ("Regulated activity - ", "Service type - ", "Service user band - ")
    assert [n for n in sheet()[0] if n not in known and not str(n).startswith(folded)] == []


@pytest.mark.corpus
def test_the_header_of_the_corpus_is_the_fixtures(corpus: Path) -> None:
    text = (corpus / "cqc/CQC_HSCA_Active_Locations_2026-09-01_header_partial.txt").read_text()
    published = text.split("|")[:36]
    assert sheet()[0][:36] == published


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (ods({"README": [["Notes"]]}), "no sheet has a header"),
        (
            workbook(
                [[c if c != "Provider ID" else "Provider key" for c in row] for row in sheet()]
            ),
            "lacks 'Provider ID'",
        ),
        (workbook(sheet()[:1]), "no record below"),
        (workbook(sheet())[:700], "not a zip archive"),
        (b"<!DOCTYPE html><html>Just a moment</html>", "HTML page"),
        (b"Location ID,Provider ID\r\n1,2\r\n", "not a workbook"),
    ],
)
def test_other_files_are_refused(body: bytes, says: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=says) as refused:
        read(ID, body, tmp_path, NAME)
    assert refused.value.remedy


@pytest.mark.parametrize("cased", [NAME, NAME.lower(), NAME.replace("_Active", "_ACTIVE")])
def test_live_finds_the_newest_link_whatever_its_case(
    cased: str, home: Settings, loopback: Loopback
) -> None:
    path = f"/system/files/2026-09/{cased}"
    links = [
        "/system/files/2026-08/03_August_2026_HSCA_Active_Locations.ods",
        "/system/files/2026-09/01_September_2026_Deactivated_Locations.ods",
        "https://elsewhere.example/09_September_2026_HSCA_Active_Locations.ods",
        path,
    ]
    html = "".join(f'<a href="{one}">x</a>' for one in links)
    loopback.route(PAGE, html, content_type="text/html")
    loopback.route(path, workbook(sheet()), headers={"ETag": '"1"'})
    first = refresh(ID, home, loopback)
    assert (first.problem, first.read[0].rows) == ("", 6)
    assert refresh(ID, home, loopback).new == []
    rows = sheet()
    rows[1][rows[0].index("Location Latest Overall Rating")] = "Outstanding"
    loopback.route(path, workbook(rows), headers={"ETag": '"2"'})
    assert len(refresh(ID, home, loopback).new) == 1
    assert refresh(ID, home, loopback).new == []


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer(b"no", 403), "403"),
        (Answer(b"<html><body>x</body></html>", content_type="text/html"), "HTML page"),
    ],
)
def test_live_failures(answer: Answer, says: str, home: Settings, loopback: Loopback) -> None:
    path = f"/system/files/2026-09/{NAME}"
    loopback.route(PAGE, f'<a href="{path}">x</a>', content_type="text/html")
    loopback.sequence(path, [answer])
    assert says in str(failure(refresh(ID, home, loopback)))
    loopback.route(
        PAGE, f'<a href="https://elsewhere.example/{NAME}">x</a>', content_type="text/html"
    )
    assert "another host" in str(failure(refresh(ID, home, loopback)))
