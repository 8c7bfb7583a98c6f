"""Contracts Finder: OCDS release packages and JSON Lines of public contract notices.

Two things worth knowing before you touch this. Its search answers newest first and in pages, so
a walk that was cut short is taken up at the last page that landed, never at the newest date.
And ``GB-CFS`` party ids are numbers of Contracts Finder profiles, no key of any organisation.
How a release becomes a row is in ``ocds.py``; what counts as an award is in the models.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from observatory import ocds, ocds_text
from observatory.errors import BadInput
from observatory.lake import SnapshotWriter
from observatory.landing.receipts import Scope
from observatory.sources._contracts_finder_words import DATASET, FIELDS, VOCABULARY
from observatory.sources._ocds_walk import Walk
from observatory.sources.base import Body, Limits, Promise, Source

# The first walk begins 30 days back (earlier years are landed as files). Kingfisher Collect walks
# in windows of 15 days; longer ones were seen to time out. The search does not say whether its
# times are UTC or British: an hour is asked for twice.
WALK = Walk(
    search="https://www.contractsfinder.service.gov.uk/Published/Notices/OCDS/Search",
    first=timedelta(days=30),
    window=timedelta(days=15),
    overlap=timedelta(hours=1),
)


def check(path: Path, file_name: str) -> Promise:
    """Promise the newest date that a package or its releases give. Raises BadInput when it is
    neither a package nor JSON Lines of releases, or was cut short."""
    text, _ = ocds_text.decode(path.read_bytes())
    try:
        newest = ocds_text.published(text)
        return Promise(date.fromisoformat(newest[:10])) if newest else Promise()
    except BadInput as error:
        error.where = file_name
        error.remedy = "give an OCDS release package, or JSON Lines with one release a line"
        raise
    except ValueError:
        return Promise()


def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
    """Write one row a release, in published order, and what was wrong with the others."""
    problems = ocds.read(writer.con, [body.path for body in bodies], writer.temp_dir)
    writer.write(DATASET, "select * from ocds_release")
    for problem in [*problems, *ocds.findings(writer.con, VOCABULARY, FIELDS)]:
        writer.issue(**problem._asdict())


SOURCE = Source(
    id="contracts_finder",
    title="Contracts Finder notices (OCDS)",
    publisher="Cabinet Office",
    homepage="https://www.contractsfinder.service.gov.uk/",
    licence="Open Government Licence v3.0",
    licence_url="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    attribution="Contains public sector information licensed under the "
    "Open Government Licence v3.0.",
    republish="rows",
    keeps="derived",
    cadence="continuous",
    freshness_days=7,
    limits=Limits(
        seconds_between_requests=10.0,
        seconds_after_403=300.0,
        evidence=(
            "documented: 403 'rate limit may have been exceeded', wait 5 minutes; "
            "seen in 2026: 429 'Rate limit of 12 exceeded. Please retry after 120 seconds.'"
        ),
    ),
    default_scope=Scope("increment"),
    datasets=(DATASET,),
    reader_version=1,
    check=check,
    read=read,
    fetch=WALK.fetch,
    notes="Contact points, descriptions and document texts are never read; a supplier without a "
    "register number that bears what may be a person's name keeps no address.",
)
