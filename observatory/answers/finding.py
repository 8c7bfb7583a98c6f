"""Which organisation a person means: an org-id, a bare number or a name.

A near name is offered and never taken. What does not belong here: what is said of an
organisation once it is found (``explain.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import duckdb

from observatory.answers.explanation import Near
from observatory.identifiers import (
    normalise_company_number,
    normalise_name,
    normalise_society_number,
    parse_org_id,
)
from observatory.settings import PROJECT_ROOT

_MACROS = PROJECT_ROOT / "sql" / "macros" / "identifiers.sql"

# Below this two names share little more than letters (measured on the society register: at
# 0.80 half of what is offered shares no whole word with the name asked for).
NEAR_ENOUGH = 0.85
MOST_OFFERED = 5


@dataclass(frozen=True)
class Catalogue:
    """Where a database keeps organisations, identifiers and names.

    ``normalised`` is the SQL of a name in the form in which names are compared.
    """

    organisations: str
    identifiers: str
    names: str
    normalised: str


RELEASE = Catalogue("organisations", "identifiers", "names", "normalise_name(name)")
BUILD = Catalogue("ent_organisations", "ent_identifiers", "ent_names", "name_normalised")


@dataclass(frozen=True)
class Found:
    """The organisations that answer, and how they were found."""

    org_ids: tuple[str, ...]
    how: str


def exactly(con: duckdb.DuckDBPyConnection, query: str, catalogue: Catalogue) -> Found:
    """Return the organisations with this org-id, number or (whole) name."""
    by_id = _by_id(con, query, catalogue)
    if by_id:
        return Found(by_id, "identifier")
    name = normalise_name(query)
    if not name:
        return Found((), "")
    sql = f"select distinct org_id from {catalogue.names} where {catalogue.normalised} = ?"
    return Found(_ids(con, sql, [name]), "name")


def within(con: duckdb.DuckDBPyConnection, query: str, catalogue: Catalogue) -> Found:
    """Return the organisations whose name holds the words asked for, in that order."""
    words = normalise_name(query)
    if not words:
        return Found((), "")
    sql = (
        f"select distinct org_id from {catalogue.names}"
        f" where contains(' ' || {catalogue.normalised} || ' ', ' ' || ? || ' ')"
    )
    return Found(_ids(con, sql, [words]), "part of a name")


def near(con: duckdb.DuckDBPyConnection, query: str, catalogue: Catalogue) -> tuple[Near, ...]:
    """Return at most five organisations with a name like this one, the likest first."""
    name = normalise_name(query)
    if not name:
        return ()
    sql = f"""
        with scored as (
            select org_id, name, greatest(
                jaro_winkler_similarity({catalogue.normalised}, $asked),
                -- the beginning of a long registered name, which people leave short
                0.99 * jaro_winkler_similarity(
                    left({catalogue.normalised}, length($asked) + 1), $asked
                )
            ) as score
            from {catalogue.names}
        )
        select org_id, max_by(name, (score, name)) as name, max(score) as score
        from scored where score >= {NEAR_ENOUGH}
        group by org_id order by score desc, org_id limit {MOST_OFFERED}
    """
    rows = con.execute(sql, {"asked": name}).fetchall()
    return tuple(Near(org_id, shown, "a name like it") for org_id, shown, _ in rows)


def named(
    con: duckdb.DuckDBPyConnection, org_ids: Iterable[str], how: str, catalogue: Catalogue
) -> tuple[Near, ...]:
    """Return these organisations with their names, to choose from (at most five)."""
    sql = (
        f"select org_id, coalesce(name, org_id) from {catalogue.organisations}"
        f" where list_contains(?, org_id) order by 2, 1 limit {MOST_OFFERED}"
    )
    rows = con.execute(sql, [list(org_ids)]).fetchall()
    return tuple(Near(org_id, name, how) for org_id, name in rows)


def learn_names(con: duckdb.DuckDBPyConnection) -> None:
    """Give the connection the rules by which names are compared, for this session only."""
    text = _MACROS.read_text(encoding="utf-8")
    con.execute(text.replace("create or replace macro", "create or replace temp macro"))


def _by_id(con: duckdb.DuckDBPyConnection, query: str, catalogue: Catalogue) -> tuple[str, ...]:
    text = query.strip()
    parsed = parse_org_id(text)
    pairs = [parsed] if parsed else []
    wanted = {text.upper(), *(f"{one.scheme}-{one.identifier}" for one in pairs)}
    numbers = {
        ("GB-COH", normalise_company_number(text)),
        ("GB-MPR", normalise_society_number(text)),
    }
    pairs_wanted = {(one.scheme, one.identifier) for one in pairs}
    pairs_wanted |= {(scheme, number) for scheme, number in numbers if number}
    wanted |= {f"{scheme}-{number}" for scheme, number in pairs_wanted}
    own = _ids(
        con,
        f"select org_id from {catalogue.organisations} where list_contains(?, upper(org_id))",
        [sorted(wanted)],
    )
    # A charity's bare number is found only by its scheme: it would pass for a company's.
    aliases = _ids(
        con,
        f"select distinct org_id from {catalogue.identifiers}"
        " where list_contains(?, upper(scheme || '-' || identifier))"
        " or upper(identifier) = ? and scheme not in ('GB-COH', 'GB-MPR', 'GB-CHC')",
        [sorted(wanted), text.upper()],
    )
    return tuple(sorted({*own, *aliases}))


def _ids(con: duckdb.DuckDBPyConnection, sql: str, params: list[Any]) -> tuple[str, ...]:
    return tuple(sorted(row[0] for row in con.execute(sql, params).fetchall()))
