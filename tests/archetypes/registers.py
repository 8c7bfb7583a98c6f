"""Archetypes' facts in the layouts of the other registers, the regulators and the curated list.

What belongs here: columns as the publishers write them, taken from the fixtures of each source.
What does not: what any of them means. Postcodes are fictional (no postcode begins with ZZ); a
directory of them in the published form says in which district each lies.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from tests.archetypes.companies import day, table
from tests.archives import zipped
from tests.sources.reading import fixture
from tests.sources.workbooks import ods

Row = Mapping[str, Any]
# Sheffield, Cardiff and Glasgow, by the codes of the Office for National Statistics.
POSTCODES: Final = {
    "ZZ1 1AA": "E08000039",
    "ZZ1 1AB": "E08000039",
    "ZZ1 1AD": "E08000039",
    "ZZ2 2AA": "W06000015",
    "ZZ3 3AA": "S12000049",
}


def _header(source: str, name: str) -> list[str]:
    return next(csv.reader(io.StringIO(fixture(source, name).decode("utf-8-sig", "replace"))))


def postcodes() -> bytes:
    """The postcode directory, in ONS's own form."""
    lines = ["pcd7,pcd8,dointr,east1m,north1m,lad25cd"]
    lines += [f"{one},{one},198001,435000,387000,{lad}" for one, lad in POSTCODES.items()]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def societies(rows: Sequence[Row]) -> bytes:
    """The register of societies; the misspelt header is the publisher's."""
    return table(
        _header("fca_societies", "society_list_2024.csv"),
        (
            {
                "Society Number": row["number"],
                "Society Suffix": row.get("suffix", ""),
                "Full Registation Number": f"{row['number']}{row.get('suffix', '')}",
                "Society Name": row["name"].upper(),
                "Registered As": row["form"],
                "Society Address": f"1 Fictional Street, Fictionton, {row['postcode']}",
                "Registration Date": row["registered"].isoformat(),
                "Deregistration Date": day(row.get("deregistered"), "%Y-%m-%d"),
                "Registration Act": row.get("act", ""),
                "Standard Industrial Classification Code (SIC)": row.get("sic", ""),
                "Reporting Classification": row.get("classification", ""),
                "Society Status": "Deregistered" if "deregistered" in row else "Registered",
            }
            for row in rows
        ),
    ).encode("utf-8-sig")


def society_pages(rows: Sequence[Row]) -> bytes:
    """Pages and lists of documents of societies, as the observatory lands them."""

    def page(row: Row) -> str:
        said = {
            "Registration number": row["number"],
            "Status": row.get("status", "Registered"),
            "Registration as": row["form"],
            "Registration Date": f"{row['registered']:%d %B %Y}",
            "Year End": "31 March",
        }
        pairs = "".join(
            f"<div><label>{label}</label><span>{value}</span></div>"
            for label, value in said.items()
        )
        return (
            f"<!DOCTYPE html><html><head><title>Mutuals Public Register: {row['name']}</title>"
            f"</head><body><h1>{row['name']}</h1><div>{pairs}</div></body></html>"
        )

    lines = (
        {
            "key": row["number"],
            "asked_at": "2026-11-22T02:30:00",
            "answer": {
                "society_id": str(90_100 + n),
                "page": page(row),
                "documents": [
                    [day(one["filed"]), one["name"], one["type"], one["kind"], 910_000 + n, "Get"]
                    for one in row.get("documents", [])
                ],
            },
        }
        for n, row in enumerate(rows)
    )
    return "".join(json.dumps(one) + "\n" for one in lines).encode()


def coops(rows: Sequence[Row]) -> bytes:
    """Co-operatives UK's open data: organisations."""
    return table(
        _header("coops_uk_organisations", "open_data_organisations_2026_07.csv"),
        (
            {
                "CUK Organisation ID": row["id"],
                "Registered Number": row.get("number", ""),
                "Registrar": row["registrar"],
                "Registered Name": row["name"],
                "Trading Name": row.get("trading", ""),
                "Legal Form": row["form"],
                "Registered Street": "1 Fictional Street",
                "Registered City": "Fictionton",
                "Registered Postcode": row["postcode"],
                "UK Nation": row["nation"],
                "Ownership Classification": row["ownership"],
                "Registered Status": row.get("status", "Live"),
                "Incorporation Date": f"{row['incorporated']:%d/%m/%Y}",
                "Dissolved Date": day(row.get("dissolved")),
            }
            for row in rows
        ),
    ).encode("cp1252")


def coops_figures(rows: Sequence[Row]) -> bytes:
    """Co-operatives UK's open data: yearly figures."""
    return table(
        _header("coops_uk_economic", "open_data_economic_2019_06.csv"),
        (
            {
                "CUK Organisation ID": row["id"],
                "Registered Name": row["name"],
                "Turnover": row["turnover"],
                "Memberships": row["members"],
                "Employees": row["employees"],
                "Is Most Recent?": "1",
                "Year End Date": f"{row['ends']} 00:00:00",
                "Economic Year": row["ends"].year + 1,
            }
            for row in rows
        ),
    ).encode()


def charity_table(name: str, rows: Sequence[Row]) -> bytes:
    """A table of the Charity Commission's extract: the fixture's first record, with every value
    emptied and the archetype's own put in."""
    member = f"publicextract.{name}.json"
    template = json.loads(fixture("charity_commission", member).decode("utf-8-sig"))[0]
    records = []
    for row in rows:
        record: dict[str, Any] = dict.fromkeys(template)
        if unknown := set(row) - set(record) - {"charity"}:
            raise ValueError(f"{name} has no column {sorted(unknown)}")
        record |= {"date_of_extract": "2026-11-20T00:00:00"}
        record |= {
            key: row["charity"]
            for key in ("organisation_number", "registered_charity_number")
            if key in record
        }
        record |= {"linked_charity_number": 0} if "linked_charity_number" in record else {}
        record |= {
            key: f"{value}T00:00:00" if isinstance(value, date) else value
            for key, value in row.items()
            if key != "charity"
        }
        records.append(record)
    return zipped({member: b"\xef\xbb\xbf" + json.dumps(records).encode()})


def lookup(rows: Sequence[Row]) -> bytes:
    """A crosswalk between registers: pairs of organisation ids."""
    names = any("name" in row for row in rows)
    header = ["org_id_a", "org_id_b", *(["org_name"] if names else []), "relationship", "source"]
    return table(
        header,
        (
            {
                "org_id_a": row["a"],
                "org_id_b": row["b"],
                "relationship": "sameas",
                "source": row["source"],
                **({"org_name": row["name"]} if names else {}),
            }
            for row in rows
        ),
    ).encode()


def cqc(rows: Sequence[Row]) -> bytes:
    """CQC's workbook of active locations."""
    columns = list(
        csv.reader(io.StringIO(fixture("cqc_active_locations", "locations.csv").decode()))
    )
    header = [column[0] for column in columns]

    def line(n: int, row: Row) -> list[str | None]:
        said = {
            "Location ID": f"1-91000{n:05}",
            "Location HSCA start date": row["since"].isoformat(),
            "Dormant (Y/N)": "N",
            "Care home?": "N",
            "Location Name": row["location"],
            "Location Type/Sector": row["sector"],
            "Location Latest Overall Rating": row.get("rating", "Good"),
            "Location Region": "Yorkshire and The Humber",
            "Location Local Authority": "Sheffield",
            "Location Postal Code": row["postcode"],
            "Provider Companies House Number": row.get("company", ""),
            "Provider Charity Number": row.get("charity", ""),
            "Provider ID": row["provider"],
            "Provider Name": row["name"],
            "Provider HSCA start date": row["since"].isoformat(),
            "Provider Type/Sector": row["sector"],
            "Provider Ownership Type": "Organisation",
            "Provider Postal Code": row["postcode"],
            **{f"Service type - {one}": "Y" for one in row["services"]},
        }
        if unknown := set(said) - set(header):
            raise ValueError(f"the workbook has no column {sorted(unknown)}")
        return [said.get(column, "") for column in header]

    return ods(
        {
            "README": [["Active locations"], ["Source: CQC database as at 1 November 2026"]],
            "HSCA_Active_Locations": [header, *(line(n, row) for n, row in enumerate(rows, 1))],
        }
    )


def ods_providers(rows: Sequence[Row]) -> bytes:
    """The report of independent providers of the NHS Organisation Data Service: no header, 27
    columns."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        cells = [""] * 27
        cells[:2] = [row["code"], row["name"].upper()]
        cells[4], cells[7], cells[9] = "1 FICTIONAL STREET", "FICTIONTON", row["postcode"]
        cells[10], cells[11] = f"{row['opened']:%Y%m%d}", day(row.get("closed"), "%Y%m%d")
        cells[21] = "1"
        writer.writerow(cells)
    return text.getvalue().encode()


def housing_providers(rows: Sequence[Row]) -> bytes:
    """The list of registered providers of social housing."""
    return table(
        _header("registered_providers", "providers_2024-04.csv"),
        (
            {
                "organisation_name": row["name"],
                "registration_number": row["number"],
                "registration_date": day(row["registered"]),
                "designation": "Non-profit",
                "corporate_form": row["form"],
            }
            for row in rows
        ),
    ).encode()


def oscr(rows: Sequence[Row]) -> bytes:
    """The register of Scottish charities."""
    header = _header("oscr", "CharityExport-05-Nov-2026.csv")
    return table(
        header, ({column: row.get(column, "") for column in header} for row in rows)
    ).encode()


def nhs_payments(rows: Sequence[Row]) -> bytes:
    """Suppliers of NHS payments, matched to registers by hand."""
    header = _header("nhs_spend", "supplier_matches.csv")
    return table(
        header,
        (
            {
                "supplier": row["supplier"].upper(),
                "companynumber": row["company"],
                "companyname": row["name"].upper(),
                "charityregno": "-1",
                "matchcodeCH": "2 existing perfect except 'LTD/CIC/LIMITED'",
                "orgtypes": "4 CIC" if row.get("cic") else "2 company (not CIC)",
                "isCIC": "1 CIC" if row.get("cic") else "0 not CIC",
                "isNHS": "0 not NHS",
                "count_supplier": row["payments"],
                "amount_supplier": row["amount"],
            }
            for row in rows
        ),
    ).encode()


def curated(rows: Sequence[Row]) -> bytes:
    """A curated list: one cited fact a row, recorded after the packaged list's."""
    return table(
        ["entry_id", "name", "field", "value", "source_url", "source_note", "recorded_on"],
        (
            {
                "entry_id": row["entry"],
                "name": row["name"],
                "field": fact["field"],
                "value": fact["value"],
                "source_url": fact.get("url", "https://news.fictional.example/article"),
                "source_note": "fictional article",
                "recorded_on": "2026-11-24",
            }
            for row in rows
            for fact in row["facts"]
        ),
    ).encode()
