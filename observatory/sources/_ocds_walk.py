"""Walking an OCDS search by windows of time and a cursor, and taking a broken walk up again.

What belongs here: windows, pages and how landed receipts say where a walk got to. What does not:
one publisher's address and limits (its module), and the reading of releases (``ocds.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from observatory import clock
from observatory.errors import BadInput
from observatory.landing.receipts import Receipt, Scope
from observatory.sources import _ocds_pages
from observatory.sources.base import Download

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

_ASKED = "%Y-%m-%dT%H:%M:%S"
_NAMED = "%Y%m%dT%H%M%S"
_NAME = re.compile(r"search_([^_]+)_([^_]+)_page(\d{4})_([0-9a-f]{12})\.json")


class Page(NamedTuple):
    """One page of a walk, as its file name tells it; the order is the order of the walk."""

    until: str
    since: str
    number: int
    content: str
    url: str


@dataclass(frozen=True)
class Walk:
    """How one search is walked: from ``first`` before now when nothing landed yet, in windows
    that reach ``overlap`` back into the walk before."""

    search: str
    first: timedelta
    window: timedelta
    overlap: timedelta

    def fetch(self, publisher: Publisher, receipts: Sequence[Receipt]) -> Iterator[Download]:
        """Walk the search from where the last walk got to until now, a body a page.

        The last page that landed is asked for once more, since its cursor leads on. A page that
        holds the same releases as one that landed is not yielded again. Raises BadInput for an
        answer that is no package, and whatever ``publisher`` raises.
        """
        landed = sorted(page for page in map(_landed, receipts) if page)
        known = _ocds_pages.known(receipts)
        now = clock.now().replace(tzinfo=None)
        since = now - self.first
        if landed:
            yield from self._pages(publisher, landed[-1], known)
            since = datetime.strptime(landed[-1].until, _NAMED) - self.overlap
        while now - since > self.overlap:
            until = min(since + self.window, now)
            url = (
                f"{self.search}?publishedFrom={since:{_ASKED}}&publishedTo={until:{_ASKED}}"
                "&limit=100"
            )
            first = Page(f"{until:{_NAMED}}", f"{since:{_NAMED}}", 1, "", url)
            yield from self._pages(publisher, first, known)
            since = until

    def between(
        self, publisher: Publisher, receipts: Sequence[Receipt], first: date, last: date
    ) -> Iterator[Download]:
        """Walk the search from the beginning of ``first`` to the end of ``last``. Bodies bear
        another name than a walk's, so that the next walk goes on where the last one got to."""
        since = datetime.combine(first, time.min)
        until = datetime.combine(last, time.min) + timedelta(days=1)
        url = f"{self.search}?publishedFrom={since:{_ASKED}}&publishedTo={until:{_ASKED}}&limit=100"
        page = Page(f"{until:{_NAMED}}", f"{since:{_NAMED}}", 1, "", url)
        yield from self._pages(publisher, page, _ocds_pages.known(receipts), "days")

    def newer(self, receipts: Sequence[Receipt]) -> str:
        """Return the question for one release after the last walk; empty when there was none."""
        landed = [page.until for page in map(_landed, receipts) if page]
        if not landed:
            return ""
        since = datetime.strptime(max(landed), _NAMED)
        return f"publishedFrom={since:{_ASKED}}&limit=1"

    def _pages(
        self, publisher: Publisher, page: Page, known: set[str], prefix: str = "search"
    ) -> Iterator[Download]:
        """Yield the new pages of one window from ``page`` on, following the cursor to its end."""
        asked: set[str] = set()
        url, number = page.url, page.number
        while url:
            asked.add(url)
            fetched = publisher.download(url)
            if fetched is None:
                return
            package = _ocds_pages.package(fetched.path, self.search)
            content = _ocds_pages.content(package)
            if package.get("releases") and content not in known:
                known.add(content)
                name = f"{prefix}_{page.since}_{page.until}_page{number:04}_{content}.json"
                scope = Scope("increment")
                yield Download(fetched.path, name, url, fetched.headers, scope=scope)
            url, number = str((package.get("links") or {}).get("next") or ""), number + 1
            if url and (not url.startswith(f"{self.search}?") or url in asked):
                raise BadInput(
                    "the link to the next page leads elsewhere or back",
                    where=self.search,
                    remedy="what landed stays; see whether the publisher changed its paging",
                )


def _landed(receipt: Receipt) -> Page | None:
    found = _NAME.fullmatch(receipt.file_name)
    if not found or not receipt.url:
        return None
    return Page(found[2], found[1], int(found[3]), found[4], receipt.url)
