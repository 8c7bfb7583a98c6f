"""Lines of a bulk CSV as DuckDB must be given them, and what was wrong with those that were not.

DuckDB passes over lines whose end differs from the first one's, lets an open cell swallow the
records after it, and can lose a line about as long as its buffer without a word (seen with
1.5.5). So every line is looked at before, and the records are counted.

What belongs here: lines, and the repair of one. What does not: where the bytes come from
(``_bulk_bytes.py``) and go to (``_bulk_stream.py``), columns and values (``_bulk_csv.py``).
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from observatory.lake_writer import ISSUE_ROWS
from observatory.sources._bulk_bytes import LINE, Piece, cells_of, decoded, is_utf8

# A line end other than the key.
_OTHER_END: Final = {b"\r\n": re.compile(rb"(?<!\r)\n"), b"\n": re.compile(rb"\r\n")}
_QUOTED: Final = re.compile(rb'"[^"]*"')
_LF, _CR, _QUOTE = b'\n\r"'
# Cells kept of a line that is too long: the number of its record is the second or so.
_CELLS_KEPT: Final = 4

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Codes = npt.NDArray[np.uint8]
    Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Repair:
    """What was done to one line (1 is the header), as a slug and in words; ``value`` is the
    text that stands there now, where that may be shown."""

    line: int
    kind: str
    detail: str
    value: str = ""


class Mender:
    """Mends one file, piece by piece; a piece in the published form is only looked at."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.repairs: list[Repair] = []
        self.noted: Counter[str] = Counter()
        # The records (1 is the first after the header) that were cut for their length.
        self.too_long: set[int] = set()
        self._columns = [column.strip() for column in columns]
        # In every repetition of the header, and in no record.
        self._mark = max(self._columns, key=len, default="").encode()
        self._lines = 0
        self._open = False
        self._seen = 0
        self._end = b""
        self._other = self._other_from = 0
        self._held = b""
        # From which record on a line's number is how much greater than if every line were one.
        self._shifts: list[tuple[int, int]] = []

    @property
    def records(self) -> int:
        """The records seen so far, without the header."""
        return max(self._seen - 1, 0)

    def line_of(self, record: int) -> int:
        """Return the line (1 is the header) on which a record begins."""
        place = bisect_right(self._shifts, record, key=lambda one: one[0])
        return record + 1 + (self._shifts[place - 1][1] if place else 0)

    def take(self, piece: Piece) -> bytes:
        """Return a piece as it should be, and note what was wrong with it."""
        return self._cut(piece.data) if piece.cut else self._whole(piece.data)

    def finish(self) -> bytes:
        """Return what was held back to see the line after it: there is none."""
        last = self._release()
        if self._other:
            ends = "LF" if self._end == b"\r\n" else "CR LF"
            detail = f"{self._other:,} lines from here on end in {ends}, unlike the header"
            self._note(self._other_from, "mixed-line-ends", f"{detail}; read as it ends")
        return last

    def _release(self) -> bytes:
        last, self._held = self._held, b""
        return self._mend(last, self._lines, final=True) if last else b""

    def _whole(self, data: bytes) -> bytes:
        import numpy as np  # a tenth of a second, and every command finds this module

        first = self._lines + 1
        if b"\0" in data:
            data = self._drop_nuls(data, first)
        if not (data.isascii() or is_utf8(data)):
            data = self._decode(data, first)
        codes = np.frombuffer(data, np.uint8)
        ends = np.flatnonzero(codes == _LF)
        self._lines += len(ends)
        if self._as_published(data, codes, ends):
            self._place(first, self._seen + 1)
            self._seen += len(ends)
            return data
        held, self._held = self._held, b""
        return self._mend(held + data, first - bool(held))

    def _as_published(self, data: bytes, codes: Codes, ends: Places) -> bool:
        """Whether every line opens and closes with a quotation mark and ends as the header does.

        numpy, because it finds the ends of a megabyte of lines in a quarter of a millisecond:
        four times as fast as ``bytes.count`` of the marks around them.
        """
        if self._open or self._held or not self._end or not data.endswith(b"\n"):
            return False
        if data[0] != _QUOTE or self._mark in data:
            return False
        closed = (codes[ends - len(self._end)] == _QUOTE).all()
        opened = (codes[ends[:-1] + 1] == _QUOTE).all()
        return bool(closed and opened and (self._end == b"\n" or (codes[ends - 1] == _CR).all()))

    def _cut(self, head: bytes) -> bytes:
        """Return, in place of a line that is too long, one that DuckDB is sure to reject."""
        before = self._release()
        self._lines += 1
        if self._open:  # its record ends here, with too many cells
            self._open = False
            line = b'"' + b',"-"' * len(self._columns)
        else:
            self._seen += 1
            self._place(self._lines, self._seen)
            kept = min(_CELLS_KEPT, len(self._columns) - 1)
            cells = (cells_of(decoded(head.replace(b"\0", b""))[0]) or [""])[:kept]
            line = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells).encode()
        self.too_long.add(self.records)
        return before + line + self._end

    def _drop_nuls(self, data: bytes, first: int) -> bytes:
        for place, line in enumerate(data.split(b"\n")):
            if count := line.count(b"\0"):
                self._note(first + place, "nul-byte", f"NUL bytes ({count}) were dropped")
        return data.replace(b"\0", b"")

    def _decode(self, data: bytes, first: int) -> bytes:
        lines = data.split(b"\n")
        for place, line in enumerate(lines):
            if not is_utf8(line):
                text, replaced = decoded(line)
                lines[place] = text.encode()
                detail = "bytes that are not UTF-8 were read as Windows-1252"
                self._note(first + place, "encoding", detail, replaced)
        return b"\n".join(lines)

    def _mend(self, data: bytes, first: int, *, final: bool = False) -> bytes:
        lines, mended = LINE.findall(data), []
        for place, line in enumerate(lines, 1):
            if place == len(lines) and not (final or self._open) and _is_cut_short(line):
                self._held = line
            else:
                following = lines[place] if place < len(lines) else b""
                mended.append(self._mend_line(line, following, first + place - 1))
        return self._mend_ends(b"".join(mended), first)

    def _mend_line(self, line: bytes, following: bytes, number: int) -> bytes:
        if self._open:  # inside a cell that holds a line break
            swallowed = self._is_record(line)
            self._seen += swallowed
            self._open = line.count(b'"') % 2 == 0 and not swallowed
            return line
        bare = line.rstrip(b"\r\n")
        end = line[len(bare) :]
        if not bare:
            self._note(number, "blank-line", "a blank line was passed over")
            return b""
        if self._seen and self._is_header(bare):
            detail = "the header stands here again, as where parts were joined; it was passed over"
            self._note(number, "repeated-header", detail)
            return b""
        self._seen += 1
        self._place(number, self._seen)
        if b"\r" in bare or end == b"\r\r\n":
            bare, end = bare.replace(b"\r", b" "), end.replace(b"\r\r", b"\r")
            detail = "a carriage return that ends no line was read as a space"
            self._note(number, "stray-return", detail)
        if _is_cut_short(bare) and self._is_record(following):
            self._note(number, "open-cell", "a cell left open at the line's end was closed there")
            return bare + b'"' + end
        self._open = bare.count(b'"') % 2 == 1
        return bare + end

    def _mend_ends(self, data: bytes, first: int) -> bytes:
        """Give every line the end that the file's first line has (CR LF or LF)."""
        if not self._end:
            self._end = b"\r\n" if data.partition(b"\n")[0].endswith(b"\r") else b"\n"
        with_return = data.count(b"\r\n")
        other = with_return if self._end == b"\n" else data.count(b"\n") - with_return
        if other == 0:
            return data
        if not self._other:
            wrong = _OTHER_END[self._end].search(data)
            self._other_from = first + data.count(b"\n", 0, wrong.start() if wrong else 0)
        self._other += other
        return data.replace(b"\r\n", b"\n").replace(b"\n", self._end)

    def _note(self, line: int, kind: str, detail: str, value: str = "") -> None:
        self.noted[kind] += 1
        if self.noted[kind] <= ISSUE_ROWS:
            self.repairs.append(Repair(line, kind, detail, value))

    def _place(self, line: int, record: int) -> None:
        """Remember where the distance between lines and records (1 is the header) changes."""
        if line - record != (self._shifts[-1][1] if self._shifts else 0):
            self._shifts.append((record - 1, line - record))

    def _is_header(self, line: bytes) -> bool:
        if self._mark not in line:
            return False
        cells = cells_of(line.removeprefix(codecs.BOM_UTF8).decode("utf-8"))
        return cells is not None and [cell.strip() for cell in cells] == self._columns

    def _is_record(self, line: bytes) -> bool:
        """Whether a line is a record by itself, so that the one before cannot run on into it."""
        if line.count(b'"') % 2:
            return False
        return _QUOTED.sub(b"", line).count(b",") + 1 == len(self._columns)


def _is_cut_short(line: bytes) -> bool:
    """Whether a line ends inside a cell. With a mark at its end the odd one stands elsewhere,
    and DuckDB rejects that line alone."""
    bare = line.rstrip(b"\r\n")
    return bare.count(b'"') % 2 == 1 and (not bare.endswith(b'"') or bare.endswith(b',"'))
