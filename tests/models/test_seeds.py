from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest

from observatory.models import engine
from observatory.models.run import ModelsFailedError, build
from tests.models.conftest import ID_CONTRACT, Files

Attach = Callable[[duckdb.DuckDBPyConnection], None]
CONTRACT = (
    ID_CONTRACT
    + "  - {name: note, type: VARCHAR, description: A note.}\n"
    + "  - {name: on_day, type: DATE, description: A day.}\n"
)


def test_a_seed_is_read_with_its_contract_s_types(files: Files, attach: Attach) -> None:
    """Quotes, line breaks, leading zeros and empty cells, columns in another order, a BOM."""
    path = files.seed("codes", "", CONTRACT)
    text = '\ufeffnote,id,on_day\n"a ""b"",\nc",007,2024-02-29\n"",x,\n'
    path.write_text(text, encoding="utf-8")
    build(files.load(), files.database, attach)
    with engine.reader(files.database) as con:
        rows = con.execute("select id, note, on_day::varchar from codes").fetchall()
    assert rows == [("007", 'a "b",\nc', "2024-02-29"), ("x", None, None)]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("id,note\nx,y\n", "the header is id, note; the contract has id, note, on_day"),
        ("id,note,on_day,extra\n", "the header is"),
        ("", "the header is"),
        ("id,note,on_day\nx,y,soon\n", "soon"),
        ("id,note,on_day\nx,y\n", "codes.csv"),
        ("id,note,on_day\nx,y,,z\n", "codes.csv"),
    ],
)
def test_a_seed_that_breaks_its_contract_is_refused(
    files: Files, attach: Attach, text: str, complaint: str
) -> None:
    files.seed("codes", text, CONTRACT)
    with pytest.raises(ModelsFailedError, match=complaint):
        build(files.load(), files.database, attach)
