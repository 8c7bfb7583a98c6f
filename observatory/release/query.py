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
from observatory.release.database import DATABASE
from observatory.settings import PROJECT_ROOT

COOKBOOK = PROJECT_ROOT / "sql" / "queries"

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# A parameter's line in a cookbook query: `-- $rows: how many (default: 20)`.
_PARAMETER = re.compile(r"-- \$(?P<name>\w+): (?P<meaning>.*?)(?: \(default: (?P<default>.*)\))?")
_READS = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)


@dataclass(frozen=True)
class Result:
    """The answer: column names and rows; ``title`` is the question of a named query."""

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]
    title: str = ""


@dataclass(frozen=True)
class Parameter:
    """A value that a named query asks for; without a default it must be given."""

    name: str
    meaning: str
    default: str | None


@dataclass(frozen=True)
class NamedQuery:
    """A query of the cookbook and the question that it answers."""

    name: str
    title: str
    parameters: tuple[Parameter, ...]
    sql: str


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


def named_queries(cookbook: Path = COOKBOOK) -> list[NamedQuery]:
    """Return every query of the cookbook, by name."""
    return [_read(path) for path in sorted(cookbook.glob("*.sql"))]


def named_query(name: str, cookbook: Path = COOKBOOK) -> NamedQuery:
    """Return the cookbook query called ``name``. Raises BadInput that lists the names."""
    path = cookbook / f"{name}.sql"
    if not path.is_file():
        known = ", ".join(one.stem for one in sorted(cookbook.glob("*.sql")))
        raise BadInput(
            f"there is no query called {name}",
            where=str(cookbook),
            remedy=f"ask one of: {known}; or give an SQL statement",
        )
    return _read(path)


def _read(path: Path) -> NamedQuery:
    sql = path.read_text(encoding="utf-8")
    lines = sql.splitlines()
    if not lines or not lines[0].startswith("-- "):
        raise BadInput(
            "a query of the cookbook opens with a comment: the question that it answers",
            where=str(path),
        )
    found = (_PARAMETER.fullmatch(line) for line in lines)
    parameters = tuple(
        Parameter(one["name"], one["meaning"], one["default"]) for one in found if one
    )
    return NamedQuery(path.stem, lines[0].removeprefix("-- ").strip(), parameters, sql)


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
