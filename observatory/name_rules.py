"""Telling what a registered name says: the rules of the seed ``name_rules``, on many names.

A table made in Python because a pattern that stands in a column is compiled anew for every row
by DuckDB; written into the statement, once for all (see ``controllers.py``, where it was
measured).

What belongs here: applying rules. What does not: the rules (the seed), and what a hit is worth
(``signals.csv``).
"""

from __future__ import annotations

from typing import Final

import duckdb

_NAMES: Final = (
    ("stg_fca_societies", "society_name"),
    ("stg_companies_house_basic", "company_name"),
)


def recognise(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``ent_name_rules``: one row a register's record and rule that its name matches.

    A rule applies to the kinds of body that it names: a family of ``legal_forms``, ``community
    interest company``, ``company by guarantee``, or ``any``.
    """
    rules = con.execute(
        "select name_rule, matches, unless, families from name_rules order by name_rule"
    ).fetchall()
    names = " union all ".join(
        f"select source, record_key, legal_form, plain_words({column}) as words from {table}"
        for table, column in _NAMES
    )
    selects = [_select(*rule) for rule in rules]
    nothing = (
        "select null::varchar as source, null::varchar as record_key,"
        " null::varchar as name_rule where false"
    )
    con.execute(
        "create or replace table ent_name_rules as"
        " with kinds as (select legal_form, case legal_form"
        " when 'cic' then 'community interest company'"
        " when 'company-limited-by-guarantee' then 'company by guarantee' else family end as kind"
        f" from legal_forms), names as materialized (select names.*, kinds.kind from ({names}) as"
        " names left join kinds on names.legal_form = kinds.legal_form) "
        + " union all ".join([*selects, nothing])
    )


def _select(rule: str, matches: str, unless: str | None, families: str) -> str:
    holds = f"regexp_matches(words, {_text(matches)})"
    if unless:
        holds += f" and not regexp_matches(words, {_text(unless)})"
    kinds = families.split("|")
    if "any" not in kinds:
        holds += f" and kind in ({', '.join(_text(one) for one in kinds)})"
    return f"select source, record_key, {_text(rule)} as name_rule from names where {holds}"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
