"""Charity Commission: annual returns, part A.

Income from government contracts and grants, and volunteers. Asked in recent cycles only: a null
is no no.
What does not belong here: columns (``_charity_tables.py``), reading (``_charity_extract.py``).
"""

from __future__ import annotations

from observatory.sources import _charity_commission
from observatory.sources._charity_tables import PART_A

SOURCE = _charity_commission.source(PART_A, "annual returns, part A")
