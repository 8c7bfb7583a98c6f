"""Scottish Charity Register: five years of annual returns, with staff since March 2026.

Until March 2026 this file had no header: its columns are then those of the register, by place.
A charity may stand in it twice for one year, when it filed again; every row is kept.
What does not belong here: columns and reading (``_oscr.py``), which filing counts (the models).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from observatory.lake import history
from observatory.sources import _oscr
from observatory.sources._layout import Layout

LAYOUT: Final = _oscr.layout(
    "oscr_returns",
    (_oscr.KEY, *_oscr.MONEY, _oscr.EMPLOYEES),
    history(
        "charity_number || '|' || period_end_on || '|' || "
        "coalesce(return_received_on::varchar, '')",
        "income expenditure income_donations_and_legacies income_charitable_activities "
        "income_other_trading income_investments income_other employees",
    ),
    unique=False,
)
_WITHOUT_HEADER: Final = replace(LAYOUT, lent_header=tuple(_oscr.COLUMNS.split(",")))


def _form(path: Path) -> Layout:
    with path.open("rb") as file:
        first = file.readline().removeprefix(b"\xef\xbb\xbf").lstrip(b'" ')
    return _WITHOUT_HEADER if first.startswith(b"SC0") else LAYOUT


SOURCE = _oscr.source(
    LAYOUT,
    "5-years-charity-register",
    "Scottish Charity Register: five years of annual returns",
    _form,
)
