"""The days over which a label is true, as far as a gold file dates them.

What does not belong here: any other column (``evaluate_labels.py``).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?!\d)")
# A register's or a citation's ends; any other status only says when the label was last seen true.
_UNKNOWN = ("", "unknown", "present", "current", "ongoing")


@dataclass(frozen=True)
class Span:
    """First and last day on which the label is certainly true; None where it is open."""

    first: date | None = None
    last: date | None = None

    def overlaps(self, first: date | None, last: date | None) -> bool:
        """Whether a day of ``first``..``last`` (None is open) lies in this span."""
        starts_late = self.last is not None and first is not None and first > self.last
        ends_early = self.first is not None and last is not None and last < self.first
        return not (starts_late or ends_early)


def span_of(cells: Mapping[str, str]) -> tuple[Span, tuple[str, ...]]:
    """The days of the row's label: ``valid_from``/``valid_to``, else ``spun_out``/``status_date``.

    An inexact date counts for the days that are certain: a label from 2011 to 2016 is scored from
    31 December 2011 to 1 January 2016. Where that leaves no day (both in one year), the outer
    days are taken. Also returns what could not be read, in words; that end is left open.
    """
    odd: list[str] = []
    first = _read(cells, ("valid_from", "spun_out"), odd)
    last = _read(cells, ("valid_to", "status_date"), odd)
    inner = Span(first[1] if first else None, last[0] if last else None)
    if inner.first and inner.last and inner.first > inner.last and first and last:
        if first[0] > last[1]:
            odd.append(f"the label ends ({last[1]}) before it begins ({first[0]}); it has no dates")
            return Span(), tuple(odd)
        return Span(first[0], last[1]), tuple(odd)
    return inner, tuple(odd)


def _read(
    cells: Mapping[str, str], columns: tuple[str, ...], odd: list[str]
) -> tuple[date, date] | None:
    """First and last day that the first of the filled columns can mean."""
    for column in columns:
        text = cells.get(column, "")
        if text.lower() in _UNKNOWN:
            continue
        found = days(text)
        if found is None:
            odd.append(
                f"{column} {text!r} is no date such as 2014, 2014-04 or 2014-04-01; left open"
            )
        return found
    return None


def days(text: str) -> tuple[date, date] | None:
    """First and last day of a year, month, day or financial year (``2021-22``) at the start of
    ``text``; None where it does not begin with one."""
    match = _DATE.match(text)
    if match is None:
        return None
    year, month, day = (None if part is None else int(part) for part in match.groups())
    try:
        if year is None:
            return None
        if month is not None and day is not None:
            return date(year, month, day), date(year, month, day)
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if 1 <= month <= 12:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        if month == (year + 1) % 100:
            return date(year, 4, 1), date(year + 1, 3, 31)
    except ValueError:
        return None
    return None
