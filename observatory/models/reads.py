"""Which tables a query reads, told from the query itself.

What belongs here: parsing with sqlglot, and the scoping rule of common table expressions.
What does not: knowing which tables exist (``project.py``).
"""

from __future__ import annotations

from functools import lru_cache

import sqlglot
from sqlglot import exp

from observatory.errors import PermanentError


def parse(sql: str, *, where: str) -> exp.Query:
    """Parse one select. Raises PermanentError that names ``where`` for anything else."""
    try:
        statements = sqlglot.parse(sql, dialect="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise PermanentError(f"is not readable SQL: {error}", where=where) from error
    found = [one for one in statements if one is not None]
    if len(found) != 1 or not isinstance(found[0], exp.Query):
        raise PermanentError("must be one select and nothing else", where=where)
    return found[0]


@lru_cache(maxsize=1024)  # one run loads the project several times
def tables_read(sql: str, *, where: str) -> frozenset[str]:
    """Return the tables that a select reads, as ``table`` or ``schema.table``, lower case.

    Common table expressions and table functions are not tables; schema ``main`` is left out.
    """
    query = parse(sql, where=where)
    return frozenset(
        _name(table)
        for table in query.find_all(exp.Table)
        if isinstance(table.this, exp.Identifier) and not _is_common_table(table)
    )


def _name(table: exp.Table) -> str:
    schema = table.db.lower()
    return table.name.lower() if schema in ("", "main") else f"{schema}.{table.name.lower()}"


def _is_common_table(table: exp.Table) -> bool:
    """Tell whether the name is that of a common table expression visible at this place.

    An expression sees those written before it in the same list, and itself only when the list
    is recursive: ``with t as (select a from t)`` reads the table ``t``, as in DuckDB.
    """
    if table.db:
        return False
    child: exp.Expr = table
    parent = table.parent
    while parent is not None:
        if isinstance(parent, exp.With):
            siblings = parent.expressions
            seen = siblings if parent.recursive else siblings[: _position(siblings, child)]
        elif isinstance(parent, exp.Query) and not isinstance(child, exp.With):
            seen = parent.ctes
        else:
            seen = []
        if any(one.alias.lower() == table.name.lower() for one in seen):
            return True
        child, parent = parent, parent.parent
    return False


def _position(siblings: list[exp.Expr], child: exp.Expr) -> int:
    return next(index for index, one in enumerate(siblings) if one is child)
