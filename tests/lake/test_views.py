"""The lake's views over many datasets: families read as one, and the list of records."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import pytest

from observatory import lake_views
from observatory.errors import PermanentError
from observatory.lake import Column, Dataset, history
from observatory.lake_tables import families, family_columns, table_columns
from observatory.sources.base import Source, get, registry

_NUMBER = Column("number", "VARCHAR", "the number")
_NAME = Column("name", "VARCHAR", "the name")
_HEADS = Column("heads", "BIGINT", "heads")
FOLLOWED = history("upper(number)", "name")
CATS = Dataset("cats", (_NUMBER, _NAME), history=FOLLOWED, family="animals")
DOGS = Dataset("dogs", (_NUMBER, _HEADS), family="animals")


def _connected(*datasets: Dataset) -> duckdb.DuckDBPyConnection:
    """The lake of one fictional source a dataset, with a record in each."""
    sources = [replace(_source(), id=f"of_{one.name}", datasets=(one,)) for one in datasets]
    con = duckdb.connect()
    lake_views.create(con, sources, {source.id: [] for source in sources})
    for one in datasets:
        cells = {"BIGINT": "7", "VARCHAR": "'{0}'"}
        columns = ", ".join(
            f"{cells[column.type].format(column.name)}::{column.type} as {column.name}"
            for column in one.view_columns
        )
        con.execute(f"create or replace view lake.{one.name} as select {columns}")
    return con


def _source() -> Source:
    return get("fca_societies")


def test_a_family_is_read_as_one_and_says_whose_record_each_is() -> None:
    with _connected(CATS, DOGS) as con:
        rows = con.execute("select * from lake.animals order by source").fetchall()
    assert rows == [
        ("of_cats", "snapshot_id", "locator", "number", "name", None),
        ("of_dogs", "snapshot_id", "locator", "number", None, 7),
    ]
    columns = ["source", "snapshot_id", "locator", "number", "name", "heads"]
    assert [one.name for one in family_columns((CATS, DOGS))] == columns
    assert [one.name for one in table_columns((CATS, DOGS))["animals"]] == columns


def test_the_list_of_records_has_those_that_declare_a_history() -> None:
    with _connected(CATS, DOGS) as con:
        found = con.execute("select source, dataset, record_key from lake.records").fetchall()
        same = con.execute("select version = hash('name') from lake.records").fetchall()
    assert found == [("of_cats", "cats", "NUMBER")]
    assert same == [(True,)]


def test_a_family_cannot_bear_the_name_of_a_dataset() -> None:
    with pytest.raises(PermanentError, match="'cats' bears the name"):
        _connected(CATS, replace(DOGS, family="cats"))


def test_every_history_is_of_columns_that_are_there() -> None:
    datasets = [one for source in registry().values() for one in source.datasets]
    for one in datasets:
        names = {column.name for column in one.columns}
        assert not one.history or set(one.history.facts) <= names, one.name
    assert set(families(datasets)) == {"notices", "charity_returns"}
    with duckdb.connect() as con:
        lake_views.create(con, list(registry().values()), {one: [] for one in registry()})
        assert con.execute("select count(*) from lake.records").fetchone() == (0,)
