"""The tests that a contract makes of its table's rows.

All the tests of one table are asked in one query; only a test that fails costs a second one,
for sample rows. What does not belong here: unit tests, which need no data (``unit_tests.py``).
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from observatory.errors import PermanentError
from observatory.models.contracts import ColumnContract, Severity
from observatory.models.project import Model
from observatory.models.tables import literal, quoted, rows_as_dicts

SAMPLE_ROWS = 5


@dataclass(frozen=True)
class TestResult:
    """One test: how many rows fail it, and at most five of them."""

    __test__ = False  # not a pytest class, whatever its name

    name: str
    severity: Severity
    failures: int
    sample: tuple[dict[str, object], ...] = ()

    @property
    def passed(self) -> bool:
        """Whether no row fails."""
        return self.failures == 0

    def __str__(self) -> str:
        if self.passed:
            return f"{self.name}: passed"
        examples = "; ".join(str(row) for row in self.sample)
        rows = "row" if self.failures == 1 else "rows"
        return f"{self.name}: {self.failures:,} failing {rows}, such as {examples}"


@dataclass(frozen=True)
class _Test:
    """``condition`` picks failing rows of the table itself (counted in one scan with the
    others); ``query`` returns failing rows."""

    name: str
    severity: Severity = "error"
    condition: str = ""
    query: str = ""

    def count(self) -> str:
        if self.condition:
            return f"count(*) filter (where {self.condition})"
        return f"(select count(*) from ({self.query}\n))"

    def failing(self, table: str) -> str:
        return f"select * from {table} where {self.condition}" if self.condition else self.query


def check(con: duckdb.DuckDBPyConnection, model: Model) -> tuple[int, tuple[TestResult, ...]]:
    """Return the number of rows of the model's table and the result of every test.

    Raises PermanentError when a test's own SQL does not run, naming the test.
    """
    table = quoted(model.name)
    tests = _tests(model)
    counts = ", ".join(test.count() for test in tests)
    try:
        row = con.execute(f"select count(*), {counts} from {table}").fetchone()
    except duckdb.Error as error:
        raise _culprit(con, model, tests, error) from error
    rows, *failures = row or (0,)
    results = tuple(
        TestResult(test.name, test.severity, failed, _sample(con, test, table) if failed else ())
        for test, failed in zip(tests, failures, strict=True)
    )
    return rows, results


def _tests(model: Model) -> list[_Test]:
    contract = model.contract
    table = quoted(model.name)
    found = [_unique(table, contract.grain, "grain")]
    for column in contract.columns:
        name = quoted(column.name)
        if "not_null" in column.tests or column.name in contract.grain:
            found.append(_Test(f"{column.name} is not null", condition=f"{name} is null"))
        if "unique" in column.tests:
            found.append(_unique(table, (column.name,), "column"))
        if column.enum:
            found.append(_accepted(column))
        if column.references:
            found.append(_referenced(table, column))
    found += [_Test(one.name, one.severity, query=one.sql) for one in contract.tests]
    return found


def _unique(table: str, names: tuple[str, ...], what: str) -> _Test:
    columns = ", ".join(quoted(name) for name in names)
    return _Test(
        f"{what} ({', '.join(names)}) is unique",
        query=f"select {columns}, count(*) as copies from {table} group by {columns}"
        " having count(*) > 1",
    )


def _accepted(column: ColumnContract) -> _Test:
    values = ", ".join(literal(value) for value in column.enum)
    name = quoted(column.name)
    condition = f"{name}::varchar not in ({values})"
    if column.type.endswith("[]"):
        condition = f"len(list_filter({name}, lambda one: one::varchar not in ({values}))) > 0"
    return _Test(f"{column.name} has accepted values", condition=condition)


def _referenced(table: str, column: ColumnContract) -> _Test:
    other, _, key = column.references.partition(".")
    name = quoted(column.name)
    return _Test(
        f"{column.name} is found in {column.references}",
        query=f"select {name}, count(*) as rows from {table} as child where {name} is not null"
        f" and not exists (select 1 from {quoted(other)} as parent"
        f" where parent.{quoted(key)} = child.{name}) group by {name}",
    )


def _sample(
    con: duckdb.DuckDBPyConnection, test: _Test, table: str
) -> tuple[dict[str, object], ...]:
    sql = f"select * from ({test.failing(table)}\n) order by all limit {SAMPLE_ROWS}"
    cursor = con.execute(sql)
    names = [str(one[0]) for one in cursor.description or ()]
    return rows_as_dicts(names, cursor.fetchall())


def _culprit(
    con: duckdb.DuckDBPyConnection, model: Model, tests: list[_Test], error: duckdb.Error
) -> PermanentError:
    """Find which test's SQL does not bind, by explaining each alone."""
    for test in tests:
        try:
            con.execute(f"explain {test.failing(quoted(model.name))}")
        except duckdb.Error as one:
            error = one
            where = f"{model.contract.path}: test {test.name!r}"
            return PermanentError(str(error), where=where)
    return PermanentError(str(error), where=str(model.contract.path))
