"""The rules of evidence and verdict: their own unit tests, and what must hold of any evidence."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from observatory.models import engine, tables
from observatory.models.project import Project
from observatory.models.unit_tests import run_unit_tests
from tests.models import rules

VERDICTS = ["not_mutual", "undetermined", "possible", "probable", "mutual"]
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
    models = {path.stem for path in (rules.MODELS / "evidence").glob("ev_*.sql")}
    assert models - set(WITH_UNIT_TESTS) == {"ev_all"}


def _seed(name: str) -> list[dict[str, str]]:
    path = rules.MODELS / "seeds" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


SIGNALS = {row["signal_id"]: row for row in _seed("signals")}
CRITERIA = sorted({row["criterion_id"] for row in _seed("definition_criteria")})


class _Judge:
    """Runs the two judging models over evidence given as signal ids of one organisation."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.con = engine.in_memory()
        engine.load_macros(self.con, project.macros)
        for name in ("definitions", "criteria", "definition_criteria", "signals"):
            tables.make(self.con, project.model(name))
        self.con.execute("create table ent_published as select 'XX-1' as org_id")
        self.con.execute(
            "create table cls_ends as select 'XX-1' as org_id, null::date as registered_on,"
            " null::date as spun_out_on, null::varchar as spun_out_precision,"
            " null::date as ended_on, null::varchar as ended_precision, null::varchar as end_kind"
        )
        self.con.execute(
            "create table evidence (evidence_id varchar, org_id varchar, signal_id varchar,"
            " criterion_id varchar, direction varchar, strength varchar, source varchar,"
            " url varchar)"
        )

    def verdicts(
        self, signal_ids: list[str], extra: dict[str, str] | None = None
    ) -> dict[str, str]:
        """Return the verdict by definition."""
        self._weigh(signal_ids, extra)
        return self._ask("select definition_id, verdict from classifications")

    def bases(self, signal_ids: list[str]) -> dict[str, str]:
        """Return the basis by definition."""
        self._weigh(signal_ids, None)
        return self._ask("select definition_id, basis from classifications")

    def _weigh(self, signal_ids: list[str], extra: dict[str, str] | None) -> None:
        self.con.execute("delete from evidence")
        seen = [SIGNALS[one] for one in signal_ids] + ([extra] if extra else [])
        for number, row in enumerate(seen):
            self.con.execute(
                "insert into evidence values (?, 'XX-1', ?, ?, ?, ?, ?, null)",
                [f"e{number}", row["signal_id"], row["criterion_id"], row["direction"],
                 row["strength"], row["source"]],
            )  # fmt: skip
        for name in ("assessments", "classifications"):
            tables.make(self.con, self.project.model(name))

    def _ask(self, sql: str) -> dict[str, str]:
        return dict(self.con.execute(sql).fetchall())


@pytest.fixture(scope="module")
def judge(project: Project) -> Iterator[_Judge]:
    made = _Judge(project)
    yield made
    made.con.close()


RECORDED = sorted(one for one, row in SIGNALS.items() if row["source"] != "known_mutuals")
ANY_EVIDENCE = st.lists(st.sampled_from(RECORDED), max_size=6, unique=True)
MORE = st.builds(
    lambda criterion, strength: {
        "signal_id": "cf-award-other", "criterion_id": criterion, "direction": "for",
        "strength": strength, "source": "contracts_finder",
    },
    st.sampled_from(CRITERIA),
    st.sampled_from(["weak", "moderate", "strong", "decisive"]),
)  # fmt: skip
LITTLE = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@LITTLE
@given(evidence=ANY_EVIDENCE, more=MORE)
def test_more_support_never_lowers_a_verdict(
    judge: _Judge, evidence: list[str], more: dict[str, str]
) -> None:
    before = judge.verdicts(evidence)
    after = judge.verdicts(evidence, more)
    for definition, verdict in before.items():
        assert VERDICTS.index(after[definition]) >= VERDICTS.index(verdict), (definition, evidence)


@LITTLE
@given(evidence=ANY_EVIDENCE, more=MORE)
def test_more_against_never_raises_a_verdict(
    judge: _Judge, evidence: list[str], more: dict[str, str]
) -> None:
    before = judge.verdicts(evidence)
    after = judge.verdicts(evidence, {**more, "direction": "against"})
    for definition, verdict in before.items():
        assert VERDICTS.index(after[definition]) <= VERDICTS.index(verdict), (definition, evidence)


def test_a_legal_form_alone_never_makes_a_public_service_mutual_possible(judge: _Judge) -> None:
    of_form = [one for one in RECORDED if SIGNALS[one]["publishes"] == "false"]
    verdicts = judge.verdicts(of_form)
    assert verdicts["dcms-2018"] == "undetermined"
    assert verdicts["cabinet-office-2012"] == "undetermined"


def test_a_credit_union_is_a_traditional_mutual_and_no_public_service_mutual(
    judge: _Judge,
) -> None:
    verdicts = judge.verdicts([one for one in RECORDED if one.startswith("fca-credit-union-")])
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
    judge: _Judge, label: str, verdict: str
) -> None:
    cited = [one for one, row in SIGNALS.items() if row["reads"] == f"label={label}"]
    verdicts, bases = judge.verdicts(cited), judge.bases(cited)
    for definition in ("cabinet-office-2012", "dcms-2018"):
        assert (verdicts[definition], bases[definition]) == (verdict, "curated")
    for definition in ("pcr-2015-reg-77", "procurement-act-2023", "traditional-mutual"):
        assert (verdicts[definition], bases[definition]) == ("undetermined", "inferred")


def test_a_worker_co_operative_with_a_care_contract_is_possible_and_not_more(
    judge: _Judge,
) -> None:
    seen = [one for one in RECORDED if one.startswith("coops-uk-workers-")]
    assert judge.verdicts(seen)["dcms-2018"] == "undetermined"
    assert judge.verdicts([*seen, "cf-award-public-service"])["dcms-2018"] == "possible"


def test_nobody_is_not_mutual_without_evidence(judge: _Judge) -> None:
    assert set(judge.verdicts([]).values()) == {"undetermined"}


def test_the_seeds_name_only_what_exists(tmp_path: Path) -> None:
    criteria = {row["criterion_id"] for row in _seed("criteria")}
    sectors = {row["sector"] for row in _seed("sectors")}
    forms = {row["legal_form"] for row in _seed("legal_forms")}
    assert {row["criterion_id"] for row in SIGNALS.values()} <= criteria
    assert {row["criterion_id"] for row in _seed("definition_criteria")} <= criteria
    for name in ("sector_cpv", "sector_sic", "sector_coops_uk"):
        assert {row["sector"] for row in _seed(name)} <= sectors
    for name in ("legal_form_map", "number_suffix_forms"):
        assert {row["legal_form"] for row in _seed(name)} <= forms


@pytest.mark.corpus
def test_every_reservable_code_buys_a_service_to_the_public(corpus: Path) -> None:
    path = corpus / "procurement" / "schemas" / "eu_art77_reservable_cpv.csv"
    flags = {row["cpv_prefix"]: row["is_public_service"] for row in _seed("sector_cpv")}
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
    prefixes = {row["cpv_prefix"] for row in _seed("sector_cpv")}
    lost = [code for (code,) in codes if not any(code.startswith(one) for one in prefixes)]
    assert lost == []
    coops = corpus / "coops_uk" / "open_data_organisations_2017_06.csv"
    published = con.execute(
        'select distinct "Ownership Classification", "Sector - Simplified, High Level",'
        ' "Legal Form" from read_csv(?, all_varchar = true)',
        [str(coops)],
    ).fetchall()
    reads = {row["reads"] for row in SIGNALS.values()}
    assert {f"ownership={one}" for one, _, _ in published if one} <= reads
    sectors = {row["published_sector"] for row in _seed("sector_coops_uk")}
    assert {one for _, one, _ in published if one} <= sectors
    forms = {row["published_value"] for row in _seed("legal_form_map")}
    assert {one for _, _, one in published if one} <= forms
