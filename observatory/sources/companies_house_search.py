"""Companies House: cohorts of companies by month of incorporation, dissolved ones included.

Three traps. A search gives at most 10,000 companies, so a fuller month is asked for day by day.
Status and dissolution are those of the day of the search, not of the register's history. And the
website's CSV has words where the API has codes: both are brought to codes.
What does not belong here: columns and codes (``_search_layout.py``), survival (the models).
"""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from observatory import clock
from observatory.errors import BadInput, NotPublished
from observatory.lake import SnapshotWriter
from observatory.landing.receipts import Receipt, Scope
from observatory.sources import _delimited, _rounds, _search_layout
from observatory.sources._search_layout import LAYOUT
from observatory.sources._watchers import at_night
from observatory.sources.base import Body, Download, Promise, Source, Watch
from observatory.sources.companies_house_profile import HOST, KEY, LIMITS
from observatory.sources.companies_house_profile import SOURCE as PROFILE

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

API: Final = f"https://{HOST}/advanced-search/companies"
PAGE_SIZE, CAP = 5_000, 10_000
# Community interest companies, and their usual form to compare them with; first in July 2005.
COHORTS: Final = {
    "cic": "company_subtype=community-interest-company",
    "guarantee": "company_type=private-limited-guarant-nsc",
}
_FIRST: Final = (2005, 7)


def look(publisher: Publisher, key: str) -> _rounds.Answer:
    """Ask for one cohort, such as ``cic 2024-01``. Raises BadInput for an unknown form, or when
    the pages do not add up."""
    cohort, _, month = key.partition(" ")
    first = date.fromisoformat(f"{month}-01")
    last = first.replace(day=monthrange(first.year, first.month)[1])
    pages = _span(publisher, COHORTS[cohort], first, last)
    return _rounds.Answer(pages, judge(pages, f"{API}, {key}"))


def _span(publisher: Publisher, query: str, first: date, last: date) -> list[Any]:
    pages: list[Any] = []
    hits = 1
    while PAGE_SIZE * len(pages) < hits:
        address = (
            f"{API}?{query}&incorporated_from={first}&incorporated_to={last}"
            f"&size={PAGE_SIZE}&start_index={PAGE_SIZE * len(pages)}"
        )
        try:
            page = json.loads(publisher.get_text(address).text)
        except NotPublished:  # the documented answer to a search that finds nothing
            page = {"hits": 0, "items": []}
        except ValueError as error:
            raise BadInput(
                "the answer is not JSON", where=API, remedy=_search_layout.REMEDY
            ) from error
        _search_layout.items(page, API)
        hits = page["hits"]
        if hits > CAP and first < last:
            days = (first + timedelta(n) for n in range((last - first).days + 1))
            return [page for day in days for page in _span(publisher, query, day, day)]
        if hits > CAP:
            raise BadInput(f"{hits:,} companies of {first}; {CAP:,} can be had", where=API)
        pages.append(page)
    if (given := sum(len(page["items"]) for page in pages)) != hits:
        raise BadInput(f"gave {given:,} of {hits:,} companies", where=API, remedy="try again later")
    return pages


def judge(pages: Any, where: str) -> list[dict[str, str]]:  # noqa: ANN401 - JSON
    """Return the items of all pages as cells. Raises BadInput when they are in another form."""
    if not isinstance(pages, list):
        raise BadInput("the answer is no list of pages", where=where, remedy=_search_layout.REMEDY)
    return [
        _search_layout.as_cells(item)
        for page in pages
        for item in _search_layout.items(page, where)
    ]


ROUND: Final = _rounds.Round("cohorts", API, timedelta(days=30), 12, look)


def fetch(publisher: Publisher, receipts: Sequence[Receipt], watch: Watch) -> Iterator[Download]:
    """Yield the cohorts that changed, each asked for once a month, up to the last full month."""
    today = clock.now().date()
    months = range(_FIRST[0] * 12 + _FIRST[1] - 1, today.year * 12 + today.month - 1)
    keys = [f"{cohort} {n // 12}-{n % 12 + 1:02}" for cohort in COHORTS for n in months]
    yield from ROUND.walk(publisher, watch.asked, keys)


def check(path: Path, file_name: str) -> Promise:
    """Check a CSV's header, or the form of answers that landed. Raises BadInput."""
    if _search_layout.is_json(path):
        return _rounds.check_by(judge, _search_layout.bare)(path, file_name)
    return _delimited.check_by(LAYOUT)(path, file_name)


def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
    """Write one row a company, from a CSV or from answers of the API."""
    path, name = bodies[0].path, bodies[0].receipt.file_name
    if not _search_layout.is_json(path):
        _delimited.read_by(LAYOUT)(bodies, writer)
        return
    rows: list[dict[str, object]] = []
    for at, _, _, pages in _rounds.answers(path, name, _search_layout.bare):
        for place, cells in enumerate(judge(pages, at)):
            rows.append(_search_layout.as_row(cells, f"{at} item {place}", writer))
    _rounds.write_rows(writer, LAYOUT.dataset, rows)


SOURCE = Source(
    id="companies_house_search",
    title="Advanced search: cohorts of companies with their dissolutions",
    publisher="Companies House",
    homepage="https://find-and-update.company-information.service.gov.uk/advanced-search",
    licence=PROFILE.licence,
    licence_url=PROFILE.licence_url,
    attribution=PROFILE.attribution,
    republish="rows",
    keeps="bytes",
    cadence="continuous; we ask for each month of incorporation once a month",
    freshness_days=45,
    limits=LIMITS,
    default_scope=Scope("extract"),
    datasets=(LAYOUT.dataset,),
    reader_version=1,
    check=check,
    read=read,
    fetch=None,
    watcher=at_night("a cohort is asked for once a month"),
    fetch_watched=fetch,
    key=KEY,
)
