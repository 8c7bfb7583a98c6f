"""Reading one table of the Charity Commission's extract, JSON or tab-separated, in bounded memory.

Two things worth knowing before you touch this. The text form breaks a row before a tab now and
then (CR LF TAB), which is mended on the bytes, before anything counts lines. And only the columns
that ``_charity_tables.py`` declares are ever taken out of the file: whatever else a record holds
is gone with the temporary copy.

What does not belong here: columns (``_charity_tables.py``), fetching and the registry entries
(``_charity_commission.py``), company numbers (``charity_commission.py``).
"""

from __future__ import annotations

import codecs
import csv
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import IO, Literal

import duckdb

from observatory.errors import BadInput
from observatory.lake import SnapshotWriter
from observatory.lake_tables import UNREAD, quoted
from observatory.sources._charity_shape import Field, Table
from observatory.sources.base import Body, Promise

_MEMBER = re.compile(r"publicextract\.(?P<table>[a-z_]+)\.(?P<form>json|txt)", re.IGNORECASE)
_HEAD_BYTES = 4 << 20  # the first record and its day of extract stand well within it
_CHUNK_BYTES = 1 << 20
_REMEDY = (
    "download publicextract.<table>.zip (JSON or text) again; if its columns have really changed, "
    "observatory/sources/_charity_tables.py must learn them"
)
# Values that no column of its kind was seen to hold become null and are reported as published.
_CASTS = {
    "DATE": "try_cast({0} as timestamp)::date",
    "BIGINT": "case when regexp_full_match({0}, '-?[0-9]+([.]0+)?') "
    "then try_cast({0} as double)::bigint end",
    "DOUBLE": "case when regexp_full_match({0}, '-?[0-9]+([.][0-9]+)?(e[+-]?[0-9]+)?') "
    "then try_cast({0} as double) end",
    "BOOLEAN": "case lower({0}) when 'true' then true when 'false' then false "
    "when '1' then true when '0' then false end",
}


@dataclass(frozen=True)
class _Head:
    """What the beginning of a file says: its form, its columns, the day of the extract."""

    form: Literal["json", "txt"]
    columns: tuple[str, ...]
    extracted_on: date | None

    def has(self, field: Field) -> bool:
        return field.header in self.columns


def check(table: Table, path: Path, file_name: str) -> Promise:
    """Promise the day of the extract. Raises BadInput for another table, a form that is neither,
    a needed column that is missing, or a file without records."""
    return Promise(_head(table, path, file_name).extracted_on)


def read(table: Table, bodies: Sequence[Body], writer: SnapshotWriter) -> None:
    """Write every record of the table."""
    writer.write(table.dataset, select(table, bodies, writer))


def select(table: Table, bodies: Sequence[Body], writer: SnapshotWriter) -> str:
    """Return SQL that gives the table's declared columns, typed, with locators, in the files'
    order. Raises BadInput when a file breaks its promise."""
    arms = [_arm(table, body, place, writer) for place, body in enumerate(bodies)]
    published = " union all by name ".join(arms)
    names = ", ".join(f"{_typed(one)} as {one.name}" for one in table.fields)
    unread = ", ".join(
        f"case when {one.name} is not null and {_typed(one)} is null "
        f"then {{'field': {quoted(one.header)}, 'value': {one.name}}} end"
        for one in table.fields
        if one.type != "VARCHAR"
    )
    return (
        f"select locator, {names}, list_filter([{unread}], lambda one: one is not null)"
        f"::{UNREAD.type} as {UNREAD.name} from ({published}) "
        "where organisation_number is not null"
    )


def _typed(one: Field) -> str:
    return _CASTS[one.type].format(one.name) if one.type in _CASTS else one.name


def _arm(table: Table, body: Body, place: int, writer: SnapshotWriter) -> str:
    name, scope = body.receipt.file_name, body.receipt.scope
    head = _head(table, body.path, name)
    _report_columns(table, head, writer)
    target = writer.temp_dir / f"extract-{place}.{head.form}"
    with _opened(table, body.path, name) as (stream, _), target.open("wb") as copy:
        mended = _copied(stream, copy, mend=head.form == "txt")
    if mended:
        detail = "a line break stood before a tab inside a record; it was taken out"
        writer.issue("stray-line-break", severity="repaired", detail=detail, occurrences=mended)
    wanted = [one for one in table.fields if head.has(one)]
    scan = _text(table, head, target, writer) if head.form == "txt" else _json(wanted, target, name)
    prefix = f"part {scope.part} " if scope.kind == "part" else ""
    cells = ", ".join(
        f"nullif(trim({one.header}), '') as {one.name}"
        if head.has(one)
        else f"null::varchar as {one.name}"
        for one in table.fields
    )
    arm = f"select {quoted(prefix + 'record ')} || _record as locator, {cells} from ({scan})"
    _report_keyless(arm, name, writer)
    return arm


def _json(wanted: Sequence[Field], path: Path, name: str) -> str:
    columns = ", ".join(f"{one.header}: 'VARCHAR'" for one in wanted)
    scan = (
        "select row_number() over () as _record, * from "
        f"read_json({quoted(str(path))}, format = 'array', columns = {{{columns}}})"
    )
    with path.open("rb") as file:
        file.seek(-min(path.stat().st_size, 64), 2)
        if not file.read().rstrip().endswith(b"]"):
            raise BadInput("its array never closes: it was cut short", where=name, remedy=_REMEDY)
    return scan


def _text(table: Table, head: _Head, path: Path, writer: SnapshotWriter) -> str:
    """Split the tab-separated records, keep the declared cells, and return a scan of those.

    DuckDB's own reader takes the backslash escape only in the mode that drops surplus cells
    without a word, so the splitting is done here.
    """
    places = [(one.header, head.columns.index(one.header)) for one in table.fields if head.has(one)]
    target = path.with_suffix(".csv")
    with (
        path.open(encoding="utf-8", errors="replace", newline="") as file,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        write = csv.writer(out, quoting=csv.QUOTE_ALL).writerow
        write(["_record", *(header for header, _ in places)])
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE, escapechar="\\")
        next(rows)
        for number, cells in enumerate((row for row in rows if row), start=1):
            if len(cells) == len(head.columns):
                write([number, *(cells[place] for _, place in places)])
                continue
            writer.issue(
                "unreadable-record",
                severity="quarantined",
                locator=f"record {number}",
                detail=f"it has {len(cells)} cells where the header has {len(head.columns)}",
            )
    columns = ", ".join(f"{header}: 'VARCHAR'" for header, _ in places)
    return (
        f"select * from read_csv({quoted(str(target))}, "
        f"columns = {{_record: 'BIGINT', {columns}}}, header = true, "
        "delim = ',', quote = '\"', escape = '\"', auto_detect = false)"
    )


def _copied(stream: IO[bytes], target: IO[bytes], *, mend: bool) -> int:
    """Copy a member without its byte-order mark; return how many stray line breaks went."""
    held, mended = stream.read(len(codecs.BOM_UTF8)).removeprefix(codecs.BOM_UTF8), 0
    while chunk := stream.read(_CHUNK_BYTES):
        data = held + chunk
        # A break that ends the chunk may have its tab in the next one.
        keep = len(data) - len(data.rstrip(b"\r\n")) if mend else 0
        held, data = data[len(data) - keep :], data[: len(data) - keep]
        mended += data.count(b"\r\n\t") if mend else 0
        target.write(data.replace(b"\r\n\t", b"\t") if mend else data)
    target.write(held)
    return mended


def _report_columns(table: Table, head: _Head, writer: SnapshotWriter) -> None:
    known = {one.header for one in table.fields} | table.ignored
    for name in head.columns:
        if name not in known:
            detail = "a column that this reader does not know and does not read"
            writer.issue("unknown-column", severity="drift", field=name, detail=detail)
    for one in table.fields:
        if not head.has(one):
            detail = f"this file does not have the column; {one.name} is null"
            writer.issue("absent-column", severity="info", field=one.header, detail=detail)


def _report_keyless(arm: str, name: str, writer: SnapshotWriter) -> None:
    try:
        rows = writer.con.execute(
            f"select locator from ({arm}) where organisation_number is null"
        ).fetchall()
    except duckdb.Error as error:
        # What DuckDB says may repeat a record, and issues and errors are shown to anybody.
        raise BadInput(
            "it is not JSON that can be read to its end", where=name, remedy=_REMEDY
        ) from error
    for (locator,) in rows:
        writer.issue(
            "unreadable-record",
            severity="quarantined",
            locator=locator,
            field="organisation_number",
            detail="it has no organisation number",
        )


@contextmanager
def _opened(table: Table, path: Path, name: str) -> Iterator[tuple[IO[bytes], str]]:
    """Yield the table's bytes, out of its archive if it is in one, and the name of the file."""
    if not zipfile.is_zipfile(path):
        _refuse_other(table, name, name)
        with path.open("rb") as stream:
            yield stream, name
        return
    with zipfile.ZipFile(path) as archive:
        members = [one for one in archive.infolist() if not one.is_dir()]
        if len(members) != 1:
            raise BadInput(f"it holds {len(members)} files, not one", where=name, remedy=_REMEDY)
        member = PurePosixPath(members[0].filename).name
        _refuse_other(table, member, name)
        # The sizes stand in the archive's directory; in front of the data they are zero.
        with archive.open(members[0]) as stream:
            yield stream, member


def _refuse_other(table: Table, member: str, name: str) -> None:
    found = _MEMBER.fullmatch(member)
    if found and found["table"].lower() != table.name:
        raise BadInput(
            f"it holds the table {found['table']}, this source reads {table.name}",
            where=name,
            remedy="land each table for its own source (`observatory sources` lists them); "
            "charity_trustee holds names of persons and is not read at all",
        )


def _head(table: Table, path: Path, name: str) -> _Head:
    with _opened(table, path, name) as (stream, _):
        data = stream.read(_HEAD_BYTES).removeprefix(codecs.BOM_UTF8)
    text = data.decode("utf-8", "replace")
    head = _json_head(text, name) if text.lstrip().startswith("[") else _text_head(text, name)
    if missing := [one.header for one in table.fields if one.needed and not head.has(one)]:
        shown = ", ".join(head.columns)[:300]
        raise BadInput(
            f"its records lack {', '.join(missing)}; they have: {shown}",
            where=name,
            remedy=_REMEDY,
        )
    return head


def _json_head(text: str, name: str) -> _Head:
    try:
        record, _ = json.JSONDecoder().raw_decode(text, text.index("{"))
    except ValueError as error:
        raise BadInput("it has no readable record", where=name, remedy=_REMEDY) from error
    return _Head("json", tuple(record), _day(record.get("date_of_extract")))


def _text_head(text: str, name: str) -> _Head:
    lines = text.replace("\r\n\t", "\t").replace("\r\n", "\n").split("\n", 2)
    header = tuple(cell.strip() for cell in lines[0].split("\t"))
    if len(header) < 2:
        raise BadInput(
            "it is neither a JSON array nor tab-separated text", where=name, remedy=_REMEDY
        )
    if len(lines) < 2 or not lines[1]:
        raise BadInput("it has no record below its header", where=name, remedy=_REMEDY)
    first = dict(zip(header, lines[1].split("\t"), strict=False))
    return _Head("txt", header, _day(first.get("date_of_extract")))


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
