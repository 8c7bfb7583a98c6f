"""Archetypes' awards as notices: Contracts Finder, Find a Tender, Public Contracts Scotland,
Sell2Wales.

What belongs here: releases as each publisher writes them. What does not: what an award means.
A supplier's ``declared`` is what it answered to "public service mutual": true, false or null as
published; a supplier without the key has no such key in the notice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

Row = Mapping[str, Any]


def contracts_finder(rows: Sequence[Row]) -> bytes:
    """A package of award notices of Contracts Finder."""
    return _package(
        "https://www.contractsfinder.service.gov.uk/Published/Notices/OCDS/Search?limit=100",
        [_finder_release(n, row) for n, row in enumerate(rows, 1)],
    )


def find_a_tender(rows: Sequence[Row]) -> bytes:
    """A package of contract details notices (UK7) of Find a Tender."""
    return _package(
        "https://www.find-tender.service.gov.uk/api/1.0/ocdsReleasePackages",
        [_tender_release(n, row) for n, row in enumerate(rows, 1)],
    )


def regional(rows: Sequence[Row], prefix: str) -> bytes:
    """Releases of the Scottish or the Welsh site, a line each: no identifier of any supplier."""
    releases = (_regional_release(n, row, prefix) for n, row in enumerate(rows, 1))
    return "".join(json.dumps(one) + "\n" for one in releases).encode()


def _package(uri: str, releases: Sequence[Row]) -> bytes:
    head = {
        "uri": uri,
        "version": "1.1",
        "extensions": [],
        "publishedDate": "2026-11-20T00:30:00+00:00",
        "publisher": {
            "name": "Cabinet Office",
            "scheme": "GB-GOR",
            "uid": "D2",
            "uri": "https://www.gov.uk/government/organisations/cabinet-office",
        },
        "license": "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        "publicationPolicy": "https://www.gov.uk/government/publications/open-contracting",
        "links": {},
    }
    return json.dumps(head | {"releases": list(releases)}).encode()


def _moment(day: date, *, last: bool = False) -> str:
    return f"{day.isoformat()}T{'23:59:59' if last else '00:00:00'}Z"


def _period(row: Row) -> dict[str, str]:
    return {"startDate": _moment(row["start"]), "endDate": _moment(row["end"], last=True)}


def _requirements(row: Row) -> dict[str, Any]:
    if "reserved" not in row:
        return {}
    return {"otherRequirements": {"reservedParticipation": list(row["reserved"])}}


def _party(party_id: str, name: str, role: str, postcode: str) -> dict[str, Any]:
    return {
        "id": party_id,
        "name": name,
        "identifier": {"legalName": name},
        "address": {
            "streetAddress": "1 Fictional Street",
            "locality": "Fictionton",
            "postalCode": postcode,
            "countryName": "United Kingdom",
        },
        "roles": [role],
    }


def _finder_release(n: int, row: Row) -> dict[str, Any]:
    buyer = _party(f"GB-CFS-{9100 + n}", row["buyer"], "buyer", "ZZ1 1AA")
    suppliers = []
    for place, one in enumerate(row["suppliers"], 1):
        party_id = (
            f"GB-COH-{one['company']}" if "company" in one else f"GB-CFS-{920000 + n * 10 + place}"
        )
        party = _party(party_id, one["name"], "supplier", one["postcode"])
        if "company" in one:
            party["identifier"] |= {"scheme": "GB-COH", "id": one["company"]}
        party["address"] = {
            "streetAddress": f"1 Fictional Street\nFictionton\n{one['postcode']}\nEngland"
        }
        party["details"] = {"scale": "sme", "vcse": one.get("vcse", False)}
        suppliers.append(party)
    award = {
        "id": f"{row['ocid']}-1",
        "status": "active",
        "date": _moment(row["awarded"]),
        "datePublished": _moment(row["awarded"]),
        "value": {"amount": row["amount"], "currency": "GBP"},
        "suppliers": [{"id": one["id"], "name": one["name"]} for one in suppliers],
        "contractPeriod": _period(row),
    }
    return {
        "ocid": row["ocid"],
        "id": f"{row['ocid'].removeprefix('ocds-b5fd17-')}-{n}",
        "language": "en",
        "date": _moment(row["awarded"]),
        "tag": ["award"],
        "initiationType": "tender",
        "tender": {
            "id": f"FIC-{n}",
            "title": row["title"],
            "description": row["title"],
            "status": "complete",
            "classification": {"scheme": "CPV", "id": row["cpv"]},
            "value": {"amount": row["amount"], "currency": "GBP"},
            "procurementMethod": row.get("method", "open"),
            "procurementMethodDetails": row.get("method_details", "Open procedure"),
            "suitability": {"sme": True, "vcse": True},
            "mainProcurementCategory": "services",
            **_requirements(row),
        },
        "parties": [buyer, *suppliers],
        "buyer": {"id": buyer["id"], "name": buyer["name"]},
        "awards": [award],
    }


def _tender_supplier(one: Row, n: int, place: int) -> dict[str, Any]:
    known = [
        (scheme, one[key])
        for scheme, key in (
            ("GB-COH", "company"),
            ("GB-MPR", "society"),
            ("GB-CHC", "charity"),
            ("GB-PPON", "ppon"),
        )
        if key in one
    ]
    party_id = f"{known[0][0]}-{known[0][1]}" if known else f"GB-FTS-{930000 + n * 10 + place}"
    party = _party(party_id, one["name"], "supplier", one["postcode"])
    del party["identifier"]
    if known:
        party["identifier"] = {"scheme": known[0][0], "id": known[0][1]}
    if others := [{"scheme": scheme, "id": number} for scheme, number in known[1:]]:
        party["additionalIdentifiers"] = others
    party["details"] = {"scale": one.get("scale", "sme"), "vcse": one.get("vcse", False)}
    if "declared" in one:
        party["details"]["publicServiceMissionOrganization"] = one["declared"]
    return party


def _tender_release(n: int, row: Row) -> dict[str, Any]:
    notice = f"91{n:04}-{row['awarded'].year}"
    buyer = _party(f"GB-FTS-{9100 + n}", row["buyer"], "buyer", "ZZ1 1AA")
    suppliers = [_tender_supplier(one, n, place) for place, one in enumerate(row["suppliers"], 1)]
    return {
        "ocid": row["ocid"],
        "id": notice,
        "tag": ["award", "contract"],
        "date": _moment(row["awarded"]),
        "initiationType": "tender",
        "parties": [buyer, *suppliers],
        "buyer": {"id": buyer["id"], "name": buyer["name"]},
        "tender": {
            "id": f"FIC/{n}",
            "title": row["title"],
            "legalBasis": {"scheme": "UKPGA", "id": row.get("law", "2023/54")},
            "specialRegime": ["lightTouch"],
            "status": "complete",
            "procurementMethod": row.get("method", "open"),
            **_requirements(row),
        },
        "awards": [
            {
                "id": "1",
                "status": "active",
                "suppliers": [{"id": one["id"], "name": one["name"]} for one in suppliers],
                "items": [
                    {
                        "id": "1",
                        "additionalClassifications": [{"scheme": "CPV", "id": row["cpv"]}],
                        "relatedLot": "1",
                    }
                ],
                "relatedLots": ["1"],
            }
        ],
        "contracts": [
            {
                "id": "1",
                "awardID": "1",
                "status": "active",
                "period": _period(row),
                "value": {"amount": row["amount"], "currency": "GBP"},
                "dateSigned": _moment(row["awarded"]),
                "documents": [
                    {
                        "id": notice,
                        "documentType": "contractNotice",
                        "noticeType": "UK7",
                        "url": f"https://www.find-tender.service.gov.uk/Notice/{notice}",
                    }
                ],
            }
        ],
        "language": "en",
    }


def _regional_release(n: int, row: Row, prefix: str) -> dict[str, Any]:
    parties = [_party("org-1", row["buyer"], "buyer", row["suppliers"][0]["postcode"])]
    for place, one in enumerate(row["suppliers"], 2):
        party = _party(f"org-{place}", one["name"], "supplier", one["postcode"])
        parties.append(party | {"details": {"scale": "sme"}})
    suppliers = [{"id": one["id"], "name": one["name"]} for one in parties[1:]]
    return {
        "id": f"{row['ocid']}-release-1",
        "ocid": row["ocid"],
        "date": _moment(row["awarded"]),
        "tag": ["award", "contract"],
        "initiationType": "tender",
        "language": "EN",
        "parties": parties,
        "buyer": {"id": "org-1", "name": row["buyer"]},
        "tender": {
            "id": f"FIC-{prefix}-{n}",
            "title": row["title"],
            "status": "complete",
            "classification": {"scheme": "CPV", "id": row["cpv"]},
            "legalBasis": {"scheme": "CELEX", "id": "32014L0024"},
            "procurementMethod": row.get("method", "open"),
            **_requirements(row),
        },
        "awards": [
            {
                "id": f"FIC-{n}",
                "status": "active",
                "date": _moment(row["awarded"]),
                "relatedLots": ["1"],
                "suppliers": suppliers,
            }
        ],
        "contracts": [
            {
                "id": f"FIC-{n}",
                "awardID": f"FIC-{n}",
                "status": "active",
                "dateSigned": _moment(row["awarded"]),
                "period": _period(row),
                "value": {"amount": row["amount"], "currency": "GBP"},
            }
        ],
    }
