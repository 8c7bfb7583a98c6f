"""Companies House: the profile of each watched company, asked for by number with a key.

Three traps. A company missing from the monthly file may be dissolved, converted or closed: only
the profile says which. One key may ask 600 times in five minutes; several keys at once earned
others a ban. And a number that is unknown there is an answer (404), not a failure.
What does not belong here: what is kept of a profile (``_profile_fields.py``), officers (never).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from observatory.errors import BadInput, NotPublished
from observatory.lake import SnapshotWriter
from observatory.landing.receipts import Receipt, Scope
from observatory.sources import _rounds
from observatory.sources._profile_fields import DATASET, kept
from observatory.sources._watchers import at_night
from observatory.sources.base import Body, Download, Key, Limits, Source, Watch

if TYPE_CHECKING:
    from observatory.landing.http import Publisher

HOST: Final = "api.company-information.service.gov.uk"
API: Final = f"https://{HOST}/company/"
KEY: Final = Key(
    "OBSERVATORY_COMPANIES_HOUSE_KEY",
    HOST,
    "https://developer.company-information.service.gov.uk/",
)
# 600 requests in five minutes are one in half a second; a little more keeps us clear of the edge.
LIMITS: Final = Limits(
    seconds_between_requests=0.55,
    seconds_after_403=3600.0,
    evidence="documented: 600 requests in 5 minutes for a key, then 429; 12 keys at some "
    "20 requests a second earned another project a 403 block in July 2026",
)
# What every profile was seen or is documented to have; one without it is another form.
_NEEDED: Final = ("company_number", "company_name", "company_status", "type")


def look(publisher: Publisher, number: str) -> _rounds.Answer:
    """Ask for one profile. Raises BadInput when the answer is none, or another company's."""
    try:
        text = publisher.get_text(f"{API}{number}").text
    except NotPublished:
        return _rounds.Answer(None, None)
    try:
        profile = json.loads(text)
    except ValueError as error:
        raise BadInput("the answer is not JSON", where=f"{API}{number}", remedy=_REMEDY) from error
    judge(profile, f"{API}{number}")
    if profile["company_number"] != number:
        raise BadInput("the profile is another company's", where=f"{API}{number}", remedy=_REMEDY)
    return _rounds.Answer(profile, kept(profile)[0])


_REMEDY: Final = "look at the answer; if its form has really changed, _profile_fields.py must too"


def judge(profile: Any, where: str) -> None:  # noqa: ANN401 - JSON
    """Raise BadInput for an answer that is neither a profile nor null (an unknown number)."""
    if profile is None:
        return
    if not isinstance(profile, dict):
        raise BadInput("the answer is not a company profile", where=where, remedy=_REMEDY)
    if missing := [name for name in _NEEDED if not isinstance(profile.get(name), str)]:
        raise BadInput(f"the profile lacks {', '.join(missing)}", where=where, remedy=_REMEDY)


def bare(found: Any) -> tuple[str, Any] | None:  # noqa: ANN401 - JSON
    """Return the number and the profile of an answer that a person saved as the API gave it."""
    number = found.get("company_number") if isinstance(found, dict) else None
    return (number, found) if isinstance(number, str) else None


ROUND: Final = _rounds.Round("profiles", API, timedelta(hours=20), 300, look)


def fetch(publisher: Publisher, receipts: Sequence[Receipt], watch: Watch) -> Iterator[Download]:
    """Yield the profiles of watched companies that changed since they were last asked for."""
    yield from ROUND.walk(publisher, watch.asked, watch.watched.company_numbers)


def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
    """Write one row a profile, in the order of the body, and what was odd."""
    rows: list[dict[str, object]] = []
    for body in bodies:
        where = body.receipt.file_name
        for at, number, asked_at, profile in _rounds.answers(body.path, where, bare):
            row, findings = kept(profile or {})
            asked = _rounds.asked_at(asked_at, body.receipt)
            head = {"locator": at, "company_number": number, "asked_at": asked}
            rows.append({**head, "is_known": profile is not None, **row})
            for one in findings:
                locator = head["locator"] if one.kind == "unreadable-value" else ""
                writer.issue(**one._asdict(), locator=locator)
    _rounds.write_rows(writer, DATASET, rows)


SOURCE = Source(
    id="companies_house_profile",
    title="Company profiles of watched organisations",
    publisher="Companies House",
    homepage="https://developer-specs.company-information.service.gov.uk/",
    licence="no restriction on use of the public register; no licence is named",
    licence_url="https://www.gov.uk/guidance/companies-house-data-products",
    attribution="Contains data from the public register of Companies House",
    republish="rows",
    keeps="derived",
    cadence="continuous; we ask nightly, for the candidates only",
    freshness_days=3,
    limits=LIMITS,
    default_scope=Scope("increment"),
    datasets=(DATASET,),
    reader_version=1,
    check=_rounds.check_by(judge, bare),
    read=read,
    fetch=None,
    watcher=at_night("companies are asked about one by one"),
    body_days=400,  # a year of profiles can be read again
    fetch_watched=fetch,
    key=KEY,
    notes="addresses are landed but not read beyond the postcode; officers are never asked for",
)
