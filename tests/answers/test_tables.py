"""Tables on terminals: in columns where they fit, as records where they would be slivers."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from observatory.answers.tables import Table, as_table

STATUS = Table(
    ("what", "state", "last event", "next due"),
    [("fca_societies", "fresh", None, 3), ("nightly run", "overdue since Monday", True, 4000)],
)


def shown(table: Table, width: int) -> str:
    out = io.StringIO()
    Console(file=out, width=width).print(as_table(table))
    return out.getvalue()


def test_a_table_that_fits_is_shown_in_columns() -> None:
    lines = shown(STATUS, 80).splitlines()
    assert "what" in lines[1]
    assert "next due" in lines[1]
    assert any("overdue since Monday" in line and "4,000" in line for line in lines)


def test_in_a_narrow_terminal_every_value_can_still_be_read() -> None:
    lines = shown(STATUS, 30).splitlines()
    assert lines[:5] == [
        "what: fca_societies",
        "state: fresh",
        "last event: –",
        "next due: 3",
        "",
    ]
    assert "next due: 4,000" in lines


@pytest.mark.parametrize("columns", [11, 40])
def test_many_columns_never_fold_to_nothing(columns: int) -> None:
    names = tuple(f"column_{n}" for n in range(columns))
    text = shown(Table(names, [tuple(range(columns))]), 40)
    assert all(f"column_{n}: {n}" in text for n in range(columns))
    assert "no rows; columns: column_0" in shown(Table(names, []), 40)


def test_what_a_terminal_would_act_on_is_not_passed_on() -> None:
    text = shown(Table(("name",), [("Red\x1b[31m \x9b31m\x07 [bold]Ltd",)]), 80)
    assert not {"\x1b", "\x9b", "\x07"} & set(text)
    assert "[bold]Ltd" in text
