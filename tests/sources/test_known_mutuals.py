"""The curated list: what a fact must be, and that the packaged list lands like any source."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.errors import BadInput
from observatory.intake import take_in
from observatory.settings import Settings
from observatory.sources import _facts, known_mutuals
from observatory.sources.known_mutuals import SOURCE
from tests.sources.reading import Result, read

HEADER = ",".join(known_mutuals.COLUMNS)
GOOD = "XM-PSM-9001,Fictional Care CIC,label,psm,https://example.org/a,,2026-11-23"


def given_rows(folder: Path, *rows: str) -> Result:
    return read(SOURCE.id, "\n".join([HEADER, *rows, ""]).encode(), folder, "known_mutuals.csv")


def test_the_packaged_list_lands_once_and_needs_no_network(home: Settings) -> None:
    first = take_in(SOURCE, home, offline=True)
    assert not first.problem
    (landed,) = first.new
    assert landed.receipt.origin == "seed"
    assert str(landed.receipt.scope) == "whole"
    (snapshot,) = first.read
    assert (snapshot.quarantined, snapshot.rows > 200) == (0, True)
    assert known_mutuals.SEED.is_file()
    again = take_in(SOURCE, home, offline=True)
    assert (again.new, again.changed) == ([], False)


def test_a_fact_becomes_a_row(tmp_path: Path) -> None:
    later = GOOD.replace("label,psm", "company_number, 01234567 ").replace("11-23", "11-24")
    result = given_rows(tmp_path, GOOD, later)
    assert [row["field"] for row in result.rows] == ["label", "company_number"]
    assert result.rows[1]["value"] == "01234567"
    assert result.rows[0]["locator"] == "line 2"
    assert result.rows[0]["source_note"] is None
    assert result.rows[0]["recorded_on"] == date(2026, 11, 23)
    assert result.receipt.published_on == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (GOOD.replace("XM-PSM-9001", "PSM-1"), "entry id"),
        (GOOD.replace("Fictional Care CIC", " "), "no organisation"),
        (GOOD.replace("https://example.org/a", "memory"), "web address"),
        (GOOD.replace("https://example.org/a", ""), "web address"),
        (GOOD.replace("2026-11-23", "2026-11"), "recorded_on"),
        (GOOD.replace("label,psm", "label,mutual"), "not one of"),
        (GOOD.replace("label,psm", "status,gone"), "not one of"),
        (GOOD.replace("label,psm", "shoe_size,9"), "not a fact"),
        (GOOD.replace("label,psm", "label,"), "empty"),
        (GOOD.replace("label,psm", "company_number,123456789"), "8 characters"),
        (GOOD.replace("label,psm", "society_number,IP031542"), "crosswalk"),
        (GOOD.replace("label,psm", "spun_out_on,2011-13"), "not a date"),
        (GOOD.replace("label,psm", "look_alike_reason,Credit Union"), "lower case"),
        (GOOD + ",more", "8 columns"),
        (GOOD.replace("Fictional Care CIC", '"Fictional Care CIC'), "quotation marks"),
        (GOOD.replace("Fictional Care CIC", '"Fictional" Care CIC'), "quotation marks"),
    ],
)
def test_a_fact_out_of_order_is_quarantined_alone(row: str, word: str, tmp_path: Path) -> None:
    result = given_rows(tmp_path, row, GOOD)
    assert [one["locator"] for one in result.rows] == ["line 3"]
    (issue,) = result.issues
    assert (issue["severity"], issue["locator"]) == ("quarantined", "line 2")
    assert word in issue["detail"]


@pytest.mark.parametrize(
    "data",
    [b"", HEADER.encode(), b"a,b\n1,2\n", HEADER.encode() + b"\n" + b"\xff,,,,,,\n"],
)
def test_another_file_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        read(SOURCE.id, data, tmp_path, "known_mutuals.csv")


@pytest.mark.parametrize("value", ["2011", "2019-10", "2020-02-06", "2021/22", "1999/00"])
def test_partial_dates(value: str) -> None:
    assert _facts.is_partial_date(value)


@pytest.mark.parametrize("value", ["2021/23", "2021-22", "11", "2020-02-30", "20111", "2011-1", ""])
def test_other_text_is_no_date(value: str) -> None:
    assert not _facts.is_partial_date(value)


@given(st.text(max_size=12), st.text(max_size=20))
def test_any_fact_can_be_judged(field: str, value: str) -> None:
    assert isinstance(_facts.problem_with(field, value), str)
    assert isinstance(_facts.is_partial_date(value), bool)
