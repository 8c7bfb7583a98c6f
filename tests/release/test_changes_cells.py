"""The changes of a version, applied to the one before it, give it exactly: whatever the values."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.errors import PermanentError
from observatory.release import cells, change_apply
from observatory.release.cells import CELLS, Side
from observatory.release.connections import quoted
from observatory.release.contracts import ReleaseColumn, ReleaseTable

TYPES: dict[str, st.SearchStrategy[Any]] = {
    "VARCHAR": st.text(max_size=6)
    | st.sampled_from(
        ["", "NULL", "null", "*", "{}", '"', "'", "=cmd|1", "a\x00b", "é\u0301", "😀", "\r\n"]
    ),
    "BIGINT": st.integers(-(2**63), 2**63 - 1),
    "UBIGINT": st.integers(0, 2**64 - 1),
    "DOUBLE": st.floats(width=64) | st.sampled_from([0.0, -0.0, math.nan, 5e-324, 0.1 + 0.2]),
    "BOOLEAN": st.booleans(),
    "DATE": st.dates(),
    "TIMESTAMP": st.datetimes(),
    "VARCHAR[]": st.lists(st.none() | st.text(max_size=3), max_size=3),
    "DOUBLE[]": st.lists(st.none() | st.floats(width=64), max_size=3),
    "STRUCT(measure VARCHAR, reason VARCHAR)[]": st.lists(
        st.fixed_dictionaries(
            {"measure": st.none() | st.text(max_size=3), "reason": st.none() | st.text(max_size=3)}
        ),
        max_size=2,
    ),
    "MAP(VARCHAR, VARCHAR)": st.dictionaries(st.text(max_size=3), st.none() | st.text(max_size=3)),
}
KEYS: dict[str, st.SearchStrategy[Any]] = {
    # '1' and 1, 'a,b' beside 'a' and 'b', a letter and its composed form: keys that look alike.
    "VARCHAR": st.sampled_from(["", "1", "01", "a", "a,b", "b", '"', "\\", "\x00", "é", "e\u0301"]),
    "INTEGER": st.sampled_from([1, -1, 10]),
    "DATE": st.sampled_from([date(2026, 1, 1), date(1, 1, 1)]),
    "TIMESTAMP": st.sampled_from([datetime(2026, 1, 1), datetime(2026, 1, 1, 0, 0, 0, 1)]),
}


def table(name: str, key: tuple[str, ...], **columns: str) -> ReleaseTable:
    return ReleaseTable(
        name,
        name,
        "facts",
        key,
        key,
        tuple(ReleaseColumn(one, kind, one, "rows") for one, kind in columns.items()),
    )


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as a; attach ':memory:' as b")
        yield connection


def fill(
    con: duckdb.DuckDBPyConnection, catalogue: str, one: ReleaseTable, rows: list[tuple[Any, ...]]
) -> Side:
    names = ", ".join(f"{quoted(column.name)} {column.type}" for column in one.columns)
    con.execute(f'create or replace table {catalogue}.main."{one.name}" ({names})')
    if rows:
        # A dict is a STRUCT to DuckDB: a MAP is given as JSON.
        marks = ", ".join(
            f"cast({'?::json' if column.type.startswith('MAP') else '?'} as {column.type})"
            for column in one.columns
        )
        rows = [tuple(json.dumps(v) if isinstance(v, dict) else v for v in row) for row in rows]
        con.executemany(f'insert into {catalogue}.main."{one.name}" values ({marks})', rows)
    return Side(catalogue, {one.name: one})


def values(con: duckdb.DuckDBPyConnection, select: str) -> list[str]:
    """The rows as Python sees them, told apart to the sign of zero."""
    return sorted(repr(row) for row in con.execute(select).fetchall())


@st.composite
def versions(draw: st.DrawFn) -> tuple[dict[str, str], int, list[Any], list[Any]]:
    keys = draw(st.lists(st.sampled_from(sorted(KEYS)), min_size=1, max_size=2))
    kinds = draw(st.lists(st.sampled_from(sorted(TYPES)), max_size=3))
    columns = {f"k {place}": kind for place, kind in enumerate(keys)}
    columns |= {f'c"{place}': kind for place, kind in enumerate(kinds)}
    key = st.tuples(*(KEYS[kind] for kind in keys))
    row = st.tuples(*(st.none() | TYPES[kind] for kind in kinds))
    old = draw(st.dictionaries(key, row, max_size=4))
    new = dict(old)
    for one in draw(st.lists(key, max_size=4)):
        new.pop(one, None)
    new |= draw(
        st.dictionaries(st.sampled_from(sorted(old, key=repr)) if old else key, row, max_size=3)
    )
    new |= draw(st.dictionaries(key, row, max_size=2))
    return (
        columns,
        len(keys),
        [(*one, *rest) for one, rest in old.items()],
        [(*one, *rest) for one, rest in new.items()],
    )


@settings(max_examples=80)
@given(drawn=versions())
def test_applied_to_the_version_before_it_gives_the_version(
    con: duckdb.DuckDBPyConnection, drawn: tuple[dict[str, str], int, list[Any], list[Any]]
) -> None:
    columns, n_keys, old_rows, new_rows = drawn
    one = table("odd", tuple(list(columns)[:n_keys]), **columns)
    old, new = fill(con, "a", one, old_rows), fill(con, "b", one, new_rows)
    cells.find(con, old, new)
    given_by_changes = values(con, change_apply.applied(con, CELLS, old, one))
    assert given_by_changes == values(con, f"select * from {new.relation('odd')}")
    assert list(change_apply.differences(con, CELLS, old, new, frozenset())) == []
    same = values(con, f"select * from {old.relation('odd')}") == given_by_changes
    assert same == (con.execute(f"select count(*) from {CELLS}").fetchone() == (0,))


def lines(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return con.execute(
        f"select key, column_name, old_value, new_value, kind from {CELLS} order by all"
    ).fetchall()


def test_a_line_says_what_came_what_went_and_what_is_another_value(
    con: duckdb.DuckDBPyConnection,
) -> None:
    one = table("t", ("id",), id="VARCHAR", size="DOUBLE", kinds="VARCHAR[]")
    old = fill(con, "a", one, [("x", -0.0, ["a"]), ("gone", None, None)])
    new = fill(con, "b", one, [("x", 0.0, ["a", None]), ("new", 1.5, None)])
    cells.find(con, old, new)
    assert lines(con) == [
        ('{"id":"gone"}', "*", None, None, "removed"),
        ('{"id":"new"}', "*", None, None, "added"),
        ('{"id":"new"}', "size", None, "1.5", "added"),
        ('{"id":"x"}', "kinds", '["a"]', '["a",null]', "changed"),
        ('{"id":"x"}', "size", "-0.0", "0.0", "changed"),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({"size": "INTEGER"}, {"size": "BIGINT"}, id="a wider type"),
        pytest.param({"size": "INTEGER"}, {"size": "VARCHAR"}, id="a number that is text now"),
        pytest.param({"size": "INTEGER"}, {"size": "DOUBLE"}, id="a whole number with a point"),
        pytest.param({}, {"size": "INTEGER"}, id="a column that is new"),
        pytest.param({"size": "INTEGER"}, {}, id="a column that is gone"),
    ],
)
def test_another_shape_of_a_table_is_reached_too(
    con: duckdb.DuckDBPyConnection, before: dict[str, str], after: dict[str, str]
) -> None:
    rows: list[tuple[Any, ...]] = [("x", 1), ("y", None)]
    old_table = table("t", ("id",), id="VARCHAR", **before)
    new_table = table("t", ("id",), id="VARCHAR", **after)
    old = fill(con, "a", old_table, [row[: 1 + len(before)] for row in rows])
    new = fill(con, "b", new_table, [row[: 1 + len(after)] for row in rows])
    cells.find(con, old, new)
    assert list(change_apply.differences(con, CELLS, old, new, frozenset())) == []
    if not after:
        assert lines(con) == []  # what is no longer published is not said once more


def test_a_table_that_is_new_or_has_another_key_is_added_whole(
    con: duckdb.DuckDBPyConnection,
) -> None:
    old = fill(con, "a", table("t", ("id",), id="VARCHAR", n="INTEGER"), [("x", 1), ("y", 2)])
    new = fill(con, "b", table("t", ("id", "n"), id="VARCHAR", n="INTEGER"), [("x", 1), ("x", 2)])
    cells.find(con, old, new)
    assert [row[0] for row in lines(con)] == ['{"id":"x","n":1}', '{"id":"x","n":2}']
    assert list(change_apply.differences(con, CELLS, old, new, frozenset())) == []
    keyless = fill(con, "a", table("t", (), id="VARCHAR", n="INTEGER"), [("x", 1), ("x", 1)])
    cells.find(con, keyless, new)
    assert list(change_apply.differences(con, CELLS, keyless, new, frozenset())) == []
    cells.find(con, Side("a", {}), new)
    assert list(change_apply.differences(con, CELLS, Side("a", {}), new, frozenset())) == []
    cells.find(con, old, Side("b", {}))
    assert lines(con) == []


@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        ("delete from lied where key like '%x%'", "has other values than its changes give"),
        ("delete from lied where kind = 'added'", "has 2 rows, where its changes give 1"),
        ("update lied set new_value = 'no number'", "its changes cannot be applied"),
        ("update lied set table_name = 'else'", "is no fact table of this release"),
    ],
)
def test_changes_that_do_not_give_the_version_are_found_out(
    con: duckdb.DuckDBPyConnection, tamper: str, says: str
) -> None:
    one = table("t", ("id",), id="VARCHAR", size="INTEGER")
    old = fill(con, "a", one, [("x", 1), ("gone", 3)])
    new = fill(con, "b", one, [("x", 2), ("new", 4)])
    cells.find(con, old, new)
    con.execute(f"create or replace temp table lied as from {CELLS}; {tamper}")
    told = list(change_apply.differences(con, "lied", old, new, frozenset({"t"})))
    assert any(says in what for _, what in told), told


def test_a_fact_table_without_a_key_is_refused() -> None:
    with pytest.raises(PermanentError, match="t: a fact table without a key"):
        cells.fact_tables([table("t", (), id="VARCHAR")])
