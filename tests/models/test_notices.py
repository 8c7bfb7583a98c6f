"""One award table over every source of notices: fictional notices of each, and every real one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from observatory.build import build_models, load_project
from observatory.intake import take_in
from observatory.landing.accept import land_file
from observatory.landing.store import Landing
from observatory.release.cookbook import COOKBOOK
from observatory.settings import Settings
from observatory.sources.base import registry
from tests.sources.reading import FIXTURES

GIVEN = {
    "contracts_finder": "package.json",
    "find_a_tender": "package.json",
    "ocp_registry": "2026.jsonl",
    "public_contracts_scotland": "releases.jsonl",
    "sell2wales": "releases.jsonl",
}
MODELS = [
    "awards",
    "awards_history",
    "ent_identifiers",
    "ev_seen",
    "notice_gaps",
    "stg_award_suppliers",
]
Row = tuple[Any, ...]


class Built:
    """The tables of awards over the files that landed."""

    def __init__(self, home: Settings) -> None:
        self.home = home

    def land(self, source: str, path: Path) -> None:
        """Land a file and read it into the lake."""
        land_file(registry()[source], path, Landing(self.home.landing), origin="command")
        intake = take_in(replace(registry()[source], fetch=None), self.home, offline=True)
        assert not intake.problem

    def build(self) -> None:
        """Build the tables of awards and all that they read."""
        build_models(self.home, select=load_project(self.home).upstream(MODELS))

    def rows(self, sql: str) -> list[Row]:
        """The rows of a query."""
        with duckdb.connect(str(self.home.build_database), read_only=True) as con:
            return con.execute(sql).fetchall()


@pytest.fixture(scope="module")
def fictional(tmp_path_factory: pytest.TempPathFactory) -> Built:
    built = Built(Settings(home=tmp_path_factory.mktemp("fictional")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OBSERVATORY_NOW", "2026-11-23T02:30:00+00:00")
        for source, name in GIVEN.items():
            built.land(source, FIXTURES / source / name)
        built.build()
    return built


def test_each_source_gives_its_awards_and_a_compiled_record_adds_none(fictional: Built) -> None:
    found: dict[str, int] = dict(
        fictional.rows("select source, count(*) from awards group by source")
    )
    assert set(found) == {
        "contracts_finder",
        "find_a_tender",
        "public_contracts_scotland",
        "sell2wales",
    }
    again = "select count(*) from (select ocid, award_id, supplier_id from awards group by all)"
    assert fictional.rows(again) == [(sum(found.values()),)]


def test_a_declaration_keeps_its_four_states_and_only_true_is_evidence(fictional: Built) -> None:
    declared = fictional.rows(
        "select supplier_name, mutual_declared, public_service_mutual from awards "
        "where ocid = 'ocds-h6vhtk-fic901' order by supplier_id"
    )
    assert declared == [
        ("Fictional Charity Ltd", "false", False),
        (None, "absent", None),  # a person's own name is withheld
        ("Fictional Society Limited", "null", None),
        ("Fictional Staff Mutual CIC", "true", True),
    ]
    said = fictional.rows(
        "select distinct org_id, signal_id from ev_seen "
        "where signal_id like 'cf-self%' order by all"
    )
    assert said == [
        ("GB-COH-09999991", "cf-self-declared-left-public-sector"),
        ("GB-COH-09999991", "cf-self-declared-staff-control"),
        ("GB-COH-09999991", "cf-self-declared-staff-influence"),
    ]


def test_the_table_by_source_counts_each_pair_once_in_each_respect(fictional: Built) -> None:
    told = fictional.rows((COOKBOOK / "notices-by-source.sql").read_text(encoding="utf-8"))
    counted = fictional.rows("select source, count(*) from awards group by source")
    for source, count in counted:
        for about in {one[1] for one in told}:
            assert sum(one[3] for one in told if one[:2] == (source, about)) == count
    assert {one[2] for one in told if one[1] == "declared a mutual"} == {
        "absent",
        "false",
        "null",
        "true",
        "unreadable",
    }
    assert ("find_a_tender", "amount", "refused: placeholder", 1, None) in told


def test_a_reservation_follows_from_the_tender_to_the_winner(fictional: Built) -> None:
    reserved = fictional.rows(
        "select distinct ocid from awards "
        "where list_contains(reserved_participation, 'publicServiceMissionOrganization') "
        "order by all"
    )
    assert ("ocds-h6vhtk-fic901",) in reserved
    assert ("ocds-r6ebe6-fic802",) in reserved


def test_amounts_that_cannot_be_added_up_say_why(fictional: Built) -> None:
    reasons = fictional.rows(
        "select source, amount_basis, amount_refused_reason, count(*) from awards "
        "where source != 'contracts_finder' group by all order by all"
    )
    assert reasons == [
        ("find_a_tender", "award", None, 1),
        ("find_a_tender", "contract", "ceiling of a framework", 1),
        ("find_a_tender", "contract", "placeholder", 1),
        ("find_a_tender", "contract", "shared by several suppliers", 4),
        ("find_a_tender", "contract", None, 1),
        ("find_a_tender", None, "not stated", 1),
        ("public_contracts_scotland", "contract", "shared by several suppliers", 2),
        ("public_contracts_scotland", "contract", None, 1),
        ("sell2wales", "contract", "shared by several suppliers", 2),
        ("sell2wales", "contract", None, 2),
    ]


def test_suppliers_without_any_number_are_keyed_by_name(fictional: Built) -> None:
    keys = fictional.rows(
        "select supplier_id, org_id from awards where ocid = 'ocds-r6ebe6-fic801' order by all"
    )
    assert keys == [("name:ann fictional", None), ("name:fictional island care cic", None)]


def test_the_gaps_in_the_numbers_are_told(fictional: Built) -> None:
    gaps = fictional.rows("select * from notice_gaps where year = 2026 order by first_number")
    assert gaps[0] == (2026, 1, 1, 1, "before the first that landed")
    assert gaps[-1] == (2026, 8, 900000, 899993, "between two that landed")


def test_a_history_row_is_what_a_release_said(fictional: Built) -> None:
    said = fictional.rows(
        "select amount, currency, start_on::varchar, valid_to from awards_history "
        "where award_key = 'ocds-h6vhtk-fic901|1|GB-PPON-PZZZ-1112-ZZZZ' order by valid_from"
    )
    assert said == [(1_000_000, "GBP", "2026-10-01", None)]


@pytest.mark.corpus
def test_every_real_notice_in_one_table(corpus: Path, home: Settings) -> None:
    built = Built(home)
    for source in GIVEN:
        folder = corpus / "procurement" / source
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            built.land(source, path)
    built.build()
    pairs = built.rows(
        "select source, count(*), count(supplier_scheme), count(company_number) "
        "from stg_award_suppliers group by source order by source"
    )
    assert pairs == [("contracts_finder", 311, 102, 101), ("find_a_tender", 3, 2, 0)]
    used = built.rows(
        "select source, coalesce(amount_refused_reason, 'used'), count(*) from awards "
        "group by all order by all"
    )
    assert used == [
        ("contracts_finder", "shared by several suppliers", 88),
        ("contracts_finder", "used", 175),
        ("contracts_finder", "zero or less", 48),
        ("find_a_tender", "placeholder", 1),
        ("find_a_tender", "used", 2),
    ]
    flags = built.rows("select mutual_declared, count(*) from awards group by all")
    assert flags == [("absent", 314)]
    told = built.rows((COOKBOOK / "notices-by-source.sql").read_text(encoding="utf-8"))
    assert [one for one in told if one[1] in ("identifier", "pairs of award and supplier")] == [
        ("contracts_finder", "identifier", "none given", 209, 156_492_826.13),
        ("contracts_finder", "identifier", "GB-COH", 102, 270_918_152.41),
        ("contracts_finder", "pairs of award and supplier", "all", 311, 427_410_978.54),
        ("find_a_tender", "identifier", "GB-PPON", 2, 87_193.6),
        ("find_a_tender", "identifier", "none given", 1, None),
        ("find_a_tender", "pairs of award and supplier", "all", 3, 87_193.6),
    ]
    between = "select sum(n_missing) from notice_gaps where place like 'between%'"
    assert built.rows(between) == [(61,)]


def test_a_ppon_shown_beside_a_company_number_is_the_companys(fictional: Built) -> None:
    pairs = fictional.rows(
        "select org_id, identifier, source is not null and locator is not null from ent_party_links"
        " where scheme = 'GB-PPON' order by all"
    )
    assert ("GB-COH-09999991", "PZZZ-1112-ZZZZ", True) in pairs
    assert ("GB-COH-09999992", "PZZZ-1113-ZZZZ", True) in pairs
    found = fictional.rows(
        "select distinct org_id, basis, confidence from ent_identifiers"
        " where scheme = 'GB-PPON' and identifier = 'PZZZ-1112-ZZZZ'"
    )
    assert found == [("GB-COH-09999991", "crosswalk", "exact")]


def test_a_society_is_known_by_the_number_that_its_notice_gives(fictional: Built) -> None:
    found = fictional.rows(
        "select distinct org_id, match_basis from awards where supplier_scheme = 'GB-MPR'"
    )
    assert found == [("GB-MPR-99999R", "identifier")]
