"""Reading a CSV of millions of records by its declared layout, in bounded memory.

Two things worth knowing before you touch this. The file passes through Python once, as bytes, to
leave its archive and to be mended, while DuckDB reads what comes out and does all else. A cell
that cannot be typed is null in its column and kept, as published, in the hidden column ``_unread``.

What belongs here: whatever a bulk register needs beyond ``_delimited.py``, which holds a file in
memory. What does not: bytes (``_bulk_stream.py``), any publisher's columns (its own module).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from observatory.errors import BadInput
from observatory.lake import RecordRun, SnapshotWriter
from observatory.lake_tables import UNREAD, quoted
from observatory.lake_writer import ISSUE_ROWS
from observatory.sources._bulk_bytes import header_of
from observatory.sources._bulk_layout import BulkField, BulkLayout
from observatory.sources._bulk_mending import Mender
from observatory.sources._bulk_stream import Stream, pipe_folder, poured
from observatory.sources.base import Body, Read

_TOO_LONG = "LINE SIZE OVER MAXIMUM"
_REJECTED = {
    "MISSING COLUMNS": "it has fewer columns than the header",
    "TOO MANY COLUMNS": "it has more columns than the header",
    "UNQUOTED VALUE": "a quotation mark in it is not doubled, or not closed",
    "INVALID ENCODING": "its bytes are not text",
    _TOO_LONG: "it is too long for a record",
}


def read_by(layout: BulkLayout) -> Read:
    """Return the reader of a source's snapshots."""
    return partial(_read, layout)


def _read(layout: BulkLayout, bodies: Sequence[Body], writer: SnapshotWriter) -> None:
    with pipe_folder() as folder:
        files = [
            _prepare(layout, body, writer, folder / f"{place}.csv", len(bodies) > 1)
            for place, body in enumerate(bodies)
        ]
        arms = " union all ".join(one.select(layout, place) for place, one in enumerate(files))
        with poured([one.stream for one in files]):
            rows = writer.write(layout.dataset, _typed(layout, arms))
    for one in files:
        _report_repairs(one, writer)
    rejected = _rejected(writer, files)
    _report_rejected(layout, files, rejected, rows, writer)
    _report_lost(layout, files, rejected, rows, writer)
    if rejected or len(files) > 1:
        writer.record_runs(layout.dataset, _runs(layout, files, rejected, writer))
    _report_unmapped(layout, writer)


@dataclass(frozen=True)
class _File:
    """One body as DuckDB reads it; ``label`` opens its locators when there are several."""

    stream: Stream
    label: str
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """The published name."""
        return self.stream.where

    @property
    def mender(self) -> Mender:
        """Who saw every line of it."""
        return self.stream.mender

    def select(self, layout: BulkLayout, place: int) -> str:
        """Return SQL for the declared columns as published, in the file's order; ``_file``
        is the file's ``place`` among the parts."""
        types = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in self.columns)
        wanted = ", ".join(f'"{one.header}" as "{one.name}"' for one in layout.fields)
        # Every option of the dialect is given: on a broken file the sniffer chooses another one.
        return (
            f"select {place}::smallint as _file, {wanted} "
            f"from read_csv({quoted(str(self.stream.pipe))}, columns = {{{types}}}, "
            "header = true, delim = ',', quote = '\"', escape = '\"', auto_detect = false, "
            "strict_mode = true, store_rejects = true, rejects_limit = 0)"
        )


@dataclass(frozen=True, order=True)
class _Rejected:
    """A record (1 is the first after the header) that DuckDB could not split, and why."""

    place: int
    record: int
    kinds: tuple[str, ...]
    text: str


def _prepare(
    layout: BulkLayout, body: Body, writer: SnapshotWriter, pipe: Path, several: bool
) -> _File:
    name = body.receipt.file_name
    layout.check(body.path, name)
    columns = header_of(body.path, name).columns
    for column in columns:
        if column not in layout.known:
            detail = "a column that this reader does not know and does not read"
            writer.issue("unknown-column", severity="drift", field=column, detail=detail)
    for column in sorted(layout.ignored - set(columns)):
        detail = "a column that is not read is no longer there"
        writer.issue("absent-column", severity="drift", field=column, detail=detail)
    stream = Stream(body.path, name, Mender(columns), pipe)
    return _File(stream, f"{name} " if several else "", columns)


def _report_repairs(file: _File, writer: SnapshotWriter) -> None:
    for repair in file.mender.repairs:
        writer.issue(
            repair.kind,
            severity="repaired",
            locator=f"{file.label}line {repair.line}",
            value=repair.value,
            detail=repair.detail,
        )
    for kind, count in file.mender.noted.items():
        if count > ISSUE_ROWS:  # as many are kept, the others are only counted
            detail = "more of this kind"
            writer.issue(kind, severity="repaired", detail=detail, occurrences=count - ISSUE_ROWS)


def _typed(layout: BulkLayout, arms: str) -> str:
    """Return SQL that types every cell and keeps what could not be typed in ``_unread``."""
    typed = [one for one in layout.fields if one.type != "VARCHAR"]
    cleaned = ", ".join(f"{_cleaned(one)} as {one.name}" for one in layout.fields)
    parsed = ", ".join(f"{_parsed(one)} as {one.name}_typed" for one in typed)
    names = ", ".join(
        one.name if one.type == "VARCHAR" else f"{one.name}_typed as {one.name}"
        for one in layout.fields
    )
    failed = {one: f"{one.name} is not null and {one.name}_typed is null" for one in typed}
    cells = ", ".join(
        f"{{'field': {quoted(one.header)}, 'value': case when {test} then {one.name} end}}"
        for one, test in failed.items()
    )
    return (
        f"select {names}, case when {' or '.join(f'({test})' for test in failed.values())} "
        f"then list_filter([{cells}], lambda cell: cell.value is not null) end as {UNREAD.name}, "
        f"_file from (select *, {parsed} from (select _file, {cleaned} from ({arms})))"
    )


def _cleaned(one: BulkField) -> str:
    # Few cells have spaces around them; ``trim`` on all of them costs half as much again as the
    # whole reading (measured on a million records: 7.0 s of processor time against 4.9).
    name, nothing = one.name, ", ".join(map(quoted, one.nulls))
    known = f"when {name} in ({nothing}) then null " if nothing else ""
    spaced = f"when {name} like ' %' or {name} like '% ' then nullif(trim({name}), '') "
    return f"case {known}{spaced}else {name} end"


def _parsed(one: BulkField) -> str:
    if one.type == "DATE":
        # As published; and as programs write it that laid an extract out again.
        return f"try_strptime({one.name}, ['%d/%m/%Y', '%Y-%m-%d'])::date"
    return f"try_cast({one.name} as {one.type})"


def _rejected(writer: SnapshotWriter, files: Sequence[_File]) -> list[_Rejected]:
    rows = writer.con.execute(
        "select s.file_path, e.line - 1, list(distinct e.error_type order by e.error_type), "
        "any_value(e.csv_line) from reject_errors as e "
        "join reject_scans as s using (scan_id, file_id) group by all order by all"
    ).fetchall()
    places = {str(one.stream.pipe): place for place, one in enumerate(files)}
    return sorted(_Rejected(places[row[0]], row[1], tuple(row[2]), row[3]) for row in rows)


def _report_lost(
    layout: BulkLayout,
    files: Sequence[_File],
    rejected: Sequence[_Rejected],
    rows: int,
    writer: SnapshotWriter,
) -> None:
    """Hold the records counted in the bytes against those that were split or rejected: a record
    that runs on over others is one to DuckDB, and the others would vanish in silence."""
    counted = sum(one.mender.records for one in files)
    lost = counted - rows - len(rejected)
    if lost <= 0:
        return
    names = ", ".join(one.name for one in files)
    if lost > rows:
        raise BadInput(
            f"of its {counted:,} records only {rows:,} can be told apart",
            where=names,
            remedy=layout.remedy,
        )
    writer.issue(
        "swallowed-records",
        severity="quarantined",
        detail=f"{lost:,} of {counted:,} records of {names} were swallowed by a record before them",
        occurrences=lost,
    )


def _report_rejected(
    layout: BulkLayout,
    files: Sequence[_File],
    rejected: Sequence[_Rejected],
    rows: int,
    writer: SnapshotWriter,
) -> None:
    """Report every record that could not be split: number and reason, never the whole line,
    which may hold what must not be kept (``c/o`` names) and cannot be cut out of it."""
    if len(rejected) > rows:
        raise BadInput(
            f"{len(rejected):,} of its records cannot be split into cells, {rows:,} can",
            where=", ".join(one.name for one in files),
            remedy=layout.remedy,
        )
    for one in rejected:
        number = layout.key.search(one.text)
        mender = files[one.place].mender
        kinds = (_TOO_LONG,) if one.record in mender.too_long else one.kinds
        why = "; ".join(_REJECTED.get(kind, kind.lower()) for kind in kinds)
        writer.issue(
            "unreadable-record",
            severity="quarantined",
            locator=f"{files[one.place].label}record {one.record}",
            value=number[1] if number else "",
            detail=f"line {mender.line_of(one.record)}: {why}",
        )


def _runs(
    layout: BulkLayout,
    files: Sequence[_File],
    rejected: Sequence[_Rejected],
    writer: SnapshotWriter,
) -> list[RecordRun]:
    """Return where each file's rows begin, and where they go on after a rejected record."""
    starts = writer.con.execute(
        "select _file, min(file_row_number) from read_parquet(?, file_row_number = true) "
        "group by _file order by _file",
        [str(writer.parquet(layout.dataset))],
    ).fetchall()
    runs: list[RecordRun] = []
    for place, start in starts:
        label = files[place].label.strip()
        runs.append(RecordRun(start, 1, label))
        gaps = [one.record for one in rejected if one.place == place]
        for before, record in enumerate(gaps):
            runs.append(RecordRun(start + record - 1 - before, record + 1, label))
    return list({run.first_row: run for run in runs}.values())


def _report_unmapped(layout: BulkLayout, writer: SnapshotWriter) -> None:
    """Count the words of all vocabularies in one scan, and report those nobody has mapped."""
    fields = [one for one in layout.fields if one.vocabulary]
    if not fields:
        return
    rows = writer.con.execute(
        f"select {', '.join(one.name for one in fields)}, count(*) from read_parquet(?) "
        "group by all",
        [str(writer.parquet(layout.dataset))],
    ).fetchall()
    for place, one in enumerate(fields):
        counted: Counter[str] = Counter()
        for row in rows:
            if row[place] is not None:
                counted[row[place]] += row[-1]
        for value, count in sorted(counted.items()):
            if value.casefold() not in one.vocabulary:
                writer.issue(
                    "unmapped-value",
                    severity="unmapped",
                    field=one.header,
                    value=value,
                    detail="a word that nobody has mapped yet; kept as published",
                    occurrences=count,
                )
