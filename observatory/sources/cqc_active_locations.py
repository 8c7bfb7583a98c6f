"""Care Quality Commission: every active location of a registered provider of care in England.

Two traps. A row is a location, not a provider, and one place may stand in it twice (dual
registration: count the primary one). And a provider may be a person: names of individuals and
partnerships, managers and nominated persons are dropped before anything else is done.
What does not belong here: columns (``_cqc_columns.py``), what a service says of a mutual (models).
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from observatory.errors import BadInput
from observatory.lake import SnapshotWriter
from observatory.landing.receipts import Receipt, Scope
from observatory.sources import _cqc_columns, _delimited, _pages, _workbook
from observatory.sources._cqc_columns import LAYOUT
from observatory.sources._delimited import Given
from observatory.sources._watchers import DAY, index_page
from observatory.sources.base import Body, Bounds, Download, Limits, Promise, Source

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

PAGE: Final = "https://www.cqc.org.uk/about-us/transparency/using-cqc-data"
# Letter case, separators and endings of the name drift from month to month; the folder too
# (/sites/default/files/, /system/files/).
_FILE = re.compile(r".*hsca[_ -]*active[_ -]*locations.*\.(?:ods|xlsx)", re.IGNORECASE)

_DIRECTORY: Final = b"CQC Location ID (for office use only)"


def check(path: Path, file_name: str) -> Promise:
    """Promise the day in the file's name. Raises BadInput when no sheet has the columns."""
    with tempfile.TemporaryDirectory() as folder:
        text = _text(path, file_name, Path(folder) / "locations.csv")
        _delimited.check_by(LAYOUT)(text, file_name)
    day = _workbook.day_in_name(file_name)
    return Promise(day, "file name") if day else Promise()


def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
    """Write one row a location; ``line N`` is row N of the sheet."""
    files = [
        Given(_text(body.path, name, writer.temp_dir / f"locations-{n}.csv"), name)
        for n, body in enumerate(bodies)
        for name in [body.receipt.file_name]
    ]
    _delimited.read_files(LAYOUT, files, writer)


def _text(path: Path, file_name: str, target: Path) -> Path:
    with path.open("rb") as file:
        small = _DIRECTORY in file.read(20_000)
    if small:
        raise BadInput(
            "is CQC's smaller directory, which has neither company numbers nor kinds of provider",
            where=file_name,
            remedy=f"land the workbook HSCA_Active_Locations from {PAGE} instead",
        )
    rows = _workbook.lines(path, file_name, _cqc_columns.MARKER, LAYOUT.remedy)
    return _workbook.write(_cqc_columns.folded(rows), target)


def fetch(publisher: Publisher, receipts: Sequence[Receipt]) -> Iterator[Download]:
    """Yield the newest workbook that CQC's page links on its own host, when it changed.

    Raises BadInput when there is none.
    """
    found = [
        url
        for url in _pages.find_links(publisher, PAGE, _FILE)
        if urlsplit(url).hostname == urlsplit(PAGE).hostname
    ]
    if not found:
        raise BadInput(
            "its only links to the active locations lead to another host",
            where=PAGE,
            remedy="open the page; land the file with `observatory land` if the host is CQC's own",
        )
    newest = max(found, key=lambda url: _workbook.sort_day(_pages.name_of(url)))
    yield from _pages.fetch_if_changed(publisher, newest, receipts)


SOURCE = Source(
    id="cqc_active_locations",
    title="Care directory with filters: active locations",
    publisher="Care Quality Commission",
    homepage=PAGE,
    licence="Open Government Licence v3.0",
    licence_url="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    attribution="Contains information of the Care Quality Commission, licensed under the Open "
    "Government Licence v3.0",
    republish="rows",
    keeps="derived",
    cadence="monthly, in its first days",
    freshness_days=45,
    limits=Limits(
        seconds_between_requests=2.0,
        evidence="none is stated for the page and its files; one page and at most one file a night",
    ),
    default_scope=Scope("whole"),
    bounds=Bounds(40_000, 80_000),  # 57,069 rows in September 2026
    datasets=(LAYOUT.dataset,),
    reader_version=1,
    check=check,
    read=read,
    fetch=fetch,
    watcher=index_page(PAGE, _FILE, _workbook.sort_day, every=DAY),
    body_days=400,  # a year of monthly workbooks
    notes="England only; the workbook names managers and individual providers, so its bytes are "
    "not kept",
)
