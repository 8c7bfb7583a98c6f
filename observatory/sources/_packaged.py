"""Lists that are packaged with the project: cited facts, one a row, landed like any other source.

What belongs here: the file, its dates and the registry entry that such lists share. What does not:
their columns (the source modules), the curated list of mutuals (``known_mutuals.py``).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from observatory.errors import BadInput
from observatory.landing.receipts import Receipt, Scope
from observatory.sources import _delimited
from observatory.sources._layout import Field, Layout
from observatory.sources._values import DATE, Kind, parse_text
from observatory.sources._watchers import project_file
from observatory.sources.base import Download, Limits, Promise, Source

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

FOLDER: Final = Path(__file__).parent / "packaged"


def _web_address(cell: str) -> str:
    if not cell.startswith("https://"):
        raise ValueError("is not a web address")
    return parse_text(cell)


# Every row names where its facts stand; one without is not read.
CITATION: Final = (
    Field(
        "source_url",
        "where the row's facts stand",
        ("source_url",),
        Kind("VARCHAR", _web_address),
        needed=True,
    ),
    Field("source_note", "what stands there", ("source_note",)),
    Field("recorded_on", "when we recorded it", ("recorded_on",), DATE, needed=True),
)


def source(
    layout: Layout, *, title: str, homepage: str, licence: str, licence_url: str, credit: str
) -> Source:
    """Return the registry entry of the packaged list ``<dataset>.csv``."""
    return Source(
        id=layout.dataset_name,
        title=title,
        publisher="Mutuals Observatory",
        homepage=homepage,
        licence=licence,
        licence_url=licence_url,
        attribution=credit,
        republish="rows",
        keeps="bytes",
        cadence="when a fact is added",
        freshness_days=730,
        limits=Limits(evidence="packaged with the project: nothing is asked of anybody"),
        default_scope=Scope("whole"),
        datasets=(layout.dataset,),
        reader_version=1,
        check=partial(_check, layout),
        read=_delimited.read_by(layout),
        fetch=partial(_fetch, layout),
        watcher=project_file(FOLDER / f"{layout.dataset_name}.csv"),
        local=True,
    )


def _check(layout: Layout, path: Path, file_name: str) -> Promise:
    """Promise the newest day on which a row was recorded. Raises BadInput when there is none."""
    _delimited.check_by(layout)(path, file_name)
    with path.open(encoding="utf-8", newline="") as file:
        days = {row.get("recorded_on") or "" for row in csv.DictReader(file)}
    try:
        return Promise(date.fromisoformat(max(days)))
    except ValueError as error:
        raise BadInput(
            "no row says when it was recorded", where=file_name, remedy=layout.remedy
        ) from error


def _fetch(layout: Layout, publisher: Publisher, receipts: Sequence[Receipt]) -> Iterator[Download]:
    path = FOLDER / f"{layout.dataset_name}.csv"
    yield Download(path, path.name, "")
