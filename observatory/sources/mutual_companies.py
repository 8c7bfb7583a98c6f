"""Society number to company number: the crosswalk of the charity-lookups project.

Two traps. It is many-to-many (44 societies have two company numbers, two company numbers belong
to two societies), and it only ever grows: its maintainer adds new pairs to the old file. Company
numbers of old societies cannot be computed, so this is the only join.
What does not belong here: which pair to believe (the models).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from observatory.landing.receipts import Receipt, Scope
from observatory.sources import _delimited, _pages
from observatory.sources._layout import Field, Layout
from observatory.sources._values import org_id
from observatory.sources._watchers import DAY, headers
from observatory.sources.base import Bounds, Download, Limits, Source

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

URL = (
    "https://raw.githubusercontent.com/drkane/charity-lookups/main/"
    "relationships/mutual-companies.csv"
)

LAYOUT = Layout(
    "mutual_companies",
    (
        Field(
            "org_id_a",
            "the society: GB-MPR- and the register's full registration number",
            ("org_id_a",),
            org_id("GB-MPR"),
            needed=True,
        ),
        Field(
            "org_id_b",
            "the company record: GB-COH- and its number",
            ("org_id_b",),
            org_id("GB-COH"),
            needed=True,
        ),
        Field("org_name", "the name that both registers gave", ("org_name",), optional=True),
        Field(
            "relationship",
            "sameas: both identifiers are of one organisation",
            ("relationship",),
            vocabulary=frozenset({"sameas"}),
        ),
        Field("source_note", "where the pair comes from", ("source",), optional=True),
    ),
    remedy=f"fetch {URL} again; if its columns have really changed, "
    "observatory/sources/mutual_companies.py must learn them",
    unique=("org_id_a", "org_id_b"),
)


def fetch(publisher: Publisher, receipts: Sequence[Receipt]) -> Iterator[Download]:
    """Yield the crosswalk when its ETag changed."""
    yield from _pages.fetch_if_changed(publisher, URL, receipts)


SOURCE = Source(
    id="mutual_companies",
    title="Mutual societies and their company numbers",
    publisher="David Kane, charity-lookups",
    homepage="https://github.com/drkane/charity-lookups",
    licence="Open Database License (ODbL) 1.0",
    licence_url="https://opendatacommons.org/licenses/odbl/1-0/",
    attribution="Contains information from charity-lookups (mutual-companies), which is made "
    "available here under the Open Database License (ODbL)",
    republish="rows",
    keeps="bytes",
    cadence="weekly, on Tuesdays, when it changed",
    freshness_days=60,
    limits=Limits(
        seconds_between_requests=1.0,
        evidence="one conditional request a night; GitHub limits unauthenticated raw downloads "
        "without stating a number",
    ),
    default_scope=Scope("whole"),
    bounds=Bounds(9_000, 20_000),  # 12,252 rows in July 2026
    datasets=(LAYOUT.dataset,),
    reader_version=1,
    check=_delimited.check_by(LAYOUT),
    read=_delimited.read_by(LAYOUT),
    fetch=fetch,
    watcher=headers(URL, every=DAY),
    notes="share-alike: a published table that takes in a substantial part of it is ODbL too",
)
