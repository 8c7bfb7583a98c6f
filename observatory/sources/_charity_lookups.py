"""What the crosswalks of the charity-lookups project have in common: place, licence, form.

What does not belong here: which pair to believe (the models).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from observatory.landing.receipts import Receipt, Scope
from observatory.sources import _delimited, _pages
from observatory.sources._layout import Field, Layout
from observatory.sources._values import Kind, org_id
from observatory.sources._watchers import DAY, headers
from observatory.sources.base import Bounds, Download, Limits, Source

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

FILES: Final = "https://raw.githubusercontent.com/drkane/charity-lookups/main/relationships"
_CHARITIES: Final = ("GB-CHC", "GB-SC", "GB-NIC")


def _charity(cell: str) -> str:
    if not any(cell.startswith(f"{one}-") and len(cell) > len(one) + 1 for one in _CHARITIES):
        raise ValueError("is not an identifier of a charity register")
    return cell


CHARITY: Final = Kind("VARCHAR", _charity)
COMPANY: Final = org_id("GB-COH")


def layout(name: str, a: tuple[Kind, str], b: tuple[Kind, str], org_name: str = "") -> Layout:
    """Return the layout of a crosswalk whose two sides are of these kinds and meanings;
    ``org_name`` is the meaning of its names, empty where it has none."""
    name_field = Field("org_name", org_name, ("org_name",), optional=True)
    return Layout(
        name,
        (
            Field("org_id_a", a[1], ("org_id_a",), a[0], needed=True),
            Field("org_id_b", b[1], ("org_id_b",), b[0], needed=True),
            *((name_field,) if org_name else ()),
            Field(
                "relationship",
                "sameas: both identifiers are of one organisation",
                ("relationship",),
                vocabulary=frozenset({"sameas"}),
            ),
            Field("source_note", "where the pair comes from", ("source",), optional=True),
        ),
        remedy=f"fetch it from {FILES} again; if its columns have really changed, "
        "observatory/sources/_charity_lookups.py must learn them",
        unique=("org_id_a", "org_id_b"),
    )


def source(
    made: Layout,
    file: str,
    title: str,
    cadence: str,
    freshness_days: int,
    bounds: Bounds | None = None,
) -> Source:
    """Return the registry entry of the crosswalk in ``relationships/<file>.csv``."""
    return Source(
        id=made.dataset_name,
        title=title,
        publisher="David Kane, charity-lookups",
        homepage="https://github.com/drkane/charity-lookups",
        licence="Open Database License (ODbL) 1.0",
        licence_url="https://opendatacommons.org/licenses/odbl/1-0/",
        attribution=f"Contains information from charity-lookups ({file}), which is made "
        "available here under the Open Database License (ODbL)",
        republish="rows",
        keeps="bytes",
        cadence=cadence,
        freshness_days=freshness_days,
        limits=Limits(
            seconds_between_requests=1.0,
            evidence="one conditional request a night; GitHub limits unauthenticated raw downloads "
            "without stating a number",
        ),
        default_scope=Scope("whole"),
        bounds=bounds,
        datasets=(made.dataset,),
        reader_version=1,
        check=_delimited.check_by(made),
        read=_delimited.read_by(made),
        fetch=partial(_fetch, f"{FILES}/{file}.csv"),
        watcher=headers(f"{FILES}/{file}.csv", every=DAY),
        notes="share-alike: a published table that takes in a substantial part of it is ODbL too",
    )


def _fetch(url: str, publisher: Publisher, receipts: Sequence[Receipt]) -> Iterator[Download]:
    yield from _pages.fetch_if_changed(publisher, url, receipts)
