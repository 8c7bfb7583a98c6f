"""Charities and their company numbers, where the charity register gives none.

Scottish and Northern Irish charities above all: OSCR publishes no company number. The list was
made once (names matched, checked by its maintainer) and hardly changes.
What does not belong here: which pair to believe (the models).
"""

from __future__ import annotations

from observatory.sources import _charity_lookups as lookups

LAYOUT = lookups.layout(
    "charity_companies",
    (lookups.CHARITY, "the charity: GB-SC-, GB-NIC- or GB-CHC- and its number"),
    (lookups.COMPANY, "the company record: GB-COH- and its number"),
    "the name it was found under",
)
SOURCE = lookups.source(
    LAYOUT,
    "charity-company-numbers",
    "Charities and their company numbers, from names",
    "rarely",
    3650,
)
