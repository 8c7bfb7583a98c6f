"""The SQL macros say the same as the Python functions, on chosen and on real values."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import duckdb
import pytest

from observatory import identifiers as ids
from observatory.settings import PROJECT_ROOT

PAIRS: dict[str, Callable[[str | None], object]] = {
    "normalise_company_number": ids.normalise_company_number,
    "normalise_society_number": ids.normalise_society_number,
    "normalise_name": ids.normalise_name,
    "normalise_postcode": ids.normalise_postcode,
    "find_postcode": ids.find_postcode,
    "looks_like_person": ids.looks_like_person,
}
CHOSEN = [
    None,
    "",
    " ",
    "0",
    "00000000",
    "6273905",
    "458577871",
    "SC12345",
    "R0000123",
    "R0",
    "IP28116R",
    "IP2779R",
    "XX123456",
    "IP031542",
    "IP000348",
    "CU000069",
    "4242CS",
    "7029CBS",
    "12CUS",
    "00525R",
    "The Fictional Co-operative C.I.C.",
    "Ffuglen Cyf.",
    "Tŷ Ffuglen CBC",
    "Fictional L.L.P. (The)",
    "Mr Fictional",
    "Ann Fictional t/a Cabs",
    "Ann O’Fictional",
    "sw1a1aa",
    "x S1 2AB, S10 2TN",
    "&",
    "the",
]


@pytest.fixture(scope="module")
def macros() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute((PROJECT_ROOT / "sql" / "macros" / "identifiers.sql").read_text(encoding="utf-8"))
    return con


def differences(
    con: duckdb.DuckDBPyConnection, macro: str, values: Iterable[str | None]
) -> list[object]:
    distinct = sorted({value for value in values if value is not None})
    rows = con.execute(
        f"select v, {macro}(v) from (select unnest(?::varchar[]) as v)", [[*distinct, None]]
    ).fetchall()
    function = PAIRS[macro]
    return [(v, got, function(v)) for v, got in rows if got != function(v)]


@pytest.mark.parametrize("macro", PAIRS)
def test_macro_agrees_on_chosen_values(macros: duckdb.DuckDBPyConnection, macro: str) -> None:
    assert differences(macros, macro, CHOSEN) == []


def column(path: Path, *names: str) -> set[str]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return {row[name] or "" for row in csv.DictReader(lines) for name in names}


@pytest.fixture
def real(corpus: Path) -> dict[str, set[str]]:
    """Real values, by kind; read once."""
    return read_real(corpus)


@cache
def read_real(corpus: Path) -> dict[str, set[str]]:
    """Names, numbers and addresses of every source in the corpus."""
    coops = corpus / "coops_uk" / "open_data_organisations_2017_06.csv"
    fca = corpus / "fca_mutuals" / "SocietyList.csv"
    spend = corpus / "nhs_spend" / "supplier_matches.csv"
    crosswalk = column(
        corpus / "fca_mutuals" / "mutual-companies-crosswalk.csv", "org_id_a", "org_id_b"
    )
    folder = corpus / "companies_house" / "basic"
    with zipfile.ZipFile(folder / "BasicCompanyDataAsOneFile-2024-11-01.zip") as packed:
        lines = packed.read(packed.namelist()[0]).decode().splitlines()
    companies = {row[0] for row in csv.reader(lines)}
    notices = corpus / "procurement" / "contracts_finder" / "cf_releases_2025-01_2025-03.jsonl"
    parties = [
        party
        for line in notices.read_text(encoding="utf-8").splitlines()
        for party in json.loads(line)["parties"]
    ]
    return {
        "names": companies
        | column(coops, "Registered Name", "Trading Name")
        | column(fca, "Society Name")
        | column(spend, "supplier", "companyname")
        | {party.get("name", "") for party in parties},
        "numbers": {one.split("-", 2)[2] for one in crosswalk}
        | column(coops, "Registered Number")
        | column(fca, "Full Registation Number")
        | column(spend, "companynumber")
        | {party.get("identifier", {}).get("id", "") for party in parties},
        "addresses": column(fca, "Society Address")
        | column(coops, "Registered Postcode")
        | {party.get("address", {}).get("streetAddress", "") for party in parties},
    }


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("macro", "kind"),
    [
        ("normalise_name", "names"),
        ("looks_like_person", "names"),
        ("normalise_company_number", "numbers"),
        ("normalise_society_number", "numbers"),
        ("find_postcode", "addresses"),
        ("normalise_postcode", "addresses"),
    ],
)
def test_macro_agrees_on_real_values(
    macros: duckdb.DuckDBPyConnection, real: dict[str, set[str]], macro: str, kind: str
) -> None:
    assert len(real[kind]) > 5000
    assert differences(macros, macro, real[kind]) == []


@pytest.mark.corpus
def test_every_number_of_the_crosswalk_is_already_canonical(corpus: Path) -> None:
    path = corpus / "fca_mutuals" / "mutual-companies-crosswalk.csv"
    for text in column(path, "org_id_a", "org_id_b"):
        assert ids.parse_org_id(text) == tuple(text.rsplit("-", 1)), text
