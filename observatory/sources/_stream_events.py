"""What is kept of an event of Companies House's streams, and where it stands in the lake.

Two things worth knowing before you touch this. Events of every kind share a head (resource, time
point, type); of their data only a company's and a filing's is read, and of the others (charges,
controllers, officers) nothing: they name people. And ``published_at`` has no zone.
What does not belong here: connections (``landing/stream.py``), what a change means (the models).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from observatory.errors import BadInput
from observatory.lake import Column, Dataset
from observatory.sources.base import Body

DATASET: Final = Dataset(
    "companies_house_stream",
    (
        Column("resource_uri", "VARCHAR", "the resource that changed, within the register"),
        Column("resource_kind", "VARCHAR", "kind of resource, as published"),
        Column("company_number", "VARCHAR", "the company that it belongs to"),
        Column("event_type", "VARCHAR", "changed or deleted"),
        Column("timepoint", "BIGINT", "its place in its stream: a counter, not a time"),
        Column("event_at", "TIMESTAMP", "when it was published; the zone is not told"),
        Column("version", "VARCHAR", "etag of the resource, or the transaction of a filing"),
        Column("company_name", "VARCHAR", "of a company: its registered name"),
        Column("company_status", "VARCHAR", "of a company: code of its status"),
        Column("company_type", "VARCHAR", "of a company: code of its form"),
        Column("ceased_on", "DATE", "of a company: dissolution, conversion or closure"),
        Column("filing_category", "VARCHAR", "of a filing: its category"),
        Column("filing_type", "VARCHAR", "of a filing: its form"),
        Column("filing_description", "VARCHAR", "of a filing: code of what it is"),
        Column("filed_on", "DATE", "of a filing: its date"),
    ),
)

_COMPANY: Final = re.compile(r"/company/([A-Z0-9]{8})(?:/.*)?", re.ASCII)
_PROFILE: Final = {
    "company_name": "company_name",
    "company_status": "company_status",
    "company_type": "type",
    "ceased_on": "date_of_cessation",
}
_FILING: Final = {
    "filing_category": "category",
    "filing_type": "type",
    "filing_description": "description",
    "filed_on": "date",
}
_READ: Final = {"company-profile": _PROFILE, "filing-history": _FILING}


def parse(line: bytes | str, where: str) -> dict[str, Any]:
    """Return an event. Raises BadInput for a line that is none."""
    try:
        found = json.loads(line)
        timepoint, uri = found["event"]["timepoint"], found["resource_uri"]
        if isinstance(timepoint, int) and isinstance(uri, str):
            return dict(found)
    except (ValueError, KeyError, TypeError):
        pass
    raise BadInput(
        "is not an event of a stream (a resource_uri, and a time point)",
        where=where,
        remedy="if the form has really changed, observatory/sources/_stream_events.py must too",
    )


def company_number(event: Mapping[str, Any]) -> str:
    """Return the company that an event belongs to; empty for officers and the like."""
    found = _COMPANY.fullmatch(str(event["resource_uri"]))
    return found[1] if found else ""


def companies(body: Body) -> frozenset[str]:
    """Return the companies that the events of a body, which was checked when it landed, belong to;
    a gap belongs to none."""
    with body.path.open(encoding="utf-8") as file:
        told = (json.loads(line) for line in file if line.strip())
        return frozenset(company_number(one) for one in told if "resource_uri" in one) - {""}


def version(event: Mapping[str, Any]) -> str:
    """Return what tells one version of a resource from another: its etag; of a filing, which has
    none, its transaction; of a deletion its time point."""
    data = event.get("data")
    data = data if isinstance(data, dict) else {}
    return str(data.get("etag") or data.get("transaction_id") or event["event"]["timepoint"])


def lean(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event with only what is ever read of it: nothing of charges, controllers or
    officers, and no address of a company."""
    wanted = {*_READ.get(str(event.get("resource_kind")), {}).values(), "etag", "transaction_id"}
    data = event.get("data")
    kept = {key: value for key, value in data.items() if key in wanted} if data else {}
    head = {
        key: event.get(key) for key in ("resource_kind", "resource_uri", "resource_id", "event")
    }
    return {**head, "data": kept}


def row(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event as a row of the dataset; a value of another kind is null."""
    told = event["event"]
    data = event.get("data") if isinstance(event.get("data"), dict) else {}
    paths = _READ.get(str(event.get("resource_kind")), {})
    values = {name: (data or {}).get(field) for name, field in paths.items()}
    return {
        "resource_uri": event["resource_uri"],
        "resource_kind": event.get("resource_kind"),
        "company_number": company_number(event) or None,
        "event_type": told.get("type"),
        "timepoint": told["timepoint"],
        "event_at": moment(told),
        "version": version(event),
        **{name: value if isinstance(value, str) else None for name, value in values.items()},
    }


def moment(told: Mapping[str, Any]) -> str | None:
    """Return when an event was published, as ISO 8601 without a zone; None when it does not say."""
    try:
        return datetime.fromisoformat(str(told["published_at"])).replace(tzinfo=None).isoformat()
    except (KeyError, ValueError):
        return None
