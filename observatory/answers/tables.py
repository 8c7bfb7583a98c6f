"""A small table of answers, and how a terminal shows one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from rich import box
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table as RichTable
from rich.text import Text

_LEAST: Final = 8
# All but the line end and the tab, which a table can show.
_CONTROL: Final = dict.fromkeys(
    (*range(9), *range(11, 32), *range(127, 160)), "\N{REPLACEMENT CHARACTER}"
)


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


@dataclass(frozen=True)
class Shown:
    """A table as a terminal shows it: in columns where it is wide enough for them, else one record
    below the other, since columns of three letters cannot be read."""

    table: Tabular

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield what fits into the width of the terminal."""
        if self.width() <= options.max_width:
            yield self.columns()
        else:
            yield Text("\n".join(self.records()))

    def width(self) -> int:
        """Return the characters that the columns need at least: each its longest word, up to
        a number from which a word may be folded, and a space on either side."""
        return sum(
            min(_LEAST, max(map(len, _words(self.table, at)), default=0)) + 2
            for at in range(len(self.table.columns))
        )

    def columns(self) -> RichTable:
        """Return the table in columns, numbers to the right."""
        shown = RichTable(box=box.SIMPLE_HEAD, header_style="bold")
        for position, name in enumerate(self.table.columns):
            numeric = _numeric(row[position] for row in self.table.rows)
            shown.add_column(name, justify="right" if numeric else "left", overflow="fold")
        for row in self.table.rows:
            shown.add_row(*(Text(_text(value)) for value in row))
        return shown

    def records(self) -> Iterator[str]:
        """Yield the lines of the table as records, with an empty one after each."""
        if not self.table.rows:
            yield f"no rows; columns: {', '.join(self.table.columns)}"
        for row in self.table.rows:
            for name, value in zip(self.table.columns, row, strict=True):
                yield f"{name}: {_text(value)}"
            yield ""


def as_table(table: Tabular) -> Shown:
    """Show a table on a terminal: numbers to the right, unknown values as a dash.

    Values are shown as text, never read as markup: a name may hold square brackets. Control
    characters are not passed on: a terminal would act on them.
    """
    return Shown(table)


def _words(table: Tabular, at: int) -> Iterator[str]:
    yield from table.columns[at].split()
    for row in table.rows:
        yield from _text(row[at]).split()


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
    return str(value).translate(_CONTROL)
