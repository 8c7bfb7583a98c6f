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

import duckdb

from observatory import ocds_checks as checks
from observatory import ocds_sql as sql
from observatory.identifiers import read_company_number
from observatory.ocds_text import (
    CUTTING,
    Problem,
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
        for lines in _pieces(path, number, temp_dir, problems):
            con.execute(f"create or replace table {sql.LINES} as {lines}")
            con.execute(sql.parse(known=_has_rows(con)))
            _mend(con, temp_dir / "ocds_mended", name_them, problems)
            con.execute(f"drop table {sql.LINES}")
    con.execute(sql.RELEASES)
    return problems


def _has_rows(con: duckdb.DuckDBPyConnection) -> bool:
    found = con.execute("select 1 from duckdb_tables() where table_name = 'ocds_read'")
    return found.fetchone() is not None


def _pieces(path: Path, number: int, temp_dir: Path, problems: list[Problem]) -> Iterator[str]:
    """Yield SQL for the lines of a body, in pieces that fit into memory; a body that is no clean
    JSON Lines goes through Python, and is one piece."""
    if not is_plain_lines(path):
        copy = temp_dir / f"ocds_lines_{number}"
        problems += _cut_up(path, copy)
        yield sql.located_lines(copy, number)
    elif path.stat().st_size <= PIECE_BYTES:
        yield sql.plain_lines(path, number)
    else:
        piece, first = temp_dir / "ocds_piece", 0
        with path.open("rb") as file:
            while lines := file.readlines(PIECE_BYTES):
                piece.write_bytes(b"".join(lines))
                yield sql.plain_lines(piece, number, first)
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
    con: duckdb.DuckDBPyConnection, copy: Path, name_them: bool, problems: list[Problem]
) -> None:
    """Take the releases that SQL cannot read as they are through Python."""
    mended: list[str] = []
    for place, locator, text in con.execute(sql.ODD_LINES).fetchall():
        inside = releases_in(locator, text, problems, name_them=name_them)
        for part, (where, release) in enumerate(inside):
            mend_release(release, where, problems)
            mended.append(f"{place}\x01{part}\x01{where}\x01{json.dumps(release)}")
    if mended:
        copy.write_text("\n".join(mended), encoding="utf-8", newline="")
        con.execute(sql.insert_mended(copy))


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
    for field, count in con.execute(checks.FIELDS).fetchall():
        if field not in fields:
            detail = "the publisher was not known to use this field; nothing reads it"
            yield Problem("unknown-field", "drift", "", field, "", detail, count)
