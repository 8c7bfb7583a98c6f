"""A small table of answers, and how a terminal shows one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from rich import box
from rich.table import Table as RichTable
from rich.text import Text


class Tabular(Protocol):
    """Anything with column names and rows of the same width."""

    @property
    def columns(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def rows(self) -> Sequence[Sequence[Any]]: ...  # noqa: D102


@dataclass(frozen=True)
class Table:
    """Column names, and rows of values in their order."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def as_table(table: Tabular) -> RichTable:
    """Show a table on a terminal: numbers to the right, unknown values as a dash.

    Values are shown as text, never read as markup: a name may hold square brackets.
    """
    shown = RichTable(box=box.SIMPLE_HEAD, header_style="bold")
    for position, name in enumerate(table.columns):
        numeric = _numeric(row[position] for row in table.rows)
        shown.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in table.rows:
        shown.add_row(*(Text(_text(value)) for value in row))
    return shown


def _numeric(values: Any) -> bool:  # noqa: ANN401 - an iterable of anything
    seen = [value for value in values if value is not None]
    return bool(seen) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in seen
    )


def _text(value: Any) -> str:  # noqa: ANN401 - a cell of any type
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list | tuple):
        return ", ".join(_text(one) for one in value)
    return str(value)
