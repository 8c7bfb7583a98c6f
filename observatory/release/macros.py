"""The SQL macros that a release carries, for whoever asks it questions.

What belongs here: putting the macros of ``sql/macros/release`` into the release's DuckDB file. What
does not: what they mean (the SQL), and the macros that models use (``observatory/models``).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

import duckdb

from observatory.errors import PermanentError
from observatory.settings import PROJECT_ROOT

MACROS = PROJECT_ROOT / "sql" / "macros" / "release"
# A history that a macro reads: by its table's name, or by the word that as_known_on is given.
_READS = re.compile(r"\bfrom\s+(\w+)_history\b|\bas_(?:known|true)_on\('(\w+)'", re.IGNORECASE)


def create(
    con: duckdb.DuckDBPyConnection, held: Collection[str], folder: Path = MACROS
) -> list[str]:
    """Create the macros of ``folder`` in the database behind ``con``; return the histories that
    were missing.

    DuckDB refuses a macro over a table that is not there, so one that reads a history which the
    release does not hold (``held`` names its tables) is left out. Raises PermanentError with the
    file and DuckDB's words for a macro that it refuses.
    """
    missing: set[str] = set()
    for path in sorted(folder.glob("*.sql")):
        try:
            for statement in con.extract_statements(path.read_text(encoding="utf-8")):
                reads = {f"{''.join(one)}_history" for one in _READS.findall(statement.query)}
                if reads <= set(held):
                    con.execute(statement)
                missing |= reads - set(held)
        except duckdb.Error as error:
            raise PermanentError(f"DuckDB refuses a macro ({error})", where=str(path)) from error
    return sorted(missing)
