"""Public Contracts Scotland: OCDS release packages, a month and a notice type at a time.

Worth knowing before you touch this: releases of 2019 have no id, so one is made from what they
say (``ocds_names.py``). What it shares with Sell2Wales is in ``_ocds_regional.py``.
How a release becomes a row is in ``ocds.py``; what counts as an award is in the models.
"""

from __future__ import annotations

from datetime import date

from observatory.sources._ocds_months import Months
from observatory.sources._ocds_regional import EU_FORMS, source

# The one list of what is asked for: awards, and the contract notices whose reservations belong to
# them. Numbers and names are those of the service's own page; Kingfisher Collect has 101 and 102
# the other way round, so that 101 is asked for too.
MONTHS = Months(
    search="https://api.publiccontractsscotland.gov.uk/v1/Notices",
    first=date(2019, 1, 1),
    types={
        **EU_FORMS,
        101: "site notice: prior information (or contract notice)",
        102: "site notice: contract notice (or prior information)",
        103: "site notice: contract award",
        104: "site notice: quick quote award",
    },
)

SOURCE = source(
    "public_contracts_scotland",
    "Public Contracts Scotland",
    "Scottish Government",
    "https://www.publiccontractsscotland.gov.uk/",
    "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    MONTHS,
)
