"""Open Contracting (OCDS) release packages and JSON Lines, one row a release, in DuckDB.

Three things worth knowing before you touch this. DuckDB reads what is well formed, in one pass
with a declared structure; only the few releases that need mending go through Python. The
structure is an allow-list: contact points, descriptions and documents' texts are never read.
And e-mail addresses and telephone numbers are taken out of the free text that is kept.

What belongs here: mechanics that every OCDS publisher shares. What does not: one publisher's
addresses, limits and vocabularies (its source module), and what counts as an award (the models).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from observatory import ocds_checks as checks
from observatory import ocds_lines as lines
from observatory import ocds_sql as sql
from observatory.errors import PermanentError
from observatory.identifiers import read_company_number
from observatory.ocds_mend import mend_release
from observatory.ocds_screen import PERSONAL, RELEASES, SCREENED
from observatory.ocds_text import (
    CUTTING,
    Problem,
    begins_with_release,
    decode,
    is_plain_lines,
    releases_in,
    split,
)
from observatory.settings import PROJECT_ROOT

# Lines taken at once: a year of Find a Tender has a gigabyte, and a connection 768 MiB.
PIECE_BYTES = 40 << 20
_MACROS = PROJECT_ROOT / "sql" / "macros" / "identifiers.sql"


class _Piece(NamedTuple):
    """Lines that are read at once: as SQL, and in their file, after the place ``before``."""

    sql: str
    path: Path
    before: int


class _Copy:
    """A file of lines of our own, and the length of the longest in bytes. A file is several times
    faster for DuckDB to take than parameters."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.longest = 0
        self._file = path.open("wb")

    def write(self, line: bytes) -> None:
        """Add a line."""
        self.longest = max(self.longest, len(line))
        self._file.write(line + b"\n")

    def __enter__(self) -> None:
        """Write within the block only."""

    def __exit__(self, *raised: object) -> None:
        """Finish the file."""
        self._file.close()


def read(
    con: duckdb.DuckDBPyConnection,
    bodies: Iterable[Path],
    temp_dir: Path,
    *,
    name_them: bool = False,
) -> list[Problem]:
    """Read bodies into the view ``ocds_release``, one row a release in published order, and
    return what was mended, left out or unreadable. ``temp_dir`` is for files of our own; with
    ``name_them`` releases without an id are given one, otherwise they are quarantined."""
    con.execute(_MACROS.read_text(encoding="utf-8"))
    con.execute(sql.SETUP)
    reading = _Reading(con, temp_dir, name_them)
    for number, path in enumerate(bodies):
        reading.take(number, path)
    con.execute(sql.releases(mended="ocds_mended" in reading.tables))
    con.execute(PERSONAL)
    con.execute(SCREENED)
    con.execute(RELEASES)
    return reading.problems


class _Reading:
    """The bodies of one snapshot on their way into tables: ``ocds_read`` has a row for each line,
    in their order, ``ocds_mended`` one for each release that was mended, and ``ocds_fields`` the
    names of fields in some of them."""

    def __init__(self, con: duckdb.DuckDBPyConnection, temp_dir: Path, name_them: bool) -> None:
        self.con = con
        self.temp_dir = temp_dir
        self.name_them = name_them
        self.problems: list[Problem] = []
        self.tables: set[str] = set()
        self.lines = 0
        self.first = 0  # row of the piece that was read last

    def take(self, number: int, path: Path) -> None:
        """Read the ``number``-th body."""
        if not self._take_clean(number, path):
            for piece in self._pieces(number, path):
                self._insert(piece)
                self._mend(piece)

    def _take_clean(self, number: int, path: Path) -> bool:
        """Read a body of clean JSON Lines, at whose lines nobody looks but DuckDB (nearly every
        body is one), and say whether it was."""
        if path.stat().st_size > PIECE_BYTES or not begins_with_release(path):
            return False
        piece = _Piece(lines.clean_lines(path), path, lines.before(number))
        try:
            self._insert(piece)
        # A line longer than the buffer is "not implemented".
        except (duckdb.InvalidInputException, duckdb.NotImplementedException):
            return False
        self._mend(piece)
        return True

    def _insert(self, piece: _Piece) -> None:
        """Add a row for each line: the rows keep their order, and their ids count them."""
        taken = self._add("ocds_read", sql.rows(piece.sql, piece.before + 1 - self.lines))
        self.first, self.lines = self.lines, self.lines + taken

    def _add(self, table: str, rows: str) -> int:
        """Add rows to a table, which begins with its first; return how many."""
        into = "insert into" if table in self.tables else "create or replace temp table"
        taken = self.con.execute(f"{into} {table}{'' if table in self.tables else ' as'} {rows}")
        self.tables.add(table)
        return int((taken.fetchone() or (0,))[0])

    def _pieces(self, number: int, path: Path) -> Iterator[_Piece]:
        """Yield the lines of a body, in pieces that fit into memory; a body that is no clean JSON
        Lines goes through Python, and is one piece."""
        before = lines.before(number)
        if not is_plain_lines(path):
            copy = self.temp_dir / f"ocds_lines_{number}"
            self.problems += _cut_up(path, copy)
            yield _Piece(lines.located_lines(copy), copy, before)
        elif path.stat().st_size <= PIECE_BYTES:
            yield _Piece(lines.plain_lines(path), path, before)
        else:
            part = self.temp_dir / "ocds_piece"
            with path.open("rb") as file:
                while some := file.readlines(PIECE_BYTES):
                    part.write_bytes(b"".join(some))
                    yield _Piece(lines.plain_lines(part), part, before)
                    before += len(some)

    def _mend(self, piece: _Piece) -> None:
        """Take the releases of a piece that SQL cannot read as they are through Python, and look
        for names of fields in some releases."""
        odd = dict(self.con.execute(sql.odd_from(self.first)).fetchall())
        mended = _Copy(self.temp_dir / "ocds_mended")
        sampled = _Copy(self.temp_dir / "ocds_sampled")
        place = piece.before
        with mended, sampled, piece.path.open("rb") as file:
            for place, line in enumerate(file, start=piece.before + 1):
                if place in odd:
                    text = line.decode("utf-8", "replace").rstrip("\n").rpartition("\x01")[2]
                    for part, (where, release) in enumerate(self._mended(odd[place], text)):
                        made = json.dumps(release)
                        mended.write(f"{place}\x01{part}\x01{where}\x01{made}".encode())
                        if checks.is_sampled(place):
                            sampled.write(made.encode())
                elif checks.is_sampled(place):
                    sampled.write(line.rstrip(b"\n").rpartition(b"\x01")[2])
        if place - piece.before != self.lines - self.first:
            raise PermanentError(
                f"DuckDB read {self.lines - self.first} of {place - piece.before} lines",
                where=str(piece.path),
            )
        if mended.longest:
            copied = lines.mended_lines(mended.path, mended.longest)
            self._add("ocds_mended", sql.mended_rows(copied))
        names = checks.names_in(lines.sampled_lines(sampled.path, sampled.longest))
        self._add("ocds_fields", names)

    def _mended(self, locator: str, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the mended releases of a line, each with its locator."""
        for where, release in releases_in(locator, text, self.problems, name_them=self.name_them):
            mend_release(release, where, self.problems)
            yield where, release


def _cut_up(path: Path, copy: Path) -> list[Problem]:
    """Write a body's releases to ``copy``, one a line with its locator in front; say what was
    lost. A file is several times faster for DuckDB to take than parameters."""
    problems: list[Problem] = []
    text, utf8 = decode(path.read_bytes())
    if not utf8:
        detail = "the body is not UTF-8; it was read as Windows-1252"
        problems.append(Problem("encoding", "repaired", "", "", "", detail))
    cut, lost = split(re.sub(f"[{CUTTING}]", " ", text))
    joined = "\n".join(f"{one.locator}\x01{one.text}" for one in cut)
    copy.write_text(joined, encoding="utf-8", errors="replace", newline="")
    return problems + lost


def findings(
    con: duckdb.DuckDBPyConnection,
    vocabulary: Mapping[str, Collection[str]],
    fields: Collection[str],
) -> Iterator[Problem]:
    """Say what in ``ocds_release`` a publisher was not known to do: values that could not be
    typed, company numbers that are none, code-list values outside ``vocabulary`` (by field) and
    fields outside ``fields``. Called after ``read``."""
    for locator, field, value in con.execute(checks.UNREADABLE).fetchall():
        detail = "it is not a date or a number as OCDS has it, and was left empty"
        yield Problem("unreadable-value", "repaired", locator, field, value, detail)
    for locator, value in con.execute(checks.BAD_COMPANY_NUMBERS).fetchall():
        problem = read_company_number(value).problem or "it is empty"
        detail = f"{problem}; it is kept as published and joins nothing"
        yield Problem(
            "invalid-company-number", "info", locator, "parties.identifier.id", value, detail
        )
    for field, value, count in con.execute(checks.VOCABULARY).fetchall():
        if value not in vocabulary.get(field, ()):
            detail = "nobody has said what this code means; it is kept as published"
            yield Problem("unknown-code", "unmapped", "", field, value, detail, count)
    detail = "the publisher was not known to use this field; nothing reads it"
    if con.execute(checks.SAMPLED).fetchall() == [(True,)]:
        detail += f"; counted in the first {checks.COUNTED:,} releases and a tenth of the others"
    for field, count in con.execute(checks.FIELDS).fetchall():
        if field not in fields:
            yield Problem("unknown-field", "drift", "", field, "", detail, count)
