"""The columns and the words of Companies House's Free Company Data Product.

What belongs here: the 55 published columns, and the categories and statuses seen in real files of
2017 to 2024. What does not: finding and reading the files (``companies_house_basic.py``), what a
category or a status means (the models).
"""

from __future__ import annotations

import re
from typing import Final

from observatory.lake import history
from observatory.sources._bulk_layout import BulkField, BulkLayout

# The product's own words. Case is inconsistent between files (ADMINISTRATION ORDER beside Active).
_CATEGORIES: Final = (
    "charitable incorporated organisation",
    "community interest company",
    "converted/closed",
    "european public limited-liability company (se)",
    "further education and sixth form college corps",
    "industrial and provident society",
    "investment company with variable capital",
    "investment company with variable capital (securities)",
    "investment company with variable capital (umbrella)",
    "limited liability partnership",
    "limited partnership",
    "old public company",
    "other company type",
    "overseas entity",
    "pri/lbg/nsc (private, limited by guarantee, no share capital, use of 'limited' exemption)",
    "pri/ltd by guar/nsc (private, limited by guarantee, no share capital)",
    "priv ltd sect. 30 (private limited company, section 30 of the companies act)",
    "private limited company",
    "private unlimited",
    "private unlimited company",
    "protected cell company",
    "public limited company",
    "registered society",
    "royal charter company",
    "scottish charitable incorporated organisation",
    "scottish partnership",
    "uk economic interest grouping",
    "united kingdom societas",
)
_STATUSES: Final = (
    "active",
    "active - proposal to strike off",
    "administration order",
    "administrative receiver",
    "in administration",
    "in administration/administrative receiver",
    "liquidation",
    "live but receiver manager on at least one charge",
    "voluntary arrangement",
)
_F = BulkField
_FIELDS: Final = (
    _F("CompanyName", "company_name", "registered name, in capitals"),
    _F("CompanyNumber", "company_number", "eight characters; the prefix names the register"),
    _F("RegAddress.AddressLine1", "address_line_1", "registered office, first line"),
    _F("RegAddress.AddressLine2", "address_line_2", "registered office, second line"),
    _F("RegAddress.PostTown", "post_town", "registered office, town"),
    _F("RegAddress.County", "county", "registered office, county"),
    _F("RegAddress.Country", "country", "registered office, country, free text"),
    _F("RegAddress.PostCode", "postcode", "registered office, postcode"),
    _F("CompanyCategory", "company_category", "form of company", vocabulary=frozenset(_CATEGORIES)),
    _F("CompanyStatus", "company_status", "live or in distress", vocabulary=frozenset(_STATUSES)),
    _F("CountryOfOrigin", "country_of_origin", "where it was formed"),
    _F("DissolutionDate", "dissolved_on", "always empty so far: live companies only", "DATE"),
    _F("IncorporationDate", "incorporated_on", "for societies often 1 January 1981", "DATE"),
    _F("Accounts.AccountRefDay", "accounts_ref_day", "day its year ends", "SMALLINT"),
    _F("Accounts.AccountRefMonth", "accounts_ref_month", "month its year ends", "SMALLINT"),
    _F("Accounts.NextDueDate", "accounts_next_due_on", "next accounts due", "DATE"),
    _F("Accounts.LastMadeUpDate", "accounts_made_up_to", "last accounts' year end", "DATE"),
    _F("Accounts.AccountCategory", "accounts_category", "kind of the last accounts"),
    _F("Returns.NextDueDate", "returns_next_due_on", "annual return due (until 2016)", "DATE"),
    _F("Returns.LastMadeUpDate", "returns_made_up_to", "last annual return (until 2016)", "DATE"),
    *(
        _F(f"SICCode.SicText_{n}", f"sic_{n}", "SIC code - text", nulls=("None Supplied",))
        for n in range(1, 5)
    ),
    _F("LimitedPartnerships.NumGenPartners", "general_partners", "their number", "INTEGER"),
    _F("LimitedPartnerships.NumLimPartners", "limited_partners", "their number", "INTEGER"),
    _F("URI", "uri", "an identifier; it leads to no data"),
    *(
        field
        for n in range(1, 11)
        for field in (
            _F(f"PreviousName_{n}.CompanyName", f"previous_name_{n}", "1 is the latest"),
            _F(f"PreviousName_{n}.CONDATE", f"previous_name_{n}_until", "changed away on", "DATE"),
        )
    ),
    _F("ConfStmtNextDueDate", "confirmation_next_due_on", "next statement due", "DATE"),
    _F("ConfStmtLastMadeUpDate", "confirmation_made_up_to", "last statement's date", "DATE"),
)

LAYOUT: Final = BulkLayout(
    "companies_house_basic",
    _FIELDS,
    # Care-of and PO box may name a person; the numbers of charges answer no question here.
    ignored=frozenset(
        {
            "RegAddress.CareOf",
            "RegAddress.POBox",
            "Mortgages.NumMortCharges",
            "Mortgages.NumMortOutstanding",
            "Mortgages.NumMortPartSatisfied",
            "Mortgages.NumMortSatisfied",
        }
    ),
    key=re.compile(r'"([A-Z0-9]{2}[0-9]{5}[A-Z0-9])"'),
    remedy="download the file again; if its columns have really changed, "
    "observatory/sources/_companies_house.py must learn them",
    history=history(
        "company_number",
        "company_name company_category company_status country_of_origin dissolved_on "
        "incorporated_on postcode sic_1 sic_2 sic_3 sic_4 previous_name_1 "
        "previous_name_1_until",
    ),
)
