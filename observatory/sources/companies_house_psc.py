"""Companies House: the daily snapshot of people with significant control (PSC), without people.

Three traps. Societies and CIOs have no such register: no line is no sign of independence. A
statement that nobody controls a company is misspelt by its publisher ("signficant"). And kinds
are noisy: councils are filed as corporate entities, private individuals as legal persons.
What does not belong here: lines and codes (``_psc_*.py``), what a controller means (the models).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from observatory.errors import BadInput
from observatory.lake import SnapshotWriter
from observatory.landing.receipts import Receipt, Scope, snapshots
from observatory.sources import _pages, _psc_files
from observatory.sources import _psc_words as words
from observatory.sources._psc_lines import head
from observatory.sources._psc_sql import Reading
from observatory.sources._psc_totals import compare
from observatory.sources._watchers import DAY, index_page
from observatory.sources.base import Body, Download, Limits, Promise, Source

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

# It is published daily and has 2 GB; what we ask of it changes slowly.
EVERY: Final = timedelta(days=7)
_SHOWN = 100  # lines looked at before a file is accepted


def check(path: Path, file_name: str) -> Promise:
    """Check the shape of the first lines; date and part stand in the published name.

    Raises BadInput when most of them are not what a snapshot's lines are.
    """
    lines = head(path, file_name, _SHOWN)
    bad = [problem for problem in map(_problem, lines) if problem]
    if not lines or len(bad) * 2 > len(lines):
        raise BadInput(
            f"{len(bad)} of its first {len(lines)} lines are not PSC records: "
            + (bad[0] if bad else "there is none"),
            where=file_name,
            remedy=f"download it again from {_psc_files.PAGE}; if its lines have really changed, "
            "observatory/sources/_psc_sql.py must learn them",
        )
    found = _psc_files.NAME.fullmatch(file_name)
    return (
        Promise(_psc_files.day(file_name), "file name", _psc_files.scope(file_name))
        if found
        else Promise()
    )


def _problem(line: bytes) -> str:
    try:
        found = json.loads(line)
        kind = found["data"]["kind"]
    except (ValueError, KeyError, TypeError):
        return "no JSON object with data and a kind"
    if "company_number" not in found and kind != words.TOTALS:
        return f"no company_number beside the kind {kind!r}"
    return ""


def fetch(publisher: Publisher, receipts: Sequence[Receipt]) -> Iterator[Download]:
    """Yield the parts of today's snapshot (the one file where there are none), once in ``EVERY``.

    The parts that landed of it are passed over, so that a broken night goes on where it ended.
    Raises BadInput when the page names no file, or not all parts.
    """
    found = {
        _pages.name_of(url): url
        for url in _pages.find_links(publisher, _psc_files.PAGE, _psc_files.NAME)
    }
    newest = max(map(_psc_files.day, found))
    held = [one for one in snapshots(receipts) if one.scope.kind == "whole"]
    if held and newest - held[-1].published_on < EVERY:
        return
    landed = {one.url for one in receipts}
    for name, url in _psc_files.wanted(
        {name: url for name, url in found.items() if _psc_files.day(name) == newest}
    ):
        fetched = None if url in landed else publisher.download(url)
        if fetched is not None:
            yield Download(
                fetched.path,
                name,
                url,
                fetched.headers,
                newest,
                "file name",
                _psc_files.scope(name),
            )


def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
    """Write controllers, statements and counts; compare the lines with the totals line."""
    reading = Reading(writer)
    for body in bodies:
        reading.take(body)
    for dataset in words.DATASETS:
        reading.write(dataset)
    compare(reading.kinds, reading.totals, writer)


SOURCE = Source(
    id="companies_house_psc",
    title="People with significant control: who controls companies, without individuals",
    publisher="Companies House",
    homepage=_psc_files.PAGE,
    licence="no restriction on use of the public register; no licence is named",
    licence_url="https://www.gov.uk/guidance/companies-house-data-products",
    attribution="Contains data from the public register of Companies House",
    republish="derived facts",
    keeps="derived",
    cadence="daily; we ask for one a week",
    freshness_days=21,
    limits=Limits(
        seconds_between_requests=2.0,
        evidence="none is stated for the download host; one page a night, some 32 parts a week",
    ),
    default_scope=Scope("extract"),
    datasets=words.DATASETS,
    reader_version=1,
    check=check,
    read=read,
    fetch=fetch,
    watcher=index_page(
        _psc_files.PAGE, _psc_files.NAME, _psc_files.day, every=DAY, not_within=EVERY
    ),
    body_days=60,  # 2 GB a week; eight editions can be read again
    notes="names, births, nationalities and addresses of individuals are never read",
)
