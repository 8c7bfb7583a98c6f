"""What Public Contracts Scotland and Sell2Wales have in common: they run on the same software.

Three things worth knowing before you touch this. Party ids (``org-12``) count within one release
and mean another body in the next. Suppliers have no identifier at all: they can be told by name
only. And limits are stated nowhere.
What does not belong here: how months are walked (``_ocds_months.py``), which notice types of its
own a site has (its module).
"""

from __future__ import annotations

from typing import Final

from observatory.landing.receipts import Scope
from observatory.sources import _ocds_source
from observatory.sources._ocds_lake import dataset
from observatory.sources._ocds_months import Months
from observatory.sources._ocds_words import FIELDS, VOCABULARY
from observatory.sources._watchers import at_night
from observatory.sources.base import Limits, Past, Source

# The standard forms of the EU directives that concern awards: the award notices, and the contract
# notices whose reservations belong to them.
EU_FORMS: Final = {
    2: "F2 contract notice",
    3: "F3 contract award notice",
    6: "F6 contract award notice (utilities)",
    21: "F21 social and other specific services",
    22: "F22 social and other specific services (utilities)",
    23: "F23 social and other specific services (concessions)",
    25: "F25 concession award notice",
}


def source(
    source_id: str, name: str, publisher: str, homepage: str, licence_url: str, months: Months
) -> Source:
    """Return the registry entry of the site called ``name`` that is walked by ``months``."""
    declared = dataset(source_id)
    return Source(
        id=source_id,
        title=f"{name} notices (OCDS)",
        publisher=publisher,
        homepage=homepage,
        licence="Open Government Licence v3.0",
        licence_url=licence_url,
        attribution=f"Contains information from {name} licensed under the "
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
        datasets=(declared,),
        reader_version=2,
        check=_ocds_source.check,
        read=_ocds_source.read_by(declared, VOCABULARY, FIELDS, name_them=True),
        fetch=months.fetch,
        past=Past("month", months.first, months.between),
        watcher=at_night("the service answers only whole months"),
        body_days=800,  # a contract is corrected for two years at most
        notes="Contact points, descriptions and document texts are never read; a supplier that "
        "bears what may be a person's name keeps no address.",
    )
