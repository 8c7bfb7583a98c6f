"""The monthly file in the real shape, made of a fixture's records, for the tests of its source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from observatory.lake import Lake
from observatory.sources.base import get
from tests import archives
from tests.sources.reading import Result, fixture

ID = "companies_house_basic"
PART = "BasicCompanyData-2020-06-01-part6_7.csv"
ONE = "BasicCompanyDataAsOneFile-2020-06-01.csv"
ZIP = "BasicCompanyDataAsOneFile-2020-06-01.zip"
DATA = fixture(ID, PART)
HEADER, *RECORDS = DATA.rstrip(b"\r\n").split(b"\r\n")
PAGE_PATH = "/en_output.html"


def lines(*records: bytes, header: bytes = HEADER) -> bytes:
    return b"\r\n".join([header, *records]) + b"\r\n"


def zipped(data: bytes, *members: str) -> bytes:
    return archives.zipped(dict.fromkeys(members or (ONE,), data))


def seen(folder: Path, columns: str) -> list[Any]:
    """Rows of the lake's view, with the locators that readers of the lake see."""
    with duckdb.connect() as con:
        Lake(folder / "home" / "lake").attach(con, {ID: get(ID)})
        return con.execute(f"select {columns} from lake.{ID}").fetchall()


def by_number(result: Result) -> dict[str, dict[str, Any]]:
    return {row["company_number"]: row for row in result.rows}


def page(*names: str) -> str:
    """The publisher's page with links to these files."""
    return "".join(f'<li><a href="{name}">{name}\n  (377Mb)</a></li>' for name in names)
