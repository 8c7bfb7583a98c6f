"""Companies House's own codes, and what its pages print for them.

What belongs here: code lists of its API, as its enumerations of 2026 have them. What does not: the
bulk product's other words (``_companies_house.py``), what a code means (the models).
"""

from __future__ import annotations

from typing import Final

TYPES: Final = {
    "private-unlimited": "Private unlimited company",
    "ltd": "Private limited company",
    "plc": "Public limited company",
    "old-public-company": "Old public company",
    "private-limited-guarant-nsc-limited-exemption": "Private Limited Company by guarantee "
    "without share capital, use of 'Limited' exemption",
    "limited-partnership": "Limited partnership",
    "private-limited-guarant-nsc": "Private limited by guarantee without share capital",
    "converted-or-closed": "Converted / closed",
    "private-unlimited-nsc": "Private unlimited company without share capital",
    "private-limited-shares-section-30-exemption": "Private Limited Company, use of 'Limited' "
    "exemption",
    "protected-cell-company": "Protected cell company",
    "assurance-company": "Assurance company",
    "oversea-company": "Overseas company",
    "eeig-establishment": "European Economic Interest Grouping Establishment (EEIG)",
    "icvc-securities": "Investment company with variable capital",
    "icvc-warrant": "Investment company with variable capital",
    "icvc-umbrella": "Investment company with variable capital",
    "registered-society-non-jurisdictional": "Registered society",
    "industrial-and-provident-society": "Industrial and Provident society",
    "northern-ireland": "Northern Ireland company",
    "northern-ireland-other": "Credit union (Northern Ireland)",
    "llp": "Limited liability partnership",
    "royal-charter": "Royal charter company",
    "investment-company-with-variable-capital": "Investment company with variable capital",
    "unregistered-company": "Unregistered company",
    "other": "Other company type",
    "european-public-limited-liability-company-se": "European public limited liability company "
    "(SE)",
    "united-kingdom-societas": "United Kingdom Societas",
    "uk-establishment": "UK establishment company",
    "scottish-partnership": "Scottish qualifying partnership",
    "charitable-incorporated-organisation": "Charitable incorporated organisation",
    "scottish-charitable-incorporated-organisation": "Scottish charitable incorporated "
    "organisation",
    "further-education-or-sixth-form-college-corporation": "Further education or "
    "sixth form college corporation",
    "eeig": "European Economic Interest Grouping (EEIG)",
    "ukeig": "United Kingdom Economic Interest Grouping",
    "registered-overseas-entity": "Overseas entity",
}
SUBTYPES: Final = {
    "community-interest-company": "Community Interest Company (CIC)",
    "private-fund-limited-partnership": "Private Fund Limited Partnership (PFLP)",
    "slp": "Scottish Limited Partnership (SLP)",
    "pflp": "Private Fund Limited Partnership (PFLP)",
    "spflp": "Scottish Private Fund Limited Partnership (SPFLP)",
}
STATUSES: Final = {
    "active": "Active",
    "dissolved": "Dissolved",
    "liquidation": "Liquidation",
    "receivership": "Receiver Action",
    "converted-closed": "Converted / Closed",
    "voluntary-arrangement": "Voluntary Arrangement",
    "insolvency-proceedings": "Insolvency Proceedings",
    "administration": "In Administration",
    "open": "Open",
    "closed": "Closed",
    "registered": "Registered",
    "removed": "Removed",
}
STATUS_DETAILS: Final = {
    "active": "",
    "dissolved": "",
    "converted-closed": "",
    "transferred-from-uk": "Transfer from UK",
    "active-proposal-to-strike-off": "Active proposal to strike off",
    "petition-to-restore-dissolved": "Petition to restore dissolved",
    "transformed-to-se": "Transformed to SE",
    "converted-to-plc": "Converted to PLC",
    "converted-to-uk-societas": "Converted to UK Societas",
    "converted-to-ukeig": "Converted to UKEIG",
}
JURISDICTIONS: Final = {
    "england-wales": "England/Wales",
    "wales": "Wales",
    "scotland": "Scotland",
    "northern-ireland": "Northern Ireland",
    "european-union": "European Union",
    "united-kingdom": "United Kingdom",
    "england": "England",
    "noneu": "Foreign (Non E.U.)",
}
