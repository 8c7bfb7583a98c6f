"""The one door into the landing: a download, a file in the inbox, a file given to the command.

What belongs here: checks that hold for any source, and how the publication date and the scope
of a body are settled. What does not: a publisher's header (``Source.check``), and anything that
needs to know which sources exist. Sources are met only as an argument: this floor lies below.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from observatory import clock
from observatory.errors import BadInput, ObservatoryError
from observatory.landing.archives import check_bytes, refuse_page
from observatory.landing.receipts import Origin, PublishedBasis, Receipt, Scope, waiting
from observatory.landing.store import Landing, Progress, base_name, hash_file

if TYPE_CHECKING:
    from observatory.sources.base import Promise, Source

_HEAD_BYTES: Final = 4096
# Publishers date files at most to the coming month (Companies House names the first of it).
_AHEAD: Final = timedelta(days=40)
# A register does not lose a quarter of its bytes between two editions; a cut file does.
_SHRUNK: Final = 0.75


@dataclass(frozen=True)
class Landed:
    """What became of one file: its receipt, whether it is new, and a line for a person."""

    receipt: Receipt
    new: bool
    message: str


def land_file(
    source: Source,
    path: Path,
    landing: Landing,
    *,
    origin: Origin,
    file_name: str | None = None,
    published_on: date | None = None,
    published_basis: PublishedBasis | None = None,
    scope: Scope | None = None,
    url: str = "",
    headers: Mapping[str, str] | None = None,
    on_progress: Progress | None = None,
) -> Landed:
    """Check a file and keep it; a file of the origin ``download`` is moved, others are copied.

    The publication date is the one given, else the source's own reading of the name and the
    content, else the ``Last-Modified`` header, else the newest day in its records, else today. The
    scope is the one given, else what the file says of itself, else the source's default. Bytes that
    landed before for this source do nothing. Raises BadInput when the file is refused,
    TransientError when it changes while it is read, PermanentError when it cannot be stored.
    """
    name = base_name(file_name or path.name)
    if not path.is_file() or path.stat().st_size == 0:
        check_bytes(path, name)
    sha256 = hash_file(path, on_progress)
    known = landing.receipt(source.id, sha256)
    if known:
        return Landed(known, False, _known_message(known, name, published_on, scope))
    check_bytes(path, name, read_through=not source.checks_members)
    promise = _promise(source, path, name)
    day, basis = _published(published_on, published_basis, promise, headers or {}, name)
    settled = scope or promise.scope or source.default_scope
    if origin not in ("seed", "sample"):  # these are reviewed by people before they get here
        _refuse_shrunk(source.id, path, name, settled, day, landing)
    receipt, new = landing.keep(
        path,
        source_id=source.id,
        file_name=name,
        origin=origin,
        published_on=day,
        published_basis=basis,
        scope=settled,
        url=url,
        headers=headers,
        sha256=sha256,
        move=origin == "download",
    )
    return Landed(receipt, new, _landed_message(receipt, promise, name, landing))


def _landed_message(receipt: Receipt, promise: Promise, name: str, landing: Landing) -> str:
    message = (
        f"{name}: landed for {receipt.source} as {receipt.scope}, published {receipt.published_on} "
        f"({receipt.published_basis}), {receipt.size_bytes:,} bytes, {receipt.sha256[:12]}"
    )
    if doubt := _doubt(receipt, promise):
        message = f"{message}; {doubt}"
    if receipt.scope.kind != "part":
        return message
    of_day = f" of {receipt.published_on} "
    missing = [one for one in waiting(landing.receipts(receipt.source)) if of_day in one]
    return "; ".join([message, *missing])


def _known_message(
    known: Receipt, name: str, published_on: date | None, scope: Scope | None
) -> str:
    message = (
        f"{name}: the same bytes landed for {known.source} on {known.fetched_at:%Y-%m-%d %H:%M} "
        f"UTC as {known.file_name} ({known.scope}, published {known.published_on}): nothing to do"
    )
    differs = [
        f"{what} {given} was given now and is not applied"
        for what, given, kept in (
            ("publication date", published_on, known.published_on),
            ("scope", scope, known.scope),
        )
        if given is not None and given != kept
    ]
    return "; ".join([message, *differs])


def _promise(source: Source, path: Path, name: str) -> Promise:
    try:
        return source.check(path, name)
    except BadInput as error:
        if not error.where:
            error.where = name
        _explain(error, source, path, name)
        raise
    except (ObservatoryError, OSError, MemoryError):
        raise
    except Exception as error:
        # A file that makes a reader stumble is refused like any bad file: one of them in the
        # inbox must not end the night for the others. The cause stays attached.
        raise BadInput(
            f"cannot be read as {source.title} ({type(error).__name__}: {error})",
            where=name,
            remedy=f"compare it with the publisher's own file at {source.homepage}",
        ) from error


def _explain(error: BadInput, source: Source, path: Path, name: str) -> None:
    """Say what a refused file is where its bytes tell: a wrong header is not what is wrong with
    a web page, and nobody wants to read 55 missing columns of it."""
    if zipfile.is_zipfile(path):
        error.remedy += " (it is a zip archive: land the plain file where there is one)"
        return
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head.startswith(b"\x1f\x8b") and not source.reads_gzip:
        error.what = "is compressed with gzip, which this source does not publish"
        error.remedy = "unpack it (gunzip) and land the file that is inside it"
    else:
        refuse_page(head, name)


def _published(
    given: date | None,
    given_basis: PublishedBasis | None,
    promise: Promise,
    headers: Mapping[str, str],
    name: str,
) -> tuple[date, PublishedBasis]:
    today = clock.now().date()
    modified = _last_modified(headers)
    day: date
    basis: PublishedBasis
    if given:
        day, basis = given, given_basis or "given"
    elif promise.published_on:
        day, basis = promise.published_on, promise.published_basis
    elif modified:
        day, basis = modified, "last-modified"
    elif promise.newest_record:
        day, basis = promise.newest_record, "newest record"
    else:
        day, basis = today, "fetched"
    if day > today + _AHEAD:
        raise BadInput(
            f"its publication date {day} ({basis}) lies in the future",
            where=name,
            remedy="land it with --published and the date on which it was published",
        )
    return day, basis


def _doubt(receipt: Receipt, promise: Promise) -> str:
    """Say what a person should know of a publication date that is a guess, or cannot be right."""
    newest = promise.newest_record
    if receipt.published_basis == "newest record":
        return (
            "the file holds no date: it is taken to be of its newest record; land a copy whose "
            "date you know with --published"
        )
    if receipt.published_basis == "fetched" and receipt.origin in ("command", "inbox"):
        return (
            "the file holds no date: it passes for today's; an older copy must be landed with "
            "--published"
        )
    if newest and newest > receipt.published_on:
        return f"it holds a record of {newest}, later than that date: see whether it is right"
    return ""


def _last_modified(headers: Mapping[str, str]) -> date | None:
    for header, value in headers.items():
        if header.lower() == "last-modified":
            try:
                return parsedate_to_datetime(value).date()
            except ValueError:
                return None
    return None


def _refuse_shrunk(
    source_id: str, path: Path, name: str, scope: Scope, day: date, landing: Landing
) -> None:
    """Refuse a whole body of much fewer bytes than the whole one published before it, of the
    same kind of file: an older edition that lands later may well be smaller."""
    if scope.kind != "whole":
        return
    suffix = Path(name).suffix.lower()
    earlier = [
        one
        for one in landing.snapshots(source_id)
        if one.scope.kind == "whole"
        and one.published_on <= day
        and Path(one.receipts[0].file_name).suffix.lower() == suffix
    ]
    if not earlier:
        return
    before = sum(receipt.size_bytes for receipt in earlier[-1].receipts)
    size = path.stat().st_size
    if size < before * _SHRUNK:
        raise BadInput(
            f"has {size:,} bytes, {1 - size / before:.0%} fewer than the whole edition of "
            f"{earlier[-1].published_on} ({before:,} bytes)",
            where=name,
            remedy="get it again; if it is a part or an extract, land it with that --scope",
        )
