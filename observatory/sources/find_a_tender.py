"""Find a Tender: OCDS release packages of the United Kingdom's public contract notices.

Three things worth knowing before you touch this. No page after the first is ever asked for: see
``_ocds_windows.py``. A UK10 change notice carries only what changed, so the newest release of a
process lacks its suppliers. And a supplier's ``publicServiceMissionOrganization`` is its own word,
under a hint looser than the Act: it is kept in four states, and is never proof.
How a release becomes a row is in ``ocds.py``; what counts as an award is in the models.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from observatory.lake import SnapshotWriter
from observatory.landing.receipts import Scope
from observatory.sources import _ocds_source
from observatory.sources._ocds_lake import dataset
from observatory.sources._ocds_windows import FULL_NAME, Windows
from observatory.sources._ocds_words import FIELDS, VOCABULARY
from observatory.sources._watchers import newest_notice
from observatory.sources.base import Body, Limits, Past, Source

DATASET = dataset("find_a_tender")

# Kingfisher Collect walks in windows of 6 hours: longer ones were seen to give less than all.
# ``updatedTo`` must be later than ``updatedFrom``, so a window of 2 seconds cannot be halved.
# The first walk begins a week back; earlier years come from ``ocp_registry``.
WINDOWS = Windows(
    search="https://www.find-tender.service.gov.uk/api/1.0/ocdsReleasePackages",
    first=timedelta(days=7),
    longest=timedelta(hours=6),
    shortest=timedelta(seconds=2),
    overlap=timedelta(hours=2),
)


def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
    """Write one row a release, and say when the shortest window was full: notices that were
    updated within those seconds may be missing."""
    paths = [body.path for body in bodies]
    _ocds_source.write(paths, writer, DATASET, VOCABULARY, FIELDS)
    for body in bodies:
        if FULL_NAME.fullmatch(body.receipt.file_name):
            detail = f"the shortest window holds {WINDOWS.full} releases: there may be more in it"
            name = body.receipt.file_name
            writer.issue("full-page", severity="drift", value=name, detail=detail)


SOURCE = Source(
    id="find_a_tender",
    title="Find a Tender notices (OCDS)",
    publisher="Cabinet Office",
    homepage="https://www.find-tender.service.gov.uk/",
    licence="Open Government Licence v3.0",
    licence_url="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    attribution="Contains public sector information licensed under the "
    "Open Government Licence v3.0.",
    republish="rows",
    keeps="derived",
    cadence="continuous",
    freshness_days=7,
    limits=Limits(
        seconds_between_requests=12.0,
        evidence=(
            "documented: 429 and 503 with Retry-After; Kingfisher Collect met "
            "'12 request limit in 2 minute exceeded'"
        ),
    ),
    default_scope=Scope("increment"),
    datasets=(DATASET,),
    reader_version=2,
    check=_ocds_source.check,
    read=read,
    fetch=WINDOWS.fetch,
    past=Past("day", date(2021, 1, 1), WINDOWS.between),
    watcher=newest_notice(WINDOWS.search, WINDOWS.newer),
    body_days=800,  # a contract is corrected for two years at most
    notes="Contact points, descriptions and document texts are never read; a supplier without a "
    "register number that bears what may be a person's name keeps no address.",
)
