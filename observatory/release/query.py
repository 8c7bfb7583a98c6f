"""Questions to a release: one of the cookbook by name, or one SQL statement.

What belongs here: answering them on a connection that can do nothing but read that release.
What does not: the questions themselves (``sql/queries/``), or showing answers (the command).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from observatory.errors import BadInput
from observatory.release.connections import lock, reading
from observatory.release.cookbook import COOKBOOK, named_query
from observatory.release.database import DATABASE

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_READS = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)


@dataclass(frozen=True)
class Result:
    """The answer: column names and rows; ``title`` is the question of a named query."""

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]
    title: str = ""


def query(
    release: Path,
    name_or_sql: str,
    params: Mapping[str, object] | None = None,
    *,
    cookbook: Path = COOKBOOK,
) -> Result:
    """Answer one question from the release in the folder ``release``.

    ``params`` fill the query's ``$name`` parameters. The connection is read-only and locked:
    no file, network or extension is in reach, whatever the statement says. Raises BadInput for
    more than one statement, one that does not read, a missing or unknown parameter, or SQL that
    DuckDB refuses (with DuckDB's words).
    """
    named = None
    if _NAME.fullmatch(name_or_sql.strip()):
        named = named_query(name_or_sql.strip(), cookbook)
    given = dict(params or {})
    if named:
        defaults = {one.name: one.default for one in named.parameters if one.default is not None}
        given = {**defaults, **given}
    where = named.name if named else "SQL"
    with reading(release / DATABASE) as con:
        lock(con)
        try:
            statement = _one_read(con, named.sql if named else name_or_sql, where)
            _match_parameters(statement, given, where)
            answer = con.execute(statement, given or None)
            columns = tuple(str(column[0]) for column in answer.description or ())
            return Result(columns, answer.fetchall(), named.title if named else "")
        except duckdb.Error as error:
            raise BadInput(str(error), where=where) from error


def _one_read(con: duckdb.DuckDBPyConnection, sql: str, where: str) -> duckdb.Statement:
    statements = con.extract_statements(sql)
    if len(statements) != 1:
        raise BadInput(f"{len(statements)} statements were given; ask one at a time", where=where)
    if statements[0].type not in _READS:
        raise BadInput(
            f"only a statement that reads is answered, not {statements[0].type.name}",
            where=where,
            remedy="releases never change: copy observatory.duckdb and work on the copy",
        )
    return statements[0]


def _match_parameters(statement: duckdb.Statement, given: Mapping[str, object], where: str) -> None:
    wanted = set(statement.named_parameters)
    missing, unknown = sorted(wanted - given.keys()), sorted(given.keys() - wanted)
    if missing:
        raise BadInput(
            f"it needs {', '.join(missing)}",
            where=where,
            remedy=f"add --param {missing[0]}=VALUE",
        )
    if unknown:
        raise BadInput(
            f"it has no parameter {', '.join(unknown)}",
            where=where,
            remedy=f"its parameters are: {', '.join(sorted(wanted)) or 'none'}",
        )
