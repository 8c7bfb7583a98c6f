"""The rules of evidence and verdict: their own unit tests, and what must hold of any evidence."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from observatory.models.project import Project
from observatory.models.unit_tests import run_unit_tests
from tests.models import rules

ROOMS = ("evidence", "classification")
WITH_UNIT_TESTS = sorted(
    path.stem
    for room in ROOMS
    for path in (rules.MODELS / room).glob("*.yml")
    if "unit_tests:" in path.read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return rules.project(tmp_path_factory.mktemp("rules") / "models")


@pytest.mark.parametrize("model", WITH_UNIT_TESTS)
def test_unit_tests_of_the_contract(project: Project, model: str) -> None:
    assert run_unit_tests(project, model) == []


def test_each_evidence_model_has_unit_tests() -> None:
    models = {path.stem for path in (rules.MODELS / "evidence").glob("e*.yml")} - {"evidence"}
    assert models - set(WITH_UNIT_TESTS) == {"ev_all"}


@pytest.fixture(scope="module")
def judge(project: Project) -> Iterator[rules.Judge]:
    made = rules.Judge(project)
    yield made
    made.con.close()


def _verdicts(judge: rules.Judge, signal_ids: list[str], column: str = "verdict") -> dict[str, str]:
    """Return the verdict by definition on one organisation with these signals."""
    judge.judge({"XX-1": [rules.piece(one) for one in signal_ids]})
    return {definition: one for (_, definition), one in judge.verdicts(column).items()}


RECORDED = sorted(one for one, row in rules.SIGNALS.items() if row["source"] != "known_mutuals")


def test_a_legal_form_alone_never_makes_a_public_service_mutual_possible(
    judge: rules.Judge,
) -> None:
    of_form = [
        one
        for one in RECORDED
        if rules.SIGNALS[one]["reads"].startswith(("form=", "charity="))
        and rules.SIGNALS[one]["direction"] == "for"
    ]
    verdicts = _verdicts(judge, of_form)
    assert verdicts["dcms-2018"] == "undetermined"
    assert verdicts["cabinet-office-2012"] == "undetermined"


def test_a_credit_union_is_a_traditional_mutual_and_no_public_service_mutual(
    judge: rules.Judge,
) -> None:
    verdicts = _verdicts(judge, [one for one in RECORDED if one.startswith("fca-credit-union-")])
    assert verdicts == {
        "cabinet-office-2012": "not_mutual",
        "dcms-2018": "not_mutual",
        "pcr-2015-reg-77": "undetermined",
        "procurement-act-2023": "not_mutual",
        "traditional-mutual": "mutual",
    }


@pytest.mark.parametrize(
    ("label", "verdict"),
    [("psm", "mutual"), ("psm-probable", "probable"), ("contested", "possible")],
)
def test_a_label_decides_under_the_policy_definitions_only(
    judge: rules.Judge, label: str, verdict: str
) -> None:
    cited = [one for one, row in rules.SIGNALS.items() if row["reads"] == f"label={label}"]
    verdicts, bases = _verdicts(judge, cited), _verdicts(judge, cited, "basis")
    for definition in ("cabinet-office-2012", "dcms-2018"):
        assert (verdicts[definition], bases[definition]) == (verdict, "curated")
    for definition in ("pcr-2015-reg-77", "procurement-act-2023", "traditional-mutual"):
        assert (verdicts[definition], bases[definition]) == ("undetermined", "inferred")


def test_a_worker_co_operative_with_a_care_contract_is_possible_and_not_more(
    judge: rules.Judge,
) -> None:
    seen = [one for one in RECORDED if one.startswith("coops-uk-workers-")]
    assert _verdicts(judge, seen)["dcms-2018"] == "undetermined"
    assert _verdicts(judge, [*seen, "cf-award-public-service"])["dcms-2018"] == "possible"


def test_nobody_is_not_mutual_without_evidence(judge: rules.Judge) -> None:
    assert set(_verdicts(judge, []).values()) == {"undetermined"}


def test_the_seeds_name_only_what_exists(tmp_path: Path) -> None:
    criteria = {row["criterion_id"] for row in rules.seed("criteria")}
    sectors = {row["sector"] for row in rules.seed("sectors")}
    forms = {row["legal_form"] for row in rules.seed("legal_forms")}
    assert {row["criterion_id"] for row in rules.SIGNALS.values()} <= criteria
    assert {row["criterion_id"] for row in rules.seed("definition_criteria")} <= criteria
    for name in ("sector_cpv", "sector_sic", "sector_coops_uk"):
        assert {row["sector"] for row in rules.seed(name)} <= sectors
    for name in ("legal_form_map", "number_suffix_forms"):
        assert {row["legal_form"] for row in rules.seed(name)} <= forms


@pytest.mark.corpus
def test_every_reservable_code_buys_a_service_to_the_public(corpus: Path) -> None:
    path = corpus / "procurement" / "schemas" / "eu_art77_reservable_cpv.csv"
    flags = {row["cpv_prefix"]: row["is_public_service"] for row in rules.seed("sector_cpv")}
    with path.open(encoding="utf-8", newline="") as lines:
        codes = [row["cpv"] for row in csv.DictReader(lines)]
    told = {
        code: flags[max((one for one in flags if code.startswith(one)), key=len)] for code in codes
    }
    assert [code for code, flag in told.items() if flag != "true"] == []


@pytest.mark.corpus
def test_every_cpv_code_and_every_published_word_is_mapped(corpus: Path) -> None:
    con = duckdb.connect()
    cpv = corpus / "procurement" / "cpv_codes_2008_pipe.csv"
    codes = con.execute(
        "select split_part(line, '|', 1) from read_csv(?, header = false, delim = '\x01',"
        " quote = '', columns = {'line': 'varchar'})",
        [str(cpv)],
    ).fetchall()
    prefixes = {row["cpv_prefix"] for row in rules.seed("sector_cpv")}
    lost = [code for (code,) in codes if not any(code.startswith(one) for one in prefixes)]
    assert lost == []
    coops = corpus / "coops_uk" / "open_data_organisations_2017_06.csv"
    published = con.execute(
        'select distinct "Ownership Classification", "Sector - Simplified, High Level",'
        ' "Legal Form" from read_csv(?, all_varchar = true)',
        [str(coops)],
    ).fetchall()
    reads = {row["reads"] for row in rules.SIGNALS.values()}
    assert {f"ownership={one}" for one, _, _ in published if one} <= reads
    sectors = {row["published_sector"] for row in rules.seed("sector_coops_uk")}
    assert {one for _, one, _ in published if one} <= sectors
    forms = {row["published_value"] for row in rules.seed("legal_form_map")}
    assert {one for _, _, one in published if one} <= forms
