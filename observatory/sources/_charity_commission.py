"""What the tables of the Charity Commission's extract have in common: place, licence, pace.

One source a table, although the publisher offers them as one register: each table is a file of
its own that is replaced by itself, and so it lands, shrinks, fails and is compared with its last
edition by itself. What does not belong here: columns and reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from observatory.landing.receipts import Receipt, Scope
from observatory.sources import _charity_extract, _pages
from observatory.sources._charity_shape import Table
from observatory.sources._watchers import DAY, headers
from observatory.sources.base import Download, Limits, Read, Source

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

PAGE: Final = (
    "https://register-of-charities.charitycommission.gov.uk/register/full-register-download"
)
FILES: Final = "https://ccewuksprdoneregsadata1.blob.core.windows.net/data/json"
# The extract is made anew every day and every record carries its day, so that each day's bytes
# differ. Charities file once a year: an edition a week loses nothing, and keeps 56 MB (the table
# of charities alone, July 2026) a night off a publisher who states no limit.
_EVERY: Final = timedelta(days=7)


def _fetch(table: Table, publisher: Publisher, receipts: Sequence[Receipt]) -> Iterator[Download]:
    if _pages.has_edition_within(receipts, _EVERY):
        return
    url = f"{FILES}/publicextract.{table.name}.zip"
    yield from _pages.fetch_if_changed(publisher, url, receipts)


def source(
    table: Table, what: str, read: Read | None = None, notes: str = "", reader_version: int = 1
) -> Source:
    """Return the registry entry of a table; ``what`` it holds completes the title."""
    return Source(
        id=table.dataset_name,
        title=f"Register of charities, England and Wales: {what}",
        publisher="Charity Commission for England and Wales",
        homepage=PAGE,
        licence="Open Government Licence v3.0",
        licence_url="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        attribution="Contains information from the Charity Commission for England and Wales, "
        "licensed under the Open Government Licence v3.0",
        republish="rows",
        keeps="derived",
        cadence="daily; asked for once a week",
        freshness_days=21,
        limits=Limits(
            seconds_between_requests=2.0,
            evidence="none is stated, no key is needed; one file a table and week",
        ),
        default_scope=Scope("whole"),
        datasets=(table.dataset,),
        reader_version=reader_version,
        check=partial(_charity_extract.check, table),
        read=read or partial(_charity_extract.read, table),
        fetch=partial(_fetch, table),
        watcher=headers(f"{FILES}/publicextract.{table.name}.zip", every=DAY, not_within=_EVERY),
        body_days=100,  # a quarter of weekly extracts
        notes=notes,
    )
