"""What must hold of every verdict, whatever the evidence: tried on random evidence, real SQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from observatory import sensitivity
from observatory.models.project import Project
from tests.models import rules

VERDICTS = ["not_mutual", "undetermined", "possible", "probable", "mutual"]
STRENGTHS = ["weak", "moderate", "strong", "decisive"]
CRITERIA = sorted({row["criterion_id"] for row in rules.seed("definition_criteria")})
DAYS = [date(2012, 1, 1), date(2016, 4, 6), date(2018, 6, 1), date(2021, 1, 1)]
# one source whose dates are spans, two of different origins whose dates are sightings, the list
SOURCES = ["companies_house_psc", "contracts_finder", "coops_uk_organisations", "known_mutuals"]
LIFE = {"registered_on": date(2010, 1, 1)}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return rules.project(tmp_path_factory.mktemp("rules") / "models")


@pytest.fixture(scope="module")
def judge(project: Project) -> Iterator[rules.Judge]:
    made = rules.Judge(project)
    yield made
    made.con.close()


def _piece(
    criterion: str, direction: str, strength: str, source: str, days: list[date]
) -> dict[str, Any]:
    first, last = (min(days), max(days)) if len(days) == 2 else (None, None)
    return {
        "signal_id": f"{source}-made-up", "criterion_id": criterion, "direction": direction,
        "strength": strength, "source": source, "valid_from": first, "valid_to": last,
    }  # fmt: skip


def _pieces(directions: list[str], sources: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    days = st.lists(st.sampled_from(DAYS), max_size=2, unique=True)
    return st.builds(
        _piece,
        st.sampled_from(CRITERIA),
        st.sampled_from(directions),
        st.sampled_from(STRENGTHS),
        st.sampled_from(sources),
        days,
    )


ANY = _pieces(["for", "for", "for", "against"], SOURCES)
CASES = st.lists(
    st.tuples(st.lists(ANY, max_size=8), _pieces(["for"], SOURCES)), min_size=40, max_size=40
)
# Each example is forty organisations in one run of the SQL: shrinking would take hundreds of runs.
FEW = settings(
    max_examples=3,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def _before_and_after(
    judge: rules.Judge, cases: list[tuple[list[dict[str, Any]], dict[str, Any]]]
) -> Iterator[tuple[int, int, object]]:
    """Yield rank before and after the piece is added, verdict by verdict, with the case."""
    evidence: dict[str, list[dict[str, Any]]] = {}
    for number, (pieces, more) in enumerate(cases):
        evidence[f"XX-{number}-before"] = pieces
        evidence[f"XX-{number}-after"] = [*pieces, more]
    judge.judge(evidence, lives=dict.fromkeys(evidence, LIFE))
    for column in ("verdict", "inferred_verdict"):
        verdicts = judge.verdicts(column)
        for (org_id, definition), verdict in verdicts.items():
            if org_id.endswith("-before"):
                after = verdicts[org_id.replace("before", "after"), definition]
                case = (column, definition, cases[int(org_id.split("-")[1])])
                yield VERDICTS.index(verdict), VERDICTS.index(after), case


@FEW
@given(cases=CASES)
def test_more_support_never_lowers_a_verdict(judge: rules.Judge, cases: list[Any]) -> None:
    for before, after, case in _before_and_after(judge, cases):
        assert after >= before, case


@FEW
@given(cases=CASES)
def test_more_against_never_raises_a_verdict(judge: rules.Judge, cases: list[Any]) -> None:
    against = [(pieces, {**more, "direction": "against"}) for pieces, more in cases]
    for before, after, case in _before_and_after(judge, against):
        assert after <= before, case


@FEW
@given(many=st.lists(st.lists(ANY, max_size=8), min_size=40, max_size=40))
def test_an_inferred_verdict_never_leans_on_the_curated_list(
    judge: rules.Judge, many: list[list[dict[str, Any]]]
) -> None:
    labels = [rules.piece(one) for one, row in rules.SIGNALS.items() if row["reads"] == "label=psm"]
    evidence = {f"XX-{number}": [*pieces, *labels] for number, pieces in enumerate(many)}
    judge.judge(evidence)
    with_list = judge.verdicts("inferred_verdict")
    without = {
        org_id: [one for one in pieces if one["source"] != "known_mutuals"]
        for org_id, pieces in evidence.items()
    }
    judge.judge(without)
    assert judge.verdicts("inferred_verdict") == with_list
    assert judge.verdicts() == with_list  # and with no list at all it is the verdict


def _full(**changes: date) -> list[dict[str, Any]]:
    """Strong evidence of records for every criterion of the headline definition."""
    needed = ["left-public-sector", "delivers-public-services", "social-impact", "staff-influence"]
    return [{**_piece(one, "for", "strong", "contracts_finder", []), **changes} for one in needed]


def _told(judge: rules.Judge, org_id: str, definition: str = "dcms-2018") -> tuple[object, ...]:
    return judge.ask(
        "select verdict, basis, valid_from, valid_to, end_kind from classifications"
        f" where org_id = '{org_id}' and definition_id = '{definition}'"
    )[0]


def _control(begins: date | None, ends: date | None = None) -> dict[str, Any]:
    made = _piece("independent-of-parent", "against", "strong", "companies_house_psc", [])
    return {**made, "valid_from": begins, "valid_to": ends}


def test_control_that_begins_later_closes_the_interval_and_control_all_through_refutes(
    judge: rules.Judge,
) -> None:
    label = [rules.piece(one) for one, row in rules.SIGNALS.items() if row["reads"] == "label=psm"]
    began, first_day = date(2018, 6, 1), date(2016, 4, 6)
    evidence = {
        "XX-later": [*_full(), _control(began)],
        "XX-always": [*_full(), _control(None)],
        # the register's first day is no beginning
        "XX-register": [*_full(), _control(first_day)],
        "XX-cited": [*label, _control(began)],
        "XX-cited-always": [*label, _control(None)],
        "XX-released": [*_full(), _control(None, began)],
    }
    lives = dict.fromkeys(evidence, LIFE | {"spun_out_on": date(2011, 4, 1)})
    judge.judge(evidence, lives)
    eve, born, left = date(2018, 5, 31), LIFE["registered_on"], date(2011, 4, 1)
    closed = (eve, "public control began")
    assert _told(judge, "XX-later") == ("mutual", "inferred", born, *closed)
    assert _told(judge, "XX-always") == ("not_mutual", "inferred", born, None, None)
    assert _told(judge, "XX-register") == ("not_mutual", "inferred", born, None, None)
    assert _told(judge, "XX-cited") == ("mutual", "curated", left, *closed)
    assert _told(judge, "XX-cited-always")[:2] == ("not_mutual", "inferred")
    assert _told(judge, "XX-released") == ("mutual", "inferred", date(2018, 6, 2), None, None)


def test_staff_control_that_ended_closes_the_interval(judge: rules.Judge) -> None:
    trust = _piece("staff-influence", "for", "strong", "companies_house_psc", [])
    others = [one for one in _full() if one["criterion_id"] != "staff-influence"]
    trust |= {"valid_from": date(2017, 3, 1), "valid_to": date(2019, 3, 31)}
    judge.judge({"XX-1": [*others, trust]}, {"XX-1": LIFE})
    span = (trust["valid_from"], trust["valid_to"], "staff control ended")
    assert _told(judge, "XX-1") == ("mutual", "inferred", *span)
    state = "select state, state_from, state_to from assessments where org_id = 'XX-1' and"
    asked = f"{state} definition_id = 'dcms-2018' and criterion_id = 'staff-influence'"
    assert judge.ask(asked) == [("met", trust["valid_from"], trust["valid_to"])]


def test_a_contract_that_ran_out_ends_nothing(judge: rules.Judge) -> None:
    ran_out = _full(valid_from=date(2015, 1, 1), valid_to=date(2018, 1, 1))
    judge.judge({"XX-1": ran_out}, {"XX-1": LIFE})
    assert _told(judge, "XX-1") == ("mutual", "inferred", LIFE["registered_on"], None, None)


def test_a_definition_is_assessed_only_in_its_nations_and_days(judge: rules.Judge) -> None:
    act = [*_full(), *(_piece(one, "for", "strong", "contracts_finder", [])
           for one in ("profit-rule", "staff-control", "participation"))]  # fmt: skip
    nations = {"XX-s": "Scotland", "XX-n": "Northern Ireland", "XX-w": "Wales",
               "XX-e": "England or Wales"}  # fmt: skip
    lives: dict[str, Any] = {"XX-gone": {"ended_on": date(2014, 12, 31)}}
    judge.judge(dict.fromkeys([*nations, "XX-unknown", "XX-gone"], act), lives, nations)
    found = judge.verdicts()
    tested = {
        definition: {
            org_id for (org_id, one), verdict in found.items()
            if one == definition and verdict == "mutual"
        }
        for definition in ("dcms-2018", "procurement-act-2023", "pcr-2015-reg-77")
    }  # fmt: skip
    both = {"XX-w", "XX-e", "XX-unknown"}
    assert tested == {
        "dcms-2018": {*both, "XX-gone"},
        "procurement-act-2023": {*both, "XX-n"},
        "pcr-2015-reg-77": {*both, "XX-n"},
    }
    reasons = judge.verdicts("reason")
    assert "registered in Scotland" in reasons["XX-s", "dcms-2018"]
    assert "not in force" in reasons["XX-gone", "procurement-act-2023"]
    assert found["XX-s", "dcms-2018"] == "undetermined"


def test_two_origins_make_moderate_evidence_strong_and_one_does_not(judge: rules.Judge) -> None:
    others = [one for one in _full() if one["criterion_id"] != "staff-influence"]
    staff = [
        _piece("staff-influence", "for", "moderate", source, [])
        for source in ("contracts_finder", "find_a_tender", "coops_uk_organisations")
    ]
    judge.judge({"XX-one": [*others, *staff[:2]], "XX-two": [*others, *staff]})
    found = judge.verdicts()
    assert found["XX-one", "dcms-2018"] == "probable"
    assert found["XX-two", "dcms-2018"] == "mutual"
    # the words of 2012 ask for strong evidence: two notices of buyers are one origin
    assert found["XX-one", "cabinet-office-2012"] == "undetermined"
    assert found["XX-two", "cabinet-office-2012"] == "mutual"


def test_an_open_objection_marks_every_verdict_of_the_organisation(judge: rules.Judge) -> None:
    judge.con.execute(
        "insert into corrections (correction_id, org_id, status, effect) values"
        " ('COR-9001', 'XX-1', 'open', 'note'), ('COR-9002', 'XX-2', 'declined', 'note')"
    )
    judge.judge({"XX-1": _full(), "XX-2": _full()})
    judge.con.execute("delete from corrections")
    disputed = judge.verdicts("is_disputed")
    assert {org_id for (org_id, _), one in disputed.items() if one == "True"} == {"XX-1"}
    reasons = judge.verdicts("reason")
    assert "Somebody objects" in reasons["XX-1", "dcms-2018"]
    assert "Somebody objects" not in reasons["XX-2", "dcms-2018"]
    assert judge.verdicts()["XX-1", "dcms-2018"] == "mutual"


def test_every_source_of_a_signal_says_whose_word_it_is() -> None:
    known = {row["source"] for row in rules.seed("evidence_sources")}
    raised = {one for row in rules.SIGNALS.values() for one in row["source"].split("|")}
    assert raised <= known


def test_leaving_rules_out_judges_by_every_model_from_the_evidence_to_the_verdict(
    project: Project,
) -> None:
    read = set(project.upstream(["cls_verdicts"]))
    judging = [
        name
        for name in project.upstream(["cls_verdicts"])
        if project.model(name).layer == "classification" and name not in rules.Judge.GIVEN
    ]
    assert set(sensitivity.JUDGING) == set(judging)
    made: set[str] = set()
    for name in sensitivity.JUDGING:
        needs = set(project.model(name).depends_on) & set(sensitivity.JUDGING)
        assert needs <= made, name
        made.add(name)
    assert set(project.model("rule_sensitivity").depends_on) - {"cls_verdicts"} <= read
