"""What both open data files of Co-operatives UK have in common: page, licence, newest link.

What does not belong here: columns (``coops_uk_organisations.py``, ``coops_uk_economic.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from observatory.landing.receipts import Receipt
from observatory.sources import _pages
from observatory.sources._delimited import date_in_name
from observatory.sources._watchers import DAY, index_page
from observatory.sources.base import Download, Limits, Past, Watcher

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

PAGE = "https://www.uk.coop/resources/open-data"
LICENCE = "Open Data Commons Attribution License (ODC-By) 1.0"
LICENCE_URL = "https://opendatacommons.org/licenses/by/1-0/"
ATTRIBUTION = "Contains information from the Co-operatives UK open data, ODC-By 1.0"
LIMITS = Limits(
    seconds_between_requests=2.0,
    evidence="no limit is stated; one page and at most one file a night and source",
)


def watcher(name: str) -> Watcher:
    """Return what watches the page for a later ``open_data_<name>_YYYY_MM.csv``."""
    return index_page(PAGE, _files(name), lambda one: (_month(one), one), every=DAY)


def past(name: str) -> Past:
    """Return how older editions are fetched: those that the page still links."""

    def between(
        publisher: Publisher, receipts: Sequence[Receipt], first: date, last: date
    ) -> Iterator[Download]:
        yield from _pages.editions(publisher, receipts, PAGE, _files(name), _month, (first, last))

    return Past("range", date(2016, 1, 1), between)


def _files(name: str) -> re.Pattern[str]:
    return re.compile(rf"open_data_{name}_\d{{4}}_\d{{2}}(?:_\d+)?\.csv", re.IGNORECASE)


def fetch_newest(
    name: str, publisher: Publisher, receipts: Sequence[Receipt]
) -> Iterator[Download]:
    """Yield the newest ``open_data_<name>_YYYY_MM.csv`` that the page links, unless a later one
    has landed or this one did and is unchanged. Raises BadInput when the page links none."""
    found = _pages.find_links(publisher, PAGE, _files(name))
    newest = max(found, key=lambda url: (_month(url), url))
    # A date that is only that of fetching says nothing of which edition a file is.
    dated = [one for one in receipts if one.published_basis in ("file name", "given")]
    if not any(one.published_on > _month(newest) for one in dated):
        yield from _pages.fetch_if_changed(publisher, newest, receipts)


def _month(url: str) -> date:
    return date_in_name(_pages.name_of(url)) or date.min
