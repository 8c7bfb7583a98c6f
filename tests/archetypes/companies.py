"""Archetypes' facts in the layouts of Companies House: basic data, controllers, profiles,
cohorts, accounts.

What belongs here: columns, lines and documents as the publisher writes them. What does not:
what any of them means.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any, Final

from tests import archives
from tests.sources import accounts_files
from tests.sources.reading import fixture

Row = Mapping[str, Any]
BASIC_FILE: Final = "BasicCompanyDataAsOneFile-2026-11-01.csv"
PSC_FILE: Final = "persons-with-significant-control-snapshot-2026-11-20.zip"
ACCOUNTS_FILE: Final = "Accounts_Bulk_Data-2026-11-20.zip"
_BASIC_FIXTURE: Final = "BasicCompanyData-2020-06-01-part6_7.csv"
_STREET: Final = "1 Fictional Street"


def table(header: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """A CSV of these columns; a row that names another column is a mistake of ours."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval="", lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows({k: "" if v is None else v for k, v in row.items()} for row in rows)
    return text.getvalue()


def day(value: date | None, form: str = "%d/%m/%Y") -> str:
    """A day as this publisher writes it; empty for none."""
    return value.strftime(form) if value else ""


def basic(rows: Sequence[Row]) -> bytes:
    """The monthly file of live companies."""
    header = fixture("companies_house_basic", _BASIC_FIXTURE).decode().splitlines()[0].split(",")
    place = {column.strip(): column for column in header}

    def line(row: Row) -> dict[str, object]:
        said: dict[str, object] = {
            "CompanyName": row["name"].upper(),
            "CompanyNumber": row["number"],
            "RegAddress.AddressLine1": _STREET.upper(),
            "RegAddress.PostTown": "FICTIONTON",
            "RegAddress.PostCode": row["postcode"],
            "CompanyCategory": row["category"],
            "CompanyStatus": row.get("status", "Active"),
            "CountryOfOrigin": "United Kingdom",
            "IncorporationDate": day(row["incorporated"]),
            "Accounts.AccountRefDay": "31",
            "Accounts.AccountRefMonth": "3",
            "Accounts.NextDueDate": day(row.get("accounts_due", date(2026, 12, 31))),
            "Accounts.LastMadeUpDate": day(row.get("accounts_to", date(2025, 3, 31))),
            "Accounts.AccountCategory": row.get("accounts", "FULL"),
            "Mortgages.NumMortCharges": "0",
            "Mortgages.NumMortOutstanding": "0",
            "Mortgages.NumMortPartSatisfied": "0",
            "Mortgages.NumMortSatisfied": "0",
            "LimitedPartnerships.NumGenPartners": "0",
            "LimitedPartnerships.NumLimPartners": "0",
            "URI": f"http://business.data.gov.uk/id/company/{row['number']}",
            "ConfStmtNextDueDate": "13/02/2027",
            "ConfStmtLastMadeUpDate": "30/01/2026",
        }
        for n, sic in enumerate(row.get("sic", ["None Supplied"]), 1):
            said[f"SICCode.SicText_{n}"] = sic
        for n, previous in enumerate(row.get("previous", []), 1):
            said[f"PreviousName_{n}.CONDATE"] = day(previous["until"])
            said[f"PreviousName_{n}.CompanyName"] = previous["name"].upper()
        return {place[column]: value for column, value in said.items()}

    return table(header, map(line, rows)).encode()


def psc(rows: Sequence[Row]) -> bytes:
    """The snapshot of controllers as it is zipped, with the totals that end it."""
    lines = [_psc_line(n, row) for n, row in enumerate(rows, 1)]
    statements = sum("statement" in row for row in rows)
    lines.append(
        {
            "data": {
                "kind": "totals#persons-of-significant-control-snapshot",
                "persons_of_significant_control_count": len(rows) - statements,
                "statements_count": statements,
                "exemptions_count": 0,
                "generated_at": "2026-11-20T03:40:50+00:00",
            }
        }
    )
    text = "".join(json.dumps(one) + "\n" for one in lines)
    return archives.zipped({PSC_FILE.replace(".zip", ".txt"): text.encode()})


def _psc_line(n: int, row: Row) -> dict[str, Any]:
    end = {"ceased_on": row["ceased"].isoformat()} if "ceased" in row else {}
    data: dict[str, Any] = {"etag": f"{n:040}", "notified_on": row["notified"].isoformat(), **end}
    path = f"/company/{row['company']}/persons-with-significant-control"
    if "statement" in row:
        data |= {
            "kind": "persons-with-significant-control-statement",
            "statement": row["statement"],
            "links": {"self": f"{path}-statements/s{n}"},
        }
        return {"company_number": row["company"], "data": data}
    identification = {
        "legal_authority": row["authority"],
        "legal_form": row["form"],
    }
    if "number" in row:
        identification |= {
            "country_registered": "England",
            "place_registered": "Companies House",
            "registration_number": row["number"],
        }
    data |= {
        "address": {"address_line_1": _STREET, "locality": "Fictionton", "country": "England"},
        "identification": identification,
        "kind": f"{row['kind']}-person-with-significant-control",
        "links": {"self": f"{path}/{row['kind']}/c{n}"},
        "name": row["name"],
        "natures_of_control": list(row["natures"]),
    }
    return {"company_number": row["company"], "data": data}


def profiles(rows: Sequence[Row]) -> bytes:
    """Profiles of the register's interface, as the observatory lands them."""

    def answer(row: Row) -> dict[str, Any]:
        said: dict[str, Any] = {
            "company_number": row["number"],
            "company_name": row["name"].upper(),
            "company_status": row["status"],
            "type": row["type"],
            "date_of_creation": row["incorporated"].isoformat(),
            "jurisdiction": "england-wales",
            "etag": f"{int(row['number'][2:]):040}",
            "links": {"self": f"/company/{row['number']}"},
            "has_been_liquidated": row.get("liquidated", False),
            "has_insolvency_history": row.get("liquidated", False),
            "registered_office_address": {"postal_code": row["postcode"]},
        }
        if "ceased" in row:
            said["date_of_cessation"] = row["ceased"].isoformat()
        if row.get("cic"):
            said |= {"subtype": "community-interest-company", "is_community_interest_company": True}
        if "accounts_due" in row:
            said["accounts"] = {
                "next_due": row["accounts_due"].isoformat(),
                "overdue": row["overdue"],
                "last_accounts": {"made_up_to": row["accounts_to"].isoformat(), "type": "small"},
            }
        return said

    lines = (
        {"key": row["number"], "asked_at": "2026-11-22T02:30:00", "answer": answer(row)}
        for row in rows
    )
    return "".join(json.dumps(one) + "\n" for one in lines).encode()


def search(rows: Sequence[Row]) -> bytes:
    """A download of the website's advanced search."""
    header = fixture("companies_house_search", "results.csv").decode().splitlines()[0].split(",")
    return table(
        header,
        (
            {
                "company_name": row["name"].upper(),
                "company_number": row["number"],
                "company_status": row["status"],
                "company_type": row["type"],
                "company_subtype": row.get("subtype", ""),
                "dissolution_date": day(row.get("dissolved"), "%Y-%m-%d"),
                "incorporation_date": day(row["incorporated"], "%Y-%m-%d"),
                "nature_of_business": " ".join(row["sic"]),
                "registered_office_address": f"{_STREET} Fictionton {row['postcode']} England",
            }
            for row in rows
        ),
    ).encode()


def accounts(rows: Sequence[Row]) -> bytes:
    """A daily archive of filings for the year to 31 March 2026; CICs file packages."""
    members: dict[str, bytes] = {}
    for row in rows:
        number = row["company"]
        stem = f"Prod223_4320_{number}_20260331"
        dates = accounts_files.DATES.replace(
            "Fictional Community Care CIC", escape(row["name"]).replace("{", "")
        )
        filing = accounts_files.document(_filing(row), dates=dates, number=number)
        if "cic34" not in row:
            members[f"{stem}.html"] = filing
            continue
        report = accounts_files.document(_report(row["cic34"]), dates=dates, number=number)
        members[f"{stem}_CIC.zip"] = archives.zipped(
            {
                f"CIC-{number}/accounts/financialStatement.xhtml": filing,
                f"CIC-{number}/cic34/cicReport.xhtml": report,
            }
        )
    return archives.zipped(members)


def _tagged(tag: str, text: str) -> str:
    return f'<p><ix:nonNumeric name="{tag}" contextRef="year">{escape(text)}</ix:nonNumeric></p>'


def _filing(row: Row) -> str:
    parts = [
        accounts_files.amount("TurnoverRevenue", str(row["turnover"])),
        accounts_files.employees("", str(row["employees"])),
        accounts_files.amount("NetAssetsLiabilities", str(row["net_assets"]), context="end"),
    ]
    if "share_capital" in row:
        parts.append(accounts_files.amount("Equity", str(row["share_capital"]), context="reserve"))
    parts += [f"<p>{escape(words)}</p>" for words in row.get("words", [])]
    if "activities" in row:
        parts.append(_tagged("b:DescriptionPrincipalActivities", row["activities"]))
    if "parent" in row:
        parts.append(_tagged("c:NameParentEntity", row["parent"]))
    if "controlling_party" in row:
        parts.append(
            _tagged("c:NameUltimateControllingPartyIfNotUltimateParent", row["controlling_party"])
        )
    return "".join(parts)


def _report(said: Row) -> str:
    consulted = "true" if said["consulted"] else "false"
    return _tagged("i:ConsultationHasBeenHeldTruefalse", consulted) + _tagged(
        "i:NamesCompanyStakeholders", said["stakeholders"]
    )
