from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from observatory.errors import PermanentError, TransientError
from observatory.models import engine
from observatory.models.project import Project, load
from observatory.models.run import (
    ModelResult,
    ModelsFailedError,
    build,
    built_fingerprint,
    plan,
)
from tests.models.conftest import ID_CONTRACT, LAKE, Files

Attach = Callable[[duckdb.DuckDBPyConnection], None]
LAKE_1 = {"societies": "1"}

FULL_CONTRACT = """\
description: One row a society's number.
grain: [id]
order_by: [n]
columns:
  - {name: id, type: VARCHAR, description: The id., tests: [not_null]}
  - {name: n, type: INTEGER, description: It's a number., unit: GBP}
"""


def rows(database: Path, sql: str) -> list[tuple[object, ...]]:
    with engine.reader(database) as con:
        return con.execute(sql).fetchall()


def statuses(results: list[ModelResult]) -> dict[str, str]:
    return {one.name: one.status for one in results}


def failure(project: Project, files: Files, attach: Attach) -> ModelsFailedError:
    with pytest.raises(ModelsFailedError) as raised:
        build(project, files.database, attach, lake_versions=LAKE_1)
    return raised.value


def test_a_model_becomes_a_table_as_its_contract_says(files: Files, attach: Attach) -> None:
    files.model(
        "numbers",
        "select 9 - right(number, 1)::int as n, number as id from lake.societies --",
        FULL_CONTRACT,
    )
    heard: list[ModelResult] = []
    results = build(files.load(), files.database, attach, on_model=heard.append)
    assert heard == results
    assert (results[0].status, results[0].rows) == ("built", 3)
    assert rows(files.database, "select id, n from numbers") == [("N3", 6), ("N2", 7), ("N1", 8)]
    assert rows(
        files.database, "select comment from duckdb_tables() where table_name = 'numbers'"
    ) == [("One row a society's number.",)]
    assert rows(
        files.database,
        "select column_name, comment from duckdb_columns() where table_name = 'numbers'",
    ) == [("id", "The id."), ("n", "It's a number. [GBP]")]


@pytest.mark.parametrize(
    ("sql", "complaint"),
    [
        ("select 'a' as id", "n is missing"),
        ("select 'a' as id, 1 as n, 2 as m", "m is not in the contract"),
        ("select 'a' as id, 1.5 as n", r"n is DECIMAL\(2,1\), not INTEGER"),
        ("select nobody as id, 1 as n", "nobody"),
        ("select 'a' as id, 'b'::int as n", "Could not convert"),
    ],
)
def test_a_model_that_breaks_its_contract_fails_with_the_difference(
    files: Files, attach: Attach, sql: str, complaint: str
) -> None:
    path = files.model("numbers", sql, FULL_CONTRACT)
    with pytest.raises(ModelsFailedError, match=complaint) as raised:
        build(files.load(), files.database, attach)
    assert str(path) in str(raised.value)


def test_a_failure_leaves_the_table_before_and_stops_only_what_needs_it(
    files: Files, attach: Attach
) -> None:
    files.model("a", "select 'old' as id")
    files.model("b", "select id from a")
    files.model("c", "select id from b")
    files.model("other", "select 'x' as id")
    build(files.load(), files.database, attach, lake_versions=LAKE_1)
    files.model("a", "select 'new' as id")
    files.model("b", "select id from a union all select id from a")
    files.model("other", "select 'y' as id")
    error = failure(files.load(), files, attach)
    assert statuses(error.results) == {
        "a": "built",
        "b": "failed",
        "c": "skipped",
        "other": "built",
    }
    assert "grain (id) is unique: 1 failing row, such as {'id': 'new', 'copies': 2}" in str(error)
    assert rows(files.database, "select a.id, b.id, c.id, o.id from a, b, c, other as o") == [
        ("new", "old", "old", "y")
    ]
    assert plan(files.load(), files.database, LAKE_1) == ["b", "c"]


def test_a_table_that_fails_again_is_still_stale(files: Files, attach: Attach) -> None:
    """Its fingerprint is that of the last good build, yet the last build failed."""
    files.model("a", "select number as id from lake.societies")
    build(files.load(), files.database, attach, lake_versions=LAKE_1)

    def twice(con: duckdb.DuckDBPyConnection) -> None:
        attach(con)
        con.execute("create or replace view lake.societies as select 'N' as number from range(2)")

    with pytest.raises(ModelsFailedError):
        build(files.load(), files.database, twice, lake_versions=LAKE_1, force=True)
    assert rows(files.database, "select count(*) from a") == [(3,)]
    assert plan(files.load(), files.database, LAKE_1) == ["a"]


def test_only_what_is_stale_is_built(files: Files, attach: Attach) -> None:
    files.model("a", "select number as id from lake.societies")
    files.model("b", "select id from a")
    files.model("free", "select id from codes")
    seed = files.seed("codes", "id\nx\n")
    project = files.load()
    assert plan(project, files.database, LAKE_1) == ["a", "codes", "b", "free"]
    build(project, files.database, attach, lake_versions=LAKE_1)
    assert plan(project, files.database, LAKE_1) == []
    again = build(project, files.database, attach, lake_versions=LAKE_1)
    assert {one.status for one in again} == {"fresh"}
    assert [one.rows for one in again] == [3, 1, 3, 1]
    assert plan(project, files.database, {"societies": "2"}) == ["a", "b"]
    seed.write_text("id\ny\n")
    assert plan(files.load(), files.database, LAKE_1) == ["codes", "free"]


def test_a_lake_of_unknown_version_is_always_stale(files: Files, attach: Attach) -> None:
    files.model("a", "select number as id from lake.societies")
    files.model("b", "select id from a")
    files.model("free", "select 'x' as id")
    build(files.load(), files.database, attach)
    assert plan(files.load(), files.database, {}) == ["a", "b"]
    assert plan(files.load(), files.database, LAKE_1) == ["a", "b"]


@pytest.mark.parametrize("what", ["sql", "contract", "macro", "table"])
def test_what_a_table_is_made_of_makes_it_stale(files: Files, attach: Attach, what: str) -> None:
    files.model("a", "select 'x' as id")
    build(files.load(), files.database, attach)
    if what == "sql":
        files.model("a", "select 'y' as id")
    elif what == "contract":
        files.contract("a", ID_CONTRACT.replace("The id", "The very id"))
    elif what == "macro":
        files.macros.mkdir(parents=True)
        (files.macros / "f.sql").write_text("create or replace macro f(x) as x;")
    else:
        with engine.writer(files.database) as con:
            con.execute("drop table a")
    assert plan(files.load(), files.database, {}) == ["a"]


def test_a_new_unit_test_makes_nothing_stale(files: Files, attach: Attach) -> None:
    files.model("a", "select 'x' as id")
    build(files.load(), files.database, attach)
    files.contract("a", ID_CONTRACT + "unit_tests: [{name: t, expect: [{id: x}]}]\n")
    assert plan(files.load(), files.database, {}) == []


def test_a_selection_on_a_stale_table_is_itself_stale_afterwards(
    files: Files, attach: Attach
) -> None:
    files.model("a", "select 'old' as id")
    files.model("b", "select id from a")
    build(files.load(), files.database, attach)
    files.model("a", "select 'new' as id")
    results = build(files.load(), files.database, attach, select=["b"], force=True)
    assert statuses(results) == {"b": "built"}
    assert plan(files.load(), files.database, {}) == ["a", "b"]


def test_a_selection_needs_what_was_built_before(files: Files, attach: Attach) -> None:
    files.model("a", "select 'x' as id")
    files.model("b", "select id from a")
    with pytest.raises(ModelsFailedError, match="needs a, which was never built"):
        build(files.load(), files.database, attach, select=["b"])
    with pytest.raises(PermanentError, match="no model 'nobody'"):
        build(files.load(), files.database, attach, select=["nobody"])


def test_a_table_that_no_model_makes_any_more_goes(files: Files, attach: Attach) -> None:
    files.model("a", "select 'x' as id")
    path = files.model("b", "select 'x' as id")
    build(files.load(), files.database, attach)
    path.unlink()
    path.with_suffix(".yml").unlink()
    build(files.load(), files.database, attach)
    assert (
        rows(files.database, "select table_name from duckdb_tables() where table_name = 'b'") == []
    )


def test_a_table_whose_model_has_a_problem_stays(files: Files, attach: Attach) -> None:
    files.model("a", "select 'x' as id")
    files.model("b", "select 'x' as id")
    build(files.load(), files.database, attach)
    files.model("b", "select id from nobody")
    project = load(files.folder, LAKE, problems=[])
    assert statuses(build(project, files.database, attach)) == {"a": "fresh"}
    assert rows(files.database, "select id from b") == [("x",)]


def test_the_same_ingredients_give_the_same_fingerprint(
    files: Files, attach: Attach, tmp_path: Path
) -> None:
    files.model("a", "select number as id from lake.societies")
    other = tmp_path / "other.duckdb"
    assert built_fingerprint(other) == ""
    build(files.load(), files.database, attach, lake_versions=LAKE_1)
    build(files.load(), other, attach, lake_versions=LAKE_1)
    assert built_fingerprint(files.database) == built_fingerprint(other) != ""
    build(files.load(), other, attach, lake_versions={"societies": "2"})
    assert built_fingerprint(files.database) != built_fingerprint(other)
    assert files.load().fingerprint == files.load().fingerprint


def test_only_one_writer_at_a_time(files: Files, attach: Attach) -> None:
    files.model("a", "select 'x' as id")
    entered, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with engine.writer(files.database):
            entered.set()
            leave.wait(30)

    other = threading.Thread(target=hold)
    other.start()
    try:
        assert entered.wait(30)
        with pytest.raises(TransientError, match="another run is writing"):
            build(files.load(), files.database, attach, wait_seconds=0.1)
    finally:
        leave.set()
        other.join()
    assert build(files.load(), files.database, attach)[0].status == "built"


def test_a_file_that_is_no_database_says_what_to_do(files: Files, attach: Attach) -> None:
    files.model("a", "select 'x' as id")
    files.database.parent.mkdir()
    files.database.write_bytes(b"not a database" * 1000)
    with pytest.raises(PermanentError, match="move the file away"):
        build(files.load(), files.database, attach)


def test_a_macro_that_does_not_run_is_named(files: Files, attach: Attach) -> None:
    files.model("a", "select 'x' as id")
    files.macros.mkdir(parents=True)
    (files.macros / "broken.sql").write_text("create macro f(x) as nobody(x);")
    with pytest.raises(PermanentError, match=r"broken\.sql"):
        build(files.load(), files.database, attach)


def test_macros_are_there_for_models(files: Files, attach: Attach) -> None:
    files.macros.mkdir(parents=True)
    (files.macros / "f.sql").write_text("create or replace macro twice(x) as x || x;")
    files.model("a", "select twice('x') as id")
    build(files.load(), files.database, attach)
    build(files.load(), files.database, attach, force=True)
    assert rows(files.database, "select id from a") == [("xx",)]
