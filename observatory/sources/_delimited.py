"""Reading a published CSV by its declared layout: the check at the door and the snapshot reader.

What belongs here: whatever is the same for every delimited register. What does not: bytes and
quoting (``_records.py``), columns (``_layout.py``), forms of cells (``_values.py``), any
publisher's quirk (its own module), business rules (the models).

A record is written or quarantined; a cell is typed or reported; nothing disappears in silence.
Issues never repeat a whole record, because ``data_issues`` is published and a register's rows
may not be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

from observatory import clock
from observatory.errors import BadInput
from observatory.lake import SnapshotWriter
from observatory.sources._layout import Field, Header, Layout, plain
from observatory.sources._records import Record, decode, records
from observatory.sources._values import parse_date
from observatory.sources.base import Body, Check, Promise, Read

_DATED_NAME = re.compile(r"[-_](\d{4})[-_](\d{2})(?:[-_](\d{2}))?(?:_\d{1,2})?\.csv$", re.ASCII)
_LINE_ENDS = ("\n", "\r")
_LOST = "\ufffd"
# The largest of these registers has 8 MB. A file is read whole: a wrong one must not fill memory.
_MAX_BYTES = 256 << 20

Values = tuple[str | None, ...]


@dataclass(frozen=True)
class Given:
    """One file to read: its ``name`` in messages, the ``label`` that opens its locators, and
    ``constants``: values, by field, that hold for every record and stand in no column."""

    path: Path
    name: str
    label: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)


def check_by(layout: Layout, newest_in: str = "") -> Check:
    """Return the check of a source's files at the landing's door. ``newest_in`` is the field whose
    newest day a file without a date cannot be older than."""
    return partial(_check, layout, newest_in)


def read_by(layout: Layout) -> Read:
    """Return the reader of a source's snapshots."""
    return partial(_read, layout)


def date_in_name(file_name: str) -> date | None:
    """Return the date that ends a file's name: ``..._2024_06.csv`` is the first of June 2024 and
    ``...-2024-04-12.csv`` that day. A ``_0`` that a content system adds to a second upload of
    one name is passed over. None when there is no date, or no such month."""
    found = _DATED_NAME.search(file_name)
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError:
        return None


def _check(layout: Layout, newest_in: str, path: Path, file_name: str) -> Promise:
    """Return the date in the file's name, if there is one, and the newest day in a field.

    Raises BadInput when the file lacks a column that is needed, holds no record, was cut short
    inside a cell or a record, is for the most part not in this form, or is far too large.
    """
    if path.stat().st_size > _MAX_BYTES:
        raise BadInput(
            f"it has more than {_MAX_BYTES >> 20} MiB", where=file_name, remedy=layout.remedy
        )
    text = decode(path.read_bytes(), file_name).text
    first, found = _split(layout, text, file_name)
    header = layout.match(first, file_name)
    last, total, bad = None, 0, 0
    newest: date | None = None
    for last in found:
        total += 1
        if header.misfit(last):
            bad += 1
        elif newest_in and (day := _day(last.cells[header.places[newest_in]])):
            newest = max(day, newest or day)
    if last is None:
        raise BadInput("it has no record below its header", where=file_name, remedy=layout.remedy)
    if header.misfit(last) and not text.endswith(_LINE_ENDS):
        raise BadInput(
            f"it ends inside the record on line {last.line}: it was cut short",
            where=file_name,
            remedy="fetch the file again from its publisher",
        )
    if bad > total / 2:
        raise BadInput(
            f"{bad} of its {total} records do not have the header's {header.width} columns",
            where=file_name,
            remedy=layout.remedy,
        )
    published_on = date_in_name(file_name)
    named = Promise(published_on, "file name") if published_on else Promise()
    return replace(named, newest_record=newest)


def _day(cell: str) -> date | None:
    """Return the day in a cell; none for one that cannot be read, or that is still to come, which
    is a slip of the keyboard."""
    try:
        day = date.fromisoformat(parse_date(cell.strip()))
    except ValueError:
        return None
    return day if day <= clock.now().date() else None


def _split(layout: Layout, text: str, name: str) -> tuple[Record | None, Iterator[Record]]:
    """Return a file's header, its own or the one that its layout lends it, and its records."""
    found = records(text, name)
    if layout.lent_header:
        return Record(0, 0, layout.lent_header), found
    return next(found, None), found


def _read(layout: Layout, bodies: Sequence[Body], writer: SnapshotWriter) -> None:
    read_files(layout, [_given(body) for body in bodies], writer)


def _given(body: Body) -> Given:
    scope = body.receipt.scope
    prefix = f"part {scope.part} " if scope.kind == "part" else ""
    return Given(body.path, body.receipt.file_name, prefix)


def read_files(layout: Layout, files: Sequence[Given], writer: SnapshotWriter) -> None:
    """Write the records of ``files``, in order, as the layout's dataset. Raises BadInput when
    one breaks the layout's promise."""
    reading = _Reading(layout, writer)
    for one in files:
        reading.take(one)
    import pandas as pd  # a quarter of a second, and every command finds this module

    names = ["locator", *(one.name for one in layout.fields)]
    writer.con.register("delimited", pd.DataFrame(reading.rows, columns=names, dtype="str"))
    typed = ", ".join(f"cast({one.name} as {one.kind.type}) as {one.name}" for one in layout.fields)
    writer.write(layout.dataset, f"select locator, {typed} from delimited")
    writer.con.unregister("delimited")


class _Reading:
    """One pass over the bodies of a snapshot: the rows to write, and the issues on the way."""

    def __init__(self, layout: Layout, writer: SnapshotWriter) -> None:
        self.rows: list[Values] = []
        self._layout = layout
        self._writer = writer
        self._constants: Mapping[str, str] = {}
        self._first: dict[tuple[str, ...], tuple[str, Values]] = {}

    def take(self, given: Given) -> None:
        """Read one file. Raises BadInput when it breaks the layout's promise."""
        decoded = decode(given.path.read_bytes(), given.name)
        if decoded.note:
            self._writer.issue("encoding", severity="info", detail=decoded.note)
        first, found = _split(self._layout, decoded.text, given.name)
        header = self._layout.match(first, given.name)
        self._report(header, given)
        self._constants = given.constants
        for record in found:
            locator = f"{given.label}line {record.line}"
            if misfit := header.misfit(record):
                self._quarantine("unreadable-record", locator, detail=misfit)
                continue
            if record.repaired:
                detail = (
                    "a quotation mark in it is not doubled; its cells could still be told apart"
                )
                self._writer.issue("quoting", severity="repaired", locator=locator, detail=detail)
            self._add(locator, record.cells, header)
        if not decoded.text.endswith(_LINE_ENDS):
            detail = "the last line has no line end, so it may have been cut short there"
            self._writer.issue("no-final-line-end", severity="info", detail=detail)

    def _report(self, header: Header, given: Given) -> None:
        for name in header.unknown:
            detail = "a column that this reader does not know and does not read"
            self._writer.issue("unknown-column", severity="drift", field=name, detail=detail)
        for one in header.absent:
            if one.name in given.constants:
                continue
            detail = f"this file does not have the column; {one.name} is null"
            self._writer.issue("absent-column", severity="info", field=one.header, detail=detail)

    def _add(self, locator: str, cells: tuple[str, ...], header: Header) -> None:
        values: list[str | None] = []
        for one in self._layout.fields:
            at = header.places.get(one.name)
            raw = self._constants.get(one.name, "") if at is None else cells[at].strip()
            try:
                values.append(self._value(one, raw, locator))
            except ValueError as error:
                self._quarantine("unreadable-record", locator, one, raw, str(error))
                return
        if self._keeps(locator, tuple(values)):
            self.rows.append((locator, *values))

    def _value(self, one: Field, raw: str, locator: str) -> str | None:
        """Type one cell. Raises ValueError when the record cannot stand without it."""
        if raw in one.nulls:
            detail = "the publisher's word for no value; read as null"
            self._writer.issue(
                "placeholder", severity="info", field=one.header, value=raw, detail=detail
            )
        if not raw or raw in one.nulls:
            if one.needed:
                raise ValueError(f"it has no {one.header}")
            return None
        try:
            value = one.kind.parse(raw)
        except ValueError as error:
            if one.needed:
                raise ValueError(f"its {one.header} {error}") from error
            self._unreadable(one, raw, locator, str(error))
            return None
        if _LOST in value:
            detail = "a letter was lost before publication (U+FFFD stands for it)"
            self._writer.issue(
                "lost-letter", severity="info", locator=locator, field=one.header, detail=detail
            )
        if not one.knows(value):
            detail = "a word that nobody has mapped yet; kept as published"
            self._writer.issue(
                "unmapped-value", severity="unmapped", field=one.header, value=raw, detail=detail
            )
        return value

    def _unreadable(self, one: Field, raw: str, locator: str, why: str) -> None:
        self._writer.issue(
            "unreadable-value",
            severity="repaired",
            locator=locator,
            field=one.header,
            value=raw,
            detail=f"it {why}; read as null",
        )

    def _keeps(self, locator: str, values: Values) -> bool:
        """Tell whether to keep the record. Of records with one identity the first is kept; a
        later one is dropped when it says the same, and quarantined when it does not."""
        fields = self._layout.fields
        identity = [at for at, one in enumerate(fields) if one.name in self._layout.unique]
        if not identity:
            return True
        key = tuple(plain(values[at] or "") for at in identity)
        first_locator, first = self._first.setdefault(key, (locator, values))
        if first_locator == locator:
            return True
        shown = " ".join(values[at] or "" for at in identity)
        differ = [one.header for one, a, b in zip(fields, first, values, strict=True) if a != b]
        if differ:
            why = f"{first_locator} has the same identity, is kept, and differs in {differ}"
            self._quarantine("conflicting-duplicate", locator, fields[identity[0]], shown, why)
        else:
            self._writer.issue(
                "duplicate",
                severity="repaired",
                locator=locator,
                field=fields[identity[0]].header,
                value=shown,
                detail=f"it says the same as {first_locator}, which is kept",
            )
        return False

    def _quarantine(
        self, kind: str, locator: str, one: Field | None = None, value: str = "", detail: str = ""
    ) -> None:
        self._writer.issue(
            kind,
            severity="quarantined",
            locator=locator,
            field=one.header if one else "",
            value=value,
            detail=detail,
        )
