"""Running the unit tests of a contract: given rows in, expected rows out, no data needed.

What belongs here: a small database for one unit test, and the comparison. What does not: the
tests of built tables (``checks.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
from duckdb.sqltypes import DuckDBPyType

from observatory.errors import ObservatoryError, PermanentError
from observatory.models import engine, tables
from observatory.models.contracts import Row, UnitTest
from observatory.models.project import LAKE, Model, Project
from observatory.models.tables import literal, quoted

EXPECTED = "_expected"
POSITION = "_position"


@dataclass(frozen=True)
class UnitTestFailure:
    """One unit test that failed, with the rows that are missing or too many, or the error."""

    model: str
    test: str
    message: str

    def __str__(self) -> str:
        return f"{self.model}: unit test {self.test!r}: {self.message}"


def run_unit_tests(project: Project, name: str) -> list[UnitTestFailure]:
    """Run every unit test of a model, each in an empty database, and return the failures.

    A table that the model reads and the test does not give is empty; a column that a given row
    does not name is null. Only the columns that ``expect`` names are compared; one that a row
    of it leaves out is expected to be null.
    """
    model = project.model(name)
    if not model.contract.unit_tests:
        return []
    failures = []
    with engine.in_memory() as con:
        engine.load_macros(con, project.macros)
        for test in model.contract.unit_tests:
            # Undoing everything costs a thirtieth of opening another database.
            con.begin()
            try:
                message = _run(con, project, model, test)
            except (ObservatoryError, duckdb.Error) as error:
                message = str(error)
            finally:
                con.rollback()
            if message:
                failures.append(UnitTestFailure(name, test.name, message))
    return failures


def _run(con: duckdb.DuckDBPyConnection, project: Project, model: Model, test: UnitTest) -> str:
    for statement in _given(project, model, test):
        con.execute(statement)
    for table, rows in test.given.items():
        if rows is None:
            tables.make(con, project.model(table))
    tables.make(con, model)
    return _compare(con, model, test)


def _given(project: Project, model: Model, test: UnitTest) -> list[str]:
    reads = (*model.depends_on, *(LAKE + view for view in model.reads_lake))
    for table, rows in test.given.items():
        if table not in reads:
            raise PermanentError(f"gives {table!r}, which the model does not read")
        if rows is None and (table not in project.models or project.model(table).kind != "seed"):
            raise PermanentError(f"gives {table!r} as a seed, which it is not")
    statements = [f"create schema {LAKE.rstrip('.')}"]
    for table in reads:
        statements += _table(table, _types(project, table), test.given.get(table) or ())
    return statements


def _types(project: Project, table: str) -> dict[str, str]:
    if table.startswith(LAKE):
        lake_columns = project.lake_tables[table.removeprefix(LAKE)]
        return {column.name: column.type for column in lake_columns}
    return {column.name: column.type for column in project.model(table).contract.columns}


def _table(table: str, types: Mapping[str, str], rows: Sequence[Row]) -> list[str]:
    name = ".".join(quoted(part) for part in table.split("."))
    columns = ", ".join(f"{quoted(column)} {type_}" for column, type_ in types.items())
    statements = [f"create table {name} ({columns})"]
    if rows:
        values = ",\n".join(_values(table, types, row) for row in rows)
        statements.append(f"insert into {name} values {values}")
    return statements


def _values(table: str, types: Mapping[str, str], row: Row) -> str:
    unknown = [column for column in row if column not in types]
    if unknown:
        raise PermanentError(f"names {table}.{unknown[0]}, which is not a column")
    cells = [
        f"cast({_literal(row.get(column), duckdb.sqltype(type_), f'{table}.{column}')} as {type_})"
        for column, type_ in types.items()
    ]
    return f"({', '.join(cells)})"


def _literal(value: object, type_: object, place: str) -> str:
    """Write a YAML value as SQL; a field that a structure does not name is null in it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if not isinstance(type_, DuckDBPyType):
        raise PermanentError(f"gives {place}, whose type has no plain fields")
    if isinstance(value, list) and type_.id == "list":
        child = type_.children[0][1]
        return f"[{', '.join(_literal(one, child, place) for one in value)}]"
    if isinstance(value, dict) and type_.id == "struct":
        fields = dict(type_.children)
        unknown = [str(key) for key in value if key not in fields]
        if unknown:
            raise PermanentError(f"names {place}.{unknown[0]}, which is not a field")
        items = (
            f"{literal(key)}: {_literal(value.get(key), child, f'{place}.{key}')}"
            for key, child in fields.items()
        )
        return f"{{{', '.join(items)}}}"
    if isinstance(value, str):
        return literal(value)
    raise PermanentError(f"gives {value!r} for {place}, which is {type_}")


def _compare(con: duckdb.DuckDBPyConnection, model: Model, test: UnitTest) -> str:
    types = {column.name: column.type for column in model.contract.columns}
    named = {column for row in test.expect for column in row}
    columns = [column for column in types if column in named] or [model.contract.grain[0]]
    expected_types = {column: types[column] for column in columns} | {POSITION: "INTEGER"}
    rows = [{**row, POSITION: index} for index, row in enumerate(test.expect)]
    for statement in _table(EXPECTED, expected_types, rows):
        con.execute(statement)
    picked = ", ".join(quoted(column) for column in columns)
    expected = con.execute(f"select {picked} from {EXPECTED} order by {POSITION}").fetchall()
    actual = con.execute(f"select {picked} from {quoted(model.name)}").fetchall()
    return _difference(columns, _texts(expected), _texts(actual), test.ordered)


def _texts(rows: Sequence[Sequence[object]]) -> list[tuple[str, ...]]:
    return [tuple(repr(_rounded(value)) for value in row) for row in rows]


def _rounded(value: object) -> object:
    """Round floats to nine digits after the point: a unit test is not about the last bit."""
    if isinstance(value, float):
        return round(value, 9)
    if isinstance(value, list):
        return [_rounded(one) for one in value]
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return value


def _difference(
    columns: Sequence[str],
    expected: Sequence[tuple[str, ...]],
    actual: Sequence[tuple[str, ...]],
    ordered: bool,
) -> str:
    missing = Counter(expected) - Counter(actual)
    extra = Counter(actual) - Counter(expected)
    lines = [f"  missing  {_row(columns, row)}" for row in missing.elements()]
    lines += [f"  not expected  {_row(columns, row)}" for row in extra.elements()]
    if lines:
        return "\n".join(["the rows differ:", *lines])
    if ordered and list(expected) != list(actual):
        return "the rows come in another order"
    return ""


def _row(columns: Sequence[str], row: Sequence[str]) -> str:
    return ", ".join(f"{column}={value}" for column, value in zip(columns, row, strict=True))
