"""``evaluate`` and ``review-sample`` as people meet them, on a small release."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
import pytest

from tests.answers.small_release import RELEASE, folder
from tests.whole_path.corpus_files import observatory

KNOWN = {"name": "Fictional Vale Libraries Limited", "gb_mpr": "99001R"}
NOBODY = {"name": "Fictional Nowhere Homes Limited", "gb_coh": "99999999"}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose latest release is a small database of fictional organisations."""
    home = tmp_path_factory.mktemp("evaluated")
    version = home / "releases" / "v2026.11.23.1"
    version.mkdir(parents=True)
    with duckdb.connect(str(version / "observatory.duckdb")) as con:
        con.execute(RELEASE)
    manifest = {
        "format": 1, "version": version.name, "built_at": "2026-11-23T02:30:00+00:00",
        "previous_version": "", "facts_hash": "", "sources": [], "tables": [], "files": [],
    }  # fmt: skip
    (version / "manifest.json").write_text(json.dumps(manifest))
    (home / "releases" / "latest").symlink_to(version.name)
    return home


def test_a_folder_is_scored_for_a_person_and_for_a_program(published: Path, tmp_path: Path) -> None:
    gold = folder(tmp_path / "gold", [KNOWN], [NOBODY])
    told = json.loads(observatory("evaluate", str(gold), "--json", home=published).stdout)
    assert {one["group"]: one["with_records"] for one in told["coverage"]} == {
        "positive": 1, "negative": 0,
    }  # fmt: skip
    assert [one["name"] for one in told["not_found"]] == [NOBODY["name"]]
    assert {one["known"] for one in told["population"]["figures"]} == {False}
    shown = observatory("evaluate", str(gold), home=published)
    assert shown.exit_code == 0
    assert "not known" in shown.stdout
    assert observatory("evaluate", str(gold), home=published).stdout == shown.stdout


def test_bad_input_is_told_with_its_place_and_exits_with_1(published: Path, tmp_path: Path) -> None:
    (tmp_path / "positives.csv").write_text("title,label\n")
    for words, said in (
        ([str(tmp_path)], "positives.csv, line 1: there is no column 'name'"),
        ([str(tmp_path / "none")], "there is no such file"),
        ([str(tmp_path), "--reviewed", str(tmp_path / "none.csv")], "cannot be read"),
    ):
        result = observatory("evaluate", *words, home=published)
        assert result.exit_code == 1
        assert said in result.stderr
        assert "What to do:" in result.stderr


def test_a_sheet_goes_out_is_reviewed_and_comes_back(published: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    drawn = observatory("review-sample", str(sheet), "--per-verdict", "3", home=published)
    assert drawn.exit_code == 0, drawn.output
    with sheet.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, "is_mutual": "yes"} for row in rows)
    gold = folder(tmp_path / "gold", [KNOWN], [NOBODY])
    words = ("evaluate", str(gold), "--reviewed", str(sheet), "--json")
    told = json.loads(observatory(*words, home=published).stdout)
    figures = {(one["measure"], one["strictness"]): one for one in told["population"]["figures"]}
    assert figures[("precision", "plus possible")]["value"] == 1.0
    again = observatory("review-sample", str(sheet), home=published)
    assert again.exit_code == 1
    assert "may hold a review" in again.stderr


def test_before_the_first_release_it_says_what_to_do(tmp_path: Path) -> None:
    gold = folder(tmp_path / "gold", [KNOWN], [NOBODY])
    for words in (("evaluate", str(gold)), ("review-sample", str(tmp_path / "sheet.csv"))):
        result = observatory(*words, home=tmp_path / "empty")
        assert result.exit_code == 1
        assert "observatory refresh" in result.stderr
