"""Annual returns from published files to outcomes: filed accounts, a charity's two parts and a
society's listed document, through the lake and every model between."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from observatory import build
from observatory.lake import Lake
from observatory.landing.accept import land_file
from observatory.landing.store import Landing
from observatory.models import engine, tables
from observatory.models.project import Project
from observatory.settings import from_environment
from observatory.sources.base import Body, get, registry
from tests import archives
from tests.sources import accounts_files as files
from tests.sources.reading import fixture, read

COMPANY, SOCIETY = "GB-COH-09999901", "GB-MPR-99901R"
WANTED = ("returns", "outcomes", "events")
# Which number is whose, and what the other registers say, is given: it is not what is tried here.
GIVEN = {
    "ent_filers": (
        f"values ('GB-COH', '09999901', '{COMPANY}'), ('GB-CHC', '9900001', '{COMPANY}'),"
        f" ('GB-MPR', '99901R', '{SOCIETY}')"
    ),
    "ent_published": f"values ('{COMPANY}', true), ('{SOCIETY}', true)",
    "ent_record_organisations": "",
    "ent_organisations": "",
    "awards": "",
    "stg_fca_societies": "",
    "stg_companies_house_basic": "",
    "stg_coops_uk_organisations": "",
    "stg_known_mutuals": "",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The tables, of a filing in the archives of its day and month, its amendment, and the rest."""
    folder = tmp_path_factory.mktemp("returns")
    _land(folder)
    project = build.load_project(from_environment({}))
    with engine.in_memory() as con:
        engine.load_macros(con, project.macros)
        Lake(folder / "home" / "lake").attach(con, registry())
        needed = _needed(project)
        for name in project.models:
            if name in GIVEN:
                _give(con, project, name)
            elif name in needed:
                tables.make(con, project.model(name))
        yield con


def _land(folder: Path) -> None:
    accounts = "companies_house_accounts"
    amended = files.document(files.FIGURES.replace(">321<", ">322<"))
    read(accounts, files.archive(), folder, files.DAILY)
    other = {files.NAME.replace("4320", "4330"): amended}
    _read_more(accounts, archives.zipped(other), folder, "Accounts_Bulk_Data-2026-11-21.zip")
    monthly = {files.NAME.replace("Prod223_4320", "Prod224_2611"): files.document()}
    _read_more(accounts, archives.zipped(monthly), folder, "Accounts_Monthly_Data-November2026.zip")
    for part in ("a", "b"):
        name = f"publicextract.charity_annual_return_part{part}.json"
        data = archives.zipped({name: fixture("charity_commission", name)})
        read(f"charity_commission_part_{part}", data, folder, f"{part}.zip")
    answer = {
        "society_id": "90001",
        "page": fixture("fca_society_pages", "society.html").decode(),
        "documents": json.loads(fixture("fca_society_pages", "documents.json")),
    }
    line = {"key": "99901R", "asked_at": "2026-11-23T02:30:00", "answer": answer}
    read("fca_society_pages", f"{json.dumps(line)}\n".encode(), folder, "societies_x.jsonl")


def _read_more(source_id: str, data: bytes, folder: Path, name: str) -> None:
    """Read a further snapshot of a source into the same lake."""
    path = folder / name
    path.write_bytes(data)
    landing = Landing(folder / "home" / "landing")
    receipt = land_file(get(source_id), path, landing, origin="command").receipt
    (snapshot,) = [one for one in landing.snapshots(source_id) if receipt in one.receipts]
    body = Body(landing.body(receipt), receipt)
    Lake(folder / "home" / "lake").ingest(get(source_id), snapshot, [body])


def _needed(project: Project) -> set[str]:
    """What the wanted tables read, short of the tables that are given."""
    waiting, seen = list(WANTED), set(GIVEN)
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += project.model(one).depends_on
    return seen - set(GIVEN)


def _give(con: duckdb.DuckDBPyConnection, project: Project, name: str) -> None:
    columns = project.model(name).contract.columns
    declared = ", ".join(f"{tables.quoted(one.name)} {one.type}" for one in columns)
    con.execute(f"create table {name} ({declared})")
    if GIVEN[name]:
        con.execute(f"insert into {name} {GIVEN[name]}")


def test_copies_are_one_filing_and_the_amendment_counts(built: duckdb.DuckDBPyConnection) -> None:
    found = built.execute(
        "select employees, published_on, published_precision, copies, is_chosen, has_cic_report"
        " from stg_companies_house_accounts order by employees"
    ).fetchall()
    assert found == [
        (321.0, date(2026, 11, 20), "day", 3, False, True),
        (322.0, date(2026, 11, 21), "day", 1, True, False),
    ]


def test_each_period_has_a_row_and_each_gap_a_reason(built: duckdb.DuckDBPyConnection) -> None:
    found = built.execute(
        "select org_id, period_end_on, source, turnover_gbp, income_gbp, net_assets_gbp, employees,"
        " filed_on, len(missing), list_filter(missing, lambda x: x.measure = 'employees')[1].reason"
        " from returns order by org_id, period_end_on desc"
    ).fetchall()
    house, charity, fca = (
        "companies_house_accounts",
        "charity_commission_part_a",
        "fca_society_pages",
    )
    document, received = "filed as a document that is not read", date(2025, 12, 1)
    assert found == [
        (COMPANY, date(2026, 3, 31), house, 12345678, None, -1234000, 322, None, 8, None),
        (COMPANY, date(2025, 3, 31), charity, None, 2500000, 360000, 87, received, 6, None),
        (COMPANY, date(2024, 3, 31), charity, None, 2300000, None, None, date(2024, 12, 1), 10,
         "stated for its group only"),
        (SOCIETY, date(2025, 3, 31), fca, None, None, None, None, date(2025, 11, 21), 12, document),
        (SOCIETY, date(2024, 3, 31), fca, None, None, None, None, date(2024, 10, 2), 12, document),
    ]  # fmt: skip


def test_outcomes_come_of_one_filing(built: duckdb.DuckDBPyConnection) -> None:
    found = built.execute(
        "select measure, period_end_on.year(), value from outcomes"
        " where missing is null order by all"
    ).fetchall()
    assert found == [
        ("employees", 2025, 87),
        ("employees", 2026, 322),
        ("government-income-share", 2025, 0.84),
        ("income-less-expenditure", 2024, 10000),
        ("income-less-expenditure", 2025, 99999.75),
        ("income-per-employee", 2025, 2500000 / 87),
        ("net-assets", 2025, 360000),
        ("net-assets", 2026, -1234000),
        ("profit-after-tax", 2026, 0),
        ("turnover-per-employee", 2026, 12345678 / 322),
    ]


def test_filings_are_events_and_an_amendment_is_another(built: duckdb.DuckDBPyConnection) -> None:
    found = built.execute(
        "select org_id, event, event_on, precision from events order by event_on"
    ).fetchall()
    assert found == [
        (SOCIETY, "return filed", date(2024, 10, 2), "day"),
        (COMPANY, "return filed", date(2024, 12, 1), "day"),
        (SOCIETY, "return filed", date(2025, 11, 21), "day"),
        (COMPANY, "return filed", date(2025, 12, 1), "day"),
        (SOCIETY, "return overdue", date(2026, 11, 1), "day"),
        (COMPANY, "accounts published", date(2026, 11, 20), "day"),
        (COMPANY, "accounts published", date(2026, 11, 21), "day"),
    ]


def test_an_overdue_return_tells_its_rule_its_day_and_its_link(
    built: duckdb.DuckDBPyConnection,
) -> None:
    """Year end 31 March on the page, asked on 23 November: the seven months ended on 31 October."""
    found = built.execute(
        "select event_from::varchar, is_adverse, detail, url from events "
        "where event = 'return overdue'"
    ).fetchall()
    assert found == [
        (
            "2026-11-01",
            True,
            "annual return due 2026-10-31: no return is listed that was filed after the year end "
            "(record of 2026-11-23)",
            "https://mutuals.fca.org.uk/Search/Society/90001",
        )
    ]
