"""The sheet for hand review, and what a reviewed one says of all published organisations."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from observatory.answers.review_estimate import Population, estimate, read
from observatory.answers.review_sample import COLUMNS, Sample, draw, write
from observatory.errors import BadInput, PermanentError
from tests.answers.small_release import RELEASE

MANY = """
insert into organisations (org_id, name) select 'XX-FIC-' || i, 'Fictional ' || i
    from range(60) as t (i);
insert into classifications
    select 'XX-FIC-' || i, 'head', case when i < 40 then 'possible' else 'undetermined' end,
        'undetermined', 'inferred', 'Too little.', null, null from range(60) as t (i);
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "observatory.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute(RELEASE + MANY)
    return path


def _draw(database: Path, per_stratum: int = 10, seed: int = 1) -> Sample:
    return draw(database, "v1", per_stratum=per_stratum, seed=seed, definition_id=None)


def _reviewed(sample: Sample, path: Path, answer: Callable[[dict[str, str]], str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows({**row, "is_mutual": answer(row)} for row in sample.rows)
    return path


def _figures(told: Population) -> dict[tuple[str, str], float | None]:
    return {(one.name, one.strictness): one.value for one in told.figures}


def test_each_verdict_and_basis_is_a_stratum_with_its_population(database: Path) -> None:
    assert _draw(database).strata == (
        ("mutual, curated", 2, 2),
        ("possible, inferred", 42, 10),
        ("probable, inferred", 1, 1),
        ("undetermined, inferred", 20, 10),
    )


def test_the_same_seed_draws_the_same_and_a_larger_sample_holds_the_smaller(
    database: Path,
) -> None:
    drawn = [row["org_id"] for row in _draw(database).rows]
    assert drawn == [row["org_id"] for row in _draw(database).rows]
    assert set(drawn) < {row["org_id"] for row in _draw(database, per_stratum=20).rows}
    assert set(drawn) != {row["org_id"] for row in _draw(database, seed=2).rows}


def test_over_many_seeds_every_member_of_a_stratum_is_drawn_about_as_often(
    database: Path,
) -> None:
    seen: dict[str, int] = {}
    for seed in range(40):
        for row in _draw(database, seed=seed).rows:
            if row["stratum"] == "undetermined, inferred":
                seen[row["org_id"]] = seen.get(row["org_id"], 0) + 1
    # each is drawn with chance 1/2: 40 draws lie within 20 +- 4 standard deviations of 3.2
    assert len(seen) == 20
    assert all(7 <= count <= 33 for count in seen.values())


def test_the_sheet_leads_to_the_evidence_and_runs_no_formula(
    database: Path, tmp_path: Path
) -> None:
    write(_draw(database), tmp_path / "sheet.csv")
    with (tmp_path / "sheet.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["org_id"]: row for row in csv.DictReader(file)}
    care = draw(database, "v1", per_stratum=99, seed=1, definition_id="head").rows
    (row,) = [one for one in care if one["org_id"] == "GB-COH-99000001"]
    assert row["name"] == "'=Fictional Vale Care CIC"
    assert row["evidence_urls"] == "https://example.org/notice https://example.org/cited"
    for each in rows.values():
        assert each["release"] == "v1"
        assert all(each[one] == "" for one in ("reviewer", "reviewed_on", "is_mutual", "notes"))


def test_a_sheet_is_never_written_over(database: Path, tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("somebody's review")
    with pytest.raises(PermanentError, match="may hold a review"):
        write(_draw(database), path)
    assert path.read_text() == "somebody's review"


def test_an_unknown_definition_is_told_with_those_there_are(database: Path) -> None:
    with pytest.raises(BadInput, match="no definition 'none'") as caught:
        draw(database, "v1", per_stratum=1, seed=1, definition_id="none")
    assert "head" in caught.value.remedy


def test_without_a_review_nothing_is_known(database: Path, tmp_path: Path) -> None:
    nothing = estimate(None, "v1")
    assert set(_figures(nothing).values()) == {None}
    assert all("not known" in one for one in nothing.lines()[2:])
    sheet = read(_reviewed(_draw(database), tmp_path / "sheet.csv", lambda row: ""))
    told = estimate(sheet, "v1")
    assert set(_figures(told).values()) == {None}
    assert "2 of its rows await review" in told.figures[0].why_not


def test_a_reviewed_sheet_is_weighted_to_the_population(database: Path, tmp_path: Path) -> None:
    def answer(row: dict[str, str]) -> str:
        if row["verdict"] == "possible":
            return "yes" if row["org_id"].endswith(("1", "2", "3")) else "no"
        return "yes" if row["verdict"] in ("mutual", "probable") else "no"

    sample = _draw(database)
    told = estimate(read(_reviewed(sample, tmp_path / "sheet.csv", answer)), "v1")
    yes = sum(answer(row) == "yes" for row in sample.rows if row["verdict"] == "possible")
    figures = _figures(told)
    assert figures[("precision", "mutual")] == 1.0
    # 2 mutual and 1 probable are all yes; of 42 possible the reviewed share is
    expected = (2 + 1 + 42 * yes / 10) / 45
    assert figures[("precision", "plus possible")] == pytest.approx(expected)
    assert figures[("recall", "plus possible")] == pytest.approx(1.0)
    assert figures[("recall", "mutual")] == pytest.approx(2 / (3 + 42 * yes / 10))
    json.dumps(told.as_dict())


def test_unclear_answers_are_left_out_and_shown_as_bounds(database: Path, tmp_path: Path) -> None:
    def answer(row: dict[str, str]) -> str:
        return "unclear" if row["org_id"].startswith("GB-MPR") else "yes"

    told = estimate(read(_reviewed(_draw(database), tmp_path / "sheet.csv", answer)), "v2")
    mutual = told.figures[0]
    assert (mutual.value, mutual.bounds) == (1.0, (0.5, 1.0))
    assert any("not of v2" in one for one in told.remarks)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("is_mutual", "is_it", "no column 'is_mutual'"),
        (",yes,", ",perhaps,", "is_mutual is 'perhaps'"),
        ("v1,head,1,", "v2,head,1,", "2 samples are mixed"),
        ('undetermined, inferred",20', 'undetermined, inferred",21', "were changed"),
    ],
)
def test_a_sheet_that_was_changed_is_refused_with_its_line(
    database: Path, tmp_path: Path, old: str, new: str, what: str
) -> None:
    path = _reviewed(_draw(database), tmp_path / "sheet.csv", lambda row: "yes")
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(BadInput) as caught:
        read(path)
    assert what in caught.value.what
    assert "sheet.csv, line" in caught.value.where


def test_a_row_that_is_missing_or_double_is_told(database: Path, tmp_path: Path) -> None:
    path = _reviewed(_draw(database), tmp_path / "sheet.csv", lambda row: "no")
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:-1]))
    with pytest.raises(BadInput, match="9 rows, and 10 were drawn"):
        read(path)
    path.write_text("".join([*lines, lines[-1]]))
    with pytest.raises(BadInput, match="stands there twice"):
        read(path)
    with pytest.raises(BadInput, match="cannot be read"):
        read(tmp_path / "none.csv")
