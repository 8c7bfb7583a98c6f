"""Which files of the OCP Data Registry are fetched: a publication and year each.

What does not belong here: what is in a file (``ocp_registry.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from observatory import clock
from observatory.errors import BadInput, NotPublished
from observatory.landing.receipts import Receipt
from observatory.sources._watchers import DAY, headers
from observatory.sources.base import Download

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

# The one place of what was not seen live: the registry's numbers of the two publications (told by
# one project that uses them) and the first year of each. The name of a file is from the
# registry's source code: \A(full|undated|\d{4})\.(jsonl\.gz|csv\.tar\.gz|xlsx)\Z
PUBLICATIONS = {41: ("find-a-tender", 2021), 128: ("contracts-finder", 2015)}
ADDRESS = "https://data.open-contracting.org/en/publication/{number}/download?name={year}.jsonl.gz"
# The registry collects a publication anew about once a month; a year that is over changes little
# after its first quarter.
AGAIN_AFTER = timedelta(days=30)
STILL_CHANGING = timedelta(days=90)
# The whole of Find a Tender: it is collected anew whenever one of its years is.
WATCHER: Final = headers(ADDRESS.format(number=41, year="full"), every=DAY)


def fetch(publisher: Publisher, receipts: Sequence[Receipt]) -> Iterator[Download]:
    """Yield each year's file that has not landed, and those that may have changed since.

    A year without a file (404) is passed over, unless every one is. Raises BadInput then, and
    whatever ``publisher`` raises.
    """
    now, answered = clock.now(), False
    for number, (name, first) in PUBLICATIONS.items():
        for year in range(first, now.year + 1):
            url = ADDRESS.format(number=number, year=year)
            landed = [one for one in receipts if one.url == url]
            last = max(landed, key=lambda one: (one.fetched_at, one.sha256), default=None)
            if last and not _asked_again(last, year):
                answered = True
                continue
            try:
                fetched = publisher.download(
                    url,
                    etag=last.etag if last else "",
                    last_modified=last.last_modified if last else "",
                )
            except NotPublished:
                continue
            answered = True
            if fetched is not None:
                file_name = f"{name}_{year}.jsonl.gz"
                yield Download(fetched.path, file_name, url, fetched.headers)
    if not answered:
        raise BadInput(
            "no year of either publication has a file under its number",
            where="https://data.open-contracting.org/",
            remedy="look up both publications there and correct PUBLICATIONS in its module",
        )


def between(
    publisher: Publisher, receipts: Sequence[Receipt], first: date, last: date
) -> Iterator[Download]:
    """Yield the files of these years that have not landed, in order; a year without one is passed
    over."""
    landed = {one.url for one in receipts}
    for number, (name, began) in PUBLICATIONS.items():
        for year in range(max(began, first.year), last.year + 1):
            url = ADDRESS.format(number=number, year=year)
            try:
                fetched = None if url in landed else publisher.download(url)
            except NotPublished:
                continue
            if fetched is not None:
                yield Download(fetched.path, f"{name}_{year}.jsonl.gz", url, fetched.headers)


def _asked_again(last: Receipt, year: int) -> bool:
    now = clock.now()
    changing = (now - STILL_CHANGING).year <= year
    return changing and now - last.fetched_at >= AGAIN_AFTER
