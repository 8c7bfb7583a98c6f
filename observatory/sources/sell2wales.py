"""Sell2Wales: OCDS release packages, a month and a notice type at a time.

Two things worth knowing before you touch this, beside the traps that it shares with Public
Contracts Scotland (``_ocds_regional.py``). It shows notices of Find a Tender too, under Find a
Tender's own ocids, so an award is told by its ocid and not by where it was read. And one real
record came with spaces inside its field names: such a record is quarantined.
How a release becomes a row is in ``ocds.py``; what counts as an award is in the models.
"""

from __future__ import annotations

from datetime import date

from observatory.sources._ocds_months import Months
from observatory.sources._ocds_regional import EU_FORMS, source

# The one list of what is asked for: awards, and the contract notices whose reservations belong to
# them. Numbers and names are those that Kingfisher Collect and the service's page give; locale
# 2057 asks for the English text (1106 is Welsh).
MONTHS = Months(
    search="https://api.sell2wales.gov.wales/v1/Notices",
    first=date(2019, 1, 1),
    types={
        **EU_FORMS,
        51: "site notice: invitation to tender",
        53: "site notice: contract award",
        56: "site notice: sub-contract award",
    },
    also="&locale=2057",
)

SOURCE = source(
    "sell2wales",
    "Sell2Wales",
    "Welsh Government",
    "https://www.sell2wales.gov.wales/",
    "https://www.gov.wales/open-contracting-data-standard",
    MONTHS,
)
