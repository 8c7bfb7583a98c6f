"""Companies House: the streaming API, read for some minutes at a time, of watched companies only.

Three traps. A time point is a counter of its own stream and no time; some three days of them can
be asked for again, and one out of that window answers 416: the reader goes on from now and says so.
Blank lines are heartbeats. And events repeat: a resource and its etag are one, however often.
What does not belong here: what is kept of an event (``_stream_events.py``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from observatory.errors import BadInput, OutOfRange
from observatory.lake import SnapshotWriter
from observatory.landing import stream
from observatory.landing.receipts import Receipt, Scope
from observatory.sources import _rounds
from observatory.sources import _stream_events as kept
from observatory.sources._watchers import at_night
from observatory.sources.base import Body, Download, Key, Limits, Promise, Source, Watch
from observatory.sources.companies_house_profile import KEY as PROFILE_KEY

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

HOST: Final = "stream.companieshouse.gov.uk"
# Of the nine streams those that tell of companies as such, and name nobody.
STREAMS: Final = ("companies", "filings", "insolvency-cases")
PATIENCE: Final = stream.Patience()
GAP: Final = "gap"


def check(path: Path, file_name: str) -> Promise:
    """Promise the newest day of the events. Raises BadInput for a line that is none."""
    days = [
        date.fromisoformat(at[:10])
        for _, one in _events(path, file_name)
        if GAP not in one and (at := kept.moment(one["event"]))
    ]
    return Promise(max(days), "content") if days else Promise()


def fetch(publisher: Publisher, receipts: Sequence[Receipt], watch: Watch) -> Iterator[Download]:
    """Yield each stream's new events of watched companies, a body a stream.

    Where a stream was left is noted once its events have landed. A time point that the publisher
    no longer has is a gap, which is landed as such. Raises whatever ``publisher`` raises.
    """
    for name in STREAMS:
        since = watch.asked.answer(name)
        found: list[str] = []
        seen: set[tuple[str, str]] = set()
        last = int(since or 0)
        try:
            last = _listen(publisher, name, last, watch.watched.company_numbers, found, seen)
        except OutOfRange:
            found.append(json.dumps({GAP: name, "after": last}))
            last = _listen(publisher, name, 0, watch.watched.company_numbers, found, seen)
        if found:
            path = publisher.written(found)
            label = f"stream_{name}_{since or 0}_{last}.jsonl"
            yield Download(path, label, f"https://{HOST}/{name}", scope=Scope("increment"))
        if last:
            watch.asked.note({name: str(last)})


def _listen(
    publisher: Publisher,
    name: str,
    after: int,
    watched: frozenset[str],
    found: list[str],
    seen: set[tuple[str, str]],
) -> int:
    """Add the lean events of watched companies to ``found``, each version of a resource once, and
    return the time point of the last event of any company."""
    url, last = f"https://{HOST}/{name}" + (f"?timepoint={after + 1}" if after else ""), after
    for line in stream.events(publisher, url, PATIENCE):
        event = kept.parse(line, url)
        last = max(last, event["event"]["timepoint"])
        one = (event["resource_uri"], kept.version(event))
        if kept.company_number(event) in watched and one not in seen:
            seen.add(one)
            found.append(json.dumps(kept.lean(event), ensure_ascii=False))
    return last


def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
    """Write one row a version of a resource, in the order of the body."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for body in bodies:
        for number, event in _events(body.path, body.receipt.file_name):
            if GAP in event:
                detail = f"events of the stream after {event.get('after')} are lost: too long ago"
                writer.issue("stream-gap", severity="drift", value=str(event[GAP]), detail=detail)
                continue
            row = kept.row(event)
            key = (row["resource_uri"], row["version"])
            rows.setdefault(key, {"locator": f"line {number}", **row})
    _rounds.write_rows(writer, kept.DATASET, rows.values())


def _events(path: Path, where: str) -> Iterable[tuple[int, dict[str, Any]]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            if line.startswith(f'{{"{GAP}"'):
                yield number, json.loads(line)
            elif line.strip():
                yield number, kept.parse(line, f"{where}, line {number}")
            elif not line.endswith("\n"):
                raise BadInput("its last line is cut", where=where)


SOURCE = Source(
    id="companies_house_stream",
    title="Streaming API: changes at watched companies as they happen",
    publisher="Companies House",
    homepage="https://developer-specs.company-information.service.gov.uk/streaming-api/",
    licence="no restriction on use of the public register; no licence is named",
    licence_url="https://www.gov.uk/guidance/companies-house-data-products",
    attribution="Contains data from the public register of Companies House",
    republish="rows",
    keeps="derived",
    cadence="continuous; listened to every quarter of an hour, until it is silent",
    freshness_days=3,
    limits=Limits(
        seconds_between_requests=10.0,
        evidence="documented: 429 when connecting too often, ten connections for a key; the "
        "publisher's support accepted a reader that connects every few minutes and leaves",
    ),
    default_scope=Scope("increment"),
    datasets=(kept.DATASET,),
    reader_version=1,
    check=check,
    read=read,
    fetch=None,
    fetch_watched=fetch,
    key=Key("OBSERVATORY_COMPANIES_HOUSE_STREAM_KEY", HOST, PROFILE_KEY.obtain),
    watcher=at_night("it is listened to by a schedule of its own"),
    body_days=60,  # the lean events stay in the lake
    every=timedelta(minutes=15),
    prompts="companies_house_profile",  # verdicts rest on whole records
    names=kept.companies,
    notes="of charges, controllers and officers no data is read; of watched companies only",
)
