"""What a delimited register promises: its columns, their kinds and words, and how a file's header
is matched to them.

What belongs here: the declaration that a source module fills, and the comparison of a header with
it. What does not: reading records (``_delimited.py``), forms of cells (``_values.py``), any
publisher's own columns (its module).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from observatory.errors import BadInput
from observatory.lake import Column, Dataset, History
from observatory.sources._records import Record
from observatory.sources._values import TEXT, Kind

_HEADER_SHOWN = 300  # characters of a wrong header that an error quotes


@dataclass(frozen=True)
class Field:
    """One published column: where it goes, how its cells read, and what they may say.

    ``headers`` are its accepted spellings, today's first; an ``optional`` column may be absent;
    a record without a value in a ``needed`` field is quarantined; ``nulls`` are the publisher's
    words for no value; an empty ``vocabulary`` accepts every word.
    """

    name: str
    meaning: str
    headers: tuple[str, ...]
    kind: Kind = TEXT
    optional: bool = False
    needed: bool = False
    nulls: frozenset[str] = frozenset()
    vocabulary: frozenset[str] = frozenset()

    @property
    def header(self) -> str:
        """The published spelling, for messages."""
        return self.headers[0]

    def knows(self, value: str) -> bool:
        """Whether the value belongs to the vocabulary, if one is declared."""
        return not self.vocabulary or plain(value) in self._words

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(map(plain, self.vocabulary))


@dataclass(frozen=True)
class Header:
    """Where each field stands in one file, which are absent, and which columns nobody knows."""

    width: int
    places: dict[str, int] = field(default_factory=dict)
    absent: list[Field] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def misfit(self, record: Record) -> str:
        """Why a record cannot be laid over this header; empty when it can."""
        if record.problem:
            return f"it cannot be split into cells: {record.problem}"
        if len(record.cells) != self.width:
            return f"it has {len(record.cells)} columns where the header has {self.width}"
        return ""


@dataclass(frozen=True)
class Layout:
    """What a source promises of its file. ``ignored`` are the columns left out on purpose,
    ``unique`` the fields that identify a record (none: repeats are all kept), ``remedy`` what a
    person should do with a file of another form. ``lent_header`` are the columns, in order, of a
    file that has no header of its own."""

    dataset_name: str
    fields: tuple[Field, ...]
    remedy: str
    ignored: frozenset[str] = frozenset()
    unique: tuple[str, ...] = ()
    lent_header: tuple[str, ...] = ()
    history: History | None = None

    @cached_property
    def dataset(self) -> Dataset:
        """The lake's declaration of the records."""
        columns = tuple(Column(one.name, one.kind.type, one.meaning) for one in self.fields)
        return Dataset(self.dataset_name, columns, history=self.history)

    def match(self, first: Record | None, where: str) -> Header:
        """Compare a file's first record with the declared columns, by name and not by place.

        Raises BadInput that names the file, every missing column, and what the header says.
        """
        if first is None:
            raise BadInput("the file is empty", where=where, remedy=self.remedy)
        # The first of two equal names counts; the other is reported as unknown.
        places = {plain(cell): at for at, cell in reversed(list(enumerate(first.cells)))}
        header = Header(width=len(first.cells))
        for one in self.fields:
            at = next((places[name] for name in map(plain, one.headers) if name in places), None)
            if at is None:
                header.absent.append(one)
            else:
                header.places[one.name] = at
        if missing := [repr(one.header) for one in header.absent if not one.optional]:
            shown = ",".join(cell.strip() for cell in first.cells)[:_HEADER_SHOWN]
            raise BadInput(
                f"its header lacks {', '.join(missing)}; it reads: {shown}",
                where=where,
                remedy=self.remedy,
            )
        ignored, taken = frozenset(map(plain, self.ignored)), set(header.places.values())
        for at, cell in enumerate(first.cells):
            if at not in taken and plain(cell) not in ignored | {""}:
                header.unknown.append(cell.strip())
        return header


def plain(text: str) -> str:
    """One spelling for comparison: case, runs of spaces and curly apostrophes do not count."""
    return " ".join(text.replace("\u2019", "'").split()).casefold()
