from __future__ import annotations

import threading

import duckdb
import pytest

from observatory.models.abreast import each
from observatory.models.project import Model, Project
from tests.models.conftest import ID_CONTRACT, Files

ENDLESS = "select count(*) from range(1_000_000_000_000) where random() > 2"


@pytest.fixture
def project(files: Files) -> Project:
    """A model that needs two of three others, and the three."""
    files.model("first", "select 'a' as id", ID_CONTRACT)
    files.model("second", "select 'b' as id", ID_CONTRACT)
    files.model("another", "select 'c' as id", ID_CONTRACT)
    files.model("both", "select id from first union all select id from second", ID_CONTRACT)
    return files.load()


def built(project: Project) -> list[Model]:
    return list(project.models.values())


def test_models_that_need_nothing_of_each_other_are_built_at_the_same_time(
    project: Project,
) -> None:
    together = threading.Barrier(2)

    def make(con: duckdb.DuckDBPyConnection, model: Model) -> str:
        if model.name in ("first", "second"):
            together.wait(timeout=30)
        return model.name

    with duckdb.connect() as con:
        assert list(each(built(project), make, con, 2)) == list(project.models)


def test_results_come_in_the_order_of_the_models_and_after_what_they_need(
    project: Project,
) -> None:
    second_is_done = threading.Event()
    finished: list[str] = []

    def make(con: duckdb.DuckDBPyConnection, model: Model) -> str:
        if model.name == "first":
            assert second_is_done.wait(timeout=30)
        assert set(model.before) <= set(finished)
        finished.append(model.name)
        if model.name == "second":
            second_is_done.set()
        return model.name

    with duckdb.connect() as con:
        assert list(each(built(project), make, con, 2)) == list(project.models)
    assert finished.index("second") < finished.index("first") < finished.index("both")


def test_what_was_not_asked_for_is_not_waited_for(project: Project) -> None:
    with duckdb.connect() as con:
        alone = [project.model("both")]
        assert list(each(alone, lambda _con, model: model.name, con, 2)) == ["both"]


def test_an_error_interrupts_what_runs_beside_it_and_ends_the_build(project: Project) -> None:
    endless_runs = threading.Event()
    begun: list[str] = []

    def make(con: duckdb.DuckDBPyConnection, model: Model) -> None:
        begun.append(model.name)
        if len(begun) == 1:
            endless_runs.set()
            con.execute(ENDLESS)
        assert endless_runs.wait(timeout=30)
        raise KeyboardInterrupt

    with duckdb.connect() as con, pytest.raises(KeyboardInterrupt):
        list(each(built(project), make, con, 2))
    assert "both" not in begun
