"""The OCP Data Registry's bulk files of Find a Tender and Contracts Finder, one file a year.

Three things worth knowing before you touch this. It is the cheap way to years of history, and no
complete one: the registry walks Find a Tender by the cursor that loses notices. One line is one
process, compiled from all its releases (``tag: compiled``), so a supplier that a later notice took
away is not in it. And both publishers lie in one table: an ocid's prefix says whose it is.
How a release becomes a row is in ``ocds.py``; what counts as an award is in the models.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from observatory import clock
from observatory.errors import BadInput, NotPublished
from observatory.lake import SnapshotWriter
from observatory.landing.receipts import Receipt, Scope
from observatory.sources import _gzip, _ocds_source
from observatory.sources._ocds_lake import dataset
from observatory.sources._ocds_words import FIELDS, VOCABULARY
from observatory.sources.base import Body, Download, Limits, Promise, Source

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

DATASET = dataset("ocp_registry")

# The one place of what was not seen live: the registry's numbers of the two publications (told by
# one project that uses them) and the first year of each. The name of a file is from the
# registry's source code: \A(full|undated|\d{4})\.(jsonl\.gz|csv\.tar\.gz|xlsx)\Z
PUBLICATIONS = {41: ("find-a-tender", 2021), 128: ("contracts-finder", 2015)}
ADDRESS = "https://data.open-contracting.org/en/publication/{number}/download?name={year}.jsonl.gz"
# The registry collects a publication anew about once a month; a year that is over changes little
# after its first quarter.
AGAIN_AFTER = timedelta(days=30)
STILL_CHANGING = timedelta(days=90)
_FIRST_LINE_BYTES = 32 << 20  # the largest record of Find a Tender has 21 MB


def check(path: Path, file_name: str) -> Promise:
    """Promise nothing but the form: a whole gzip file of JSON Lines with an ocid in the first
    one, or such lines as they are. Raises BadInput."""
    if not _is_gzip(path):
        return _ocds_source.check(path, file_name)
    first = b""
    for chunk in _gzip.chunks(path, file_name):
        if b"\n" not in first and len(first) < _FIRST_LINE_BYTES:
            first += chunk
    try:
        found = json.loads(first.split(b"\n")[0])
    except ValueError:
        found = None
    if not isinstance(found, dict) or "ocid" not in found:
        raise BadInput(
            "its first line is not an OCDS release",
            where=file_name,
            remedy="download the year's .jsonl.gz from the registry, not the .csv.tar.gz",
        )
    return Promise()


def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
    """Write one row a compiled release, in published order."""
    paths = []
    for number, body in enumerate(bodies):
        if _is_gzip(body.path):
            target = writer.temp_dir / f"registry_{number}.jsonl"
            paths.append(_gzip.unpack(body.path, target, body.receipt.file_name))
        else:
            paths.append(body.path)
    _ocds_source.write(paths, writer, DATASET, VOCABULARY, FIELDS)


def fetch(publisher: Publisher, receipts: Sequence[Receipt]) -> Iterator[Download]:
    """Yield each year's file that has not landed, and those that may have changed since.

    A year without a file (404) is passed over, unless every one is. Raises BadInput then, and
    whatever ``publisher`` raises.
    """
    now, answered = clock.now(), False
    for number, (name, first) in PUBLICATIONS.items():
        for year in range(first, now.year + 1):
            url = ADDRESS.format(number=number, year=year)
            landed = [one for one in receipts if one.url == url]
            last = max(landed, key=lambda one: (one.fetched_at, one.sha256), default=None)
            if last and not _asked_again(last, year):
                answered = True
                continue
            try:
                fetched = publisher.download(
                    url,
                    etag=last.etag if last else "",
                    last_modified=last.last_modified if last else "",
                )
            except NotPublished:
                continue
            answered = True
            if fetched is not None:
                file_name = f"{name}_{year}.jsonl.gz"
                yield Download(fetched.path, file_name, url, fetched.headers)
    if not answered:
        raise BadInput(
            "no year of either publication has a file under its number",
            where="https://data.open-contracting.org/",
            remedy="look up both publications there and correct PUBLICATIONS in its module",
        )


def _asked_again(last: Receipt, year: int) -> bool:
    now = clock.now()
    changing = (now - STILL_CHANGING).year <= year
    return changing and now - last.fetched_at >= AGAIN_AFTER


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


SOURCE = Source(
    id="ocp_registry",
    title="OCP Data Registry: Find a Tender and Contracts Finder, compiled by year",
    publisher="Open Contracting Partnership, from the Cabinet Office's notices",
    homepage="https://data.open-contracting.org/",
    licence="Open Government Licence v3.0, as the notices it compiles",
    licence_url="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    attribution="Contains public sector information licensed under the Open Government Licence "
    "v3.0, compiled by the Open Contracting Partnership.",
    republish="rows",
    keeps="derived",
    cadence="about monthly; a year that is over, once",
    freshness_days=60,
    limits=Limits(
        seconds_between_requests=5.0,
        evidence="none is stated; a file a year, asked for at most once a month",
    ),
    default_scope=Scope("increment"),
    datasets=(DATASET,),
    reader_version=1,
    check=check,
    read=read,
    fetch=fetch,
    notes="Contact points, descriptions and document texts are never read; it inherits the loss "
    "of notices by Find a Tender's cursor.",
)
