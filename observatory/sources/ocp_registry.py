"""The OCP Data Registry's bulk files of Find a Tender and Contracts Finder, one file a year.

Three things worth knowing before you touch this. It is the cheap way to years of history, and no
complete one: the registry walks Find a Tender by the cursor that loses notices. One line is one
process, compiled from all its releases (``tag: compiled``), so a supplier that a later notice took
away is not in it. And both publishers lie in one table: an ocid's prefix says whose it is.
How a release becomes a row is in ``ocds.py``; what counts as an award is in the models.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from observatory.errors import BadInput
from observatory.lake import SnapshotWriter
from observatory.landing.receipts import Scope
from observatory.sources import _gzip, _ocds_source, _ocp_years
from observatory.sources._ocds_lake import dataset
from observatory.sources._ocds_words import FIELDS, VOCABULARY
from observatory.sources.base import Body, Limits, Past, Promise, Source

if TYPE_CHECKING:
    pass

DATASET = dataset("ocp_registry")

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
    reader_version=2,
    check=check,
    reads_gzip=True,
    read=read,
    fetch=_ocp_years.fetch,
    past=Past("year", date(2015, 1, 1), _ocp_years.between),
    watcher=_ocp_years.WATCHER,
    body_days=800,  # two editions of a year
    notes="Contact points, descriptions and document texts are never read; it inherits the loss "
    "of notices by Find a Tender's cursor.",
)
