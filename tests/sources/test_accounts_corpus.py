"""Every real filing of the corpus: figures beside those printed in it, and beside ixbrlparse's.

The expected figures (``bench/accounts_printed.csv``) were read off the documents as a person sees
them. A figure that is printed but not tagged for the company alone (the group's turnover of
13225094) must stay missing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench import accounts_figures
from bench.accounts_figures import MEASURES, compared, printed
from tests.sources.reading import read

ID = "companies_house_accounts"
# ixbrlparse drops the sign of a figure in brackets nowhere, but takes scale=-2 at its word.
TAGGED_WRONG = {("09355500", "employees"): ("0.03",)}


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


@pytest.mark.corpus
def test_every_real_filing_has_the_figures_that_are_printed_in_it(
    filings: dict[str, dict[str, Any]],
) -> None:
    found = {
        number: {
            "company_number": number,
            "period_end_on": str(row["period_end_on"]),
            **{name: said(row, name) for name in MEASURES},
        }
        for number, row in filings.items()
    }
    assert found == printed()


def said(row: dict[str, Any], name: str) -> str:
    missing: str = row[f"{name}_missing"]
    return missing if row[name] is None else f"{row[name]:.15g}"


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
def test_the_table_beside_ixbrlparse_differs_only_where_the_tag_is_wrong(
    corpus: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ixbrlparse")
    monkeypatch.setenv("OBSERVATORY_CORPUS", str(corpus))
    lines = list(compared())
    monkeypatch.setattr(accounts_figures, "compared", lambda: lines)
    assert accounts_figures.main() == 0
    assert (
        "00045611   2025-06-30 employees           339          339  339" in capsys.readouterr().out
    )
    assert all(one.ours == one.printed for one in lines)
    read = [one for one in lines if one.theirs]
    assert len(read) == 32
    differing = {
        (one.company_number, one.measure): one for one in read if one.theirs != (one.ours,)
    }
    assert {key: one.theirs for key, one in differing.items()} == TAGGED_WRONG
    monkeypatch.setattr(
        accounts_figures, "compared", lambda: [lines[0]._replace(ours="0.03"), *lines[1:]]
    )
    assert accounts_figures.main() == 1
