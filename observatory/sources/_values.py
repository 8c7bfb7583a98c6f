"""Kinds of published cell: how one trimmed, non-empty cell becomes a typed value.

What belongs here: forms that a publisher was seen to use. A form that nobody declared is refused
(ValueError with the reason), so that the reader reports it instead of guessing. What does not:
vocabularies and column names, which each source module declares.

Every parser returns text that DuckDB casts to the kind's type without loss.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

# Friendly societies were first registered under the Friendly Societies Act 1793; a year outside
# these bounds is a slip of the keyboard or a placeholder (9999-12-31), not a date.
_YEARS = range(1793, 2101)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2}):(\d{2}))?", re.ASCII)
_BRITISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: (\d{2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)
_NUMBER = re.compile(r"([+-]?)£?([+-]?)((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)", re.ASCII)
_LARGEST_EXACT = 2**53  # beyond it a DOUBLE no longer holds every whole number


@dataclass(frozen=True)
class Kind:
    """A DuckDB type, and the parser of its published forms."""

    type: str
    parse: Callable[[str], str]


def parse_text(cell: str) -> str:
    """Return the cell with its line ends as plain newlines."""
    return cell.replace("\r\n", "\n").replace("\r", "\n")


def parse_date(cell: str) -> str:
    """Return ``YYYY-MM-DD`` from ``YYYY-MM-DD`` or unpadded ``D/M/YYYY``, either with a time of
    day. Raises ValueError for any other form, an impossible day or a year outside
    1793-2100."""
    if found := _ISO.fullmatch(cell):
        year, month, day = (int(part) for part in found.group(1, 2, 3))
        if found[4]:
            time(int(found[4]), int(found[5]), int(found[6]))
    elif found := _BRITISH.fullmatch(cell):
        day, month, year = (int(part) for part in found.group(1, 2, 3))
        if found[4]:
            time(int(found[4]), int(found[5]), int(found[6] or 0))
    else:
        raise ValueError("is not a date in a form that this publisher uses")
    if year not in _YEARS:
        raise ValueError(f"has a year outside {_YEARS.start}-{_YEARS.stop - 1}")
    return date(year, month, day).isoformat()


def parse_number(cell: str) -> str:
    """Return a plain decimal from digits with an optional sign, ``£`` and thousands commas.

    Raises ValueError for anything else: brackets, percentages and exponents were never seen, and
    an exponent means that a spreadsheet has already lost digits.
    """
    found = _NUMBER.fullmatch(cell)
    if not found or (found[1] and found[2]):
        raise ValueError("is not a number in a form that this publisher uses")
    sign = "-" if "-" in (found[1], found[2]) else ""
    digits = found[3].replace(",", "")
    if Decimal(digits) > _LARGEST_EXACT:
        raise ValueError("is too large to be a figure of one organisation")
    return sign + digits


def parse_count(cell: str) -> str:
    """Return a whole number, zero or more; ``12.0`` counts as 12. Raises ValueError."""
    value = Decimal(parse_number(cell))
    if value != value.to_integral_value():
        raise ValueError("is not a whole number")
    if value < 0:
        raise ValueError("is a count below zero")
    return str(int(value))


def parse_year(cell: str) -> str:
    """Return a year of four digits. Raises ValueError."""
    if not re.fullmatch(r"\d{4}", cell, re.ASCII) or int(cell) not in _YEARS:
        raise ValueError("is not a year")
    return cell


def parse_flag(cell: str) -> str:
    """Return ``true`` or ``false`` from 1/0, yes/no or true/false. Raises ValueError."""
    value = {"1": "true", "yes": "true", "true": "true"} | dict.fromkeys(
        ("0", "no", "false"), "false"
    )
    if cell.casefold() not in value:
        raise ValueError("is neither yes nor no")
    return value[cell.casefold()]


def org_id(scheme: str) -> Kind:
    """Return the kind of an org-id of one scheme, such as ``GB-MPR``."""

    def parse(cell: str) -> str:
        if not cell.startswith(f"{scheme}-") or len(cell) == len(scheme) + 1:
            raise ValueError(f"is not a {scheme} identifier")
        return cell

    return Kind("VARCHAR", parse)


TEXT = Kind("VARCHAR", parse_text)
DATE = Kind("DATE", parse_date)
NUMBER = Kind("DOUBLE", parse_number)
COUNT = Kind("BIGINT", parse_count)
YEAR = Kind("SMALLINT", parse_year)
FLAG = Kind("BOOLEAN", parse_flag)
