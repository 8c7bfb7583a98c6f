"""Walking an OCDS service that answers one calendar month and one notice type a call.

Two things worth knowing before you touch this. Some answers are a package without ``releases``:
nothing of that type was published in that month. And a month goes on growing, and its notices are
corrected: the month before the newest one that landed is always asked for again.

What belongs here: months, types, and how landed receipts say where a walk got to. What does not:
which types a service has (its module).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from observatory import clock
from observatory.errors import BadInput, NotPublished
from observatory.landing.receipts import Receipt, Scope
from observatory.sources import _ocds_pages
from observatory.sources.base import Download

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

_NAME = re.compile(r"notices_(\d{4})-(\d{2})_type(\d+)_([0-9a-f]{12})\.json")


@dataclass(frozen=True)
class Months:
    """How one service is walked: its address, the first month it has, the notice types that are
    asked for (number → name), and what else each question says."""

    search: str
    first: date
    types: Mapping[int, str]
    also: str = ""

    def fetch(self, publisher: Publisher, receipts: Sequence[Receipt]) -> Iterator[Download]:
        """Yield what is new of each month and type, in the order of time, from the month before
        the newest one that landed.

        An address without anything (404) is a month without such notices, unless every address
        is. Raises BadInput for an answer that is no package, and whatever ``publisher`` raises.
        """
        landed = [found for one in receipts if (found := _NAME.fullmatch(one.file_name))]
        month = self.first
        if landed:
            newest = max(date(int(found[1]), int(found[2]), 1) for found in landed)
            month = max(_before(newest), self.first)
        yield from self._walk(publisher, receipts, month, clock.now().date(), "notices")

    def between(
        self, publisher: Publisher, receipts: Sequence[Receipt], first: date, last: date
    ) -> Iterator[Download]:
        """Yield what is new of each type in the months from that of ``first`` to that of ``last``.
        Bodies bear another name than a walk's, so that the next walk goes on where it got to."""
        yield from self._walk(publisher, receipts, first.replace(day=1), last, "month")

    def _walk(
        self,
        publisher: Publisher,
        receipts: Sequence[Receipt],
        month: date,
        last: date,
        prefix: str,
    ) -> Iterator[Download]:
        known, answered = _ocds_pages.known(receipts), False
        while month <= last:
            for number in self.types:
                url = f"{self.search}?dateFrom={month:%m-%Y}&noticeType={number}&outputType=0"
                try:
                    fetched = publisher.download(url + self.also)
                except NotPublished:
                    continue
                if fetched is None:
                    continue
                package = _ocds_pages.package(fetched.path, self.search, may_be_empty=True)
                answered, content = True, _ocds_pages.content(package)
                if package["releases"] and content not in known:
                    known.add(content)
                    name = f"{prefix}_{month:%Y-%m}_type{number}_{content}.json"
                    scope = Scope("increment")
                    yield Download(fetched.path, name, fetched.url, fetched.headers, scope=scope)
            month = _after(month)
        if not answered:
            raise BadInput(
                "no month and notice type has an address any more",
                where=self.search,
                remedy="look at the service's own page on how it is asked, and change its module",
            )


def _before(month: date) -> date:
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def _after(month: date) -> date:
    return date(month.year + (month.month == 12), month.month % 12 + 1, 1)
