"""The curated list: named organisations, one cited fact a row, packaged with the project.

Two things worth knowing before you touch this. An entry's id is permanent: it is never given to
another organisation and never changes when an identifier is found. And a fact without a web
source does not enter: what somebody remembers is no evidence.

What belongs here: the form of the list. What does not: what a label decides (the models).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from observatory.errors import BadInput
from observatory.identifiers import read_company_number, read_society_number
from observatory.lake import Column, Dataset, SnapshotWriter
from observatory.landing.http import Publisher
from observatory.landing.receipts import Receipt, Scope
from observatory.settings import PROJECT_ROOT
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
LABELS = frozenset({"psm", "psm-probable", "contested", "look-alike"})
STATUSES = frozenset({"active", "taken in-house", "dissolved", "merged"})
_ENTRY = re.compile(r"XM-[A-Z]{3,8}-\d{4}")
_TEXTS = frozenset({"other_name", "legal_form", "public_parent", "charity_number"})
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_YEAR_TO_YEAR = re.compile(r"(\d{4})/\d{2}")
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


def problem_with(field: str, value: str) -> str:
    """Say in words what is wrong with a fact, or return '' when nothing is."""
    if not value:
        return "the value is empty"
    if field == "company_number":
        return read_company_number(value).problem
    if field == "society_number":
        return read_society_number(value).problem
    if field in ("label", "status"):
        known = LABELS if field == "label" else STATUSES
        return "" if value in known else f"{value!r} is not one of {', '.join(sorted(known))}"
    if field in ("spun_out_on", "status_date"):
        return "" if is_partial_date(value) else f"{value!r} is not a date, a month or a year"
    if field == "look_alike_reason":
        return "" if _SLUG.fullmatch(value) else f"{value!r} is not a category in lower case"
    return "" if field in _TEXTS else f"{field!r} is not a fact that this list knows"


def is_partial_date(value: str) -> bool:
    """Whether a value is YYYY-MM-DD, YYYY-MM, YYYY, or a reporting year such as 2021/22."""
    found = _YEAR_TO_YEAR.fullmatch(value)
    if found:
        return value == f"{found[1]}/{(int(found[1]) + 1) % 100:02}"
    full = value + "-01-01"[len(value) - 4 :] if len(value) in (4, 7) else value
    try:
        return date.fromisoformat(full).isoformat() == full
    except ValueError:
        return False


def _rows(path: Path, file_name: str) -> Iterator[tuple[int, dict[str, str], str]]:
    """Yield line, trimmed cells and what is wrong with the row ('' for nothing)."""
    try:
        reader = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
        header = next(reader, [])
    except UnicodeDecodeError as error:
        raise BadInput("it is not UTF-8", where=file_name, remedy=_REMEDY) from error
    if [cell.strip() for cell in header] != COLUMNS:
        raise BadInput("its header is another one", where=file_name, remedy=_REMEDY)
    for cells in reader:
        row = dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=False))
        wrong = len(cells) != len(COLUMNS)
        yield reader.line_num, row, f"it has {len(cells)} columns" if wrong else _problem(row)


def _problem(row: dict[str, str]) -> str:
    if not _ENTRY.fullmatch(row["entry_id"]):
        return f"{row['entry_id']!r} is not an entry id such as XM-PSM-0001"
    if not row["name"]:
        return "it names no organisation"
    if not re.match(r"https?://[^\s/]+\.", row["source_url"]):
        return "it has no web address as its source"
    if len(row["recorded_on"]) != 10 or not is_partial_date(row["recorded_on"]):
        return f"recorded_on {row['recorded_on']!r} is not a date"
    return problem_with(row["field"], row["value"])


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
    reader_version=1,
    check=check,
    read=read,
    fetch=fetch,
    local=True,
)
