from __future__ import annotations

import duckdb
import pytest

from observatory.errors import PermanentError
from observatory.models.reads import tables_read

QUERIES = [
    ("select 1", set()),
    ("select * from a", {"a"}),
    ("select * from Main.A join lake.B on true", {"a", "lake.b"}),
    ("with c as (select * from a) select * from c", {"a"}),
    ("with a as (select * from a) select * from a", {"a"}),
    ("with recursive r as (select 1 as n union all select n + 1 from r) from r", set()),
    ("with c as (select 1), d as (select * from c) select * from d, b", {"b"}),
    ("with d as (select * from c), c as (select 1) select * from d", {"c"}),
    ("with c as (select 1) select * from main.c", {"c"}),
    (
        "select * from a where exists (with c as (select * from lake.b) select * from c, d)",
        {"a", "lake.b", "d"},
    ),
    ("select (select max(x) from c) from a", {"a", "c"}),
    ("select * from (with c as (select 1 as x) from c) join c on true", {"c"}),
    ("select u.v from a, unnest([1]) as u(v)", {"a"}),
    ("select * from range(3) as r(i), generate_series(1, 2)", set()),
    ("select * from read_csv('x.csv'), my_macro(1)", set()),
    ("select * from a union all by name select * from b", {"a", "b"}),
    ("select * from a semi join b on true qualify row_number() over () = 1", {"a", "b"}),
    ("select * from (pivot a on x in (1, 2) using sum(y))", {"a"}),
]


@pytest.mark.parametrize(("sql", "tables"), QUERIES)
def test_the_tables_that_a_query_reads(sql: str, tables: set[str]) -> None:
    assert tables_read(sql, where="query") == tables


@pytest.mark.parametrize(
    ("sql", "tables"),
    [one for one in QUERIES if "('x.csv" not in one[0] and "unnest" not in one[0]],
)
def test_duckdb_reads_the_same_tables(sql: str, tables: set[str]) -> None:
    """The engine itself is the oracle of the scoping rule."""
    with duckdb.connect() as con:
        found = con.get_table_names(sql, qualified=True)
    assert {one.lower().removeprefix("main.") for one in found} == tables


@pytest.mark.parametrize(
    ("sql", "complaint"),
    [
        ("create table a as select 1", "one select"),
        ("select 1; select 2", "one select"),
        ("", "one select"),
        ("select from where", "not readable SQL"),
    ],
)
def test_what_is_not_one_select_is_refused(sql: str, complaint: str) -> None:
    with pytest.raises(PermanentError, match=complaint) as raised:
        tables_read(sql, where="models/broken.sql")
    assert "models/broken.sql" in str(raised.value)
