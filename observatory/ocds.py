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
from observatory.ocds_lines import BODY, clean_lines, located_lines, mended_lines, plain_lines
from observatory.ocds_screen import SCREEN
from observatory.ocds_text import (
    CUTTING,
    Problem,
    begins_with_release,
    count_lines,
    decode,
    is_plain_lines,
    mend_release,
    releases_in,
    split,
)
from observatory.settings import PROJECT_ROOT

_MACROS = PROJECT_ROOT / "sql" / "macros" / "identifiers.sql"


def read(con: duckdb.DuckDBPyConnection, bodies: Iterable[Path], temp_dir: Path) -> list[Problem]:
    """Read bodies into the view ``ocds_release``, one row a release in published order, and
    return what was mended, left out or unreadable. ``temp_dir`` is for files of our own."""
    con.execute(_MACROS.read_text(encoding="utf-8"))
    con.execute(sql.SETUP)
    problems: list[Problem] = []
    for number, path in enumerate(bodies):
        problems += _take(con, path, number, temp_dir / f"ocds_lines_{number}")
    problems += _mend(con, temp_dir / "ocds_mended")
    con.execute(SCREEN)
    con.execute(sql.RELEASES)
    return problems


def _take(con: duckdb.DuckDBPyConnection, path: Path, number: int, copy: Path) -> list[Problem]:
    """Add the releases of the ``number``-th body to ``ocds_read``; say what was lost."""
    if begins_with_release(path) and _take_clean(con, path, number):
        return []
    problems: list[Problem] = []
    source = plain_lines(path, number)
    if not is_plain_lines(path):
        problems = _cut_up(path, copy)
        source = located_lines(copy, number)
    con.execute(_into(number, source))
    return problems


def _take_clean(con: duckdb.DuckDBPyConnection, path: Path, number: int) -> bool:
    """Add the releases of a body with nothing but clean lines, as nearly every one is, and say
    whether it is one: if not, it must be read the slower way.

    The lines are counted because DuckDB 1.5.5 loses one as long as its buffer without a word.
    """
    try:
        taken = con.execute(_into(number, clean_lines(path, number))).fetchone()
    except (duckdb.InvalidInputException, duckdb.NotImplementedException):
        return False
    if taken == (count_lines(path),):
        return True
    con.execute(f"delete from ocds_read where place > {number * BODY}")
    return False


def _into(number: int, source: str) -> str:
    """Return SQL that begins ``ocds_read`` with the first body, and adds the others to it."""
    into = "insert into ocds_read" if number else "create or replace temp table ocds_read as"
    return f"{into} {sql.rows(source)}"


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


def _mend(con: duckdb.DuckDBPyConnection, copy: Path) -> list[Problem]:
    """Take the releases that SQL cannot read as they are through Python."""
    problems: list[Problem] = []
    odd = "select place, locator, odd from ocds_read where odd is not null order by place"
    mended: list[str] = []
    for place, locator, text in con.execute(odd).fetchall():
        for part, (where, release) in enumerate(releases_in(locator, text, problems)):
            mend_release(release, where, problems)
            mended.append(f"{place}\x01{part}\x01{where}\x01{json.dumps(release)}")
    if mended:
        copy.write_text("\n".join(mended), encoding="utf-8", newline="")
        con.execute(f"insert into ocds_read {sql.rows(mended_lines(copy), mended=True)}")
    return problems


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
    sampled = con.execute(checks.SAMPLED).fetchall() == [(True,)]
    detail = "the publisher was not known to use this field; nothing reads it"
    if sampled:
        detail += f"; counted in the first {sql.COUNTED:,} releases and a tenth of the others"
    for field, count in con.execute(checks.FIELDS).fetchall():
        if field not in fields:
            yield Problem("unknown-field", "drift", "", field, "", detail, count)
