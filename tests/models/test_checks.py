from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest

from observatory.models.run import ModelResult, ModelsFailedError, build
from tests.models.conftest import ID_CONTRACT, Files

Attach = Callable[[duckdb.DuckDBPyConnection], None]


def built(files: Files, attach: Attach) -> ModelResult:
    return next(one for one in build(files.load(), files.database, attach) if one.name == "a")


def with_column(rest: str) -> str:
    return ID_CONTRACT + f"  - {{name: c, description: A column., {rest}}}\n"


@pytest.mark.parametrize(
    ("values", "column", "complaint"),
    [
        ("('x', 1), ('x', 2)", "type: INTEGER", r"grain \(id\) is unique: 1 failing"),
        ("(null::varchar, 1)", "type: INTEGER", "id is not null: 1 failing"),
        ("('x', 1), ('y', null)", "type: INTEGER, tests: [not_null]", "c is not null: 1 failing"),
        ("('x', 1), ('y', 1)", "type: INTEGER, tests: [unique]", r"column \(c\) is unique: 1"),
        ("('x', 'on'), ('y', 'up')", "type: VARCHAR, enum: [on, no]", "c has accepted values: 1"),
        ("('x', ['on', 'up'])", "'type': 'VARCHAR[]', enum: [on]", "c has accepted values: 1"),
        ("('x', 'k'), ('y', 'z')", "type: VARCHAR, references: b.id", "c is found in b.id: 1"),
    ],
)
def test_a_row_that_breaks_a_test_fails_the_model(
    files: Files, attach: Attach, values: str, column: str, complaint: str
) -> None:
    files.model("a", f"select id, c from (values {values}) as v(id, c)", with_column(column))
    files.model("b", "select 'k' as id")
    with pytest.raises(ModelsFailedError, match=complaint) as raised:
        build(files.load(), files.database, attach)
    failed = next(one for one in raised.value.results if one.name == "a")
    assert next(one for one in failed.tests if not one.passed).sample


def test_rows_that_keep_every_promise_pass(files: Files, attach: Attach) -> None:
    files.model("b", "select 'k' as id")
    contract = ID_CONTRACT + (
        "  - {name: c, type: VARCHAR, description: C, tests: [unique], enum: [k],"
        " references: b.id}\n"
        "  - {name: l, type: 'VARCHAR[]', description: L., enum: [on, 'it''s']}\n"
        "tests: [{name: none, sql: 'select id from a where false'}]\n"
    )
    files.model(
        "a",
        "select * from (values ('x', 'k', ['on', 'it''s']), ('y', null, null)) as v(id, c, l)",
        contract,
    )
    result = built(files, attach)
    assert len(result.tests) == 7
    assert all(one.passed for one in result.tests)


def test_a_custom_test_fails_with_its_rows(files: Files, attach: Attach) -> None:
    files.model("a", "select 'x' as id", "tests: [{name: no x, sql: select id from a;}]")
    with pytest.raises(ModelsFailedError, match=r"no x: 1 failing row, such as .'id': 'x'"):
        built(files, attach)


def test_a_warning_is_told_and_stops_nothing(files: Files, attach: Attach) -> None:
    files.model(
        "a", "select 'x' as id", "tests: [{name: no x, severity: warn, sql: select id from a}]"
    )
    result = built(files, attach)
    assert result.status == "built"
    assert [(one.name, one.failures) for one in result.warnings] == [("no x", 1)]


def test_a_test_that_does_not_run_is_named(files: Files, attach: Attach) -> None:
    files.model(
        "a",
        "select 'x' as id",
        "tests: [{name: fine, sql: select id from a where false},"
        " {name: bad, sql: select nobody from a}]",
    )
    with pytest.raises(ModelsFailedError, match=r"test 'bad'.*nobody"):
        built(files, attach)
