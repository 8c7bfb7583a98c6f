"""Scoring a small release of fictional organisations against labels."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from observatory.answers import evaluate_labels
from observatory.answers.evaluate import Evaluation, evaluate
from observatory.answers.evaluate_render import render
from observatory.answers.evaluate_scores import Scores
from tests.answers.small_release import BUILD, RELEASE, folder

Rows = Sequence[Mapping[str, str]]
Run = Callable[..., Evaluation]

POSITIVES: Rows = (
    {"name": "Fictional Vale Care", "gb_coh": "99000001", "sector": "health", "spun_out": "2011"},
    {"name": "Fictional Vale Libraries Ltd", "legal_form": "Community benefit society"},
    {"name": "Fictional Listed Only CIC", "legal_form": "CIC"},
    {"name": "Fictional Nowhere CIC"},
)
NEGATIVES: Rows = (
    {"name": "Fictional Hill Care Ltd", "sector": "health"},
    {"name": "Fictional Quiet Homes Limited"},
)


@pytest.fixture
def release() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute(RELEASE)
        yield con


@pytest.fixture
def build() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute(BUILD)
        yield con


@pytest.fixture
def run(
    tmp_path: Path, release: duckdb.DuckDBPyConnection, build: duckdb.DuckDBPyConnection
) -> Run:
    def told(positives: Rows = POSITIVES, negatives: Rows = NEGATIVES) -> Evaluation:
        labels = evaluate_labels.read(folder(tmp_path / "gold", positives, negatives))
        return evaluate(release, labels, build=build, release="v1", folder=tmp_path)

    return told


def _all(told: Evaluation, view: str, strictness: str, by: str = "all") -> list[Scores]:
    return [
        one
        for one in told.scores
        if (one.definition_id, one.view, one.strictness, one.by) == ("head", view, strictness, by)
    ]


def _counts(one: Scores) -> tuple[int, int, int, int]:
    return one.true_positives, one.false_positives, one.false_negatives, one.true_negatives


def test_inferred_evidence_is_scored_where_records_are_held(run: Run) -> None:
    told = run()
    # the library is known by a register and inferred undetermined; the listed-only one is apart
    for strictness, expected in (
        ("mutual", (0, 0, 2, 2)),
        ("plus probable", (0, 1, 2, 1)),
        ("plus possible", (1, 1, 1, 1)),
    ):
        (one,) = _all(told, "inferred", strictness)
        assert _counts(one) == expected, strictness
    (consistency,) = _all(told, "all", "plus possible")
    assert _counts(consistency) == (3, 1, 0, 1)
    assert [one.labelled.name for one in told.without_records()] == ["Fictional Listed Only CIC"]
    assert [one.labelled.name for one in told.not_found()] == ["Fictional Nowhere CIC"]


def test_only_policy_definitions_are_scored_and_the_headline_comes_first(run: Run) -> None:
    assert [one.definition_id for one in run().definitions] == ["head", "older"]


def test_sectors_forms_and_forms_without_controllers_are_told_apart(run: Run) -> None:
    told = run()
    cuts = {
        (one.by, one.group): _counts(one)
        for by in ("sector", "legal form", "register of controllers")
        for one in _all(told, "inferred", "plus possible", by)
    }
    assert cuts[("sector", "health")] == (1, 1, 0, 0)
    assert cuts[("legal form", "CIC")] == (1, 0, 0, 0)
    assert cuts[("legal form", "society")] == (0, 0, 1, 0)
    apart = cuts[("register of controllers", "societies and CIOs, which have none")]
    assert apart == (0, 0, 1, 0)


def test_those_it_got_wrong_come_with_the_reason(run: Run) -> None:
    told = run()
    wrong = {
        (one.case.labelled.name, one.view): (one.verdict, one.reason)
        for one in told.wrong
        if one.definition_id == "head"
    }
    assert wrong[("Fictional Hill Care Ltd", "inferred")] == ("probable", "Looks so.")
    assert wrong[("Fictional Vale Libraries Ltd", "inferred")] == (
        "undetermined", "No record shows: Staff have influence.",
    )  # fmt: skip
    assert ("Fictional Vale Libraries Ltd", "all") not in wrong
    assert not any(name == "Fictional Listed Only CIC" for name, _ in wrong)


def test_each_scored_organisation_is_told_with_what_its_records_say(run: Run) -> None:
    said = {one.case.labelled.name: one.words for one in run().held}
    assert said["Fictional Vale Care"] == (
        "notices speaks for: Staff have influence; a row without such evidence in basic"
    )
    assert said["Fictional Vale Libraries Ltd"] == (
        "no record in the lake beyond the rows in fca, links, where nothing speaks on what is "
        "required"
    )
    assert "Fictional Listed Only CIC" not in said  # the curated list is no record


def test_independent_origins_are_counted_not_sources(run: Run) -> None:
    origins = {one.labelled.name: one.origins for one in run().cases}
    assert origins["Fictional Vale Care"] == 2  # filings and buyers; the citation is none
    assert origins["Fictional Vale Libraries Ltd"] == 1  # two sources, one origin
    assert origins["Fictional Hill Care Ltd"] == 2  # filings, and a payment to it
    assert origins["Fictional Listed Only CIC"] == 0


def test_a_verdict_counts_only_on_days_of_the_label(run: Run) -> None:
    late = {"name": "Fictional Moor Youth CIC", "gb_coh": "99000003", "spun_out": "2017"}
    told = run([late], NEGATIVES)
    (one,) = _all(told, "inferred", "plus possible")
    assert _counts(one) == (0, 1, 1, 1)
    (missed,) = [each for each in told.wrong if each.case.labelled.is_positive][:1]
    assert "on no day of the label" in missed.reason
    # after its end the same entity may be a look-alike
    before = {**late, "spun_out": "2013", "status_date": "2016-05-01"}
    (both,) = _all(run([before], [late]), "inferred", "plus possible")
    assert _counts(both) == (1, 0, 0, 1)


def test_contested_and_borderline_are_told_apart_and_not_scored(run: Run) -> None:
    told = run(
        [{"name": "Fictional Vale Care CIC", "label": "contested"}],
        [{"name": "Fictional Hill Care Limited", "borderline": "borderline"}],
    )
    assert told.scores == ()
    covered = {row["group"]: row for row in told.coverage()}
    assert covered["contested"]["inferred_possible"] == 1
    assert covered["borderline"]["all_plus_probable"] == 1


def test_a_namesake_of_another_form_or_an_abbreviation_is_not_taken(run: Run) -> None:
    told = run(
        [
            {"name": "Fictional Hill Care Ltd", "legal_form": "Community benefit society"},
            {"name": "Fictional Gone", "other_names": "Hill; Fictional Vale Care CIC"},
        ],
        [],
    )
    namesake, gone = told.cases
    assert namesake.org_ids == ()
    assert "namesake" in namesake.how
    assert (gone.org_ids, gone.how) == (("GB-COH-99000001",), "another name")


def test_what_is_labelled_twice_counts_once_or_not_at_all(run: Run) -> None:
    row = {"name": "Fictional Vale Care CIC"}
    told = run([row, {**row, "gb_coh": "99000001"}], NEGATIVES)
    assert len(told.cases) == 3
    assert "counts once" in told.remarks[-1]
    contradicted = run([row], [*NEGATIVES, row])
    assert len(contradicted.cases) == 2
    assert "neither counts" in contradicted.remarks[-1]


def test_a_number_that_is_none_is_named_and_the_name_asked_for(run: Run) -> None:
    told = run([{"name": "Fictional Vale Care CIC", "gb_coh": "not a number!"}], NEGATIVES)
    assert told.cases[0].org_ids == ("GB-COH-99000001",)
    assert any("is no GB-COH number" in remark for remark in told.remarks)


def test_it_is_the_same_every_time_for_a_program_and_readable_at_100_columns(run: Run) -> None:
    first, second = run(), run()
    assert json.dumps(first.as_dict()) == json.dumps(second.as_dict())
    console = Console(width=100, record=True, file=StringIO())
    console.print(render(first))
    shown = console.export_text()
    assert max(map(len, shown.splitlines())) <= 100
    for words in ("the figure that counts", "a consistency check", "1 of 2 (", "Looks so."):
        assert words in shown
