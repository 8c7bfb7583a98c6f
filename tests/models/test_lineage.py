from __future__ import annotations

import pytest

from observatory.models.lineage import column_lineage
from tests.models.conftest import ID_CONTRACT, Files

TWO = ID_CONTRACT + "  - {name: c, type: VARCHAR, description: C.}\n"


@pytest.mark.parametrize(
    ("sql", "origins"),
    [
        ("select id, c from codes", [("codes", "c")]),
        ("select id, null::varchar as c from codes", []),
        ("select number as id, locator as c from lake.societies", [("lake.societies", "locator")]),
        (
            "with s as (select * from lake.societies) select s.number as id,"
            " coalesce(k.c, s.registered_on::varchar) as c"
            " from s left join codes k on k.id = s.number",
            [("codes", "c"), ("lake.societies", "registered_on")],
        ),
        (
            "select id, c from codes union all select number, locator from lake.societies",
            [("codes", "c"), ("lake.societies", "locator")],
        ),
        (
            "select id, (select max(number) from lake.societies) as c from codes",
            [("lake.societies", "number")],
        ),
        ("select id, x as c from codes, unnest([c]) as u(x)", [("codes", "c")]),
    ],
)
def test_a_column_is_followed_to_its_tables(
    files: Files, sql: str, origins: list[tuple[str, str]]
) -> None:
    files.seed("codes", "id,c\nx,y\n", TWO)
    files.model("a", sql, TWO)
    assert column_lineage(files.load(), "a")["c"] == origins


def test_what_cannot_be_followed_is_empty_not_an_error(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("sqlglot gives up")

    files.seed("codes", "id\nx\n")
    files.model("a", "select id from codes")
    monkeypatch.setattr("observatory.models.lineage.lineage", fail)
    assert column_lineage(files.load(), "a") == {"id": []}
    assert column_lineage(files.load(), "codes") == {"id": []}
