"""What differs between two releases, one step or several apart."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from observatory.answers import verdict_changes
from observatory.cli import main
from observatory.release.publish import Published, publish
from tests.release.conftest import BUILD as SMALL
from tests.release.conftest import change, small_project

STEPS = (
    "update evidence set weight = 7 where evidence_id = 'E1'; "
    "update organisations set name = '=cmd|1' where org_id = 'XX-FIC-1'",
    "update evidence set weight = 8 where evidence_id = 'E2'; "
    "delete from evidence where evidence_id = 'E3'; "
    "update organisations set name = 'Fictional Last CIC' where org_id = 'XX-FIC-1'",
)
VERSIONS = ("v2026.11.23.1", "v2026.11.23.2", "v2026.11.23.3")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three releases of fictional organisations; the code differs from each to the next."""
    folder = tmp_path_factory.mktemp("three")
    patch = pytest.MonkeyPatch()
    patch.setenv("OBSERVATORY_NOW", "2026-11-23T02:30:00+00:00")
    for place, sql in enumerate((SMALL, *STEPS)):
        change(folder / "build.duckdb", sql)
        outcome = publish(
            folder / "build.duckdb", small_project(), folder / "releases", code=f"code {place}"
        )
        assert isinstance(outcome, Published)
    patch.undo()
    return folder


@pytest.fixture(autouse=True)
def no_verdicts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small project judges nothing; verdicts have tests of their own."""
    monkeypatch.setattr(verdict_changes, "between", lambda before, after: [])


def diff(home: Path, *words: str) -> Result:
    return CliRunner().invoke(
        main, ["diff", *words], env={"OBSERVATORY_HOME": str(home), "COLUMNS": "200"}
    )


def lines(home: Path, *words: str) -> list[tuple[str, ...]]:
    result = diff(home, *words, "--format", "json")
    assert result.exit_code == 0, result.output
    return [
        (one["key"], one["column_name"], one["old_value"], one["new_value"], one["behind"][0])
        for one in json.loads(result.stdout)["changes"]
    ]


E1, E2, E3 = (f'{{"evidence_id":"E{n}"}}' for n in (1, 2, 3))
FIRST = '{"org_id":"XX-FIC-1"}'
NAME = 'Fictional "Care", Ltd\nCIC'


def test_one_step_is_what_the_release_says(home: Path) -> None:
    said = lines(home, "previous", "latest", "--table", "evidence")
    assert [one[:2] for one in said] == [
        (E2, "weight"), (E3, "*"), (E3, "org_id"), (E3, "signal_id")
    ]  # fmt: skip
    assert {one[4] for one in said} == {"code 2"}


def test_several_steps_are_compared_at_their_ends_each_cell_with_its_last_cause(home: Path) -> None:
    said = lines(home, VERSIONS[0], "latest")
    assert (E1, "weight", "1e+20", "7.0", "code 1") in said
    assert (E2, "weight", "-1.5", "8.0", "code 2") in said
    assert (FIRST, "name", NAME, "Fictional Last CIC", "code 2") in said


def test_a_missing_version_in_between_leaves_the_cause_of_the_two_ends(
    home: Path, tmp_path: Path
) -> None:
    for version in (VERSIONS[0], VERSIONS[2]):
        (tmp_path / "releases").mkdir(exist_ok=True)
        (tmp_path / "releases" / version).symlink_to(home / "releases" / version)
    (tmp_path / "releases" / "latest").symlink_to(VERSIONS[2])
    said = lines(tmp_path, VERSIONS[0], "latest")
    assert (E1, "weight", "1e+20", "7.0", "code 2") in said


def test_a_person_is_told_the_counts_and_the_lines_of_one_table(home: Path) -> None:
    told = diff(home, "previous", "latest")
    assert told.exit_code == 0, told.output
    assert f"{VERSIONS[1]} → {VERSIONS[2]}" in told.stdout
    assert "0 verdicts are other ones." in told.stdout
    assert "evidence" in told.stdout
    assert "organisations" in told.stdout
    of_one = diff(home, "previous", "latest", "--table", "organisations")
    assert "Fictional Last CIC" in of_one.stdout
    assert "evidence" not in of_one.stdout
    none = diff(home, "previous", "latest", "--table", "addresses_history").stdout
    assert "No cell of addresses_history differs" in none
    assert "No cell of the fact tables differs" in diff(home, "latest", "latest").stdout


def test_csv_is_whole_and_safe_in_a_spreadsheet(home: Path) -> None:
    told = diff(home, VERSIONS[0], VERSIONS[1], "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(told.stdout)))
    assert {row["table_name"] for row in rows} == {"evidence", "organisations"}
    assert [row["new_value"] for row in rows if row["column_name"] == "name"] == ["'=cmd|1"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("v2020.01.01.1", "latest"), "there is no release v2020.01.01.1"),
        (("yesterday", "latest"), "'yesterday' is not a version"),
        (("latest", "previous"), "ask `observatory diff previous latest`"),
        (("previous", "latest", "--table", "sources"), "there is no fact table sources"),
    ],
)
def test_a_wrong_question_is_answered_with_what_to_ask(
    home: Path, words: tuple[str, ...], says: str
) -> None:
    told = diff(home, *words)
    assert told.exit_code == 1
    assert says in told.stderr


def test_with_one_release_there_is_no_previous_one(home: Path, tmp_path: Path) -> None:
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases" / VERSIONS[0]).symlink_to(home / "releases" / VERSIONS[0])
    (tmp_path / "releases" / "latest").symlink_to(VERSIONS[0])
    told = diff(tmp_path, "previous", "latest")
    assert told.exit_code == 1
    assert "there is no release before the latest" in told.stderr


def test_the_list_of_releases_counts_what_each_changed(home: Path) -> None:
    told = CliRunner().invoke(main, ["releases", "--json"], env={"OBSERVATORY_HOME": str(home)})
    counted = [
        (one["version"], one["rows removed"], one["cells changed"], one["by cause"])
        for one in json.loads(told.stdout)
    ]
    assert counted == [
        (VERSIONS[2], 1, 2, "rule 5"),
        (VERSIONS[1], 0, 2, "rule 2"),
        (VERSIONS[0], None, None, "the first release: there is nothing to compare it with"),
    ]
