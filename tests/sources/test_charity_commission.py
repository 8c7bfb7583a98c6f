"""The Charity Commission's extract: both forms, typed values, junk numbers, no personal columns."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from observatory.identifiers import read_company_number
from observatory.sources import _charity_tables as tables
from observatory.sources import charity_commission
from observatory.sources._charity_shape import Table
from observatory.sources.base import get
from tests.sources.charity_files import (
    ID,
    TABLES,
    as_json,
    as_text,
    data,
    land,
    member,
    records,
)
from tests.sources.reading import read

CANARIES = ("canary", "01632 960999", "example.org", "cottage")


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.name)
def test_both_forms_hold_the_same_records(table: Table, tmp_path: Path) -> None:
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
def test_every_published_column_is_read_or_left_out_on_purpose(table: Table) -> None:
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
@settings(max_examples=100)
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


def test_the_same_bytes_give_the_same_file(tmp_path: Path) -> None:
    first, second = land(data(), tmp_path / "one"), land(data(), tmp_path / "two")
    name = f"{ID}.parquet"
    assert (first.snapshot.folder / name).read_bytes() == (
        second.snapshot.folder / name
    ).read_bytes()


def test_no_source_reads_trustees() -> None:
    from observatory.sources.base import registry

    assert "charity_commission_trustees" not in registry()
    assert get(ID).keeps == "derived"
