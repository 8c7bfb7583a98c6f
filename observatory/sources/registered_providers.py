"""Regulator of Social Housing: the registered providers of social housing in England.

Two traps. Councils are in it too. And most housing associations are registered societies or
charities, so the list serves to tell them apart from mutuals, not to find mutuals.
What does not belong here: that distinction (the models).
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from observatory.lake import SnapshotWriter, history
from observatory.landing.receipts import Receipt, Scope
from observatory.sources import _delimited, _pages, _workbook
from observatory.sources._delimited import Given
from observatory.sources._layout import Field, Layout
from observatory.sources._watchers import DAY, index_page
from observatory.sources.base import Body, Bounds, Download, Limits, Promise, Source

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

PAGE: Final = (
    "https://www.gov.uk/government/publications/current-registered-providers-of-social-housing"
)
# Seen: List_of_registered_providers_29_June_2026.xlsx, on assets.publishing.service.gov.uk.
_FILE = re.compile(r".*registered[_ -]?providers.*\.(?:xlsx|ods|csv)", re.IGNORECASE)
_MARKER: Final = "Organisation name"

LAYOUT = Layout(
    "registered_providers",
    (
        Field(
            "provider_name",
            "name of the provider",
            ("Organisation name", "organisation_name"),
            needed=True,
        ),
        Field(
            "registration_number",
            "the regulator's number (GB-SHPE); digits, or letters and digits",
            ("Registration number", "registration_number"),
            needed=True,
        ),
        Field(
            "registered_on",
            "date of registration with the regulator",
            ("Registration date", "registration_date"),
            _workbook.DAY,
        ),
        Field(
            "designation",
            "non-profit, profit-making or local authority",
            ("Designation",),
            vocabulary=frozenset({"Non-profit", "Profit", "Local authority"}),
        ),
        Field(
            "corporate_form",
            "legal form",
            ("Corporate form", "corporate_form"),
            vocabulary=frozenset(
                {
                    "Registered society",
                    "Charity",
                    "Registered local authority",
                    "Charitable company",
                    "Company",
                    "CIO",
                    "CIO-Charitable Incorporated Organisation",
                    "Charitable Incorporated Organisation",
                    "Limited Liability Partnership",
                    "LLP",
                }
            ),
        ),
    ),
    remedy=f"download the list from {PAGE} again; if its columns have really changed, "
    "observatory/sources/registered_providers.py must learn them",
    unique=("registration_number",),
    history=history(
        "registration_number", "provider_name registered_on designation corporate_form"
    ),
)


def check(path: Path, file_name: str) -> Promise:
    """Promise the day in the file's name. Raises BadInput for a file without the columns."""
    with tempfile.TemporaryDirectory() as folder:
        promise = _delimited.check_by(LAYOUT)(_csv(path, file_name, Path(folder), 0), file_name)
    day = _workbook.day_in_name(file_name)
    return Promise(day, "file name") if day else promise


def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
    """Write one row a provider; ``line N`` is row N of the sheet."""
    files = [
        Given(_csv(body.path, body.receipt.file_name, writer.temp_dir, n), body.receipt.file_name)
        for n, body in enumerate(bodies)
    ]
    _delimited.read_files(LAYOUT, files, writer)


def _csv(path: Path, file_name: str, folder: Path, number: int) -> Path:
    with path.open("rb") as file:
        if file.read(4) != b"PK\x03\x04":
            return path
    rows = _workbook.lines(path, file_name, _MARKER, LAYOUT.remedy)
    return _workbook.write(rows, folder / f"sheet-{number}.csv")


def fetch(publisher: Publisher, receipts: Sequence[Receipt]) -> Iterator[Download]:
    """Yield the newest list that the page links, when it changed. Raises BadInput when the page
    links none."""
    found = _pages.find_links(publisher, PAGE, _FILE)
    newest = max(found, key=lambda url: _workbook.sort_day(_pages.name_of(url)))
    yield from _pages.fetch_if_changed(publisher, newest, receipts)


SOURCE = Source(
    id="registered_providers",
    title="Registered providers of social housing in England",
    publisher="Regulator of Social Housing",
    homepage=PAGE,
    licence="Open Government Licence v3.0",
    licence_url="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    attribution="Contains public sector information of the Regulator of Social Housing, licensed "
    "under the Open Government Licence v3.0",
    republish="rows",
    keeps="bytes",
    cadence="monthly",
    freshness_days=60,
    limits=Limits(
        seconds_between_requests=2.0,
        evidence="none is stated; one page and at most one file a night",
    ),
    default_scope=Scope("whole"),
    bounds=Bounds(1_200, 2_500),  # 1,612 rows in the list at hand
    datasets=(LAYOUT.dataset,),
    reader_version=1,
    check=check,
    read=read,
    fetch=fetch,
    watcher=index_page(PAGE, _FILE, _workbook.sort_day, every=DAY),
)
