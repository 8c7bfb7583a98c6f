"""Asking a release: what is answered, what is refused, and that the cookbook works."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from observatory.build import load_project
from observatory.errors import BadInput, PermanentError
from observatory.release import macros
from observatory.release.contracts import published_tables
from observatory.release.cookbook import COOKBOOK, create_macros, named_queries
from observatory.release.publish import publish
from observatory.release.query import query
from observatory.release.recorded import recorded_tables
from observatory.release.register import with_own_tables
from observatory.settings import Settings
from tests.release.conftest import BUILD, change, small_project


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("asked")
    change(home / "build.duckdb", BUILD)
    publish(home / "build.duckdb", small_project(), home / "releases")
    return home / "releases" / "latest"


def test_a_statement_and_its_parameters_are_answered(release: Path) -> None:
    answer = query(release, "select org_id as id from evidence where signal_id = $s order by 1",
                   {"s": "award"})  # fmt: skip
    assert answer.columns == ("id",)
    assert answer.rows == [("XX-FIC-1",)]
    assert query(release, "describe organisations").rows[0][:2] == ("org_id", "VARCHAR")
    assert query(release, "-- words\nfrom _observatory").columns == ("key", "value")


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select 1; select 2", "2 statements were given"),
        ("", "0 statements were given"),
        ("create table t (a int)", "only a statement that reads"),
        ("delete from evidence", "only a statement that reads"),
        ("attach ':memory:' as other", "only a statement that reads"),
        ("set lock_configuration = false", "only a statement that reads"),
        ("copy evidence to '{folder}/stolen.csv'", "only a statement that reads"),
        ("load httpfs", "only a statement that reads"),
        ("select * from read_csv('{folder}/secret.csv')", "disabled"),
        ("select * from read_text('{folder}/secret.csv')", "disabled"),
        ("select * from '{folder}/secret.csv'", "disabled"),
        ("select * from glob('{folder}/*')", "disabled"),
        ("select * from 'https://example.org/a.parquet'", "."),
        ("select nothing from nowhere", "nowhere"),
        ("selec 1", "syntax error"),
    ],
)
def test_whatever_does_not_read_the_release_is_refused(
    release: Path, tmp_path: Path, sql: str, said: str
) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with pytest.raises(BadInput, match=said):
        query(release, sql.format(folder=tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


def test_parameters_must_match(release: Path) -> None:
    with pytest.raises(BadInput, match="it needs x"):
        query(release, "select $x")
    with pytest.raises(BadInput, match="it has no parameter y"):
        query(release, "select $x", {"x": 1, "y": 2})


def test_a_name_that_is_no_query_lists_the_cookbook(release: Path) -> None:
    with pytest.raises(BadInput) as caught:
        query(release, "headline-cuont")
    assert "headline-count" in str(caught.value)


def test_a_named_query_has_a_title_and_defaults(release: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.sql").write_text(
        "-- Which?\n-- $signal: the signal (default: award)\n"
        "select evidence_id from evidence where signal_id = $signal order by 1\n"
    )
    answer = query(release, "mine", cookbook=tmp_path)
    assert (answer.title, answer.rows) == ("Which?", [("E2",)])
    assert query(release, "mine", {"signal": "form"}, cookbook=tmp_path).rows == [("E1",), ("E3",)]
    (tmp_path / "bare.sql").write_text("select 1")
    with pytest.raises(BadInput, match="opens with a comment"):
        query(release, "bare", cookbook=tmp_path)


def test_a_missing_release_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(PermanentError, match="no such database"):
        query(tmp_path, "select 1")


@pytest.fixture(scope="module")
def empty_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every published table as its contract has it, without rows."""
    folder = tmp_path_factory.mktemp("empty")
    project = load_project(Settings(home=folder))
    histories = [one.history for one in recorded_tables(project)]
    shapes = {
        table.name: [(column.name, column.type) for column in table.columns]
        for table in (*with_own_tables(published_tables(project)), *histories)
    }
    with duckdb.connect(str(folder / "observatory.duckdb")) as con:
        for name, columns in shapes.items():
            con.execute(f"create table {name} ({', '.join(f'{n} {kind}' for n, kind in columns)})")
        assert macros.create(con, shapes) == []
        assert create_macros(con) == []
    return folder


@pytest.mark.parametrize("name", [one.name for one in named_queries(COOKBOOK)])
def test_each_query_of_the_cookbook_runs_on_the_published_tables(
    empty_release: Path, name: str
) -> None:
    named = next(one for one in named_queries(COOKBOOK) if one.name == name)
    assert named.title.endswith("?")
    given = {one.name: "GB-COH-00000000" for one in named.parameters if one.default is None}
    answer = query(empty_release, name, given)
    assert answer.title == named.title
    assert len(set(answer.columns)) == len(answer.columns) > 1
    values = ", ".join(f"for_{one} := '{value}'" for one, value in given.items())
    macro = query(empty_release, f"from {name.replace('-', '_')}({values})")
    assert macro.columns == answer.columns


def test_the_cookbook_is_a_first_dozen() -> None:
    assert len(named_queries(COOKBOOK)) >= 12
