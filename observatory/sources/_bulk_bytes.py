"""The bytes of a bulk CSV: out of its archive, and as UTF-8, a piece at a time.

What belongs here: members, encodings and lines. What does not: columns and values
(``_bulk_csv.py``), whether an archive is safe (``landing/archives.py`` decides that at the door).
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from observatory.errors import BadInput

_CHUNK_BYTES: Final = 4 << 20
# The longest record of Companies House's 2026 file is about 2 KB; a megabyte is no record.
_LINE_BYTES: Final = 1 << 20
_LINE: Final = re.compile(rb"[^\n]*\n|[^\n]+")
# A line end other than the key.
_OTHER_END: Final = {b"\r\n": re.compile(rb"(?<!\r)\n"), b"\n": re.compile(rb"\r\n")}


@dataclass(frozen=True)
class Header:
    """The column names of a file without the spaces around them, and whether a record follows."""

    columns: tuple[str, ...]
    has_records: bool


@dataclass(frozen=True)
class Repair:
    """What was done to one line (1 is the header), as a slug and in words; ``value`` is the
    text that stands there now, where that may be shown."""

    line: int
    kind: str
    detail: str
    value: str = ""


@dataclass(frozen=True)
class Utf8:
    """A file that DuckDB can read, the records counted in it (the header apart), and the repairs
    it took."""

    path: Path
    records: int
    repairs: list[Repair] = field(default_factory=list)


@contextmanager
def _opened(path: Path, where: str) -> Iterator[IO[bytes]]:
    """Open a CSV, or the one CSV in a zip. Raises BadInput when that is not to be had."""
    if not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            yield file
        return
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if one.filename.lower().endswith(".csv")]
            if len(members) != 1:
                names = ", ".join(one.filename for one in members[:5]) or "none"
                raise BadInput(
                    f"holds {len(members)} CSV files where one is expected ({names})",
                    where=where,
                    remedy="land the archive as its publisher made it, or the CSV file itself",
                )
            with archive.open(members[0]) as file:
                yield file
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise BadInput(
            f"its archive is damaged ({error})", where=where, remedy="download it again"
        ) from error


def header_of(path: Path, where: str) -> Header:
    """Read a file's header. Raises BadInput when the file is damaged or not text."""
    with _opened(path, where) as file:
        head = file.read(_LINE_BYTES)
    line, _, rest = head.removeprefix(codecs.BOM_UTF8).partition(b"\n")
    names = next(csv.reader(io.StringIO(_decoded(line)[0])), [])
    return Header(tuple(name.strip() for name in names), bool(rest.strip()))


def utf8_file(path: Path, where: str, temp_dir: Path) -> Utf8:
    """Return a file with the same records that is plain, valid UTF-8: the file itself when it
    is that already, otherwise a new one in ``temp_dir``.

    A byte that is not UTF-8 is read as Windows-1252, which is what older register entries
    were typed in; a cell left open at a line's end is closed, so that it cannot swallow the
    next record; lines end as the header does, since DuckDB passes over every line that ends in
    another way; blank lines go. Each is reported. Memory: a few chunks of 4 MiB.
    """
    width = len(header_of(path, where).columns)
    if not zipfile.is_zipfile(path):
        mended = _Mender(width)
        with path.open("rb") as file:
            for chunk in _line_chunks(file, where):
                mended.take(chunk)
        if not mended.repairs:
            return Utf8(path, mended.records)
    mended = _Mender(width)
    target = temp_dir / f"{path.name}.utf8.csv"
    with _opened(path, where) as file, target.open("wb") as out:
        for chunk in _line_chunks(file, where):
            out.write(mended.take(chunk))
    return Utf8(target, mended.records, mended.repairs)


def _line_chunks(file: IO[bytes], where: str) -> Iterator[bytes]:
    """Yield pieces of a file that end at line ends (but for the last)."""
    rest = b""
    while chunk := file.read(_CHUNK_BYTES):
        end = chunk.rfind(b"\n") + 1
        if not end and len(rest) + len(chunk) > _CHUNK_BYTES + _LINE_BYTES:
            raise BadInput(
                "has a line of more than a megabyte: it is not the file that was promised",
                where=where,
                remedy="compare it with the publisher's own file",
            )
        yield rest + chunk[:end] if rest else chunk[:end]
        rest = chunk[end:]
    if rest:
        yield rest


class _Mender:
    """Mends one file, chunk by chunk; a chunk in the published form costs three passes in C."""

    def __init__(self, width: int) -> None:
        self.repairs: list[Repair] = []
        self._width = width
        self._lines = 0
        self._open = False
        self._records = 0
        self._end = b""

    @property
    def records(self) -> int:
        """The records seen so far, without the header."""
        return max(self._records - 1, 0)

    def take(self, chunk: bytes) -> bytes:
        """Return a chunk of whole lines as it should be, and note what was wrong with it."""
        first, count = self._lines + 1, chunk.count(b"\n")
        self._lines += count
        if not (chunk.isascii() or _is_utf8(chunk)):
            chunk = self._decode(chunk, first)
        # Published lines open and close with a quotation mark: one count proves a whole chunk.
        as_published = chunk.startswith(b'"') and chunk.endswith(b'"\r\n')
        as_published &= self._end != b"\n" and not self._open
        if as_published and chunk.count(b'"\r\n"') == count - 1:
            self._records += count
            return chunk
        return self._mend_ends(self._mend_lines(chunk, first), first)

    def _decode(self, chunk: bytes, first: int) -> bytes:
        lines = chunk.split(b"\n")
        for place, line in enumerate(lines):
            if not _is_utf8(line):
                text, replaced = _decoded(line)
                lines[place] = text.encode()
                detail = "bytes that are not UTF-8 were read as Windows-1252"
                self._note(first + place, "encoding", detail, replaced)
        return b"\n".join(lines)

    def _mend_lines(self, chunk: bytes, first: int) -> bytes:
        lines = _LINE.findall(chunk)
        for place, line in enumerate(lines):
            bare, odd = line.rstrip(b"\r\n"), line.count(b'"') % 2 == 1
            if self._open:  # inside a cell that holds a line break
                self._open = not (odd or self._is_record(line))
                continue
            self._records += bool(bare)
            if b"\r" in bare or line.endswith(b"\r\r\n"):
                end = line[len(line.rstrip(b"\r\n")) :].replace(b"\r\r", b"\r")
                bare = bare.replace(b"\r", b" ")
                line = lines[place] = bare + end
                detail = "a carriage return that ends no line was read as a space"
                self._note(first + place, "stray-return", detail)
            if not bare:
                lines[place] = b""
                self._note(first + place, "blank-line", "a blank line was passed over")
            elif (
                odd and _ends_open(bare) and self._is_record(b"".join(lines[place + 1 : place + 2]))
            ):
                lines[place] = bare + b'"' + line[len(bare) :]
                detail = "a cell left open at the line's end was closed there"
                self._note(first + place, "open-cell", detail)
            else:
                self._open = odd
        return b"".join(lines)

    def _mend_ends(self, chunk: bytes, first: int) -> bytes:
        """Give every line the end that the file's first line has (CR LF or LF)."""
        if not self._end:
            self._end = b"\r\n" if chunk.partition(b"\n")[0].endswith(b"\r") else b"\n"
        with_return = chunk.count(b"\r\n")
        other = with_return if self._end == b"\n" else chunk.count(b"\n") - with_return
        if other == 0:
            return chunk
        wrong = _OTHER_END[self._end].search(chunk)
        line = first + chunk.count(b"\n", 0, wrong.start() if wrong else 0)
        ends = "LF" if self._end == b"\r\n" else "CR LF"
        detail = f"{other:,} lines from here on end in {ends}, unlike the header; read as it ends"
        self._note(line, "mixed-line-ends", detail)
        return chunk.replace(b"\r\n", b"\n").replace(b"\n", self._end)

    def _note(self, line: int, kind: str, detail: str, value: str = "") -> None:
        self.repairs.append(Repair(line, kind, detail, value))

    def _is_record(self, line: bytes) -> bool:
        """Whether a line is a record by itself, so that the one before cannot run on into it."""
        if line.count(b'"') % 2:
            return False
        return len(next(csv.reader([line.decode("utf-8")]), [])) == self._width


def _ends_open(line: bytes) -> bool:
    """Whether a line with an odd number of quotation marks ends inside a cell, cut short; with
    a mark at its end the odd one stands elsewhere, and DuckDB rejects that line alone."""
    return not line.endswith(b'"') or line.endswith(b',"')


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(line: bytes) -> tuple[str, str]:
    """Return a line as text, with the characters that stood in bytes other than UTF-8."""
    replaced: list[str] = []
    text = ""
    while line:
        try:
            return text + line.decode("utf-8"), "".join(replaced)
        except UnicodeDecodeError as error:
            wrong = line[error.start : error.end].decode("cp1252", "replace")
            text += line[: error.start].decode("utf-8") + wrong
            replaced.append(wrong)
            line = line[error.end :]
    return text, "".join(replaced)
