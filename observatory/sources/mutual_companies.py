"""Society number to company number: the crosswalk of the charity-lookups project.

Two traps. It is many-to-many (44 societies have two company numbers, two company numbers belong
to two societies), and it only ever grows: its maintainer adds new pairs to the old file. Company
numbers of old societies cannot be computed, so this is the only join.
What does not belong here: which pair to believe (the models).
"""

from __future__ import annotations

from observatory.sources import _charity_lookups as lookups
from observatory.sources._values import org_id
from observatory.sources.base import Bounds

LAYOUT = lookups.layout(
    "mutual_companies",
    (org_id("GB-MPR"), "the society: GB-MPR- and the register's full registration number"),
    (lookups.COMPANY, "the company record: GB-COH- and its number"),
    "the name that both registers gave",
)
SOURCE = lookups.source(
    LAYOUT,
    "mutual-companies",
    "Mutual societies and their company numbers",
    "weekly, on Tuesdays, when it changed",
    60,
    Bounds(9_000, 20_000),  # 12,252 rows in July 2026
)
