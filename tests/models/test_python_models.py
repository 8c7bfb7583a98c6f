from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from observatory.errors import PermanentError
from observatory.models import engine
from observatory.models.run import ModelsFailedError, build, plan
from observatory.models.unit_tests import run_unit_tests
from tests.models.conftest import ID_CONTRACT, Files

Attach = Callable[[duckdb.DuckDBPyConnection], None]


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """A module of its own for each test, since Python imports one name once."""
    monkeypatch.syspath_prepend(tmp_path)
    path = tmp_path / f"linkage_{abs(hash(request.node.name))}.py"
    path.write_text(
        'def link(con):\n    con.execute("create or replace table linked as'
        " select id || '!' as id from people order by id desc\")\n"
    )
    return path


def project_with(files: Files, module: Path, function: str = "link") -> None:
    files.seed("people", "id\na\nb\n")
    files.contract(
        "linked",
        f"{ID_CONTRACT}python: {module.stem}:{function}\ndepends_on: [people]\n"
        "unit_tests: [{name: t, given: {people: [{id: x}]}, expect: [{id: x!}]}]\n",
    )
    files.model("after", "select id from linked")


def test_a_python_table_keeps_its_contract_and_its_order(
    files: Files, attach: Attach, module: Path
) -> None:
    project_with(files, module)
    project = files.load()
    assert list(project.models) == ["people", "linked", "after"]
    assert run_unit_tests(project, "linked") == []
    build(project, files.database, attach)
    with engine.reader(files.database) as con:
        assert con.execute("select id from linked").fetchall() == [("a!",), ("b!",)]
    assert plan(files.load(), files.database, {}) == []
    module.write_text(module.read_text() + "\n# another way\n")
    assert plan(files.load(), files.database, {}) == ["linked", "after"]


def test_a_python_table_that_fails_leaves_nothing_behind(
    files: Files, attach: Attach, module: Path
) -> None:
    module.write_text(
        'def link(con):\n    con.execute("create or replace table linked as select 1 as nobody")\n'
    )
    project_with(files, module)
    with pytest.raises(ModelsFailedError, match="id is missing; nobody is not in the contract"):
        build(files.load(), files.database, attach)
    with engine.reader(files.database) as con:
        tables = {
            one for (one,) in con.execute("select table_name from duckdb_tables()").fetchall()
        }
    assert "people" in tables
    assert "linked" not in tables


def test_a_function_that_is_not_there_is_named(files: Files, attach: Attach, module: Path) -> None:
    project_with(files, module, "nobody")
    with pytest.raises(ModelsFailedError, match=r":nobody is not there"):
        build(files.load(), files.database, attach)


def test_a_module_that_is_not_there_is_named(files: Files, module: Path) -> None:
    project_with(files, module.with_name("absent.py"))
    with pytest.raises(PermanentError, match="no Python module 'absent'"):
        files.load().model("linked").code_hash()
