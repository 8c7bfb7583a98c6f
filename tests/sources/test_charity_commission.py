"""The Charity Commission's extract: both forms, junk numbers, personal columns, the live reader."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from observatory.errors import BadInput
from observatory.identifiers import read_company_number
from observatory.settings import Settings
from observatory.sources import _charity_extract, charity_commission
from observatory.sources import _charity_tables as tables
from observatory.sources.base import get
from tests.loopback import Answer, Loopback
from tests.sources.reading import Result, failure, fixture, read, refresh

ID = "charity_commission"
TABLES = (
    tables.CHARITY,
    tables.PART_A,
    tables.PART_B,
    tables.EVENTS,
    tables.GOVERNING_DOCUMENT,
    tables.CLASSIFICATION,
    tables.OTHER_NAMES,
)
CANARIES = ("canary", "01632 960999", "example.org", "cottage")


def member(table: tables.Table, form: str = "json") -> str:
    return f"publicextract.{table.name}.{form}"


def data(table: tables.Table = tables.CHARITY) -> bytes:
    return fixture(ID, member(table))


def records(table: tables.Table = tables.CHARITY) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(data(table).decode("utf-8-sig"))
    return found


def as_json(rows: list[dict[str, Any]]) -> bytes:
    return b"\xef\xbb\xbf" + json.dumps(rows, ensure_ascii=False).encode()


def as_text(rows: list[dict[str, Any]], stray: bool = False) -> bytes:
    """The tab-separated form: byte-order mark, CR LF, escapes, seven decimals of a second."""

    def cell(value: object) -> str:
        text = "" if value is None else str(value)
        if text.endswith("T00:00:00"):
            text = text.replace("T", " ") + ".0000000"
        return text.replace("\\", "\\\\").replace("\t", "\\\t")

    lines = ["\t".join(rows[0])] + ["\t".join(cell(one) for one in row.values()) for row in rows]
    text = "\r\n".join(lines) + "\r\n"
    if stray:
        text = text.replace("https://fictional.example\t", "https://fictional.example\r\n\t", 2)
    return b"\xef\xbb\xbf" + text.encode()


class _Pipe(io.BytesIO):
    """A target that cannot be sought, so that sizes follow the data, as the publisher's do."""

    def seekable(self) -> bool:
        return False

    def seek(self, *args: int) -> int:
        raise io.UnsupportedOperation

    def tell(self) -> int:
        raise io.UnsupportedOperation


def zipped(body: bytes, name: str) -> bytes:
    target = _Pipe()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, body)
    made = target.getvalue()
    assert made[6] & 0x08, "the sizes should stand behind the data"
    return made


def land(body: bytes, folder: Path, table: tables.Table = tables.CHARITY) -> Result:
    form = "json" if body.lstrip(b"\xef\xbb\xbf").startswith(b"[") else "txt"
    name = f"publicextract.{table.name}.zip"
    return read(table.dataset_name, zipped(body, member(table, form)), folder, name)


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.name)
def test_both_forms_hold_the_same_records(table: tables.Table, tmp_path: Path) -> None:
    given = records(table)
    as_given = land(data(table), tmp_path / "json", table)
    assert len(as_given.rows) == len(given)
    assert as_given.rows[0]["locator"] == "record 1"
    assert as_given.receipt.published_on == date(2026, 9, 20)
    assert as_given.receipt.published_basis == "content"
    text = land(as_text(given), tmp_path / "txt", table)
    assert text.snapshot.content_hash == as_given.snapshot.content_hash
    plain = read(table.dataset_name, data(table), tmp_path / "plain", member(table))
    assert plain.snapshot.content_hash == as_given.snapshot.content_hash
    assert not [one for one in as_given.issues if one["kind"] != "junk-company-number"]


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.name)
def test_every_published_column_is_read_or_left_out_on_purpose(table: tables.Table) -> None:
    taken = {one.header for one in table.fields}
    assert taken | table.ignored == set(records(table)[0])
    assert not taken & table.ignored


def test_values_are_typed(tmp_path: Path) -> None:
    care = land(data(), tmp_path).rows[0]
    assert care["charity_number"] == care["organisation_number"] == "9900001"
    assert (care["linked_charity_number"], care["latest_income"]) == (0, 25000.5)
    assert care["registered_on"] == date(2011, 4, 1)
    assert (care["is_insolvent"], care["was_excepted"]) == (False, None)
    assert care["activities"].endswith('CAFÉ, "TABS"\tAND \\ BACKSLASHES')


def test_returns_keep_what_was_not_asked_apart_from_no(tmp_path: Path) -> None:
    first, second, third = land(data(tables.PART_A), tmp_path / "a", tables.PART_A).rows
    assert (first["has_government_contracts"], first["government_contracts"]) == (True, 3)
    assert first["income_from_government_contracts"] == 2_100_000
    assert (second["has_government_contracts"], third["has_government_contracts"]) == (None, False)
    newest, older = land(data(tables.PART_B), tmp_path / "b", tables.PART_B).rows
    assert (newest["employees"], older["employees"]) == (87, 81)
    assert newest["funds_unrestricted"] == -5000
    assert (newest["period_end_on"], newest["is_latest"]) == (date(2025, 3, 31), True)


def test_junk_company_numbers_are_refused_with_an_issue(tmp_path: Path) -> None:
    result = land(data(), tmp_path)
    numbers = {row["charity_name"]: row["company_number"] for row in result.rows}
    assert numbers["Fictional Care Charity"] == "01234569"
    assert numbers["Fictional Library Trust"] == "01234568"
    assert numbers["Fictional Prefixed Charity"] == "RS001234"
    assert numbers["Fictional Removed Charity"] == "07654321"
    assert numbers["Fictional CIO"] == "CE999999"
    for name in ("Placeholder Charity", "Zero Charity", "Family Charity A", "Word Charity"):
        assert numbers[f"Fictional {name}"] is None
    junk = {one["value"]: one for one in result.issues if one["kind"] == "junk-company-number"}
    assert set(junk) == {"12345678", "0", "7777777", "07777777", None}
    assert junk["7777777"]["occurrences"] == 3
    assert "4 charities have it" in junk["07777777"]["detail"]
    assert "at most 8 characters" in junk[None]["detail"]
    published = {row["charity_name"]: row["company_number_published"] for row in result.rows}
    assert published["Fictional Placeholder Charity"] == "12345678"


@given(
    st.from_regex(r"[0-9 ]{0,3}[0-9]{1,5}|(?:RS|ip|Sc|CE) ?[0-9]{1,6}|IP[0-9]{5}R", fullmatch=True)
)
@settings(max_examples=100, deadline=None)
def test_numbers_are_padded_in_sql_as_everywhere_else(raw: str) -> None:
    number = read_company_number(raw).value
    assume(number)
    with duckdb.connect() as con:
        found = con.execute(
            f"select {charity_commission._PADDED} from (select ? as company_number_published)",
            [raw],
        ).fetchone()
    assert found == (number,)


@pytest.mark.parametrize("typed", ["Jane Canary", "c/o J Canary 1", "see letter of 1999"])
def test_words_in_place_of_a_company_number_are_neither_kept_nor_shown(
    typed: str, tmp_path: Path
) -> None:
    rows = records()
    rows[0]["charity_company_registration_number"] = typed
    result = land(as_json(rows), tmp_path)
    assert result.rows[0]["company_number_published"] is None
    assert "junk-company-number" in result.kinds()
    assert typed not in str(result.issues)


def test_three_charities_may_share_a_number(tmp_path: Path) -> None:
    rows = [one for one in records() if not one["charity_name"].endswith("D")]
    numbers = [row["company_number"] for row in land(as_json(rows), tmp_path).rows]
    assert numbers.count("07777777") == 3


def test_personal_columns_never_reach_lake_or_issues(tmp_path: Path) -> None:
    rows = records()
    # A stray number in the middle shifts nothing and shows nothing.
    rows[1]["date_of_registration"] = "not a date"
    broken = as_text(rows) + b"9900099\tcanary.person@example.org\r\n"
    for name, body in (("json", as_json(rows)), ("txt", broken)):
        result = land(body, tmp_path / name)
        kept = {row["company_number_published"] for row in result.rows}
        shown = (str(result.rows) + str(result.issues)).lower()
        assert not [one for one in CANARIES if one in shown]
        assert "1234569" in kept


def test_a_line_break_before_a_tab_is_mended(tmp_path: Path) -> None:
    result = land(as_text(records(), stray=True), tmp_path / "stray")
    assert result.issue("stray-line-break")["occurrences"] == 2
    assert result.snapshot.content_hash == land(data(), tmp_path / "json").snapshot.content_hash


def test_a_break_at_the_edge_of_a_chunk_is_mended_too(tmp_path: Path) -> None:
    rows = records()
    whole = land(as_json(rows), tmp_path / "whole").snapshot.content_hash
    body = as_text(rows)
    at = body.index(b"https://fictional.example\t") + len(b"https://fictional.example")
    for size in (at - 2, at - 1, at, at + 1):
        stray = body[:at] + b"\r\n" + body[at:]
        target = io.BytesIO()
        chunked = pytest.MonkeyPatch()
        chunked.setattr(_charity_extract, "_CHUNK_BYTES", size)
        assert _charity_extract._copied(io.BytesIO(stray), target, mend=True) == 1
        chunked.undo()
        assert target.getvalue() == body.removeprefix(b"\xef\xbb\xbf")
    assert land(body, tmp_path / "text").snapshot.content_hash == whole


def test_records_that_cannot_be_used_are_quarantined_and_cells_reported(tmp_path: Path) -> None:
    rows = records()
    rows[1]["latest_income"] = "lots"
    rows[2]["organisation_number"] = None
    rows[3]["date_of_registration"] = "2011-02-31T00:00:00"
    rows[4]["linked_charity_number"] = 0.5
    for name, body in (("json", as_json(rows)), ("txt", as_text(rows))):
        result = land(body, tmp_path / name)
        assert len(result.rows) == len(rows) - 1
        assert result.issue("unreadable-record")["locator"] == "record 3"
        assert result.snapshot.quarantined == 1
        cells = {
            (one["locator"], one["field"], one["value"])
            for one in result.issues
            if one["kind"] == "unreadable-value"
        }
        assert {place for place, _, _ in cells} == {"record 2", "record 4", "record 5"}
        assert ("record 2", "latest_income", "lots") in cells
    ragged = as_text(records()) + b"9900099\tshort\r\n"
    result = land(ragged, tmp_path / "ragged")
    assert "2 cells where the header has 34" in result.issue("unreadable-record")["detail"]


def test_columns_that_come_and_go_are_said(tmp_path: Path) -> None:
    rows = [
        {k: v for k, v in one.items() if k != "charity_insolvent"} | {"fictional_new": 1}
        for one in records()
    ]
    result = land(as_json(rows), tmp_path)
    assert result.issue("unknown-column")["field"] == "fictional_new"
    assert result.issue("absent-column")["field"] == "charity_insolvent"
    assert {row["is_insolvent"] for row in result.rows} == {None}


@pytest.mark.parametrize(
    ("body", "name", "says"),
    [
        (zipped(data(tables.PART_B), member(tables.PART_B)), "x.zip", "parta"),
        (zipped(b"[]", "publicextract.charity_trustee.json"), "x.zip", "not read at all"),
        (zipped(b"\xef\xbb\xbf[]", member(tables.PART_A)), "x.zip", "no readable record"),
        (zipped(b"<html>sorry</html>", member(tables.PART_A)), "x.zip", "neither a JSON array"),
        (
            zipped(data(tables.PART_A).replace(b"fin_period_end", b"end"), member(tables.PART_A)),
            "x.zip",
            "fin_period_end_date",
        ),
        (b"<!DOCTYPE html><html>Busy</html>", "publicextract.charity.zip", "HTML page"),
        (zipped(data(), member(tables.CHARITY))[:900], "x.zip", "not a zip archive"),
    ],
)
def test_files_of_another_kind_are_refused(
    body: bytes, name: str, says: str, tmp_path: Path
) -> None:
    with pytest.raises(BadInput) as refused:
        read(tables.PART_A.dataset_name, body, tmp_path, name)
    assert says in str(refused.value) + refused.value.remedy
    assert refused.value.remedy


@pytest.mark.parametrize("cut", [-1, -40])
def test_an_array_that_ends_too_soon_is_refused_without_showing_it(
    cut: int, tmp_path: Path
) -> None:
    with pytest.raises(BadInput) as refused:
        land(data()[:cut], tmp_path)
    assert "canary" not in str(refused.value).lower()


def test_the_same_bytes_give_the_same_file(tmp_path: Path) -> None:
    body = data()  # made once: an archive holds the second in which it was made
    first, second = land(body, tmp_path / "one"), land(body, tmp_path / "two")
    name = f"{ID}.parquet"
    assert (first.snapshot.folder / name).read_bytes() == (
        second.snapshot.folder / name
    ).read_bytes()


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.name)
def test_live_lands_once_then_when_a_week_is_over_and_it_changed(
    table: tables.Table, home: Settings, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, source_id = f"/data/json/publicextract.{table.name}.zip", table.dataset_name
    rows = [one | {"date_of_extract": "2026-11-22T00:00:00"} for one in records(table)]
    body = zipped(as_json(rows), member(table))
    loopback.route(path, body, headers={"ETag": '"1"'})
    first = refresh(source_id, home, loopback)
    assert (first.problem, first.read[0].rows) == ("", len(rows))
    assert refresh(source_id, home, loopback).new == []
    assert len(loopback.asked(path)) == 1

    monkeypatch.setenv("OBSERVATORY_NOW", "2026-11-29T02:30:00+00:00")
    assert refresh(source_id, home, loopback).new == []
    assert loopback.asked(path)[-1].header("If-None-Match") == '"1"'
    later = [one | {"date_of_extract": "2026-11-29T00:00:00"} for one in rows]
    loopback.route(path, zipped(as_json(later), member(table)), headers={"ETag": '"2"'})
    assert len(refresh(source_id, home, loopback).new) == 1
    assert refresh(source_id, home, loopback).new == []


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer(b"no", 403), "403"),
        (Answer(b"<html><body>Sorry</body></html>", content_type="text/html"), "HTML page"),
    ],
)
def test_live_failures_lose_nothing(
    answer: Answer, says: str, home: Settings, loopback: Loopback
) -> None:
    loopback.sequence("/data/json/publicextract.charity.zip", [answer])
    intake = refresh(ID, home, loopback)
    assert says in str(failure(intake))
    assert intake.new == []


def test_no_source_reads_trustees() -> None:
    from observatory.sources.base import registry

    assert "charity_commission_trustees" not in registry()
    assert get(ID).keeps == "derived"
