"""Charity Commission: other names.

Working and previous names of charities.
What does not belong here: columns (``_charity_tables.py``), reading (``_charity_extract.py``).
"""

from __future__ import annotations

from observatory.sources import _charity_commission
from observatory.sources._charity_tables import OTHER_NAMES

SOURCE = _charity_commission.source(OTHER_NAMES, "other names")
