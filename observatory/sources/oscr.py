"""Scottish Charity Register: every charity now registered, with its latest year.

There is no company number in it (``charity_companies`` has some). All-zero parts of an income
beside a positive total mean that the parts were not given.
What does not belong here: columns and reading (``_oscr.py``), what a form means (the models).
"""

from __future__ import annotations

from observatory.lake import history
from observatory.sources import _oscr

SOURCE = _oscr.source(
    _oscr.layout(
        "oscr",
        (*_oscr.REGISTER, *_oscr.MONEY),
        history("charity_number", _oscr.REGISTER_FACTS),
        unique=True,
    ),
    "charity-register",
    "Scottish Charity Register",
)
