"""Forms of cells: what is read, and that everything else is refused."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.sources import _values

DAYS = st.dates(date(1793, 1, 1), date(2100, 12, 31))


@given(DAYS)
def test_every_day_reads_the_same_in_each_published_form(day: date) -> None:
    forms = [
        day.isoformat(),
        f"{day.day}/{day.month}/{day.year}",
        day.strftime("%d/%m/%Y"),
        f"{day.isoformat()} 00:00:00",
        f"{day.isoformat()}T23:59:59",
        f"{day.day}/{day.month}/{day.year} 00:00:00",
        day.strftime("%d/%m/%Y 23:59"),
    ]
    assert {_values.parse_date(form) for form in forms} == {day.isoformat()}


@pytest.mark.parametrize(
    "cell",
    [
        "31/2/2020",
        "2020-13-01",
        "5/26/1993",  # month first
        "26/5/93",
        "26-5-1993",
        "1993-5-26",
        "26 May 1993",
        "0001-01-01",
        "9999-12-31",
        "1/1/1700",
        "2020-01-01 25:00:00",
        "01/02/2020 25:00",
        "01/02/2020 1:00",
        "2020-01-01 00:00",
        "١٢/٣/2020",
        "42000",
        "n/k",
    ],
)
def test_other_dates_are_refused(cell: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        _values.parse_date(cell)


@given(st.text(max_size=24))
def test_a_date_is_read_only_when_it_is_one(cell: str) -> None:
    try:
        found = _values.parse_date(cell)
    except ValueError:
        return
    assert datetime.fromisoformat(found).date().isoformat() == found
    assert str(int(found[:4])) in cell


@given(st.decimals(-(10**12), 10**12, places=2), st.booleans(), st.booleans())
def test_numbers_survive_commas_and_pounds(value: Decimal, commas: bool, pounds: bool) -> None:
    text = f"{abs(value):,}" if commas else f"{abs(value)}"
    cell = f"{'-' if value < 0 else ''}{'£' if pounds else ''}{text}"
    assert Decimal(_values.parse_number(cell)) == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [("0", "0"), ("-£5", "-5"), ("£-5", "-5"), ("+7", "7"), ("£1,234,567.80", "1234567.80")],
)
def test_numbers_in_known_forms(cell: str, value: str) -> None:
    assert _values.parse_number(cell) == value


@pytest.mark.parametrize(
    "cell",
    ["1.63E+08", "(123)", "12%", "1,23", "--5", "-£-5", "1 234", "£", "12.", "nil", "9" * 20],
)
def test_other_numbers_are_refused(cell: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        _values.parse_number(cell)


@given(st.text(max_size=16))
def test_a_number_is_read_only_when_python_agrees(cell: str) -> None:
    try:
        found = _values.parse_number(cell)
    except ValueError:
        return
    assert float(found) == float(cell.replace(",", "").replace("£", ""))


@pytest.mark.parametrize(("cell", "value"), [("458", "458"), ("12.0", "12"), ("1,463", "1463")])
def test_counts(cell: str, value: str) -> None:
    assert _values.parse_count(cell) == value


@pytest.mark.parametrize("cell", ["12.5", "-3", "many"])
def test_other_counts_are_refused(cell: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        _values.parse_count(cell)


def test_flags_years_and_identifiers() -> None:
    assert [_values.parse_flag(cell) for cell in ("1", "0", "Yes", "FALSE")] == [
        "true",
        "false",
        "true",
        "false",
    ]
    assert _values.parse_year("2016") == "2016"
    assert _values.org_id("GB-MPR").parse("GB-MPR-31457R") == "GB-MPR-31457R"
    for parse, cell in (
        (_values.parse_flag, "2"),
        (_values.parse_year, "16"),
        (_values.parse_year, "2016/17"),
        (_values.org_id("GB-MPR").parse, "GB-MPR-"),
        (_values.org_id("GB-MPR").parse, "GB-COH-IP031457"),
    ):
        with pytest.raises(ValueError, match=r"."):
            parse(cell)
