"""NHS Organisation Data Service: trusts, commissioners, independent and other providers.

Two traps. The reports have no header: 27 columns by place. And a spin-out is not marked: it
stands among independent providers (``ephp``, sites in ``ephpsite``) or other organisations
(``enonnhs``), without a company number, so that it is found by name and postcode only.
What does not belong here: which code is a public body (``public_bodies.py``, the models).
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from observatory.lake import SnapshotWriter, history
from observatory.landing.receipts import Receipt, Scope
from observatory.sources import _archives, _delimited, _pages
from observatory.sources._delimited import Given
from observatory.sources._layout import Field, Layout
from observatory.sources._values import Kind, parse_date
from observatory.sources._watchers import at_night
from observatory.sources.base import Body, Download, Limits, Promise, Source

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

# A guess, in this one place: that one request may name several reports, and is answered by a zip
# of one CSV each, named for its report. Trusts and former commissioning groups were seen.
REPORTS: Final = ("etr", "ect", "eccg", "ephp", "ephpsite", "enonnhs")
URL: Final = f"https://www.odsdatasearchandexport.nhs.uk/api/getReport?report={','.join(REPORTS)}"
_MEMBER = re.compile(r".*\.csv", re.IGNORECASE)
_REPORT = re.compile(r"(?:^|[^a-z])(e[a-z]{2,11}|niorg)(?![a-z])", re.IGNORECASE)
_EVERY: Final = timedelta(days=7)
_PLACES: Final = (
    "Organisation Code,Name,National Grouping,High Level Health Geography,Address Line 1,"
    "Address Line 2,Address Line 3,Address Line 4,Address Line 5,Postcode,Open Date,Close Date,"
    "Column 13,Organisation Sub-Type Code,Parent Organisation Code,Join Parent Date,"
    "Left Parent Date,Contact Telephone Number,Column 19,Column 20,Column 21,"
    "Amended Record Indicator,Column 23,Column 24,Column 25,Column 26,Column 27"
)


def _day(cell: str) -> str:
    if not re.fullmatch(r"\d{8}", cell, re.ASCII):
        raise ValueError("is not a date as YYYYMMDD")
    return parse_date(f"{cell[:4]}-{cell[4:6]}-{cell[6:]}")


_DAY: Final = Kind("DATE", _day)
LAYOUT = Layout(
    "ods_organisations",
    (
        Field("report", "the report it stands in, such as etr", ("Report",), optional=True),
        Field("organisation_code", "GB-NHS code", ("Organisation Code",), needed=True),
        Field("name", "in capitals", ("Name",), needed=True),
        Field("national_grouping", "code of the NHS region", ("National Grouping",)),
        Field("health_geography", "its code", ("High Level Health Geography",)),
        Field("town", "fourth line of the address", ("Address Line 4",)),
        Field("postcode", "postcode", ("Postcode",)),
        Field("opened_on", "date it opened", ("Open Date",), _DAY),
        Field("closed_on", "date it closed; null while open", ("Close Date",), _DAY),
        Field("sub_type_code", "kind within the report", ("Organisation Sub-Type Code",)),
        Field("parent_code", "organisation it belongs to", ("Parent Organisation Code",)),
        Field("joined_parent_on", "since", ("Join Parent Date",), _DAY),
        Field("left_parent_on", "until", ("Left Parent Date",), _DAY),
    ),
    remedy=f"fetch {URL} again; if the reports have really changed, "
    "observatory/sources/ods_organisations.py must learn them",
    ignored=frozenset(_PLACES.split(",")),
    unique=("report", "organisation_code"),
    lent_header=tuple(_PLACES.split(",")),
    history=history(
        "coalesce(report, '') || '|' || organisation_code",
        "name health_geography town postcode opened_on closed_on sub_type_code "
        "parent_code left_parent_on",
    ),
)


def check(path: Path, file_name: str) -> Promise:
    """Check every report. One alone is an extract, dated by its name if it can be. Raises
    BadInput for a file that is not of 27 columns."""
    with tempfile.TemporaryDirectory() as folder:
        files = _archives.unpack(path, file_name, Path(folder), _MEMBER, LAYOUT.remedy)
        for copy, name in files:
            _delimited.check_by(LAYOUT)(copy, f"{file_name}, {name}" if copy != path else name)
    day = _delimited.date_in_name(file_name)
    scope = Scope("extract") if len(files) == 1 else None
    return Promise(day, "file name" if day else "content", scope)


def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
    """Write one row an organisation and report."""
    files: list[Given] = []
    for body in bodies:
        file_name = body.receipt.file_name
        copies = _archives.unpack(body.path, file_name, writer.temp_dir, _MEMBER, LAYOUT.remedy)
        for copy, name in copies:
            found = _REPORT.search(name)
            constants = {"report": found[1].lower()} if found else {}
            label = "" if copy == body.path else f"{name} "
            files.append(Given(copy, name, label, constants))
    _delimited.read_files(LAYOUT, files, writer)


def fetch(publisher: Publisher, receipts: Sequence[Receipt]) -> Iterator[Download]:
    """Yield the reports in one archive, once a week at most."""
    if not _pages.has_edition_within(receipts, _EVERY):
        yield from _pages.fetch_if_changed(publisher, URL, receipts, "ods_reports.zip")


SOURCE = Source(
    id="ods_organisations",
    title="Organisation Data Service: NHS organisations and independent providers",
    publisher="NHS England",
    homepage="https://www.odsdatasearchandexport.nhs.uk/",
    licence="Open Government Licence v3.0",
    licence_url="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    attribution="Contains information from the NHS Organisation Data Service, NHS England, "
    "licensed under the Open Government Licence v3.0",
    republish="rows",
    keeps="bytes",
    cadence="daily; asked for once a week",
    freshness_days=21,
    limits=Limits(
        seconds_between_requests=1.0,
        evidence="none is stated for reports; the publisher's look-up service asks for less than "
        "five requests a second. One request a week",
    ),
    default_scope=Scope("whole"),
    datasets=(LAYOUT.dataset,),
    reader_version=1,
    check=check,
    read=read,
    fetch=fetch,
    watcher=at_night("the reports are made when they are asked for"),
)
