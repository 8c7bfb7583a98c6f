"""The curated list: named organisations, one cited fact a row, packaged with the project.

Two things worth knowing before you touch this. An entry's id is permanent: it is never given to
another organisation and never changes when an identifier is found. And a fact without a web
source does not enter: what somebody remembers is no evidence.

What belongs here: the form of the list. What does not: what a label decides (the models).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from observatory.errors import BadInput
from observatory.lake import Column, Dataset, SnapshotWriter
from observatory.landing.http import Publisher
from observatory.landing.receipts import Receipt, Scope
from observatory.settings import PROJECT_ROOT
from observatory.sources._facts import problem_of
from observatory.sources._watchers import project_file
from observatory.sources.base import Body, Download, Limits, Promise, Source

SEED = PROJECT_ROOT / "dbt_like_models" / "seeds" / "known_mutuals.csv"

DATASET = Dataset(
    "known_mutuals",
    (
        Column("entry_id", "VARCHAR", "permanent id of the entry, such as XM-PSM-0007"),
        Column("name", "VARCHAR", "the organisation's name as its sources give it"),
        Column("field", "VARCHAR", "which fact this row states"),
        Column("value", "VARCHAR", "the fact"),
        Column("source_url", "VARCHAR", "where it is stated"),
        Column("source_note", "VARCHAR", "where in the source, or what kind of source it is"),
        Column("recorded_on", "DATE", "when we recorded it"),
    ),
)
COLUMNS = [column.name for column in DATASET.columns]
_REMEDY = f"give a UTF-8 CSV with the columns {','.join(COLUMNS)}, one cited fact a row"


def check(path: Path, file_name: str) -> Promise:
    """Promise the newest date on which a fact was recorded. Raises BadInput for another header,
    no rows, or no readable row."""
    good = [row for _, row, problem in _rows(path, file_name) if not problem]
    if not good:
        raise BadInput("it holds no readable fact", where=file_name, remedy=_REMEDY)
    return Promise(max(date.fromisoformat(row["recorded_on"]) for row in good))


def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
    """Write every fact that is in order; quarantine the others with their line and reason."""
    facts: list[list[str | None]] = []
    for body in bodies:
        for line, row, problem in _rows(body.path, body.receipt.file_name):
            locator = f"line {line}"
            if problem:
                writer.issue(
                    "unreadable-fact",
                    severity="quarantined",
                    locator=locator,
                    field=row.get("field") or "",
                    detail=f"{problem}; it was left out",
                )
            else:
                facts.append([locator, *(row[name] or None for name in COLUMNS)])
    import pandas as pd  # a quarter of a second, and every command finds this module

    frame = pd.DataFrame(facts, columns=["locator", *COLUMNS], dtype="str")
    writer.con.register("facts", frame)
    writer.write(
        DATASET,
        "select locator, entry_id, name, field, value, source_url, source_note, "
        "cast(recorded_on as date) as recorded_on from facts",
    )


def fetch(publisher: Publisher, receipts: Sequence[Receipt]) -> Iterator[Download]:
    """Yield the packaged list; it lands when its bytes did not land before."""
    yield Download(SEED, SEED.name, "")


def _rows(path: Path, file_name: str) -> Iterator[tuple[int, dict[str, str], str]]:
    """Yield line, trimmed cells and what is wrong with the row ('' for nothing)."""
    try:
        lines = path.read_bytes().decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise BadInput("it is not UTF-8", where=file_name, remedy=_REMEDY) from error
    header, _ = _cells(lines[0]) if lines else ([], "")
    if header != COLUMNS:
        raise BadInput("its header is another one", where=file_name, remedy=_REMEDY)
    for number, line in enumerate(lines[1:], start=2):
        cells, problem = _cells(line)
        if not cells:
            continue
        row = dict(zip(COLUMNS, cells, strict=False))
        if not problem and len(cells) != len(COLUMNS):
            problem = f"it has {len(cells)} columns"
        yield number, row, problem or problem_of(row)


def _cells(line: str) -> tuple[list[str], str]:
    """Return the trimmed cells of one line, and what is wrong with its quotation marks.

    No fact spans lines. Read as one file, a quotation mark that is never closed would take every
    fact below it into its cell; read line by line, it costs its own.
    """
    try:
        return [cell.strip() for cell in next(csv.reader([line], strict=True), [])], ""
    except csv.Error as error:
        return [cell.strip() for cell in line.split(",")], f"its quotation marks: {error}"


SOURCE = Source(
    id="known_mutuals",
    title="Known public service mutuals and look-alikes, a citation for each fact",
    publisher="Mutuals Observatory",
    homepage="",
    licence="MIT, as the rest of this project; each fact cites its own source",
    licence_url="https://opensource.org/license/mit",
    attribution="Mutuals Observatory, list of known public service mutuals",
    republish="rows",
    keeps="bytes",
    cadence="when a fact is added",
    freshness_days=365,
    limits=Limits(evidence="packaged with the project: nothing is asked of anybody"),
    default_scope=Scope("whole"),
    datasets=(DATASET,),
    reader_version=4,
    check=check,
    read=read,
    fetch=fetch,
    watcher=project_file(SEED),
    local=True,
)
