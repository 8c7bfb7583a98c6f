"""What both open data files of Co-operatives UK have in common: page, licence, newest link.

What does not belong here: columns (``coops_uk_organisations.py``, ``coops_uk_economic.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from observatory.landing.receipts import Receipt, Scope
from observatory.sources import _delimited, _pages
from observatory.sources._layout import Layout
from observatory.sources._watchers import DAY, index_page
from observatory.sources.base import Bounds, Download, Limits, Past, Source

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

PAGE = "https://www.uk.coop/resources/open-data"


def source(part: str, title: str, layout: Layout, bounds: Bounds, notes: str) -> Source:
    """Return the registry entry of ``open_data_<part>_YYYY_MM.csv``."""
    return Source(
        id=layout.dataset_name,
        title=f"Co-operatives UK open data: {title}",
        publisher="Co-operatives UK",
        homepage=PAGE,
        licence="Open Data Commons Attribution License (ODC-By) 1.0",
        licence_url="https://opendatacommons.org/licenses/by/1-0/",
        attribution="Contains information from the Co-operatives UK open data, ODC-By 1.0",
        republish="rows",
        keeps="bytes",
        cadence="once or twice a year",
        freshness_days=400,
        limits=Limits(
            seconds_between_requests=2.0,
            evidence="no limit is stated; one page and at most one file a night and source",
        ),
        default_scope=Scope("whole"),
        bounds=bounds,
        datasets=(layout.dataset,),
        reader_version=1,
        check=_delimited.check_by(layout),
        read=_delimited.read_by(layout),
        fetch=partial(_fetch_newest, part),
        past=_past(part),
        watcher=index_page(PAGE, _files(part), lambda one: (_month(one), one), every=DAY),
        notes=notes,
    )


def _past(name: str) -> Past:
    """Return how older editions are fetched: those that the page still links."""

    def between(
        publisher: Publisher, receipts: Sequence[Receipt], first: date, last: date
    ) -> Iterator[Download]:
        yield from _pages.editions(publisher, receipts, PAGE, _files(name), _month, (first, last))

    return Past("range", date(2016, 1, 1), between)


def _files(name: str) -> re.Pattern[str]:
    return re.compile(rf"open_data_{name}_\d{{4}}_\d{{2}}(?:_\d+)?\.csv", re.IGNORECASE)


def _fetch_newest(
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
    return _delimited.date_in_name(_pages.name_of(url)) or date.min
