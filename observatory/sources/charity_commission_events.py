"""Charity Commission: events.

Registrations, removals, mergers and transfers of assets, with the other charity where one took
part.
What does not belong here: columns (``_charity_tables.py``), reading (``_charity_extract.py``).
"""

from __future__ import annotations

from observatory.sources import _charity_commission
from observatory.sources._charity_tables import EVENTS

SOURCE = _charity_commission.source(EVENTS, "events")
