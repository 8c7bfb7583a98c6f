"""Printed figures, dates and flags of tagged documents: what is read, and what is refused."""

from __future__ import annotations

import contextlib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.ixbrl_values import YEARS, day, displayed, flag, format_name, number

MONTHS = [date(2000, month, 1).strftime("%B") for month in range(1, 13)]
AMOUNTS = st.decimals(
    min_value=0, max_value=10**12, places=2, allow_nan=False, allow_infinity=False
)
DATES = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("printed", "format", "value"),
    [
        ("375,004", "ixt2:numdotdecimal", "375004"),
        ("1,234.50", "ixt4:num-dot-decimal", "1234.50"),
        ("1 234 567", "ixt2:numdotdecimal", "1234567"),
        ("1\u00a0234", "ixt:numspacedot", "1234"),
        ("239", "ixt:numcommadot", "239"),
        ("1.234,50", "ixt4:num-comma-decimal", "1234.50"),
        ("12,34,567", "ixt3:numdotdecimalin", "1234567"),
        ("-", "ixt2:zerodash", "0"),
        ("–", "ixt:numdash", "0"),
        ("—", None, "0"),
        ("", "ixt4:fixed-zero", "0"),
        ("nil", None, "0"),
        ("No", "ixt-sec:numwordsen", "0"),
        ("twelve", "ixt-sec:numwordsen", "12"),
        ("£ 1,000", None, "1000"),
        ("-577", None, "-577"),
        (".5", None, "0.5"),
    ],
)
def test_printed_figures(printed: str, format: str | None, value: str) -> None:
    assert number(printed, format_name(format)) == Decimal(value)


@pytest.mark.parametrize(
    ("printed", "format"),
    [
        ("", None),
        ("two", None),
        ("8,47", "ixt2:numdotdecimal"),
        ("1,234", "ixt2:zerodash"),
        ("2017 - 2", None),
        ("1,234.5.6", None),
        ("1 234,567", None),
        ("(1,234)", "ixt2:numdotdecimal"),
        ("12%", None),
        ("12", "ixt4:num-unit-decimal"),
        ("١٢", None),
        ("1e9", None),
        ("NaN", None),
    ],
)
def test_what_is_no_figure_is_refused(printed: str, format: str | None) -> None:
    with pytest.raises(ValueError, match=r"."):
        number(printed, format_name(format))


def test_scale_and_sign() -> None:
    assert number("1,234", "numdotdecimal", scale=3, negative=True) == -1_234_000
    assert number("(577)", negative=True) == -577
    assert number("-", "zerodash", negative=True) == 0
    assert number("3", scale=-2) == Decimal("0.03")
    assert displayed("3") == 3
    with pytest.raises(ValueError, match="contradict"):
        number("-577", negative=True)


@given(AMOUNTS, st.booleans(), st.integers(-2, 6))
def test_every_amount_in_british_print_is_read_back(
    amount: Decimal, negative: bool, scale: int
) -> None:
    printed = f"{amount:,.2f}"
    value = number(printed, "numdotdecimal", scale=scale, negative=negative)
    assert value == (-amount if negative else amount).scaleb(scale)
    swapped = printed.translate(str.maketrans(",.", ".,"))
    assert number(swapped, "numcommadecimal") == amount
    assert number(printed.replace(",", "\u202f"), "numdotdecimal") == amount


@given(st.text(max_size=30), st.sampled_from(["", "numdotdecimal", "zerodash", "fixedzero", "x"]))
def test_any_text_gives_a_finite_figure_or_is_refused(text: str, format: str) -> None:
    with contextlib.suppress(ValueError):
        assert number(text, format).is_finite()


@pytest.mark.parametrize(
    ("printed", "format", "expected"),
    [
        ("31 August 2024", "ixt:datelonguk", date(2024, 8, 31)),
        ("31 October 2024", None, date(2024, 10, 31)),
        ("2024-10-31", None, date(2024, 10, 31)),
        ("2024-10-31T00:00:00", None, date(2024, 10, 31)),
        ("30.6.25", "ixt2:datedaymonthyear", date(2025, 6, 30)),
        ("1.7.24", "ixt2:datedaymonthyear", date(2024, 7, 1)),
        ("3rd April 2025", "ixt2:datedaymonthyearen", date(2025, 4, 3)),
        ("31 st  Dec, 2022", None, date(2022, 12, 31)),
        ("30Sept2022", None, date(2022, 9, 30)),
        ("August 31, 2024", "ixt:datelongus", date(2024, 8, 31)),
        ("03/04/2025", "ixt:dateslasheu", date(2025, 4, 3)),
        ("03/04/2025", "ixt:dateslashus", date(2025, 3, 4)),
        ("04/03/2025", "ixt4:date-month-day-year", date(2025, 4, 3)),
        ("2025.03.04", "ixt4:date-year-month-day", date(2025, 3, 4)),
        ("31/12/2022", None, date(2022, 12, 31)),
        ("2022/12/31", None, date(2022, 12, 31)),
    ],
)
def test_printed_dates(printed: str, format: str | None, expected: date) -> None:
    assert day(printed, format_name(format)) == expected


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "31 August",
        "31 Foo 2024",
        "30 February 2024",
        "year ended 31 May 2024",
        "1.1.0024",
        "2024",
        "31-12-202",
        "1 2 3 4",
        "31 August 2024 (audited)",
        "5 5 1850",
    ],
)
def test_what_is_no_date_is_refused(printed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        day(printed)


@given(DATES)
def test_every_date_in_every_british_form_is_read_back(when: date) -> None:
    month = MONTHS[when.month - 1]
    for printed in (
        when.isoformat(),
        f"{when.day} {month} {when.year}",
        f"{when.day}th {month[:3].upper()} {when.year}",
        f"{month} {when.day}, {when.year}",
        f"{when.day}.{when.month}.{when.year % 100:02}",
        f"{when.day:02}/{when.month:02}/{when.year}",
    ):
        assert day(printed) == when
    assert day(f"{when.month}/{when.day}/{when.year}", "datemonthdayyear") == when


@given(st.text(max_size=30))
def test_any_text_gives_a_date_of_our_time_or_is_refused(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert day(text).year in YEARS


def test_flags() -> None:
    assert flag("anything", "booleantrue") is True
    assert flag("", "fixedfalse") is False
    assert flag(" True ") is True
    assert flag("0") is False
    with pytest.raises(ValueError, match="neither"):
        flag("perhaps")
