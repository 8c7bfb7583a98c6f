"""Charity Commission: classification.

What a charity does (1xx), for whom (2xx) and how (3xx).
What does not belong here: columns (``_charity_tables.py``), reading (``_charity_extract.py``).
"""

from __future__ import annotations

from observatory.sources import _charity_commission
from observatory.sources._charity_tables import CLASSIFICATION

SOURCE = _charity_commission.source(CLASSIFICATION, "classification")
