"""Contracts Finder: OCDS release packages and JSON Lines of public contract notices.

Two things worth knowing before you touch this. Its search answers newest first and in pages, so
a walk that was cut short is taken up at the last page that landed, never at the newest date.
And ``GB-CFS`` party ids are numbers of Contracts Finder profiles, no key of any organisation.
How a release becomes a row is in ``ocds.py``; what counts as an award is in the models.
"""

from __future__ import annotations

from datetime import date, timedelta

from observatory.landing.receipts import Scope
from observatory.sources import _ocds_source
from observatory.sources._contracts_finder_words import DATASET, FIELDS, VOCABULARY
from observatory.sources._ocds_walk import Walk
from observatory.sources._watchers import newest_notice
from observatory.sources.base import Limits, Past, Source

# The first walk begins 30 days back (earlier years are landed as files). Kingfisher Collect walks
# in windows of 15 days; longer ones were seen to time out. The search does not say whether its
# times are UTC or British: an hour is asked for twice.
WALK = Walk(
    search="https://www.contractsfinder.service.gov.uk/Published/Notices/OCDS/Search",
    first=timedelta(days=30),
    window=timedelta(days=15),
    overlap=timedelta(hours=1),
)


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
    reader_version=3,
    check=_ocds_source.check,
    read=_ocds_source.read_by(DATASET, VOCABULARY, FIELDS),
    fetch=WALK.fetch,
    past=Past("day", date(2014, 1, 1), WALK.between),
    watcher=newest_notice(WALK.search, WALK.newer),
    body_days=800,  # a contract is corrected for two years at most
    notes="Contact points, descriptions and document texts are never read; a supplier without a "
    "register number that bears what may be a person's name keeps no address.",
)
