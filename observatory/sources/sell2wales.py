"""Sell2Wales: OCDS release packages, a month and a notice type at a time.

Three things worth knowing before you touch this. It runs on the software of Public Contracts
Scotland, whose traps it shares: party ids count within one release, suppliers have no identifier.
It shows notices of Find a Tender too, under Find a Tender's own ocids, so an award is told by its
ocid and not by where it was read. And one real record came with spaces inside its field names: such
a record is quarantined.
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

DATASET = dataset("sell2wales")

# The one list of what is asked for: awards, and the contract notices whose reservations belong to
# them. Numbers and names are those that Kingfisher Collect and the service's page give; locale
# 2057 asks for the English text (1106 is Welsh).
MONTHS = Months(
    search="https://api.sell2wales.gov.wales/v1/Notices",
    first=date(2019, 1, 1),
    types={
        2: "F2 contract notice",
        3: "F3 contract award notice",
        6: "F6 contract award notice (utilities)",
        21: "F21 social and other specific services",
        22: "F22 social and other specific services (utilities)",
        23: "F23 social and other specific services (concessions)",
        25: "F25 concession award notice",
        51: "site notice: invitation to tender",
        53: "site notice: contract award",
        56: "site notice: sub-contract award",
    },
    also="&locale=2057",
)

SOURCE = Source(
    id="sell2wales",
    title="Sell2Wales notices (OCDS)",
    publisher="Welsh Government",
    homepage="https://www.sell2wales.gov.wales/",
    licence="Open Government Licence v3.0",
    licence_url="https://www.gov.wales/open-contracting-data-standard",
    attribution="Contains information from Sell2Wales licensed under the "
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
