"""Charity Commission: the register of charities, and the company numbers that it can vouch for.

Two traps. ``charity_number`` is shared by a main charity and those linked to it: the main one has
``linked_charity_number`` 0. And the company number is what somebody typed: unpadded, ``0``,
``12345678``, or one number on the records of a whole family of charities.
What does not belong here: the other tables (``charity_commission_*.py``), any join (the models).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from observatory.identifiers import read_company_number
from observatory.lake import SnapshotWriter
from observatory.lake_tables import quoted
from observatory.sources import _charity_commission, _charity_extract
from observatory.sources._charity_tables import CHARITY
from observatory.sources.base import Body

# The UK third-sector database project met 12345678 as a placeholder, and drops any number that
# four or more charities share; so do we.
_PLACEHOLDERS: Final = frozenset({"12345678", "01234567", "99999999", "00000000"})
_SHARED_BY: Final = 4
# The padding of ``read_company_number`` in SQL, for numbers that it could read: a join would lose
# the order of the records.
_BARE: Final = "upper(regexp_replace(company_number_published, '[ \\t\\r\\n\\f\\v]', '', 'g'))"
_PADDED: Final = (
    f"case when regexp_full_match({_BARE}, '[0-9]+') then lpad({_BARE}, 8, '0') "
    f"when regexp_full_match({_BARE}, '..[0-9]+') "
    f"then left({_BARE}, 2) || lpad(substr({_BARE}, 3), 6, '0') else {_BARE} end"
)
# Somebody may have typed anything into the field, a name too: only what is built like a number is
# kept and repeated.
_SHOWN: Final = "[A-Za-z]{0,3} ?[0-9][0-9 ]{0,10}[A-Za-z]?"


def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
    """Write every charity, its company number as published and, unless it is junk, padded."""
    select = _charity_extract.select(CHARITY, bodies, writer)
    published = writer.con.execute(
        "select company_number_published, count(*), count(distinct organisation_number) "
        f"filter (where linked_charity_number = 0) from ({select}) "
        "where company_number_published is not null group by all order by all"
    ).fetchall()
    junk = ", ".join(quoted(raw) for raw in _junk(published, writer)) or "null"
    kept = f"if(regexp_full_match(trim(company_number_published), '{_SHOWN}'), "
    writer.write(
        CHARITY.dataset,
        f"select * replace ({kept}company_number_published, null) as company_number_published), "
        "case when company_number_published is null then null "
        f"when company_number_published in ({junk}) then null else {_PADDED} end "
        f"as company_number from ({select})",
    )


def _junk(published: Sequence[tuple[str, int, int]], writer: SnapshotWriter) -> list[str]:
    """Return, as published, the numbers that cannot be believed, and report each."""
    readings = {raw: read_company_number(raw) for raw, _, _ in published}
    shared: Counter[str | None] = Counter()
    for raw, _, charities in published:
        shared[readings[raw].value] += charities
    junk: list[str] = []
    for raw, records, _ in published:
        number, problem = readings[raw].value, readings[raw].problem
        if number in _PLACEHOLDERS:
            problem = "a placeholder"
        elif number and shared[number] >= _SHARED_BY:
            problem = f"{shared[number]} charities have it, so it is no one's"
        if number and not problem:
            continue
        junk.append(raw)
        writer.issue(
            "junk-company-number",
            severity="repaired",
            field="charity_company_registration_number",
            value=raw if re.fullmatch(_SHOWN, raw.strip()) else "",
            detail=f"not used as a company number: {problem}",
            occurrences=records,
        )
    return junk


SOURCE = _charity_commission.source(
    CHARITY,
    "charities",
    read,
    notes="removed and linked charities are in it; contact persons, telephones, e-mails and "
    "street addresses are never read",
    reader_version=2,
)
