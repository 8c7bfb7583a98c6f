"""The bytes of a bulk CSV: out of its archive, a piece of whole lines at a time.

What belongs here: members, pieces and encodings. What does not: what is wrong with a line
(``_bulk_mending.py``), columns and values (``_bulk_csv.py``), whether an archive is safe
(``landing/archives.py`` decides that at the door).
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from observatory.sources._one_member import opened

# Small enough to stay in the processor's cache while it is looked at several times.
_PIECE_BYTES: Final = 1 << 20
# The longest record of Companies House's 2026 file is about 2 KB; a megabyte is no record.
LINE_BYTES: Final = 1 << 20
# What is kept of a line that is longer: enough for its first cells.
_HEAD_BYTES: Final = 4 << 10
LINE: Final = re.compile(rb"[^\n]*\n|[^\n]+")


@dataclass(frozen=True)
class Header:
    """The column names of a file without the spaces around them, and whether a record follows."""

    columns: tuple[str, ...]
    has_records: bool


@dataclass(frozen=True)
class Piece:
    """Whole lines of a file, or (``cut``) the beginning of one line of more than a megabyte."""

    data: bytes
    cut: bool = False


def header_of(path: Path, where: str) -> Header:
    """Read a file's header. Raises BadInput when the file is damaged or not text."""
    with opened(path, where, ".csv") as file:
        head = file.read(LINE_BYTES)
    line, _, rest = head.removeprefix(codecs.BOM_UTF8).partition(b"\n")
    names = cells_of(decoded(line)[0]) or []
    return Header(tuple(name.strip() for name in names), bool(rest.strip()))


def pieces(path: Path, where: str) -> Iterator[Piece]:
    """Yield a CSV, or the one CSV in a zip, in order; memory: two pieces of a megabyte.

    Raises BadInput when that is not to be had.
    """
    with opened(path, where, ".csv") as file:
        rest = b""
        while chunk := file.read(_PIECE_BYTES):
            data = rest + chunk
            end = data.rfind(b"\n") + 1
            if end or len(data) <= LINE_BYTES:
                rest = data[end:]
                yield from _without_long_lines(data[:end])
            else:
                yield Piece(data[:_HEAD_BYTES], cut=True)
                rest = _skip_line(file)
        yield from _without_long_lines(rest)


def cells_of(line: str) -> list[str] | None:
    """Return the cells of one line; None when they cannot be told apart."""
    try:
        return next(csv.reader(io.StringIO(line)), [])
    except csv.Error:  # a carriage return outside a cell, or a cell beyond csv's limit (128 KiB)
        return None


def is_utf8(data: bytes) -> bool:
    """Whether the bytes are valid UTF-8."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def decoded(line: bytes) -> tuple[str, str]:
    """Return a line as text, with the characters that stood in bytes other than UTF-8; those
    are read as Windows-1252, which is what older register entries were typed in."""
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


def _without_long_lines(data: bytes) -> Iterator[Piece]:
    half = LINE_BYTES // 2
    if all(data.find(b"\n", at, at + half) >= 0 for at in range(0, len(data), half)):
        if data:
            yield Piece(data)
        return
    for line in LINE.findall(data):
        cut = len(line) > LINE_BYTES
        yield Piece(line[:_HEAD_BYTES] if cut else line, cut)


def _skip_line(file: IO[bytes]) -> bytes:
    """Pass over the rest of a line; return what was read beyond its end."""
    while chunk := file.read(_PIECE_BYTES):
        if b"\n" in chunk:
            return chunk[chunk.index(b"\n") + 1 :]
    return b""
