"""Explanations of real organisations, from the real files of the corpus through the real models."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from observatory import build
from observatory.answers.explain import explain
from observatory.answers.explanation import Explanation
from observatory.lake import Lake
from observatory.landing.accept import land_file
from observatory.landing.receipts import Scope
from observatory.landing.store import Landing
from observatory.models import engine
from observatory.settings import PROJECT_ROOT, Settings
from observatory.sources.base import Body, get

pytestmark = pytest.mark.corpus

LANDED = (
    ("fca_societies", "fca_mutuals/SocietyList.csv", "extract"),
    ("mutual_companies", "fca_mutuals/mutual-companies-crosswalk.csv", "whole"),
    ("coops_uk_organisations", "coops_uk/open_data_organisations_2017_06.csv", "whole"),
    (
        "companies_house_basic",
        "companies_house/basic/BasicCompanyData-2020-06-01-part6_7.csv",
        "extract",
    ),
    ("known_mutuals", "", "whole"),
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The build database over five real files; it has every table that a release has."""
    named = os.environ.get("OBSERVATORY_CORPUS")
    corpus = Path(named) if named else PROJECT_ROOT.parent / "shared" / "corpus"
    if not (corpus / "README.md").is_file():
        pytest.skip(f"no corpus at {corpus}")
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    landing, lake = Landing(settings.landing), Lake(settings.lake)
    for source_id, name, scope in LANDED:
        source = get(source_id)
        path = corpus / name if name else settings.models / "seeds" / "known_mutuals.csv"
        land_file(source, path, landing, origin="command", scope=Scope.parse(scope))
        for snapshot in landing.snapshots(source_id):
            bodies = [Body(landing.body(one), one) for one in snapshot.receipts]
            lake.ingest(source, snapshot, bodies)
    build.build_models(settings)
    with engine.reader(settings.build_database) as con:
        yield con


def _ask(con: duckdb.DuckDBPyConnection, query: str) -> Explanation:
    return explain(con, query, build=con)


def _verdicts(told: Explanation) -> dict[str, str]:
    return {one.definition_id: one.verdict for one in told.verdicts}


@pytest.mark.parametrize("query", ["32357R", "GB-MPR-32357R", "IP032357", "Explore York"])
def test_a_library_society(built: duckdb.DuckDBPyConnection, query: str) -> None:
    told = _ask(built, query)
    assert (told.standing, told.org_id) == ("listed", "GB-MPR-32357R")
    verdicts = _verdicts(told)
    assert verdicts["dcms-2018"] == "mutual"
    assert verdicts["procurement-act-2023"] == "undetermined"
    assert all(one.url and one.locator and one.published_on for one in told.evidence)


def test_a_library_society_that_was_taken_in_house(built: duckdb.DuckDBPyConnection) -> None:
    told = _ask(built, "31542R")
    headline = told.verdicts[0]
    assert (headline.definition_id, headline.verdict) == ("dcms-2018", "mutual")
    assert str(headline.valid_to) == "2025-06-01"
    assert "taken in-house" in headline.reason


def test_a_credit_union(built: duckdb.DuckDBPyConnection) -> None:
    told = _ask(built, "64C")
    verdicts = _verdicts(told)
    assert verdicts["traditional-mutual"] == "mutual"
    assert verdicts["dcms-2018"] == "not_mutual"
    assert "credit union" in told.verdicts[0].reason


def test_a_community_interest_company(built: duckdb.DuckDBPyConnection) -> None:
    told = _ask(built, "11501421")
    assert (told.standing, told.name) == ("known", "VOICE EDUCATION C.I.C.")
    assert {one.criterion_id for one in told.evidence} >= {"profit-rule", "legal-form"}
    assert told.would_count
    assert len(told.looked_at) >= 5


def test_a_curated_community_interest_company(built: duckdb.DuckDBPyConnection) -> None:
    assert _verdicts(_ask(built, "06273905"))["dcms-2018"] == "mutual"


def test_an_unknown_name(built: duckdb.DuckDBPyConnection) -> None:
    told = _ask(built, "Fictional Nowhere Mutual of Zzyzx")
    assert (told.standing, told.verdicts, told.org_id) == ("unknown", (), "")
    near = _ask(built, "Suffolk Libraries")
    assert near.standing == "unknown"
    assert "GB-MPR-31542R" in {one.org_id for one in near.near}
