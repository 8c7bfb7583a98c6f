"""Telling what a controller is: the rules of the seed ``controller_rules``, applied to many names.

A table made in Python because a pattern that stands in a column is compiled anew for every row
by DuckDB (200,000 names and five rules took 95 s); written into the statement, once for all.

What belongs here: applying rules. What does not: the rules (the seed), which of several counts
(``ent_controllers.sql``), and what a controller means for a definition (the evidence models).
"""

from __future__ import annotations

from typing import Final

import duckdb

# As the seed's description has it: lower case, no apostrophes, any other mark is one blank.
_PLAIN: Final = (
    "trim(regexp_replace(regexp_replace(lower({0}), '[''’]', '', 'g'), '[^a-z0-9]+', ' ', 'g'))"
)
_FIELDS: Final = ("name", "legal_form", "legal_authority")


def recognise(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``ent_controller_rules``: one row a controller's record and rule that matches it.

    A rule's exception is held against the name and against the field that it looks at: a
    company that writes a council's law still ends as a company does.
    """
    rules = con.execute(
        "select controller_rule, controller_kind, looks_at, matches, unless"
        " from controller_rules order by controller_rule"
    ).fetchall()
    plain = ", ".join(f"{_PLAIN.format(field)} as {field}" for field in _FIELDS)
    selects = [_select(*rule) for rule in rules]
    nothing = ", ".join(
        f"null::varchar as {column}"
        for column in ("source", "record_key", "controller_rule", "controller_kind")
    )
    con.execute(
        "create or replace table ent_controller_rules as "
        f"with controllers as materialized (select source, record_key, {plain}, "
        f"list_transform(natures_of_control, lambda one: {_PLAIN.format('one')}) as natures "
        "from stg_companies_house_psc) "
        + " union all ".join([*selects, f"select {nothing} where false"])
    )


def _select(rule: str, kind: str, looks_at: str, matches: str, unless: str | None) -> str:
    pattern = _text(matches)
    if looks_at == "natures_of_control":
        holds = f"len(list_filter(natures, lambda one: regexp_matches(one, {pattern}))) > 0"
    else:
        holds = f"regexp_matches({looks_at}, {pattern})"
    for field in dict.fromkeys(("name", looks_at)) if unless else ():
        if field in _FIELDS:
            holds += f" and not coalesce(regexp_matches({field}, {_text(unless or '')}), false)"
    return (
        f"select source, record_key, {_text(rule)} as controller_rule, "
        f"{_text(kind)} as controller_kind from controllers where {holds}"
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
