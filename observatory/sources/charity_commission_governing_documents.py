"""Charity Commission: governing documents.

What kind of document governs a charity, and its objects. No text of rules, so nothing on who
controls it.
What does not belong here: columns (``_charity_tables.py``), reading (``_charity_extract.py``).
"""

from __future__ import annotations

from observatory.sources import _charity_commission
from observatory.sources._charity_tables import GOVERNING_DOCUMENT

SOURCE = _charity_commission.source(GOVERNING_DOCUMENT, "governing documents")
