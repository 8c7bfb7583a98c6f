"""The cookbook: questions in SQL, each with its title and parameters, and as macros of a release.

What belongs here: reading the questions of ``sql/queries/`` and putting each into a release's
DuckDB file. What does not: the questions themselves, or answering one (``query.py``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from observatory.errors import BadInput, PermanentError
from observatory.release.connections import literal, quoted
from observatory.settings import PROJECT_ROOT

COOKBOOK = PROJECT_ROOT / "sql" / "queries"

# A parameter's line in a cookbook query: `-- $rows: how many (default: 20)`.
_PARAMETER = re.compile(r"-- \$(?P<name>\w+): (?P<meaning>.*?)(?: \(default: (?P<default>.*)\))?")
# A macro's parameter has this in front: a bare name would stand for a column of that name too.
_FOR = "for_"


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


def create_macros(con: duckdb.DuckDBPyConnection, cookbook: Path = COOKBOOK) -> list[str]:
    """Create a table macro for each query in the database behind ``con``; return the names of the
    queries that read a table or column which it does not hold, and so were left out.

    ``mutuals-by-year`` with ``$definition`` becomes ``mutuals_by_year(for_definition := ...)``,
    with the query's default; its question is the macro's comment. Raises PermanentError with the
    query's name and DuckDB's words for one that DuckDB refuses for another reason.
    """
    left_out = []
    for one in named_queries(cookbook):
        try:
            con.execute(_macro(one))
        except (duckdb.CatalogException, duckdb.BinderException):
            left_out.append(one.name)
            continue
        except duckdb.Error as error:
            raise PermanentError(
                f"DuckDB refuses it as a macro ({error})", where=one.name
            ) from error
        con.execute(f"comment on macro table {_macro_name(one)} is {literal(one.title)}")
    return left_out


def _macro_name(one: NamedQuery) -> str:
    return quoted(one.name.replace("-", "_"))


def _macro(one: NamedQuery) -> str:
    # What has a default comes last, as DuckDB wants it.
    ordered = sorted(one.parameters, key=lambda parameter: parameter.default is not None)
    signature = ", ".join(
        _FOR + each.name + ("" if each.default is None else f" := {literal(each.default)}")
        for each in ordered
    )
    body = re.sub(r"\$(\w+)", rf"{_FOR}\1", _without_comments(one.sql))
    return f"create macro {_macro_name(one)}({signature}) as table\n{body}"


def _without_comments(sql: str) -> str:
    return "\n".join(line for line in sql.splitlines() if not line.startswith("--"))
