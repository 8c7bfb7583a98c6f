"""The project as it stands in ``dbt_like_models/``: what every model must keep."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from observatory.build import load_project
from observatory.models import engine, freshness
from observatory.models.describe import data_dictionary
from observatory.models.project import Project
from observatory.models.run import build
from observatory.models.tables import make
from observatory.models.unit_tests import run_unit_tests
from observatory.settings import PROJECT_ROOT, Settings
from observatory.sources.base import registry


@pytest.fixture(scope="module")
def project() -> Project:
    """Loading proves by itself that every model has a contract and reads what exists."""
    return load_project(Settings(home=Path("nowhere")))


def test_every_unit_test_passes(project: Project) -> None:
    failures = [one for name in project.models for one in run_unit_tests(project, name)]
    assert not failures, "\n".join(map(str, failures))


def test_published_columns_say_what_they_mean_and_may_be_republished(project: Project) -> None:
    for model in project.published():
        for column in model.contract.columns:
            assert column.licence in ("rows", "derived facts"), f"{model.name}.{column.name}"
            assert set(column.sources) <= set(registry()), f"{model.name}.{column.name}"


def test_every_model_opens_with_what_it_is(project: Project) -> None:
    for model in project.models.values():
        assert model.kind != "sql" or model.sql.startswith("--"), model.name


def test_an_empty_lake_builds_and_carries_the_descriptions(
    project: Project, tmp_path: Path
) -> None:
    """Every model binds, keeps its contract and passes its tests when no source has landed."""
    database = tmp_path / "build.duckdb"
    versions = dict.fromkeys(project.lake_tables, "empty")
    results = build(project, database, _empty_lake(project), lake_versions=versions)
    assert {one.status for one in results} == {"built"}
    assert freshness.plan(project, database, versions) == []
    with engine.reader(database) as con:
        tables = dict(con.execute("select table_name, comment from duckdb_tables()").fetchall())
        columns = {
            (table, column): comment
            for table, column, comment in con.execute(
                "select table_name, column_name, comment from duckdb_columns()"
                " where schema_name = 'main'"
            ).fetchall()
        }
    for model in project.models.values():
        assert tables[model.name] == model.contract.description
        for column in model.contract.columns:
            assert columns[model.name, column.name].startswith(column.description)


def test_every_seed_is_read_whole(project: Project) -> None:
    for model in project.models.values():
        if model.kind == "seed":
            with engine.in_memory() as con:
                make(con, model)
                (rows,) = con.execute(f"select count(*) from {model.name}").fetchone() or (0,)
            with model.path.open(encoding="utf-8-sig", newline="") as lines:
                assert rows == len(list(csv.DictReader(lines))), model.name


def test_the_data_dictionary_is_up_to_date(project: Project) -> None:
    page = PROJECT_ROOT / "docs" / "data-dictionary.md"
    licences = {name: source.licence for name, source in registry().items()}
    assert page.read_text(encoding="utf-8") == data_dictionary(project, licences), (
        "run: python -m observatory.models describe > docs/data-dictionary.md"
    )


def _empty_lake(project: Project) -> Callable[[duckdb.DuckDBPyConnection], None]:
    def attach(con: duckdb.DuckDBPyConnection) -> None:
        con.execute("create schema lake")
        for name, columns in project.lake_tables.items():
            typed = ", ".join(f'"{column.name}" {column.type}' for column in columns)
            con.execute(f'create table lake."{name}" ({typed})')

    return attach
