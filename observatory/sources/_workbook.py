"""Published workbooks (ODS, XLSX) as lines of text, so that a delimited reader can take over.

Row N of a sheet becomes line N of the text, so that a locator leads back to the sheet. What does
not belong here: columns (``_layout.py`` and the source modules).

python-calamine reads both kinds: a sheet of 57,000 rows and 130 columns in seconds, where readers
in Python take minutes.
"""

from __future__ import annotations

import calendar
import csv
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from observatory.errors import BadInput
from observatory.sources import _records
from observatory.sources._layout import plain
from observatory.sources._values import Kind, parse_date

_PREAMBLE: Final = 30  # rows in which a header is looked for; the longest preamble seen has 6
_SUFFIXES: Final = (".ods", ".xlsx", ".xls", ".xlsb")
_MONTHS: Final = tuple(month.lower() for month in calendar.month_name[1:])
_NAMED_DAY = re.compile(r"(?<!\d)(\d{1,2})[ _-]+([a-z]{3,9}|\d{2})[ _-]+(\d{4})(?!\d)", re.I)
# Excel and LibreOffice count days from here (1 is the first of January 1900, in a count that
# takes 1900 for a leap year: right from March 1900 on).
_DAY_ZERO: Final = date(1899, 12, 30)
_SERIALS: Final = range(20_000, 80_000)  # 1954 to 2119

Cell = int | float | str | bool | time | date | datetime | timedelta


def lines(path: Path, file_name: str, marker: str, remedy: str) -> Iterator[list[str]]:
    """Yield the rows of the sheet whose header holds ``marker``, each as text; the rows above
    the header, and rows without any value, are empty lists.

    A sheet that somebody saved as text (CSV, or parted by another sign) is read too. Raises
    BadInput when the file is neither, or no sheet has such a header.
    """
    named = file_name.lower().endswith(_SUFFIXES)
    if not named and not zipfile.is_zipfile(path) and (saved := _saved_as_text(path, file_name)):
        at = next((n for n, row in enumerate(saved[:_PREAMBLE]) if _has(row, marker)), None)
        if at is None:
            raise BadInput(f"has no column {marker!r}", where=file_name, remedy=remedy)
        yield from ([] if n < at or not any(row) else row for n, row in enumerate(saved))
        return
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            at = _header_row(sheet, marker)
            if at is not None:
                yield from _texts(sheet, at)
                return
        sheets = ", ".join(workbook.sheet_names)
    except CalamineError as error:
        raise BadInput(
            f"is not a workbook that can be read ({error})", where=file_name, remedy=remedy
        ) from error
    raise BadInput(
        f"no sheet has a header with {marker!r}; it has the sheets {sheets}",
        where=file_name,
        remedy=remedy,
    )


def write(rows: Iterable[Sequence[str]], target: Path) -> Path:
    """Write rows as CSV, one line a row whatever a cell holds, and return the path."""
    with target.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, quoting=csv.QUOTE_ALL)
        for row in rows:
            out.writerow([" ".join(cell.split()) for cell in row])
    return target


def day_in_name(name: str) -> date | None:
    """Return the day in a file's name: ``01_September_2026`` or ``29_06_2026``; else None."""
    for day, month, year in _NAMED_DAY.findall(name):
        word = month.lower()
        found = [n for n, one in enumerate(_MONTHS, 1) if one.startswith(word)]
        try:
            return date(int(year), int(word) if word.isdigit() else found[0], int(day))
        except (ValueError, IndexError):
            continue
    return None


def sort_day(name: str) -> date:
    """Return the day in a file's name, by which editions are put in order; long ago for none."""
    return day_in_name(name) or date.min


def _parse_day(cell: str) -> str:
    """Return ``YYYY-MM-DD`` from a date in a known form or a count of days. Raises ValueError."""
    if re.fullmatch(r"\d{5}", cell, re.ASCII) and int(cell) in _SERIALS:
        return (_DAY_ZERO + timedelta(days=int(cell))).isoformat()
    return parse_date(cell)


DAY = Kind("DATE", _parse_day)


def _header_row(sheet: CalamineSheet, marker: str) -> int | None:
    for at, row in enumerate(sheet.to_python(skip_empty_area=False, nrows=_PREAMBLE)):
        if _has([_text(cell) for cell in row], marker):
            return at
    return None


def _has(row: Sequence[str], marker: str) -> bool:
    return plain(marker) in map(plain, row)


def _saved_as_text(path: Path, file_name: str) -> list[list[str]]:
    """Return the rows of a text whose first lines are parted by one of the usual signs, else
    nothing: what is no text is left to the reader of workbooks."""
    with path.open("rb") as file:
        if b"\x00" in file.read(4096):
            return []
    text = _records.decode(path.read_bytes(), file_name).text
    sign = max(",|;\t", key=text[:20_000].count)
    rows = csv.reader(text.splitlines(keepends=True), delimiter=sign)
    return [[cell.strip() for cell in row] for row in rows]


def _texts(sheet: CalamineSheet, header_row: int) -> Iterator[list[str]]:
    width = 0
    for at, row in enumerate(sheet.to_python(skip_empty_area=False)):
        cells = [] if at < header_row else [_text(cell) for cell in row]
        if at == header_row:
            # Sheets are padded with empty columns, up to the 16,384 that the format allows.
            width = max(n for n, cell in enumerate(cells, 1) if cell)
        cells = cells[:width]
        yield cells if any(cells) else []


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "Y" if cell else "N"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)
