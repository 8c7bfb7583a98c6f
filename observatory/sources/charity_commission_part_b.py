"""Charity Commission: annual returns, part B.

Employees and accounts of charities with an income over 500,000 pounds. Join to part A on
organisation and period end, never on the year.
What does not belong here: columns (``_charity_tables.py``), reading (``_charity_extract.py``).
"""

from __future__ import annotations

from observatory.sources import _charity_commission
from observatory.sources._charity_tables import PART_B

SOURCE = _charity_commission.source(PART_B, "annual returns, part B")
