"""A table of a page: what each cell says, and what kind it is, so that it stands and wraps as such.

What belongs here: from rows to cells. What does not: which rows (``figures.py``) or the HTML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from observatory.dashboard import words

# Kinds are classes of the style sheet: a number stands at the right, a date or code is never
# broken, a long text has room, a hash is broken anywhere.
NUMBER, WHOLE, LONG, HASH, PLAIN = "n", "d", "t", "h", ""
_CODE = re.compile(r"(?=\S*\d)\S{1,40}|\d+% \(\d+ to \d+\)")
_HASH = re.compile(r"\S{41,}")
_LONG = 40
# A table of more columns than a phone has room for, and of so few rows that blocks are no labour.
_STACKED_COLUMNS, _STACKED_ROWS = 5, 20


@dataclass(frozen=True)
class Cell:
    """One cell: its ``text``, its ``kind``, and the web address that it leads to, if any."""

    text: str
    kind: str = PLAIN
    link: str = ""


@dataclass(frozen=True)
class Table:
    """Heads and rows of cells; a head has the kind of the numbers below it."""

    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def stacks(self) -> bool:
        """Whether on a phone each row is a block of its own: where a cell holds a sentence, or
        words stand in one of many columns, since nobody reads by pushing a table to and fro.
        Numbers alone are compared down their columns."""
        cells = [cell for row in self.rows for cell in row[1:]]
        wordy = any(cell.kind == PLAIN for cell in cells) and len(self.rows) <= _STACKED_ROWS
        many = len(self.heads) > _STACKED_COLUMNS
        return any(cell.kind == LONG for cell in cells) or (many and wordy)


def table(columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> Table:
    """Return ``rows`` as cells under ``columns`` (name in the rows -> words at the head)."""
    made = [_column(name, [row.get(name) for row in rows]) for name in columns]
    _stand_by(made)
    heads = tuple(
        Cell(label, NUMBER if cells and all(cell.kind == NUMBER for cell in cells) else PLAIN)
        for label, cells in zip(columns.values(), made, strict=True)
    )
    return Table(heads, tuple(zip(*made, strict=True)))


def _column(name: str, values: Sequence[Any]) -> list[Cell]:
    if name.endswith("year"):
        # A year is a name, not a number: it has no comma.
        return [Cell(words.cell(one if one is None else str(one)), WHOLE) for one in values]
    decimals = _decimals([one for one in values if isinstance(one, int | float)])
    numeric = any(_is_number(one) for one in values)
    return [_cell(one, decimals, numeric) for one in values]


def _stand_by(columns: list[list[Cell]]) -> None:
    """A column without a single value stands as the one at its left does."""
    for before, column in pairwise(columns):
        if before and before[0].kind == NUMBER and all(cell.text == "–" for cell in column):
            column[:] = [Cell(cell.text, NUMBER) for cell in column]


def _cell(value: Any, decimals: int, numeric: bool) -> Cell:  # noqa: ANN401 - a query's answer
    if _is_number(value):
        return Cell(words.number(value, decimals), NUMBER)
    text = words.cell(value)
    if value is None and numeric:
        return Cell(text, NUMBER)
    if isinstance(value, str) and (link := words.web_link(value)):
        return Cell(words.host(link), PLAIN, link)
    if isinstance(value, date) or _CODE.fullmatch(text):
        return Cell(text, WHOLE)
    if _HASH.fullmatch(text):
        return Cell(text, HASH)
    return Cell(text, LONG if len(text) > _LONG else PLAIN)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _decimals(numbers: Sequence[float]) -> int:
    """How many decimals a column needs, the same in each row: none for whole or large numbers."""
    if all(float(one).is_integer() for one in numbers) or max(map(abs, numbers)) >= 1000:
        return 0
    return 1 if all(round(one, 1) == round(one, 2) for one in numbers) else 2
