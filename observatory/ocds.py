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
from typing import NamedTuple

import duckdb

from observatory import ocds_checks as checks
from observatory import ocds_sql as sql
from observatory.identifiers import read_company_number
from observatory.ocds_shape import SCREEN
from observatory.ocds_text import (
    CUTTING,
    Problem,
    begins_with_release,
    decode,
    is_plain_lines,
    mend_release,
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

    def texts(self, places: Iterable[int]) -> Iterator[str]:
        """Yield the releases at these places, which ascend, as text."""
        wanted = iter(places)
        place = next(wanted, None)
        with self.path.open("rb") as file:
            for number, line in enumerate(file, start=self.before + 1):
                if place is None:
                    return
                if number == place:
                    yield line.decode("utf-8", "replace").rstrip("\n").rpartition("\x01")[2]
                    place = next(wanted, None)


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
    con.execute("drop table if exists ocds_read")
    problems: list[Problem] = []
    for number, path in enumerate(bodies):
        if not _read_clean(con, path, number, temp_dir, name_them, problems):
            for piece in _pieces(path, number, temp_dir, problems):
                _insert(con, sql.rows(piece.sql))
                _mend(con, piece, temp_dir / "ocds_mended", name_them, problems)
    con.execute(SCREEN)
    con.execute(sql.RELEASES)
    return problems


def _read_clean(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    number: int,
    temp_dir: Path,
    name_them: bool,
    problems: list[Problem],
) -> bool:
    """Read a body of clean JSON Lines, at whose lines nobody looks but DuckDB (nearly every body
    is one), and say whether it was."""
    if path.stat().st_size > PIECE_BYTES or not begins_with_release(path):
        return False
    piece = _Piece(sql.clean_lines(path, number), path, sql.before(number))
    try:
        _insert(con, sql.rows(piece.sql))
    # A line longer than the buffer is "not implemented".
    except (duckdb.InvalidInputException, duckdb.NotImplementedException):
        return False
    _mend(con, piece, temp_dir / "ocds_mended", name_them, problems)
    return True


def _insert(con: duckdb.DuckDBPyConnection, rows: str) -> None:
    known = con.execute("select 1 from duckdb_tables() where table_name = 'ocds_read'").fetchone()
    con.execute(f"{'insert into ocds_read' if known else 'create temp table ocds_read as'} {rows}")


def _pieces(path: Path, number: int, temp_dir: Path, problems: list[Problem]) -> Iterator[_Piece]:
    """Yield the lines of a body, in pieces that fit into memory; a body that is no clean JSON
    Lines goes through Python, and is one piece."""
    before = sql.before(number)
    if not is_plain_lines(path):
        copy = temp_dir / f"ocds_lines_{number}"
        problems += _cut_up(path, copy)
        yield _Piece(sql.located_lines(copy, number), copy, before)
    elif path.stat().st_size <= PIECE_BYTES:
        yield _Piece(sql.plain_lines(path, number), path, before)
    else:
        part, first = temp_dir / "ocds_piece", 0
        with path.open("rb") as file:
            while lines := file.readlines(PIECE_BYTES):
                part.write_bytes(b"".join(lines))
                yield _Piece(sql.plain_lines(part, number, first), part, before + first)
                first += len(lines)


def _cut_up(path: Path, copy: Path) -> list[Problem]:
    """Write a body's releases to ``copy``, one a line with its locator in front; say what was
    lost. A file is several times faster for DuckDB to take than parameters."""
    problems: list[Problem] = []
    text, utf8 = decode(path.read_bytes())
    if not utf8:
        detail = "the body is not UTF-8; it was read as Windows-1252"
        problems.append(Problem("encoding", "repaired", "", "", "", detail))
    lines, lost = split(re.sub(f"[{CUTTING}]", " ", text))
    joined = "\n".join(f"{one.locator}\x01{one.text}" for one in lines)
    copy.write_text(joined, encoding="utf-8", errors="replace", newline="")
    return problems + lost


def _mend(
    con: duckdb.DuckDBPyConnection,
    piece: _Piece,
    copy: Path,
    name_them: bool,
    problems: list[Problem],
) -> None:
    """Take the releases of a piece that SQL cannot read as they are through Python."""
    mended: list[str] = []
    odd = con.execute(sql.odd_after(piece.before)).fetchall()
    for (place, locator), text in zip(odd, piece.texts(place for place, _ in odd), strict=True):
        inside = releases_in(locator, text, problems, name_them=name_them)
        for part, (where, release) in enumerate(inside):
            mend_release(release, where, problems)
            mended.append(f"{place}\x01{part}\x01{where}\x01{json.dumps(release)}")
    if mended:
        copy.write_text("\n".join(mended), encoding="utf-8", newline="")
        _insert(con, sql.rows(sql.mended_lines(copy), mended=True))


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
        detail += f"; counted in the first {sql.COUNTED:,} releases and a tenth of the others"
    for field, count in con.execute(checks.FIELDS).fetchall():
        if field not in fields:
            yield Problem("unknown-field", "drift", "", field, "", detail, count)
