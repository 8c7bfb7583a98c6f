"""Every real filing of the corpus: figures beside those printed in it, and beside ixbrlparse's.

The expected figures were read off the documents as a person sees them. A figure that is printed
but not tagged for the company alone (the group's turnover of 13225094) must stay missing.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.sources.reading import read

ID = "companies_house_accounts"
NONE = "not-tagged"
# number: period's end, employees, turnover, net assets (a slug: why there is none)
PRINTED: dict[str, tuple[date, float | str, float | str, float | str]] = {
    "09355500": (date(2022, 12, 31), 3, NONE, 375_004),
    "14033910": (date(2022, 8, 31), 1, NONE, -577),
    "14068295": (date(2022, 12, 31), 3, NONE, 100),
    "NI681295": (date(2022, 8, 31), 1, NONE, 3_437),
    "NI682066": (date(2022, 9, 30), 2, NONE, 8_382),
    "OC437536": (date(2022, 5, 31), 0, NONE, NONE),
    "OC438238": (date(2022, 7, 31), 2, NONE, 155_318),
    "SC720321": (date(2023, 1, 31), 4, NONE, -22_737),
    "SC722766": (date(2023, 2, 28), 0, NONE, 1),
    "15052776": (date(2024, 8, 31), 4, NONE, 3_365),
    "00225951": (date(2024, 10, 31), 1, NONE, 595_325),
    "00045611": (date(2025, 6, 30), 339, 8_478_308, 4_474_647),
    "08241288": (date(2025, 4, 30), 1, NONE, 327_698),
    "08241548": (date(2025, 9, 30), 14, NONE, 1_236_355),
    "08241882": (date(2025, 10, 31), NONE, NONE, 1),
    "13225094": (date(2025, 4, 30), 3, NONE, 1_458_997),
    "00003006": (date(2009, 7, 31), NONE, NONE, 25_853),
}
MEASURES = ("employees", "turnover", "net_assets")
# ixbrlparse drops the sign of a figure in brackets nowhere, but takes scale=-2 at its word.
TAGGED_WRONG = {("09355500", "employees"): 0.03}


def bodies(corpus: Path) -> list[Path]:
    return sorted((corpus / "companies_house" / "accounts").iterdir())


@pytest.fixture
def filings(corpus: Path, tmp_path: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for place, path in enumerate(bodies(corpus)):
        result = read(ID, path.read_bytes(), tmp_path / str(place), path.name)
        assert result.snapshot.quarantined == 0, result.issues
        found |= {row["company_number"]: row for row in result.rows}
    return found


def documents(corpus: Path) -> Iterator[tuple[str, bytes]]:
    """Every tagged accounts document with its company number."""
    for path in bodies(corpus):
        if path.suffix != ".zip":
            yield path.name.split("_")[2], path.read_bytes()
            continue
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.startswith("__MACOSX"):
                    continue
                data = archive.read(name)
                if name.endswith(".zip"):
                    with zipfile.ZipFile(io.BytesIO(data)) as package:
                        (inner,) = (one for one in package.namelist() if "nts/" in one[:-1])
                        data = package.read(inner)
                yield name.split("_")[2], data


@pytest.mark.corpus
def test_every_real_filing_has_the_figures_that_are_printed_in_it(
    filings: dict[str, dict[str, Any]],
) -> None:
    found = {
        number: (
            row["period_end_on"],
            *(row[f"{name}_missing"] if row[name] is None else row[name] for name in MEASURES),
        )
        for number, row in filings.items()
    }
    assert found == PRINTED


@pytest.mark.corpus
def test_what_else_the_largest_filings_say(filings: dict[str, dict[str, Any]]) -> None:
    club = filings["00045611"]
    assert (club["profit"], club["staff_costs"]) == (-2_881_002, 7_526_287)
    assert club["parent_name"] == "Lincoln City Holdings Limited"
    assert "professional football club" in club["principal_activities"]
    assert filings["13225094"]["has_group_figures"] is True
    assert filings["08241548"]["profit_missing"] == "only-with-dimension"
    cic = filings["15052776"]
    assert (cic["package"], cic["consultation_held"]) == ("CIC", True)
    assert cic["legal_form"] == "CompanyLimitedByGuarantee"
    assert filings["00225951"]["parent_missing"] == "no-organisation-named"


@pytest.mark.corpus
@pytest.mark.filterwarnings("ignore")
def test_figures_agree_with_ixbrlparse(corpus: Path, filings: dict[str, dict[str, Any]]) -> None:
    ixbrlparse = pytest.importorskip("ixbrlparse")
    compared = 0
    for number, data in documents(corpus):
        theirs = ixbrlparse.IXBRL(io.BytesIO(data), raise_on_error=False)
        row = filings[number]
        for name in MEASURES:
            if row[name] is None:
                continue
            values = {
                float(one.value)
                for one in theirs.numeric
                if one.name == row[f"{name}_tag"]
                and one.context is not None
                and one.context.id == row[f"{name}_context"]
                and one.value is not None
            }
            assert values == {TAGGED_WRONG.get((number, name), row[name])}, (number, name)
            compared += 1
    assert compared == 32
