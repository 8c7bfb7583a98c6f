"""What a source promises of a bulk CSV: its columns, their types and words.

What belongs here: the declaration, and the check of a file's header against it. What does not: any
publisher's columns (its own module), reading the records (``_bulk_csv.py``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

from observatory.errors import BadInput
from observatory.lake import Column, Dataset, History
from observatory.sources._bulk_bytes import header_of

# So many missing columns are named; of another file all of them are missing.
_NAMED: Final = 8


@dataclass(frozen=True)
class BulkField:
    """One published column (``header``, without spaces around it) and its place in the lake.

    ``nulls`` are the publisher's words for no value; a ``vocabulary``, in lower case, makes
    every other word an issue.
    """

    header: str
    name: str
    meaning: str
    type: Literal["VARCHAR", "DATE", "SMALLINT", "INTEGER"] = "VARCHAR"
    nulls: tuple[str, ...] = ()
    vocabulary: frozenset[str] = frozenset()


@dataclass(frozen=True)
class BulkLayout:
    """What a source promises of its file. ``ignored`` columns are left out on purpose; ``key``
    finds a record's number in a line that cannot be split; dates are DD/MM/YYYY."""

    dataset_name: str
    fields: tuple[BulkField, ...]
    ignored: frozenset[str]
    key: re.Pattern[str]
    remedy: str
    history: History | None = None

    @cached_property
    def dataset(self) -> Dataset:
        """The lake's declaration of the records."""
        columns = tuple(Column(one.name, one.type, one.meaning) for one in self.fields)
        return Dataset(self.dataset_name, columns, record_locator=True, history=self.history)

    @cached_property
    def known(self) -> frozenset[str]:
        """Every published column that has been thought about."""
        return self.ignored | {one.header for one in self.fields}

    def check(self, path: Path, file_name: str) -> None:
        """Check a file's header. Raises BadInput that names what is missing."""
        header = header_of(path, file_name)
        if missing := [one.header for one in self.fields if one.header not in header.columns]:
            shown = ",".join(header.columns)[:200]
            more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
            raise BadInput(
                f"its header lacks {', '.join(missing[:_NAMED])}{more}; it begins: {shown}",
                where=file_name,
                remedy=self.remedy,
            )
        if twice := sorted({name for name in header.columns if header.columns.count(name) > 1}):
            raise BadInput(
                f"its header names {', '.join(twice)} twice", where=file_name, remedy=self.remedy
            )
        if not header.has_records:
            raise BadInput("it has no record below its header", where=file_name, remedy=self.remedy)
