"""The files of a PSC snapshot by their published names, and which of them to fetch.

What belongs here: dates and parts in names. What does not: requests, and what is in a file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from observatory.errors import BadInput
from observatory.landing.receipts import Scope

PAGE: Final = "https://download.companieshouse.gov.uk/en_pscdata.html"
NAME = re.compile(
    r"(?:persons-with-significant-control|psc)-snapshot-(?P<day>\d{4}-\d{2}-\d{2})"
    r"(?:_(?P<part>\d+)of(?P<of>\d+))?\.(?:zip|txt|json)",
    re.ASCII | re.IGNORECASE,
)


def wanted(offered: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the names and addresses of all parts, or of the one file where a part is missing.
    Raises BadInput when neither is offered."""
    scopes = {name: scope(name) for name in offered}
    parts = {scopes[name].part: (name, url) for name, url in offered.items() if scopes[name].of}
    if parts and sorted(parts) == list(range(1, max(one.of for one in scopes.values()) + 1)):
        return [parts[number] for number in sorted(parts)]
    whole = [(name, url) for name, url in offered.items() if not scopes[name].of]
    if not whole:
        raise BadInput(
            f"the page offers {len(parts)} parts, not all of them, and not the one file",
            where=PAGE,
            remedy="the publisher may be in the middle of an update: try again in some hours",
        )
    return whole


def day(name: str) -> date:
    """Return the date in a file's name. Raises BadInput when it is no date."""
    found = NAME.fullmatch(name)
    try:
        return date.fromisoformat(found["day"] if found else "")
    except ValueError as error:
        raise BadInput("the date in its name is no date", where=name) from error


def scope(name: str) -> Scope:
    """Return the part that a file's name says it is, or ``whole``."""
    found = NAME.fullmatch(name)
    part = f"part {found['part']} of {found['of']}" if found and found["part"] else "whole"
    return Scope.parse(part)
