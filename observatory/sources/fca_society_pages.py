"""FCA Mutuals Public Register: the page of each watched society, and what it has filed.

Two traps. The address of a page holds the site's own id, never the registration number, so each
society is searched for first. And a list of documents comes in two shapes; who reads only one of
them takes a society that files for one that does not.
What does not belong here: the form of pages and lists (``_society_pages.py``), the documents.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from observatory.errors import BadInput
from observatory.lake import SnapshotWriter
from observatory.landing.receipts import Receipt, Scope
from observatory.sources import _rounds
from observatory.sources import _society_pages as pages
from observatory.sources._society_tables import DOCUMENTS, SOCIETIES
from observatory.sources._watchers import at_night
from observatory.sources.base import Body, Download, Limits, Source, Watch

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

SITE: Final = "https://mutuals.fca.org.uk/"


def look(publisher: Publisher, number: str) -> _rounds.Answer:
    """Search for a society, and ask for its page and its documents. Raises BadInput when an
    answer is not in the known form."""
    search = f"{SITE}Search/Search?SearchTerm={quote(number)}"
    own_id = pages.society_id(publisher.get_text(search).text, number, search)
    if own_id is None:
        return _rounds.Answer(None, None)
    page = publisher.get_text(f"{SITE}Search/Society/{own_id}").text
    address = f"{SITE}Documents/GetSocietiesDocument?societyId={own_id}"
    text = publisher.get_text(address).text
    try:
        listed = json.loads(text)
    except ValueError as error:
        raise BadInput("the list of documents is not JSON", where=address) from error
    whole = {"society_id": own_id, "page": page, "documents": listed}
    return _rounds.Answer(whole, judge(whole, f"{SITE}Search/Society/{own_id}"))


def judge(answer: Any, where: str) -> object:  # noqa: ANN401 - JSON
    """Return what is kept of an answer. Raises BadInput when it is in another form."""
    if answer is None:
        return None
    if not isinstance(answer, dict) or not isinstance(answer.get("page"), str):
        raise BadInput("the answer holds no page", where=where)
    found = pages.society(answer["page"], where)
    name = found["society_name"] if found else ""
    listed = pages.documents(answer.get("documents"), where)
    return found, [pages.document(row, name) for row in listed]


# A society files once a year: to ask once a week finds it soon enough.
ROUND: Final = _rounds.Round("societies", SITE, timedelta(days=7), 50, look)


def fetch(publisher: Publisher, receipts: Sequence[Receipt], watch: Watch) -> Iterator[Download]:
    """Yield the watched societies whose page or documents changed since they were asked for."""
    yield from ROUND.walk(publisher, watch.asked, watch.watched.society_numbers)


def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
    """Write one row a society and one a document; rows in another form are quarantined."""
    societies: list[dict[str, object]] = []
    documents: list[dict[str, object]] = []
    for body in bodies:
        for at, number, asked_at, answer in _rounds.answers(body.path, body.receipt.file_name):
            own_id = (answer or {}).get("society_id")
            found = pages.society(answer["page"], at) if answer else None
            listed = pages.documents(answer["documents"], at) if answer else []
            head = {"society_number": number, "asked_at": asked_at, "society_id": own_id}
            known = {"is_known": found is not None, "documents": len(listed), **(found or {})}
            societies.append({"locator": at, **head, **known})
            for place, row in enumerate(listed):
                kept = pages.document(row, str((found or {}).get("society_name", "")))
                locator = f"{at}/documents/{place}"
                if kept is None:
                    detail = "it is not a row of date, file name, two categories and an id"
                    writer.issue(
                        "unreadable-row", severity="quarantined", locator=locator, detail=detail
                    )
                else:
                    documents.append({"locator": locator, **head, **kept})
    _rounds.write_rows(writer, SOCIETIES, societies)
    _rounds.write_rows(writer, DOCUMENTS, documents)


SOURCE = Source(
    id="fca_society_pages",
    title="Mutuals Public Register: pages and filings of watched societies",
    publisher="Financial Conduct Authority",
    homepage=SITE,
    licence="not settled: the FCA asks for a licence to re-use extracts of the register",
    licence_url="https://fca.org.uk/re-use-public-sector-information-regulations/"
    "information-asset-register-charges",
    attribution="Facts from the Mutuals Public Register, Financial Conduct Authority",
    republish="derived facts",
    keeps="derived",
    cadence="continuous; we ask about each candidate once a week",
    freshness_days=14,
    limits=Limits(
        seconds_between_requests=0.75,
        evidence="none is stated; a reader with 16 threads met none in 2026; we stay below two "
        "requests a second, three for a society",
    ),
    default_scope=Scope("increment"),
    datasets=(SOCIETIES, DOCUMENTS),
    reader_version=1,
    check=_rounds.check_by(judge),
    read=read,
    fetch=None,
    watcher=at_night("societies are asked about one by one"),
    body_days=400,  # a year of pages can be read again
    fetch_watched=fetch,
    notes="addresses, officers and the documents themselves are not read",
)
