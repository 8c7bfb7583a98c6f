"""The bytes of a bulk CSV: out of its archive, and as UTF-8, a piece at a time.

What belongs here: members, encodings and lines. What does not: columns and values
(``_bulk_csv.py``), whether an archive is safe (``landing/archives.py`` decides that at the door).
"""

from __future__ import annotations

import codecs
import csv
import io
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


@dataclass(frozen=True)
class Header:
    """The column names of a file without the spaces around them, and whether a record follows."""

    columns: tuple[str, ...]
    has_records: bool


@dataclass(frozen=True)
class Repair:
    """What was done to one line (1 is the header): ``value`` is the text that now stands there."""

    line: int
    value: str


@dataclass
class Utf8:
    """A file that DuckDB can read: ``path``, the repairs it took, and its number of lines."""

    path: Path
    repairs: list[Repair] = field(default_factory=list)
    lines: int = 0


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
    were typed in; the line is reported. Memory: a few chunks of 4 MiB.
    """
    if not zipfile.is_zipfile(path):
        found = Utf8(path)
        with path.open("rb") as file:
            for chunk in _line_chunks(file, where):
                _repair(chunk, found)
        if not found.repairs:
            return found
    found = Utf8(temp_dir / f"{path.name}.utf8.csv")
    with _opened(path, where) as file, found.path.open("wb") as target:
        for chunk in _line_chunks(file, where):
            target.write(_repair(chunk, found))
    return found


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


def _repair(chunk: bytes, found: Utf8) -> bytes:
    """Return a chunk of whole lines as UTF-8, and count its lines and repairs in ``found``."""
    first = found.lines + 1
    found.lines += chunk.count(b"\n")
    if chunk.isascii() or _is_utf8(chunk):
        return chunk
    lines = chunk.split(b"\n")
    for number, line in enumerate(lines):
        if not _is_utf8(line):
            text, replaced = _decoded(line)
            lines[number] = text.encode()
            found.repairs.append(Repair(first + number, replaced))
    return b"\n".join(lines)


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
