"""What makes a fact of the curated list a fact in order: known fields, readable values, a source.

What belongs here: the rules for one row. What does not: the file it stands in
(``known_mutuals.py``), and what a label decides (the models).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from observatory.identifiers import read_company_number, read_society_number

LABELS = frozenset({"psm", "psm-probable", "contested", "look-alike"})
STATUSES = frozenset(
    {"active", "taken in-house", "contract lost", "closed", "dissolved", "merged", "acquired"}
)
ROUTES = frozenset({"Right to Request", "Right to Provide", "pathfinder", "authority-led", "other"})
BEGINNERS = frozenset({"staff", "managers", "commissioner"})
# Facts whose value is one of a list.
_LISTED = {"label": LABELS, "status": STATUSES, "route": ROUTES, "began_by": BEGINNERS}
_ENTRY = re.compile(r"XM-[A-Z]{3,8}-\d{4}")
_TEXTS = frozenset({"other_name", "legal_form", "public_parent", "successor", "charity_number"})
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_YEAR_TO_YEAR = re.compile(r"(\d{4})/\d{2}")


def problem_of(row: Mapping[str, str]) -> str:
    """Say in words what is wrong with a row of the list, or return '' when nothing is."""
    if not _ENTRY.fullmatch(row["entry_id"]):
        return f"{row['entry_id']!r} is not an entry id such as XM-PSM-0001"
    if not row["name"]:
        return "it names no organisation"
    if not re.match(r"https?://[^\s/]+\.", row["source_url"]):
        return "it has no web address as its source"
    if len(row["recorded_on"]) != 10 or not is_partial_date(row["recorded_on"]):
        return f"recorded_on {row['recorded_on']!r} is not a date"
    return problem_with(row["field"], row["value"])


def problem_with(field: str, value: str) -> str:
    """Say in words what is wrong with a fact, or return '' when nothing is."""
    if not value:
        return "the value is empty"
    if field == "company_number":
        return read_company_number(value).problem
    if field == "society_number":
        return read_society_number(value).problem
    if known := _LISTED.get(field):
        return "" if value in known else f"{value!r} is not one of {', '.join(sorted(known))}"
    if field in ("spun_out_on", "status_date"):
        return "" if is_partial_date(value) else f"{value!r} is not a date, a month or a year"
    if field == "look_alike_reason":
        return "" if _SLUG.fullmatch(value) else f"{value!r} is not a category in lower case"
    return "" if field in _TEXTS else f"{field!r} is not a fact that this list knows"


def is_partial_date(value: str) -> bool:
    """Whether a value is YYYY-MM-DD, YYYY-MM, YYYY, or a reporting year such as 2021/22."""
    found = _YEAR_TO_YEAR.fullmatch(value)
    if found:
        return value == f"{found[1]}/{(int(found[1]) + 1) % 100:02}"
    full = value + "-01-01"[len(value) - 4 :] if len(value) in (4, 7) else value
    try:
        return date.fromisoformat(full).isoformat() == full
    except ValueError:
        return False
