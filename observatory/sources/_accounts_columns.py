"""The columns of a filing as kept from the accounts data product, and the names of its files.

What belongs here: the dataset and published names. What does not: opening files
(``_accounts_members.py``), and what is read from a document (``observatory/ixbrl*.py``).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Final

from observatory.ixbrl_filing import MEASURES
from observatory.ixbrl_values import day
from observatory.lake import Column, Dataset

# Seen: Prod223_3384_NI681295_20220831.html, Prod223_3951_15052776_20240831_CIC.zip,
# Prod224_9953_00003006_20090731.xml. The date is the balance sheet's, not the filing's.
MEMBER: Final = re.compile(
    r"Prod\d{3}_\w{4}_(?P<number>[A-Z0-9]{8})_(?P<day>\d{8})(?:_(?P<package>\w+))?"
    r"\.(?:x?html?|xml|zip)",
    re.ASCII | re.IGNORECASE,
)
DAILY: Final = re.compile(r"Accounts_Bulk_Data-(?P<day>\d{4}-\d{2}-\d{2})\.zip", re.ASCII)
# Monthly names are known from other readers' code, the yearly ones of 2008 to 2010 too.
_MONTHLY: Final = re.compile(
    r"Accounts_Monthly_Data-(?:\w+?To)?(?P<month>[A-Z][a-z]+)(?P<year>\d{4})\.zip", re.ASCII
)
_MEANINGS: Final = {
    "employees": "average number of employees in the period",
    "turnover": "turnover of the period",
    "net_assets": "net assets (equity, shareholders' or charity funds) at the period's end",
    "profit": "profit or loss for the period after tax",
    "staff_costs": "staff costs of the period",
}
_C = Column


def _figures() -> tuple[Column, ...]:
    return tuple(
        column
        for measure in MEASURES
        for column in (
            _C(measure.name, "DOUBLE", _MEANINGS[measure.name]),
            _C(f"{measure.name}_tag", "VARCHAR", "local name of the tag it came from"),
            _C(f"{measure.name}_context", "VARCHAR", "id of the context it came from"),
            _C(f"{measure.name}_missing", "VARCHAR", "why there is no figure, as a slug"),
        )
    )


_HITS: Final = "STRUCT(rule_id VARCHAR, terms VARCHAR[])[]"
DATASET: Final = Dataset(
    "companies_house_accounts",
    (
        _C("member", "VARCHAR", "published name of the filing"),
        _C("company_number", "VARCHAR", "from the published name, eight characters"),
        _C("company_name", "VARCHAR", "name that the document gives the company"),
        _C("made_up_to", "DATE", "balance sheet date in the published name"),
        _C("period_start_on", "DATE", "first day of the period"),
        _C("period_end_on", "DATE", "last day of the period, the balance sheet date"),
        _C("document_form", "VARCHAR", "ixbrl, or xbrl (before 2015)"),
        _C("package", "VARCHAR", "kind of package that it came in, such as CIC"),
        _C("taxonomy", "VARCHAR", "first schema that the document names"),
        _C("legal_form", "VARCHAR", "legal form as tagged, such as CompanyLimitedByGuarantee"),
        _C("charity_number", "VARCHAR", "charity number (England and Wales) as tagged"),
        _C("is_dormant", "BOOLEAN", "whether it says that it is dormant"),
        _C("has_group_figures", "BOOLEAN", "whether it also tags figures of its group"),
        *_figures(),
        _C("currency", "VARCHAR", "currency of the amounts, ISO 4217"),
        _C("parent_name", "VARCHAR", "organisation named as its parent"),
        _C("parent_missing", "VARCHAR", "why there is no parent's name, as a slug"),
        _C("controlling_party_name", "VARCHAR", "organisation named as its controlling party"),
        _C("controlling_party_missing", "VARCHAR", "why there is none, as a slug"),
        _C("principal_activities", "VARCHAR", "at most 300 characters, possible names masked"),
        _C("principal_activities_missing", "VARCHAR", "why there is no such text, as a slug"),
        _C("wording", _HITS, "wording rules that hit in the accounts, with our own terms"),
        _C("affirmed", _HITS, "text rules that the accounts affirm, with our own words"),
        _C("transferred_from", "VARCHAR[]", "public bodies that staff or services came from"),
        _C("has_cic_report", "BOOLEAN", "whether a CIC report (CIC34) came with the accounts"),
        _C("consultation_held", "BOOLEAN", "whether the CIC report says stakeholders were asked"),
        _C("cic_affirmed", _HITS, "text rules that the CIC report affirms, with our own words"),
        _C("stakeholder_wording", _HITS, "rules that hit where the report names stakeholders"),
    ),
)
LOCATED: Final = {column.name: column.type for column in DATASET.written_columns}


def made_up_to(name: str) -> date | None:
    """Return the balance sheet date in a member's published name, if it is a date."""
    found = MEMBER.fullmatch(name)
    try:
        return date.fromisoformat(found["day"]) if found else None
    except ValueError:
        return None


def published_on(name: str) -> date | None:
    """Return the date in an archive's name: the day, or the last day of its (last) month."""
    if found := DAILY.fullmatch(name):
        try:
            return date.fromisoformat(found["day"])
        except ValueError:
            return None
    found = _MONTHLY.fullmatch(name)
    if not found:
        return None
    try:
        first = day(f"1 {found['month']} {found['year']}")
    except ValueError:
        return None
    return first.replace(day=monthrange(first.year, first.month)[1])
