"""What the three downloads of the Scottish charity regulator have in common.

Three traps. Header names carry leading spaces. Lists are one cell, with commas between, and single
quotes around the items that hold a comma themselves. And each download names its day only inside
the archive (``CharityExport-12-Apr-2023.csv``).
What does not belong here: which download a source reads (``oscr*.py``).
"""

from __future__ import annotations

import csv
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from observatory.lake import History, SnapshotWriter
from observatory.landing.receipts import Receipt, Scope
from observatory.sources import _archives, _delimited, _pages, _workbook
from observatory.sources._delimited import Given
from observatory.sources._layout import Field, Layout
from observatory.sources._values import COUNT, DATE, FLAG, NUMBER, Kind, parse_text
from observatory.sources._watchers import DAY, headers
from observatory.sources.base import Body, Download, Limits, Promise, Source

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

PAGE: Final = "https://www.oscr.org.uk/"
_FILES: Final = "https://www.oscr.org.uk/download"
_MEMBER = re.compile(r"CharityExport.*\.csv", re.IGNORECASE)
# Made anew every day, of charities that report once a year.
_EVERY: Final = timedelta(days=7)
# What stands for "no date" in the regulator's system.
_NO_DATE: Final = frozenset({"01/01/1970", "1970-01-01"})

# The 36 columns of the register; the five-year file had them without a header until March 2026.
COLUMNS: Final = (
    "Charity Number,Charity Name,Registered Date,Known As,Charity Status,Notes,Postcode,"
    "Constitutional Form,Previous Constitutional Form 1,Geographical Spread,"
    "Main Operating Location,Purposes,Beneficiaries,Activities,Objectives,"
    "Principal Office/Trustees Address,Website,Most recent year income,"
    "Most recent year expenditure,Mailing cycle,Year End,Date annual return received,"
    "Next year end date,Donations and legacies income,Charitable activities income,"
    "Other trading activities income,Investments income,Other income,Raising funds spending,"
    "Charitable activities spending,Other spending,Parent charity name,Parent charity number,"
    "Parent charity country of registration,Designated religious body,Regulatory Type"
)


def _list(cell: str) -> str:
    rows = list(csv.reader([parse_text(cell)], quotechar="'", skipinitialspace=True))
    return json.dumps([one.strip() for one in rows[0] if one.strip()], ensure_ascii=False)


def _charity_number(cell: str) -> str:
    if not re.fullmatch(r"SC\d{6}", cell, re.ASCII):
        raise ValueError("is not a Scottish charity number")
    return cell


_LIST: Final = Kind("VARCHAR[]", _list)
_NUMBER: Final = Kind("VARCHAR", _charity_number)


def _date(header: str, name: str, meaning: str, *, optional: bool = False) -> Field:
    return Field(name, meaning, (header,), DATE, optional=optional, nulls=_NO_DATE)


def _money(header: str, name: str) -> Field:
    return Field(name, f"{header.lower()}, GBP", (header,), NUMBER, optional=True)


KEY: Final = Field(
    "charity_number", "with its SC (GB-SC)", ("Charity Number",), _NUMBER, needed=True
)
REGISTER: Final = (
    KEY,
    Field("charity_name", "registered name", ("Charity Name",), needed=True),
    _date("Registered Date", "registered_on", "date of registration"),
    Field("known_as", "other name it uses", ("Known As",)),
    Field("charity_status", "its standing on the register", ("Charity Status",)),
    Field("postcode", "of the principal office", ("Postcode",)),
    Field("constitutional_form", "legal form", ("Constitutional Form",)),
    Field(
        "previous_constitutional_form",
        "the form before it",
        ("Previous Constitutional Form 1",),
        optional=True,
    ),
    Field("geographical_spread", "where it works, in kind", ("Geographical Spread",)),
    Field("main_operating_location", "council area", ("Main Operating Location",)),
    Field("purposes", "charitable purposes", ("Purposes",), _LIST),
    Field("beneficiaries", "whom it serves", ("Beneficiaries",), _LIST),
    Field("activities", "how it works", ("Activities",), _LIST),
    Field("objectives", "in its own words", ("Objectives",)),
    Field("website", "as given by the charity", ("Website",)),
    Field("parent_charity_name", "charity it belongs to", ("Parent charity name",), optional=True),
    Field("parent_charity_number", "its number", ("Parent charity number",), optional=True),
    Field(
        "is_religious_body",
        "designated religious body",
        ("Designated religious body",),
        FLAG,
        optional=True,
    ),
    Field("regulatory_type", "Standard or Cross Border", ("Regulatory Type",), optional=True),
)
MONEY: Final = (
    _date("Year End", "period_end_on", "last day of the financial year"),
    _date("Date annual return received", "return_received_on", "when the return came"),
    _money("Most recent year income", "income"),
    _money("Most recent year expenditure", "expenditure"),
    _money("Donations and legacies income", "income_donations_and_legacies"),
    _money("Charitable activities income", "income_charitable_activities"),
    _money("Other trading activities income", "income_other_trading"),
    _money("Investments income", "income_investments"),
    _money("Other income", "income_other"),
    _money("Raising funds spending", "spending_raising_funds"),
    _money("Charitable activities spending", "spending_charitable_activities"),
    _money("Other spending", "spending_other"),
)
CEASED: Final = _date("Ceased Date", "ceased_on", "when it left the register", optional=True)
EMPLOYEES: Final = Field(
    "employees",
    "number of staff; published since March 2026",
    ("Number of Staff", "Number of staff"),
    COUNT,
    optional=True,
)
REGISTER_FACTS: Final = (
    "charity_name registered_on known_as charity_status postcode constitutional_form "
    "geographical_spread main_operating_location website parent_charity_number regulatory_type "
    "period_end_on income expenditure"
)
# The address may be a trustee's home; notes are free text that nobody has described.
PERSONAL: Final = frozenset({"Principal Office/Trustees Address", "Notes"})
_UNUSED: Final = frozenset(
    {"Mailing cycle", "Next year end date", "Parent charity country of registration"}
)


def layout(name: str, fields: Sequence[Field], followed: History, *, unique: bool) -> Layout:
    """Return the layout of one download: what it does not read is left out on purpose."""
    read = {header for one in fields for header in one.headers}
    return Layout(
        name,
        tuple(fields),
        remedy=f"download it from {PAGE} again; if its columns have really changed, "
        "observatory/sources/_oscr.py must learn them",
        ignored=(frozenset(COLUMNS.split(",")) | PERSONAL | _UNUSED) - read,
        unique=("charity_number",) if unique else (),
        history=followed,
    )


def source(
    made: Layout, file: str, title: str, choose: Callable[[Path], Layout] | None = None
) -> Source:
    """Return the registry entry of the download ``file``; ``choose`` gives the layout of a file
    that may have another form than ``made``."""
    chosen = choose or (lambda path: made)
    return Source(
        id=made.dataset_name,
        title=title,
        publisher="Office of the Scottish Charity Regulator",
        homepage=PAGE,
        licence="Open Government Licence, by the regulator's terms of the download",
        licence_url="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        attribution="Contains information from the Scottish Charity Register supplied by the "
        "Office of the Scottish Charity Regulator and licensed under the Open Government Licence",
        republish="rows",
        keeps="derived",
        cadence="daily; asked for once a week",
        freshness_days=21,
        limits=Limits(
            seconds_between_requests=2.0,
            evidence="none is stated; three files a week",
        ),
        default_scope=Scope("whole"),
        datasets=(made.dataset,),
        reader_version=1,
        check=partial(_check, made, chosen),
        read=partial(_read, made, chosen),
        fetch=partial(_fetch, file),
        watcher=headers(f"{_FILES}/{file}", every=DAY, not_within=_EVERY),
        body_days=100,  # a quarter of weekly downloads
        notes="no company numbers: see charity_companies. Addresses may be trustees' homes and "
        "are not read",
    )


def _check(made: Layout, choose: Callable[[Path], Layout], path: Path, file_name: str) -> Promise:
    with tempfile.TemporaryDirectory() as folder:
        files = _archives.unpack(path, file_name, Path(folder), _MEMBER, made.remedy)
        for copy, name in files:
            _delimited.check_by(choose(copy))(copy, name)
    day = _workbook.day_in_name(files[0][1])
    return Promise(day, "file name" if files[0][0] == path else "content") if day else Promise()


def _read(
    made: Layout,
    choose: Callable[[Path], Layout],
    bodies: Sequence[Body],
    writer: SnapshotWriter,
) -> None:
    files = [
        (copy, name)
        for body in bodies
        for copy, name in _archives.unpack(
            body.path, body.receipt.file_name, writer.temp_dir, _MEMBER, made.remedy
        )
    ]
    form = choose(files[0][0]) if files else made
    _delimited.read_files(form, [Given(copy, name) for copy, name in files], writer)


def _fetch(file: str, publisher: Publisher, receipts: Sequence[Receipt]) -> Iterator[Download]:
    if not _pages.has_edition_within(receipts, _EVERY):
        url = f"{_FILES}/{file}"
        yield from _pages.fetch_if_changed(publisher, url, receipts, f"{file}.zip")
