"""NHSSpend: the researchers' codes are kept, and no number stands for none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from observatory.errors import BadInput
from observatory.landing.accept import land_file
from observatory.landing.store import Landing
from observatory.sources.nhs_spend import MATCH_CODES, SOURCE
from tests.sources.reading import Result, fixture, read

NAME = "supplier_matches.csv"


@pytest.fixture
def result(tmp_path: Path) -> Result:
    return read(SOURCE.id, fixture(SOURCE.id, NAME), tmp_path, NAME)


def test_a_checked_supplier_keeps_its_numbers_and_its_code(result: Result) -> None:
    row = result.rows[1]
    assert (row["company_number"], row["charity_number"]) == ("09999991", None)
    assert row["match_code"] == "2 existing perfect except 'LTD/CIC/LIMITED'"
    assert (row["payments"], row["amount_paid"]) == (712, 118200000.79688)
    assert (row["cic_status"], row["nhs_status"]) == ("1 CIC", "0 not NHS")
    assert row["locator"] == "line 3"


def test_minus_one_and_nothing_are_no_numbers(result: Result) -> None:
    assert [row["company_number"] for row in result.rows] == [
        *(None, "09999991", "09999992", None, "09999993")
    ]
    assert (result.rows[3]["payments"], result.rows[3]["amount_paid"]) == (None, None)
    assert result.rows[2]["amount_paid"] == -36018


def test_an_unknown_code_and_a_sum_that_is_none_are_reported(result: Result) -> None:
    assert result.issue("unmapped-value")["value"] == "99 a code of tomorrow"
    assert result.issue("unreadable-value")["value"] == "many"


def test_it_is_given_with_its_date_and_has_no_live_reader(tmp_path: Path) -> None:
    given = tmp_path / NAME
    given.write_bytes(fixture(SOURCE.id, NAME))
    day = date(2021, 1, 31)
    landing = Landing(tmp_path / "landing")
    landed = land_file(SOURCE, given, landing, origin="command", published_on=day)
    assert (landed.receipt.published_on, landed.receipt.published_basis) == (day, "given")
    assert str(landed.receipt.scope) == "extract"
    assert not land_file(SOURCE, given, landing, origin="command", published_on=day).new
    assert not SOURCE.is_live


def test_a_column_that_nobody_knows_is_not_kept(tmp_path: Path) -> None:
    lines = fixture(SOURCE.id, NAME).decode().splitlines()
    wider = [lines[0] + ",email", *(f"{one},canary@example.org" for one in lines[1:])]
    found = read(SOURCE.id, ("\n".join(wider) + "\n").encode(), tmp_path, NAME)
    assert found.issue("unknown-column")["field"] == "email"
    kept = b"".join(path.read_bytes() for path in found.snapshot.folder.iterdir())
    assert b"canary" not in kept


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        (b"matchcodeCH", b"matchcode", "lacks 'matchcodeCH'"),
        (b"supplier,companynumber", b"<html><body>supplier", "HTML page"),
    ],
)
def test_another_file_is_refused(old: bytes, new: bytes, word: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=word):
        read(SOURCE.id, fixture(SOURCE.id, NAME).replace(old, new, 1), tmp_path, NAME)


@pytest.mark.corpus
def test_every_real_supplier_is_read(corpus: Path, tmp_path: Path) -> None:
    result = read(SOURCE.id, (corpus / "nhs_spend" / NAME).read_bytes(), tmp_path, NAME)
    assert len(result.rows) == 1286
    assert set(result.kinds()) <= {"placeholder", "no-final-line-end"}
    assert {row["match_code"] for row in result.rows} == MATCH_CODES
    checked = [
        row for row in result.rows if row["match_code"][:2] in ("1 ", "2 ", "3 ", "4 ", "5 ")
    ]
    assert all(row["company_number"] for row in checked)
    paid = [row["amount_paid"] for row in checked if row["company_number"] == "07300133"]
    assert paid == [115766032]
