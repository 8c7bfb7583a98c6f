"""Scottish Charity Register: charities that have left it, and when.

Its header was never seen: only number and name are needed, a column that is not there is null
and said so.
What does not belong here: columns and reading (``_oscr.py``), why one left (the models).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from observatory.lake import history
from observatory.sources import _oscr

_FIELDS: Final = [
    replace(one, optional=not one.needed) for one in (*_oscr.REGISTER, _oscr.CEASED, *_oscr.MONEY)
]
SOURCE = _oscr.source(
    _oscr.layout(
        "oscr_former",
        _FIELDS,
        history("charity_number", f"{_oscr.REGISTER_FACTS} ceased_on"),
        unique=True,
    ),
    "charity-former-register",
    "Scottish Charity Register: former charities",
)
