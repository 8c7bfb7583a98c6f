"""Companies House: the Free Company Data Product, every live company once a month.

Three traps. Only live companies are in it: a company that is gone may have been converted, not
dissolved. Registered societies are stubs (placeholder dates, no SIC): the FCA's register is their
source. ``Community Interest Company`` stands in place of the underlying form.
What does not belong here: columns and words (``_companies_house.py``), their meaning (the models).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from observatory.errors import BadInput
from observatory.landing.receipts import Receipt, Scope, snapshots
from observatory.sources import _bulk_csv, _pages
from observatory.sources._companies_house import LAYOUT
from observatory.sources._watchers import index_page
from observatory.sources.base import Bounds, Download, Limits, Promise, Source

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

PAGE: Final = "https://download.companieshouse.gov.uk/en_output.html"
_NAME = re.compile(
    r"BasicCompanyData(?:AsOneFile)?-(?P<day>\d{4}-\d{2}-\d{2})"
    r"(?:-part(?P<part>\d+)_(?P<of>\d+))?\.(?:zip|csv)",
    re.ASCII | re.IGNORECASE,
)


def check(path: Path, file_name: str) -> Promise:
    """Check the header; the date, and the part if it is one, stand in the published name.

    Raises BadInput when a column that is read is missing, or the name's date is no date.
    """
    LAYOUT.check(path, file_name)
    found = _NAME.fullmatch(file_name)
    if not found:
        return Promise()
    part = f"part {found['part']} of {found['of']}"
    return Promise(_day(file_name), "file name", Scope.parse(part) if found["part"] else None)


def fetch(publisher: Publisher, receipts: Sequence[Receipt]) -> Iterator[Download]:
    """Yield the newest month: the one file, or all its parts where the page offers no such file.

    A name holds its date, so what has landed is not fetched again unless the server says that
    it changed. Raises BadInput when the page names no file, or not all parts of one.
    """
    found = {_pages.name_of(url): url for url in _pages.find_links(publisher, PAGE, _NAME)}
    newest = max(_day(name) for name in found)
    wanted = {name: url for name, url in found.items() if _day(name) == newest}
    whole = {name: url for name, url in wanted.items() if not _scope(name).part}
    if not whole:
        _refuse_gaps(list(wanted))
    held = any(
        one.published_on == newest and one.scope.kind == "whole" for one in snapshots(receipts)
    )
    for name, url in (whole or wanted).items():
        scope = _scope(name)
        mine = [one for one in receipts if one.url == url and one.scope == scope]
        last = max(mine, key=lambda one: (one.fetched_at, one.sha256), default=None)
        if last is None and held:
            continue
        if last is not None and not (last.etag or last.last_modified):
            continue
        fetched = publisher.download(
            url,
            etag=last.etag if last else "",
            last_modified=last.last_modified if last else "",
        )
        if fetched is not None:
            yield Download(
                path=fetched.path,
                file_name=name,
                url=url,
                headers=fetched.headers,
                published_on=newest,
                published_basis="file name",
                scope=scope,
            )


def _day(name: str) -> date:
    found = _NAME.fullmatch(name)
    try:
        return date.fromisoformat(found["day"] if found else "")
    except ValueError as error:
        raise BadInput(
            "the date in its name is no date",
            where=name,
            remedy="land it with --published and the date on which it was published",
        ) from error


def _scope(name: str) -> Scope:
    found = _NAME.fullmatch(name)
    if not found or not found["part"]:
        return Scope("whole")
    return Scope.parse(f"part {found['part']} of {found['of']}")


def _refuse_gaps(names: Sequence[str]) -> None:
    scopes = {_scope(name) for name in names}
    of = max(scope.of for scope in scopes)
    missing = [str(n) for n in range(1, of + 1) if Scope("part", n, of) not in scopes]
    if missing:
        raise BadInput(
            f"the page offers neither the one file nor part {', '.join(missing)} of {of}",
            where=PAGE,
            remedy="the publisher may be in the middle of an update: try again in some hours",
        )


SOURCE = Source(
    id="companies_house_basic",
    title="Free Company Data Product: basic data of live companies",
    publisher="Companies House",
    homepage=PAGE,
    # The page of the product names no licence. Companies House says of its register that it
    # places no restriction on its use; the Open Government Licence is not asserted here.
    licence="no restriction on use of the public register; no licence is named",
    licence_url="https://www.gov.uk/guidance/companies-house-data-products",
    attribution="Contains data from the public register of Companies House",
    republish="rows",
    keeps="bytes",
    cadence="monthly, within five working days of the end of the month",
    freshness_days=45,
    limits=Limits(
        seconds_between_requests=2.0,
        evidence="none is stated for the download host; two requests a night",
    ),
    default_scope=Scope("whole"),
    bounds=Bounds(4_500_000, 7_500_000),  # 5.7 million rows in 2026
    datasets=(LAYOUT.dataset,),
    # 2: NUL bytes are dropped, a repeated header is no record, a line over a megabyte is
    # quarantined. A file without these gives the same records, byte for byte, as it did under 1.
    reader_version=2,
    check=check,
    read=_bulk_csv.read_by(LAYOUT),
    fetch=fetch,
    watcher=index_page(PAGE, _NAME, _day),
    notes="only the newest month stays published: what is not landed in time is gone",
)
