"""Walking an OCDS search by windows of time without its cursor, halved when an answer is full.

Two things worth knowing before you touch this. Find a Tender's cursor loses 4 to 5 of 100 notices
from the second page on, without a word (measured by tender-db; kingfisher-collect has it open as
#1203), so only first pages are asked for. And its times are British local time without a zone: in
the hour that the clocks go back one time means two moments, which is why every walk reaches
``overlap`` back into the one before.

What belongs here: windows, and how landed receipts say where a walk got to. What does not: one
publisher's address and limits (its module).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from observatory import clock
from observatory.landing.receipts import Receipt, Scope
from observatory.sources import _ocds_pages
from observatory.sources.base import Download

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

_ASKED = "%Y-%m-%dT%H:%M:%S"
_NAMED = "%Y%m%dT%H%M%S"
_NAME = re.compile(r"updated_(\d{8}T\d{6})_(\d{8}T\d{6})(?:_full)?_([0-9a-f]{12})\.json")
FULL_NAME = re.compile(r"(?:updated|days)_.*_full_.*")
_ZONE = ZoneInfo("Europe/London")


@dataclass(frozen=True)
class Windows:
    """How one search is walked: from ``first`` before now when nothing landed yet, in windows of
    at most ``longest`` and at least ``shortest``; an answer of ``full`` releases may be cut."""

    search: str
    first: timedelta
    longest: timedelta
    shortest: timedelta
    overlap: timedelta
    full: int = 100

    def fetch(self, publisher: Publisher, receipts: Sequence[Receipt]) -> Iterator[Download]:
        """Yield each window's new package, in the order of time, from where the last walk got to.

        A full answer is not kept: its window is asked for again in halves. Only the shortest
        window is kept although it is full, under a name that says so. Raises BadInput for an
        answer that is no package, and whatever ``publisher`` raises.
        """
        landed = [found for one in receipts if (found := _NAME.fullmatch(one.file_name))]
        now = clock.now().astimezone(_ZONE).replace(tzinfo=None)
        since = now - self.first
        if landed:
            since = datetime.strptime(max(found[2] for found in landed), _NAMED) - self.overlap
        if now - since > self.overlap:
            yield from self._walk(publisher, _ocds_pages.known(receipts), since, now, self.overlap)

    def between(
        self, publisher: Publisher, receipts: Sequence[Receipt], first: date, last: date
    ) -> Iterator[Download]:
        """Walk from the beginning of ``first`` to the end of ``last``. Bodies bear another name
        than a walk's, so that the next walk goes on where the last one got to."""
        since = datetime.combine(first, time.min)
        until = datetime.combine(last, time.min) + timedelta(days=1)
        known, none = _ocds_pages.known(receipts), timedelta(0)
        yield from self._walk(publisher, known, since, until, none, "days")

    def _walk(
        self,
        publisher: Publisher,
        known: set[str],
        since: datetime,
        end: datetime,
        short_of: timedelta,
        prefix: str = "updated",
    ) -> Iterator[Download]:
        """Yield each window's new package from ``since`` until less than ``short_of`` is left."""
        length = self.longest
        while end - since > short_of:
            until = min(since + length, end)
            url = f"{self.search}?limit={self.full}&updatedFrom={since:{_ASKED}}"
            url += f"&updatedTo={until:{_ASKED}}"
            fetched = publisher.download(url)
            if fetched is None:
                return
            package = _ocds_pages.package(fetched.path, self.search)
            number, content = len(package["releases"] or []), _ocds_pages.content(package)
            full = number >= self.full
            if full and until - since > self.shortest:
                fetched.path.unlink(missing_ok=True)
                length = max((until - since) / 2, self.shortest)
                length -= timedelta(microseconds=length.microseconds)
                continue
            if number and content not in known:
                known.add(content)
                mark = "_full" if full else ""
                name = f"{prefix}_{since:{_NAMED}}_{until:{_NAMED}}{mark}_{content}.json"
                scope = Scope("increment")
                yield Download(fetched.path, name, url, fetched.headers, scope=scope)
            since = until
            if number < self.full // 2:
                length = min(length * 2, self.longest)

    def newer(self, receipts: Sequence[Receipt]) -> str:
        """Return the question for one release after the last walk; empty when there was none."""
        landed = [found[2] for one in receipts if (found := _NAME.fullmatch(one.file_name))]
        if not landed:
            return ""
        since = datetime.strptime(max(landed), _NAMED)
        return f"limit=1&updatedFrom={since:{_ASKED}}"
