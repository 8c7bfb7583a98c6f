"""Delimited text as records that remember where they stood: bytes to text, text to records.

Two things worth knowing first. A quoted cell may hold line ends, so a record's number is not its
line: every record carries the physical line on which it begins. And one stray quotation mark can
swallow the lines after it without any error in Python's default mode, so reading is strict first
and lenient only for the one record that broke the rule.

What does not belong here: columns and their types (``_delimited.py``).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from observatory.errors import BadInput

_BOM = b"\xef\xbb\xbf"
_FETCH_AGAIN = "fetch the file again from its publisher; if it comes the same, report it to them"


@dataclass(frozen=True)
class Decoded:
    """A file's text, and a note when it was not all UTF-8."""

    text: str
    note: str = ""


@dataclass(frozen=True)
class Record:
    """One record: the line on which it begins and ends, its cells, and what is wrong with it.

    ``repaired`` records could be read in spite of a misplaced quotation mark.
    """

    line: int
    last_line: int
    cells: tuple[str, ...]
    problem: str = ""
    repaired: bool = False


def decode(data: bytes, where: str) -> Decoded:
    """Return the text of ``data``: UTF-8 with or without a byte-order mark, and Windows-1252 for
    those lines that are not.

    Line by line, because one stray byte must not turn every other accent of the file into
    mojibake; and Windows-1252 rather than Latin-1, because registers carry its curly quotes
    (bytes 0x91-0x97). Raises BadInput when a line is neither.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadInput("the file is UTF-16", where=where, remedy="save it again as CSV UTF-8")
    data = data.removeprefix(_BOM)
    try:
        return Decoded(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    lines, foreign = data.split(b"\n"), []
    texts: list[str] = []
    for number, line in enumerate(lines, start=1):
        try:
            texts.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            foreign.append(number)
            texts.append(_windows_1252(line, number, where))
    note = (
        f"{len(foreign)} of {len(lines)} lines are not UTF-8 and were read as Windows-1252 "
        f"(cp1252); the first is line {foreign[0]}"
    )
    return Decoded("\n".join(texts), note)


def _windows_1252(line: bytes, number: int, where: str) -> str:
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"line {number} is neither UTF-8 nor Windows-1252 (byte 0x{line[error.start]:02x})",
            where=where,
            remedy=_FETCH_AGAIN,
        ) from error


def records(text: str, where: str) -> Iterator[Record]:
    """Yield the records of a comma-separated text, the header first, blank lines left out.

    A record that breaks the quoting rules is read leniently and marked ``repaired``. Raises
    BadInput when a quoted cell never closes, which is how a cut file shows.
    """
    source = _Lines(text)
    reader = csv.reader(source, strict=True)
    while True:
        start = source.taken
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _lenient(source, start, error, where)
            continue
        if cells:
            yield Record(start + 1, source.taken, tuple(cells))


def _lenient(source: _Lines, start: int, error: csv.Error, where: str) -> Record:
    """Read again one line that the strict reader refused, or refuse it too.

    When the strict reader had run on into further lines, the mark that it stumbled over most
    likely opens the next record: only the first line is given up, and reading goes on behind it.
    """
    if "unexpected end" in str(error) or "field larger" in str(error):
        raise BadInput(
            f"a quoted cell of the record that begins on line {start + 1} never closes: "
            "the file was cut short, or a quotation mark is missing there",
            where=where,
            remedy=_FETCH_AGAIN,
        ) from error
    line = source.lines[start]
    if source.taken > start + 1:
        source.taken = start + 1
        return Record(start + 1, start + 1, (line,), problem=f"a quotation mark in it: {error}")
    cells = next(csv.reader([line]))
    return Record(start + 1, start + 1, tuple(cells), repaired=True)


class _Lines:
    """Physical lines, counted as they are taken (``csv.reader.line_num`` starts again after an
    error, so it cannot be used)."""

    def __init__(self, text: str) -> None:
        self.lines = io.StringIO(text, newline="").readlines()
        self.taken = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.taken == len(self.lines):
            raise StopIteration
        self.taken += 1
        return self.lines[self.taken - 1]
