"""Finding a file on its publisher's page, and fetching it only when it changed.

What belongs here: what every scraped source does alike. What does not: which page and which
link (the source's module), requests and retries (``landing/http.py``), HTML of data (none).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from bs4 import BeautifulSoup

from observatory import clock
from observatory.errors import BadInput
from observatory.sources.base import Download

if TYPE_CHECKING:
    from observatory.landing.http import Publisher
    from observatory.landing.receipts import Receipt


def links(html: str, base_url: str, pattern: re.Pattern[str]) -> list[str]:
    """Return the links whose file name matches ``pattern`` in full, absolute, each once, in the
    page's order. Relative and protocol-relative links are resolved against ``base_url``."""
    found: dict[str, None] = {}
    for anchor in BeautifulSoup(html, "lxml").find_all("a", href=True):
        url = urljoin(base_url, str(anchor["href"]).strip())
        if pattern.fullmatch(name_of(url)):
            found[url] = None
    return list(found)


def find_links(publisher: Publisher, page_url: str, pattern: re.Pattern[str]) -> list[str]:
    """Fetch a page and return its matching links, one at least. Raises BadInput when it has
    none, and the publisher's own errors."""
    page = publisher.get_text(page_url)
    found = links(page.text, page.url, pattern)
    if not found:
        raise BadInput(
            f"the page has no link to a file named like {pattern.pattern}",
            where=page_url,
            remedy="open the page: if the file moved, land it with `observatory land` and report "
            "the new place; if the page is a notice or asks for a sign-in, try again later",
        )
    return found


def has_edition_within(receipts: Sequence[Receipt], period: timedelta) -> bool:
    """Whether a whole edition landed that was published less than ``period`` ago: for files that
    are made anew more often than they say anything new."""
    newest = max((one.published_on for one in receipts if one.scope.kind == "whole"), default=None)
    return newest is not None and clock.now().date() - newest < period


def fetch_if_changed(
    publisher: Publisher, url: str, receipts: Sequence[Receipt], file_name: str = ""
) -> Iterator[Download]:
    """Yield the file at ``url``, unless it is what the last receipt of that URL holds. It is
    called ``file_name``, for addresses that do not end in one.

    A publisher that sends neither ETag nor Last-Modified is asked in full every time; the
    landing then recognises the bytes by their hash.
    """
    known = [receipt for receipt in receipts if receipt.url == url]
    last = max(known, key=lambda one: (one.fetched_at, one.sha256), default=None)
    fetched = publisher.download(
        url,
        etag=last.etag if last else "",
        last_modified=last.last_modified if last else "",
    )
    if fetched is not None:
        name = file_name or name_of(url)
        yield Download(path=fetched.path, file_name=name, url=url, headers=fetched.headers)


def editions(
    publisher: Publisher,
    receipts: Sequence[Receipt],
    page_url: str,
    pattern: re.Pattern[str],
    published: Callable[[str], date],
    span: tuple[date, date],
) -> Iterator[Download]:
    """Yield the files that a page offers whose name's date lies within ``span`` (both days
    included) and that have not landed, oldest first."""
    landed = {one.url for one in receipts}
    found = sorted(
        (published(name_of(url)), url) for url in find_links(publisher, page_url, pattern)
    )
    for day, url in found:
        if span[0] <= day <= span[1] and url not in landed:
            yield from fetch_if_changed(publisher, url, receipts)


def name_of(url: str) -> str:
    """Return the file name at the end of a URL's path."""
    return PurePosixPath(unquote(urlsplit(url).path)).name
