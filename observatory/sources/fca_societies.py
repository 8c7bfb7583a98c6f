"""FCA Mutuals Public Register: every society ever registered, from its SocietyList.csv.

Two traps. The live header misspells its key column ("Full Registation Number"), so both
spellings are accepted. And ``Society Number`` is no key: 9456 and 9456R are two societies.
What does not belong here: what a society's form or status means (the models).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from observatory.lake import history
from observatory.landing.receipts import Receipt, Scope
from observatory.sources import _delimited, _pages
from observatory.sources._layout import Field, Layout
from observatory.sources._values import DATE
from observatory.sources._watchers import headers
from observatory.sources.base import Bounds, Download, Limits, Source

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

PAGE = "https://mutuals.fca.org.uk/"
_FILE = re.compile(r"SocietyList\.csv", re.IGNORECASE)
# Where the page led in 2026; the address of the newest receipt comes first.
_LIST = "https://fcastoragemprprod.blob.core.windows.net/societylist/SocietyList.csv"

LAYOUT = Layout(
    "fca_societies",
    (
        Field(
            "society_number",
            "the digits of the registration number; not a key without the suffix",
            ("Society Number",),
            optional=True,
        ),
        Field(
            "society_suffix",
            "the letters of the registration number; null since August 2014",
            ("Society Suffix",),
            optional=True,
        ),
        Field(
            "full_registration_number",
            "the register's key: digits and suffix",
            ("Full Registation Number", "Full Registration Number"),
            needed=True,
        ),
        Field("society_name", "registered name", ("Society Name",), needed=True),
        Field(
            "registered_as",
            "kind of society; 'Registered Society' (before August 2014) may be either form",
            ("Registered As",),
            vocabulary=frozenset(
                {
                    "Co-operative Society",
                    "Community Benefit Society",
                    "Registered Society",
                    "Credit Union",
                    "Building Society",
                    "Friendly Society",
                    "Working Men's Club",
                    "Benevolent Society",
                    "Specially Authorised Society",
                }
            ),
        ),
        Field(
            "society_address",
            "registered office in one line, the postcode last; may be a person's home",
            ("Society Address",),
        ),
        Field("registered_on", "date of registration", ("Registration Date",), DATE),
        Field("deregistered_on", "date of deregistration", ("Deregistration Date",), DATE),
        Field(
            "registration_act", "Act it is registered under", ("Registration Act",), optional=True
        ),
        Field(
            "sic_code",
            "SIC 2007 code as published; chosen by the FCA where the society named none",
            ("Standard Industrial Classification Code (SIC)",),
            optional=True,  # in the file since 2022-23
        ),
        Field(
            "reporting_classification",
            "the FCA's own classification of what the society does",
            ("Reporting Classification",),
            optional=True,  # in the file since 2022-23
        ),
        Field(
            "society_status",
            "Registered or Deregistered",
            ("Society Status",),
            vocabulary=frozenset({"Registered", "Deregistered"}),
        ),
    ),
    remedy=f"download SocietyList.csv from {PAGE} again; if its columns have really changed, "
    "observatory/sources/fca_societies.py must learn them",
    unique=("full_registration_number",),
    history=history(
        "coalesce(normalise_society_number(full_registration_number), "
        "squeeze(full_registration_number))",
        "full_registration_number society_name registered_as society_address "
        "registered_on deregistered_on registration_act sic_code "
        "reporting_classification society_status",
    ),
)


def fetch(publisher: Publisher, receipts: Sequence[Receipt]) -> Iterator[Download]:
    """Yield today's list when it changed. The front page links it without a scheme, on another
    host. Raises BadInput when the page has no such link."""
    url = _pages.find_links(publisher, PAGE, _FILE)[0]
    yield from _pages.fetch_if_changed(publisher, url, receipts)


SOURCE = Source(
    id="fca_societies",
    title="Mutuals Public Register: list of societies",
    publisher="Financial Conduct Authority",
    homepage=PAGE,
    licence="not settled: the FCA asks for a licence to re-use extracts of the register",
    licence_url="https://fca.org.uk/re-use-public-sector-information-regulations/"
    "information-asset-register-charges",
    attribution="Facts from the Mutuals Public Register, Financial Conduct Authority",
    republish="derived facts",
    keeps="bytes",
    cadence="daily",
    freshness_days=7,
    limits=Limits(
        seconds_between_requests=1.0,
        evidence="no limit is stated; readers of the site's pages report none met; "
        "one page and one file a night",
    ),
    default_scope=Scope("whole"),
    bounds=Bounds(28_000, 45_000),  # 32,393 rows in July 2026; none ever leaves
    datasets=(LAYOUT.dataset,),
    reader_version=1,
    check=_delimited.check_by(LAYOUT, newest_in="registered_on"),
    read=_delimited.read_by(LAYOUT),
    fetch=fetch,
    watcher=headers(_LIST, moved=True),
    notes="the file holds no date: its publication date is the server's Last-Modified, else that "
    "of the newest registration in it",
)
