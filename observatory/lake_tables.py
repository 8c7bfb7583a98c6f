"""What a lake table is: its columns and their meanings, declared before anything is written.

What belongs here: the shape of datasets, and the columns that the lake adds to every dataset
and to its own tables. What does not: files (``lake.py``), SQL that reads a source.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Column:
    """One column: ``type`` is a DuckDB type, ``meaning`` is for the data dictionary."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True)
class History:
    """How the records of a dataset are followed from snapshot to snapshot: ``key`` is SQL over its
    columns that names a record (null: a record that is not followed), ``facts`` are the columns
    whose change makes another version of it. Only columns that a model reads belong there: a due
    date that moves every year is no new fact."""

    key: str
    facts: tuple[str, ...]


def history(key: str, facts: str) -> History:
    """Return the history of a dataset; the columns in ``facts`` are parted by blanks."""
    return History(key, tuple(facts.split()))


@dataclass(frozen=True)
class Dataset:
    """One table of a source, one row a published record.

    With ``record_locator`` the locator is ``record N``, counted from the Parquet row number
    (order is kept, so N leads back to the published row); without it the reader writes a
    VARCHAR column ``locator`` itself, which need not be among ``columns``.

    Datasets with a ``history`` are in the view ``lake.records``. Those of one ``family`` are also
    read as one, in the view of that name, where a column that one of them lacks is null.
    """

    name: str
    columns: tuple[Column, ...]
    record_locator: bool = False
    history: History | None = None
    family: str = ""

    @property
    def data_columns(self) -> tuple[Column, ...]:
        """The declared columns without the locator."""
        return tuple(column for column in self.columns if column.name != LOCATOR.name)

    @property
    def view_columns(self) -> tuple[Column, ...]:
        """The columns of the view ``lake.<name>`` in order."""
        return (SNAPSHOT_ID, LOCATOR, *self.data_columns)

    @property
    def written_columns(self) -> tuple[Column, ...]:
        """What a reader's SELECT must give."""
        return self.data_columns if self.record_locator else (LOCATOR, *self.data_columns)


@dataclass(frozen=True)
class RecordRun:
    """From Parquet row ``first_row`` (0 is the first) on, rows are consecutive records of
    ``file``, beginning with ``first_record`` (1 is the first after the header).

    A file without gaps is one run; a quarantined record ends a run and the next row begins
    another, so that the locator of every later record stays true.
    """

    first_row: int
    first_record: int
    file: str = ""


SOURCE_ID = Column("source", "VARCHAR", "the source's id in the registry")
SNAPSHOT_ID = Column("snapshot_id", "VARCHAR", "the snapshot in which this record was published")
LOCATOR = Column("locator", "VARCHAR", "where in the snapshot's bytes the record stands")

# A reader may give this column beside the declared ones: the cells of a record that could not be
# typed, as published. It stays in the Parquet file, out of the views, and becomes data issues.
UNREAD = Column("_unread", "STRUCT(field VARCHAR, value VARCHAR)[]", "cells that are null instead")

SNAPSHOTS = Dataset(
    "snapshots",
    (
        Column("snapshot_id", "VARCHAR", "source and the first 12 digits of the hash"),
        Column("source", "VARCHAR", "the source's id in the registry"),
        Column("sha256", "VARCHAR", "hash of the body, or of the parts' hashes in order"),
        Column("published_on", "DATE", "the publisher's own date of this version"),
        Column("published_basis", "VARCHAR", "how published_on is known"),
        Column("fetched_at", "TIMESTAMP", "when the last body was received, UTC: known time"),
        Column("scope", "VARCHAR", "whole, extract or increment; complete parts are a whole"),
        Column("url", "VARCHAR", "where the (first) body was fetched; null when it was given"),
        Column("file_names", "VARCHAR", "the bodies' file names, parts in order, joined by ', '"),
        Column("rows", "BIGINT", "records read"),
        Column("quarantined", "BIGINT", "records that could not be read"),
        Column("content_hash", "VARCHAR", "hash of the records, whatever their order"),
        Column("same_as", "VARCHAR", "the earlier snapshot with the same records, if any"),
        Column("reader_version", "INTEGER", "version of the reader that read it"),
    ),
)
DATA_ISSUES = Dataset(
    "data_issues",
    (
        Column("source", "VARCHAR", "the source's id in the registry"),
        Column("snapshot_id", "VARCHAR", "the snapshot in which it was seen"),
        Column("locator", "VARCHAR", "where; null when it was counted over the snapshot"),
        Column("kind", "VARCHAR", "what is wrong, as a slug"),
        Column("severity", "VARCHAR", "info, repaired, quarantined, drift or unmapped"),
        Column("field", "VARCHAR", "the published column, if one is at fault"),
        Column("value", "VARCHAR", "the published value, as far as it may be kept"),
        Column("detail", "VARCHAR", "in words, and what was done about it"),
        Column("occurrences", "BIGINT", "how many times"),
    ),
)
SOURCES = Dataset(
    "sources",
    (
        Column("source", "VARCHAR", "the source's id in the registry"),
        Column("title", "VARCHAR", "the dataset's name"),
        Column("publisher", "VARCHAR", "who publishes it"),
        Column("homepage", "VARCHAR", "where it is published"),
        Column("licence", "VARCHAR", "its licence or terms"),
        Column("licence_url", "VARCHAR", "where those stand"),
        Column("attribution", "VARCHAR", "the words that its licence asks for"),
        Column("republish", "VARCHAR", "what may be republished: rows, derived facts, none"),
        Column("keeps", "VARCHAR", "what the landing keeps: bytes or derived"),
        Column("cadence", "VARCHAR", "how often it is published"),
        Column("freshness_days", "INTEGER", "days after which its newest version is old"),
        Column("newest_published_on", "DATE", "publication date of the newest version held"),
        Column("newest_fetched_at", "TIMESTAMP", "when a body was last received, UTC"),
        Column("snapshots", "BIGINT", "versions held"),
        Column("failing_since", "DATE", "since when its tries fail; null: the last one was well"),
    ),
)
RECORDS = Dataset(
    "records",
    (
        SOURCE_ID,
        Column("dataset", "VARCHAR", "the source's dataset that holds the record"),
        SNAPSHOT_ID,
        LOCATOR,
        Column("record_key", "VARCHAR", "the record's key within its source; null: it has none"),
        Column("version", "UBIGINT", "hash of the facts that make a version of the record"),
    ),
)
OWN_TABLES: tuple[Dataset, ...] = (SNAPSHOTS, DATA_ISSUES, SOURCES, RECORDS)


def record_locator(runs: Iterable[RecordRun]) -> str:
    """Return SQL for the locator of a counted record from ``file_row_number``: of the runs
    that have begun, the last one decides."""
    ordered = sorted(runs, key=lambda run: run.first_row, reverse=True)
    if not ordered:
        return "'record ' || (file_row_number + 1)"
    cases = [
        f"when file_row_number >= {run.first_row} then "
        f"{quoted(f'{run.file} record '.lstrip())} || "
        f"(file_row_number + {run.first_record - run.first_row})"
        for run in ordered
    ]
    return f"case {' '.join(cases)} end"


def quoted(value: str) -> str:
    """Return ``value`` as an SQL string literal."""
    return "'" + value.replace("'", "''") + "'"


def literal(value: date | int | str | None) -> str:
    """Return a value of the lake's own tables as an SQL literal.

    Values are written into the SQL, because DuckDB imports pandas, in a quarter of a second, as
    soon as a query has any parameter (seen with 1.5.5).
    """
    if value is None:
        return "null"
    return str(value) if isinstance(value, int) else quoted(str(value))


def table_columns(datasets: Iterable[Dataset]) -> dict[str, tuple[Column, ...]]:
    """Return the columns of every table in schema ``lake`` by its bare name: the views of
    ``datasets`` and of their families, and the lake's own tables."""
    held = tuple(datasets)
    views = {dataset.name: dataset.view_columns for dataset in held}
    views |= {name: family_columns(members) for name, members in families(held).items()}
    return views | {own.name: own.columns for own in OWN_TABLES}


def families(datasets: Iterable[Dataset]) -> dict[str, tuple[Dataset, ...]]:
    """Return the members of each family of datasets, by the family's name."""
    found: dict[str, tuple[Dataset, ...]] = {}
    for dataset in datasets:
        if dataset.family:
            found[dataset.family] = (*found.get(dataset.family, ()), dataset)
    return found


def family_columns(members: Iterable[Dataset]) -> tuple[Column, ...]:
    """Return the columns of a family's view: those of all its members, once each."""
    columns = {one.name: one for member in members for one in member.view_columns}
    return (SOURCE_ID, *columns.values())
