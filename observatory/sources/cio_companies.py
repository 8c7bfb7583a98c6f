"""Charitable incorporated organisations: company number (CE, CS) to charity number.

A CIO is registered with the charity regulator only; the number that Companies House gives it leads
to no record of substance there. This crosswalk, read from Companies House profiles one by one, is
the only join. Side a is the company, side b the charity: the other way round than elsewhere.
What does not belong here: which pair to believe (the models).
"""

from __future__ import annotations

from observatory.sources import _charity_lookups as lookups

LAYOUT = lookups.layout(
    "cio_companies",
    (lookups.COMPANY, "the company record: GB-COH- and its number, CE or CS"),
    (lookups.CHARITY, "the charity: GB-CHC- or GB-SC- and its number"),
)
SOURCE = lookups.source(
    LAYOUT,
    "cio-company-numbers",
    "Charitable incorporated organisations and their company numbers",
    "every few months, when it changed",
    365,
)
