"""The Charity Commission's extract where it is damaged or another file, and the live reader."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from observatory.errors import BadInput
from observatory.settings import Settings
from observatory.sources import _charity_extract
from observatory.sources import _charity_tables as tables
from observatory.sources._charity_shape import Table
from tests.loopback import Answer, Loopback
from tests.sources.charity_files import (
    ID,
    TABLES,
    as_json,
    as_text,
    data,
    land,
    member,
    records,
    zipped,
)
from tests.sources.reading import failure, read, refresh


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


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.name)
def test_live_lands_once_then_when_a_week_is_over_and_it_changed(
    table: Table, home: Settings, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
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
