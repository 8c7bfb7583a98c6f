"""The release gate: what a source does not let us republish is not released.

What belongs here: the comparison of each published column's licence with the terms of the
sources that it draws on, and the terms that a release carries. What does not: the terms
themselves, which each source module states.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import duckdb

from observatory.errors import PermanentError
from observatory.release.connections import quoted
from observatory.release.contracts import ReleaseColumn, ReleaseTable

TERMS_TABLE = "sources"
_TERMS = (
    "source",
    "title",
    "publisher",
    "homepage",
    "licence",
    "licence_url",
    "attribution",
    "republish",
)
# A licence of a column → the terms of a source under which it may be published.
_ALLOWED: Mapping[str, frozenset[str]] = {
    "rows": frozenset({"rows"}),
    "derived facts": frozenset({"rows", "derived facts"}),
}

Terms = Mapping[str, Mapping[str, str]]


def source_terms(con: duckdb.DuckDBPyConnection) -> Terms:
    """Return the terms of every source by its id, from the ``sources`` table that ``con`` sees.

    Raises PermanentError when the table lacks a column that states them.
    """
    try:
        rows = con.execute(
            f"select {', '.join(_TERMS)} from {quoted(TERMS_TABLE)} order by source"
        ).fetchall()
    except duckdb.Error as error:
        raise PermanentError(
            f"the terms of the sources cannot be read ({error})",
            where=TERMS_TABLE,
            remedy="a release needs the table `sources` with each source's licence and what it "
            "lets us republish",
        ) from error
    return {
        row[0]: {name: str(value or "") for name, value in zip(_TERMS, row, strict=True)}
        for row in rows
    }


def refuse_breaches(tables: Iterable[ReleaseTable], terms: Terms) -> None:
    """Raise PermanentError that names every published column whose licence is missing, is
    ``none``, or claims more than one of its sources allows."""
    breaches = [
        f"{table.name}.{column.name}: {breach}"
        for table in tables
        for column in table.columns
        for breach in _breaches(column, terms)
    ]
    if breaches:
        raise PermanentError(
            "these columns may not be published:\n  " + "\n  ".join(breaches),
            where="release gate",
            remedy="leave the column out, derive a fact from it, or correct its contract",
        )


def terms_used(tables: Iterable[ReleaseTable], terms: Terms) -> tuple[Mapping[str, str], ...]:
    """Return the terms of each source that ``tables`` draw on, with the tables' names."""
    tables = list(tables)
    return tuple(
        {**terms[source], "tables": ", ".join(names)}
        for source in sorted(terms)
        if (names := _drawing_on(source, tables))
    )


def _drawing_on(source: str, tables: Sequence[ReleaseTable]) -> list[str]:
    return [
        table.name for table in tables if any(source in column.sources for column in table.columns)
    ]


def _breaches(column: ReleaseColumn, terms: Terms) -> list[str]:
    if not column.licence:
        return ["its contract states no licence"]
    if column.licence not in _ALLOWED:
        return [f"its contract's licence is {column.licence!r}"]
    found = []
    for source in column.sources:
        republish = terms[source]["republish"] if source in terms else None
        if republish is None:
            found.append(f"it draws on {source!r}, whose terms nobody states")
        elif republish not in _ALLOWED[column.licence]:
            found.append(
                f"it would publish {column.licence} of {source}, "
                f"which lets us republish: {republish}"
            )
    return found
