"""Which archives of the accounts data product are fetched: what the page offers and we lack.

What does not belong here: what is in an archive (``_accounts_members.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from observatory.landing.receipts import Receipt
from observatory.sources import _accounts_columns as columns
from observatory.sources import _pages
from observatory.sources._watchers import index_page
from observatory.sources.base import Download

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

PAGE: Final = "https://download.companieshouse.gov.uk/en_accountsdata.html"
# About 60 days stay on the page, so that a first run need not take them all.
MOST_A_RUN: Final = 10
WATCHER: Final = index_page(PAGE, columns.DAILY, lambda name: name)


def fetch(publisher: Publisher, receipts: Sequence[Receipt]) -> Iterator[Download]:
    """Yield the archives on the page that have not landed, newest first, at most
    ``MOST_A_RUN``; the newest that landed is asked for again in case it was replaced.

    Raises BadInput when the page names no archive.
    """
    urls = _pages.find_links(publisher, PAGE, columns.DAILY)
    dated = [(columns.published_on(_pages.name_of(url)), url) for url in urls]
    newest_first = sorted(((day, url) for day, url in dated if day), reverse=True)
    landed = {receipt.url for receipt in receipts}
    missing = [url for _, url in newest_first if url not in landed][:MOST_A_RUN]
    known = [url for _, url in newest_first if url in landed][:1]
    yield from _archives(publisher, [*missing, *known], receipts)


def between(
    publisher: Publisher, receipts: Sequence[Receipt], first: date, last: date
) -> Iterator[Download]:
    """Yield the archives of these days that the page still offers and that have not landed."""
    landed = {receipt.url for receipt in receipts}
    urls = [url for url in _pages.find_links(publisher, PAGE, columns.DAILY) if url not in landed]
    days = [(columns.published_on(_pages.name_of(url)), url) for url in urls]
    wanted = sorted((day, url) for day, url in days if day and first <= day <= last)
    yield from _archives(publisher, [url for _, url in wanted], receipts)


def _archives(
    publisher: Publisher, urls: Sequence[str], receipts: Sequence[Receipt]
) -> Iterator[Download]:
    for url in urls:
        for found in _pages.fetch_if_changed(publisher, url, receipts):
            yield Download(
                path=found.path,
                file_name=found.file_name,
                url=url,
                headers=found.headers,
                published_on=columns.published_on(found.file_name),
                published_basis="file name",
            )
