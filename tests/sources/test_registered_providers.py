"""The regulator's list of social housing providers: CSV and workbook, faults, the live reader."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from pathlib import Path

import pytest

from observatory.errors import BadInput
from observatory.settings import Settings
from observatory.sources import _workbook
from tests.loopback import Answer, Loopback
from tests.sources.reading import failure, fixture, read, refresh
from tests.sources.workbooks import Cell, ods, xlsx

ID = "registered_providers"
CSV = "providers_2024-04.csv"
PAGE = "/government/publications/current-registered-providers-of-social-housing"
NAME = "List_of_registered_providers_29_June_2026.xlsx"
ASSET = f"/media/6a0000000000000000000000/{NAME}"


def sheet(days: bool = True) -> list[list[Cell]]:
    """The fixture as the workbook's sheet: title-case headers, days as days."""
    rows: list[list[Cell]] = []
    for number, row in enumerate(csv.reader(io.StringIO(fixture(ID, CSV).decode()))):
        cells: list[Cell] = [c.replace("_", " ").capitalize() if not number else c for c in row]
        if number and row[2] and days:
            cells[2] = datetime.strptime(row[2], "%d/%m/%Y").date()
        if number and row[1].isdigit():
            cells[1] = float(row[1])
        rows.append(cells)
    return rows


def workbook(rows: list[list[Cell]]) -> bytes:
    return xlsx({"Lookup": [["Non-profit"], ["Profit"]], "Providers": rows})


def page(*names: str) -> str:
    origin = "https://assets.publishing.service.gov.uk/media/6a0000000000000000000000"
    return "".join(f'<a href="{origin}/{name}">{name}</a>' for name in names)


def test_csv_and_workbooks_say_the_same(tmp_path: Path) -> None:
    plain = read(ID, fixture(ID, CSV), tmp_path / "csv", CSV)
    assert plain.issues == []
    assert (plain.receipt.published_on, len(plain.rows)) == (date(2024, 4, 1), 5)
    housing = plain.rows[0]
    assert (housing["registration_number"], housing["registered_on"]) == (
        "C3489",
        date(1984, 7, 20),
    )
    assert plain.rows[4]["registered_on"] is None
    for name, body in (
        (NAME, workbook(sheet())),
        ("text.xlsx", workbook(sheet(days=False))),
        ("list.ods", ods({"Read me": [["Notes"]], "Providers": sheet()})),
    ):
        given = read(ID, body, tmp_path / name, name)
        assert given.snapshot.content_hash == plain.snapshot.content_hash
        assert given.issues == []
        assert given.rows[0]["locator"] == "line 2"


def test_a_workbook_is_dated_by_its_name(tmp_path: Path) -> None:
    receipt = read(ID, workbook(sheet()), tmp_path, NAME).receipt
    assert (receipt.published_on, receipt.published_basis) == (date(2026, 6, 29), "file name")


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("16_september_2026_x.csv", date(2026, 9, 16)),
        ("list-1-Sep-2026.ods", date(2026, 9, 1)),
        ("29_06_2026.xlsx", date(2026, 6, 29)),
        ("31_June_2026.xlsx", None),
        ("12_Brumaire_2026.xlsx", None),
        ("list.xlsx", None),
    ],
)
def test_days_in_names(name: str, day: date | None) -> None:
    assert _workbook.day_in_name(name) == day


def test_rows_above_the_header_and_empty_rows_keep_the_line_true(tmp_path: Path) -> None:
    rows = sheet()
    rows = [["List of providers"], [], rows[0], rows[1], [], rows[2]]
    found = read(ID, workbook(rows), tmp_path, NAME).rows
    assert [one["locator"] for one in found] == ["line 4", "line 6"]


def test_faults_are_reported(tmp_path: Path) -> None:
    rows = sheet()
    rows[1][2], rows[2][3], rows[3][1] = "soon", "Fictional kind", None
    result = read(ID, workbook(rows), tmp_path, NAME)
    assert (len(result.rows), result.snapshot.quarantined) == (4, 1)
    assert result.issue("unreadable-value")["value"] == "soon"
    assert result.issue("unmapped-value")["value"] == "Fictional kind"
    assert result.issue("unreadable-record")["locator"] == "line 4"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (xlsx({"Data": [["Name", "Number"], ["x", "y"]]}), "no sheet has a header"),
        (
            workbook([[c if c != "Designation" else "Kind" for c in row] for row in sheet()]),
            "lacks",
        ),
        (workbook(sheet()[:1]), "no record below"),
        (workbook(sheet())[:500], "not a zip archive"),
        (b"<!DOCTYPE html><html>Sorry</html>", "HTML page"),
    ],
)
def test_other_files_are_refused(body: bytes, says: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=says) as refused:
        read(ID, body, tmp_path, NAME)
    assert refused.value.remedy


def test_live_takes_the_newest_once(home: Settings, loopback: Loopback) -> None:
    old = "List_of_registered_providers_31_May_2026.xlsx"
    loopback.route(PAGE, page(old, NAME, "New_registrations.xlsx"), content_type="text/html")
    loopback.route(ASSET, workbook(sheet()), headers={"ETag": '"1"'})
    first = refresh(ID, home, loopback)
    assert (first.problem, first.read[0].rows) == ("", 5)
    assert refresh(ID, home, loopback).new == []
    changed = sheet()
    changed[3][0] = "Fictional Borough Council"
    loopback.route(ASSET, workbook(changed), headers={"ETag": '"2"'})
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
    loopback.route(PAGE, page(NAME), content_type="text/html")
    loopback.sequence(ASSET, [answer])
    assert says in str(failure(refresh(ID, home, loopback)))
    loopback.route(PAGE, "<html><a href='x.pdf'>x</a></html>", content_type="text/html")
    assert "no link" in str(failure(refresh(ID, home, loopback)))


@pytest.mark.corpus
def test_the_corpus_loses_nothing(corpus: Path, tmp_path: Path) -> None:
    name = "registered_providers_of_social_housing_2024-04.csv"
    result = read(ID, (corpus / "public_bodies" / name).read_bytes(), tmp_path, name)
    assert (len(result.rows), result.issues) == (1_612, [])
    assert sum(one["designation"] == "Local authority" for one in result.rows) == 221
    assert all(one["registered_on"] for one in result.rows)
