"""Public Contracts Scotland: OCDS release packages, a month and a notice type at a time.

Three things worth knowing before you touch this. Releases of 2019 have no id, so one is made from
what they say (``ocds_names.py``). Party ids (``org-12``) count within one release and mean another
body in the next. And suppliers have no identifier at all: they can be told by name only.
How a release becomes a row is in ``ocds.py``; what counts as an award is in the models.
"""

from __future__ import annotations

from datetime import date

from observatory.landing.receipts import Scope
from observatory.sources import _ocds_source
from observatory.sources._ocds_lake import dataset
from observatory.sources._ocds_months import Months
from observatory.sources._ocds_words import FIELDS, VOCABULARY
from observatory.sources._watchers import at_night
from observatory.sources.base import Limits, Past, Source

DATASET = dataset("public_contracts_scotland")

# The one list of what is asked for: awards, and the contract notices whose reservations belong to
# them. Numbers and names are those of the service's own page; Kingfisher Collect has 101 and 102
# the other way round, so that 101 is asked for too.
MONTHS = Months(
    search="https://api.publiccontractsscotland.gov.uk/v1/Notices",
    first=date(2019, 1, 1),
    types={
        2: "F2 contract notice",
        3: "F3 contract award notice",
        6: "F6 contract award notice (utilities)",
        21: "F21 social and other specific services",
        22: "F22 social and other specific services (utilities)",
        23: "F23 social and other specific services (concessions)",
        25: "F25 concession award notice",
        101: "site notice: prior information (or contract notice)",
        102: "site notice: contract notice (or prior information)",
        103: "site notice: contract award",
        104: "site notice: quick quote award",
    },
)

SOURCE = Source(
    id="public_contracts_scotland",
    title="Public Contracts Scotland notices (OCDS)",
    publisher="Scottish Government",
    homepage="https://www.publiccontractsscotland.gov.uk/",
    licence="Open Government Licence v3.0",
    licence_url="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    attribution="Contains information from Public Contracts Scotland licensed under the "
    "Open Government Licence v3.0.",
    republish="rows",
    keeps="derived",
    cadence="continuous, asked by the month",
    freshness_days=40,
    limits=Limits(
        seconds_between_requests=2.0,
        evidence="none is stated on the service's page; Kingfisher Collect asks one month and "
        "notice type a call and notes no limit met",
    ),
    default_scope=Scope("increment"),
    datasets=(DATASET,),
    reader_version=2,
    check=_ocds_source.check,
    read=_ocds_source.read_by(DATASET, VOCABULARY, FIELDS, name_them=True),
    fetch=MONTHS.fetch,
    past=Past("month", MONTHS.first, MONTHS.between),
    watcher=at_night("the service answers only whole months"),
    body_days=800,  # a contract is corrected for two years at most
    notes="Contact points, descriptions and document texts are never read; a supplier that bears "
    "what may be a person's name keeps no address.",
)
