"""The ways in which a publisher is watched: what one small request tells of it.

Two things worth knowing before you touch this. A watcher decides nothing but when to ask: what is
new is found by the source's own reader, and an identical download ends there. And a publisher who
tells nothing (no ETag, no Last-Modified) is an error that is shown, never a silence.
What does not belong here: cursors (``landing/cursors.py``), when to look (``watching.py``).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from observatory.errors import BadInput, NotPublished
from observatory.sources import _pages
from observatory.sources.base import Watcher

if TYPE_CHECKING:
    from observatory.landing.http import Publisher
    from observatory.landing.receipts import Receipt

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def index_page(
    url: str,
    pattern: re.Pattern[str],
    edition: Callable[[str], Any],
    *,
    every: timedelta = HOUR,
    not_within: timedelta | None = None,
) -> Watcher:
    """Watch the files that a page links: a change is another newest edition, or another part of
    it. ``edition`` gives what orders file names; ``not_within`` keeps us away for that long after
    a whole edition was published."""

    def look(publisher: Publisher, receipts: Sequence[Receipt]) -> str | None:
        if not_within and _pages.has_edition_within(receipts, not_within):
            return None
        names = {_pages.name_of(one) for one in _pages.find_links(publisher, url, pattern)}
        newest = max(edition(name) for name in names)
        return ", ".join(sorted(name for name in names if edition(name) == newest))

    return Watcher("index page", f"the newest file linked on {url}", look, every)


def headers(
    url: str,
    *,
    every: timedelta = HOUR,
    not_within: timedelta | None = None,
    moved: bool = False,
) -> Watcher:
    """Watch the ETag (else Last-Modified with the length) of one file by a HEAD request. With
    ``moved`` the address of the newest receipt is asked: the publisher's page names it."""

    def look(publisher: Publisher, receipts: Sequence[Receipt]) -> str | None:
        if not_within and _pages.has_edition_within(receipts, not_within):
            return None
        known = [one.url for one in receipts if one.url] if moved else []
        asked = known[-1] if known else url
        told = publisher.head(asked)
        modified = f"{told.get('Last-Modified', '')} {told.get('Content-Length', '')}"
        state = told.get("ETag", "") or (modified if told.get("Last-Modified") else "")
        if not state:
            raise BadInput(
                "tells neither ETag nor Last-Modified any more",
                where=asked,
                remedy="the night still reads it; find another way to watch it in its module",
            )
        return state

    return Watcher("headers", f"ETag or Last-Modified of {url}", look, every)


def newest_notice(
    search: str, question: Callable[[Sequence[Receipt]], str], *, every: timedelta = HOUR
) -> Watcher:
    """Watch an OCDS search: ``question`` asks it for one release after all that landed. The
    state is that release's id; there is nothing new where none is given."""

    def look(publisher: Publisher, receipts: Sequence[Receipt]) -> str | None:
        asked = question(receipts)
        if not asked:
            return None  # nothing landed yet: the first walk belongs to the night
        try:
            package = json.loads(publisher.get_text(f"{search}?{asked}").text)
        except NotPublished:
            return ""
        except ValueError as error:
            raise BadInput("the answer is not JSON", where=search) from error
        releases = package.get("releases") if isinstance(package, dict) else None
        if not isinstance(releases, list):
            raise BadInput("the answer is not a release package", where=search)
        first = releases[0] if releases else None
        if not isinstance(first, dict):
            return ""
        return str(first.get("id") or first.get("ocid") or "") or "a release without id"

    return Watcher("newest notice", f"one notice newer than what landed, at {search}", look, every)


def project_file(path: Path) -> Watcher:
    """Watch a file that is packaged with the project, by its hash: nobody is asked."""

    def look(publisher: Publisher, receipts: Sequence[Receipt]) -> str | None:
        return hashlib.sha256(path.read_bytes()).hexdigest()

    return Watcher("project file", f"the packaged file {path.name}", look, timedelta(minutes=1))


def at_night(reason: str) -> Watcher:
    """Say why there is no cheap way to watch a publisher."""
    return Watcher("night", reason)
