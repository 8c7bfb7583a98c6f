"""Co-operatives UK open data, organisations: the only register with an ownership class.

Two traps. Addresses hold line ends inside quoted cells, so a record's line is not its number.
And numbers are written in forms of their own: societies of the series since 2014 carry CS or CBS
(``4242CS``), Northern Irish ones a prefix, and company numbers of 2016 lost their leading zeros.
What does not belong here: putting those numbers right (the models).
"""

from __future__ import annotations

from observatory.lake import history
from observatory.sources import _coops_uk
from observatory.sources._layout import Field, Layout
from observatory.sources._values import DATE
from observatory.sources.base import Bounds

_REGISTRARS = (
    "FCA|Companies House|DETINI|OSCR|Charity Commission|"
    "Legal Form is not defined|Unknown legal form"
)
_FORMS = (
    "Society|Company|Community Interest Company|LLP|Limited Partnership|Unincorporated|CIO|SCIO|"
    "Charitable Incorporated Organisation|Scottish Charitable Incorporated Organisation"
)
_OWNERS = (
    "Consumers|Community of Interest|Workers|Enterprises|Multi-stakeholder|Self-employed|Tenants|"
    "Co-operatives|Employee Trust"
)
_NATIONS = "England|Scotland|Wales|Northern Ireland|Jersey|Guernsey|Isle of Man"

# Left out on purpose. The SIC levels repeat the code above them; places are looked up from the
# postcode, in one way for all sources. The last five spellings are guesses: a reader of the 2023
# file names these columns, but not by their published headers.
_SIC_LEVELS = {f"SIC code - level {n}{end}" for n in range(2, 6) for end in ("", " description")}
_PLACES = {
    f"Registered {place}"
    for area in ("Admin County", "Admin District", "Admin Ward", "Constituency", "Parish")
    for place in (f"{area} Code", f"{area} Name")
} | {"Registered LSOA Name", "Registered MSOA Name"}
_GUESSED_PLACES = {
    "Registered LSOA Code",
    "Registered MSOA Code",
    "Registered Region",
    "Registered Combined Authority",
    "Registered Combined Authority Name",
}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


LAYOUT = Layout(
    "coops_uk_organisations",
    (
        Field("cuk_organisation_id", "the publisher's key", ("CUK Organisation ID",), needed=True),
        Field("registered_number", "number as published", ("Registered Number",)),
        Field("registrar", "who registered it", ("Registrar",), vocabulary=_words(_REGISTRARS)),
        Field("registered_name", "registered name", ("Registered Name",), needed=True),
        Field("trading_name", "name it trades under", ("Trading Name",)),
        Field("legal_form", "legal form", ("Legal Form",), vocabulary=_words(_FORMS)),
        Field("registered_street", "street, in lines", ("Registered Street",)),
        Field("registered_city", "town or city", ("Registered City",)),
        Field("registered_state_province", "county", ("Registered State/Province",)),
        Field("registered_postcode", "postcode", ("Registered Postcode",)),
        Field("uk_nation", "nation", ("UK Nation",), vocabulary=_words(_NATIONS)),
        Field("sic_code", "most specific SIC code, UKSIC07-", ("SIC Code",), optional=True),
        Field("sic_section", "SIC section in words", ("SIC section",), optional=True),
        Field(
            "sector_simplified",
            "the publisher's sector",
            ("Sector - Simplified, High Level",),
            optional=True,
        ),
        Field(
            "fca_reporting_classification",
            "the FCA's classification; published since 2023",
            ("FCA Reporting Classification",),
            optional=True,
        ),
        Field(
            "ownership_classification",
            "who owns it, by the publisher's classes",
            ("Ownership Classification",),
            vocabulary=_words(_OWNERS),
        ),
        Field(
            "registered_status",
            "Live or Dead",
            ("Registered Status",),
            vocabulary=_words("Live|Dead"),
        ),
        Field("incorporated_on", "date of incorporation", ("Incorporation Date",), DATE),
        Field("dissolved_on", "date of dissolution", ("Dissolved Date",), DATE),
        Field("website", "website; published since 2023", ("Website",), optional=True),
        Field("description", "what it does; since 2023", ("Description",), optional=True),
    ),
    remedy=f"download the organisations file from {_coops_uk.PAGE} again; if its columns have "
    "really changed, observatory/sources/coops_uk_organisations.py must learn them",
    ignored=frozenset(_SIC_LEVELS | _PLACES | _GUESSED_PLACES),
    unique=("cuk_organisation_id",),
    history=history(
        "cuk_organisation_id",
        "registered_number registrar registered_name trading_name legal_form "
        "registered_postcode uk_nation sic_code sic_section sector_simplified "
        "fca_reporting_classification ownership_classification registered_status "
        "incorporated_on dissolved_on",
    ),
)

SOURCE = _coops_uk.source(
    "organisations",
    "organisations",
    LAYOUT,
    Bounds(6_000, 12_000),  # 8,017 rows in July 2026
    "societies that the FCA cancelled are dropped from later files",
)
