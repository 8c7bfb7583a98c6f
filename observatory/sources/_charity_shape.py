"""What a column and a table of the Charity Commission's register extract are to us.

What does not belong here: which there are (``_charity_tables.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from observatory.lake import Column, Dataset, History

Type = Literal["VARCHAR", "DATE", "BIGINT", "DOUBLE", "BOOLEAN"]


@dataclass(frozen=True)
class Field:
    """One published column; a file without a ``needed`` one is refused."""

    header: str
    name: str
    meaning: str
    type: Type = "VARCHAR"
    needed: bool = False


@dataclass(frozen=True)
class Table:
    """One table of the extract: ``name`` is the publisher's, ``dataset_name`` the lake's.
    ``extra`` are columns that the source's own module derives."""

    name: str
    dataset_name: str
    fields: tuple[Field, ...]
    ignored: frozenset[str] = frozenset()
    extra: tuple[Column, ...] = ()
    history: History | None = None
    family: str = ""

    @cached_property
    def dataset(self) -> Dataset:
        """The lake's declaration of the records."""
        columns = tuple(Column(one.name, one.type, one.meaning) for one in self.fields)
        return Dataset(
            self.dataset_name, columns + self.extra, history=self.history, family=self.family
        )
