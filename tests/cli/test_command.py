"""The command as people meet it: exit codes, messages and both kinds of output."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import altair
import duckdb
import pytest
from click.testing import CliRunner

from observatory import sample
from observatory.cli import main
from observatory.sources.base import registry
from tests.release.descriptions import csvw_problems, dcat_problems, frictionless_problems, graph
from tests.whole_path.corpus_files import observatory

COMMANDS = [
    "cite",
    "evaluate",
    "explain",
    "land",
    "prune",
    "query",
    "redact",
    "refresh",
    "releases",
    "review-sample",
    "serve",
    "sources",
    "status",
    "verify",
    "withdraw",
]


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the bundled sample was built and published."""
    home = tmp_path_factory.mktemp("sampled")
    patch = pytest.MonkeyPatch()
    patch.setenv("OBSERVATORY_NOW", "2026-11-23T02:30:00+00:00")
    result = observatory("refresh", "--sample", "--offline", home=home)
    patch.undo()
    assert result.exit_code == 0, result.output
    assert "dcms-2018" in result.stdout
    assert "mutual" in result.stdout
    assert str(home / "releases") in result.stdout
    assert "Next:" in result.stdout
    return home


def test_help_names_every_verb() -> None:
    told = CliRunner().invoke(main, ["--help"]).output
    for command in COMMANDS:
        assert command in told
        assert CliRunner().invoke(main, [command, "--help"]).exit_code == 0


@pytest.mark.parametrize("words", [["explain", "Anybody"], ["query", "select 1"], ["verify"]])
def test_before_the_first_release_every_question_says_what_to_do(
    words: list[str], tmp_path: Path
) -> None:
    result = observatory(*words, home=tmp_path)
    assert result.exit_code == 1
    assert "observatory refresh" in result.stderr
    assert "Traceback" not in result.output


def test_an_unknown_source_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    given = tmp_path / "list.csv"
    given.write_text("a,b\n1,2\n", encoding="utf-8")
    result = observatory("land", "fca_society", str(given), home=tmp_path)
    assert result.exit_code == 1
    assert "fca_societies" in result.stderr


def test_a_file_that_is_not_what_its_source_promises_is_refused(tmp_path: Path) -> None:
    given = tmp_path / "SocietyList.csv"
    given.write_text("Some,Other,Columns\n1,2,3\n", encoding="utf-8")
    result = observatory("land", "fca_societies", str(given), home=tmp_path)
    assert result.exit_code == 1
    assert "SocietyList.csv" in result.stderr
    assert "What to do" in result.stderr
    assert not list((tmp_path / "landing").rglob("*.json"))


@pytest.mark.parametrize(
    ("option", "value"), [("--published", "1st of May"), ("--scope", "most of it")]
)
def test_options_that_cannot_be_read_are_named(option: str, value: str, tmp_path: Path) -> None:
    given = tmp_path / "SocietyList.csv"
    given.write_text("x\n", encoding="utf-8")
    result = observatory("land", "fca_societies", str(given), option, value, home=tmp_path)
    assert result.exit_code in (1, 2)
    assert option in result.stderr
    assert value in result.stderr


def test_sources_list_the_registry(tmp_path: Path) -> None:
    told = json.loads(observatory("sources", "--json", home=tmp_path).stdout)
    assert [one["source"] for one in told] == list(registry())
    assert all(one["licence"] and one["publisher"] and one["cadence"] for one in told)
    asked = {one["source"]: one["limit"] for one in told}
    assert asked["find_a_tender"] == "12 s between requests"
    assert asked["known_mutuals"] is None  # packaged with the project: nobody is asked


def test_status_on_an_empty_home_says_so(tmp_path: Path) -> None:
    result = observatory("status", home=tmp_path)
    assert result.exit_code == 0
    assert "none yet" in result.stdout
    assert "never tried" in result.stdout


def test_other_peoples_readers_find_every_row_of_the_sample_valid(sampled: Path) -> None:
    release = (sampled / "releases" / "latest").resolve()
    assert frictionless_problems(release) == []
    assert csvw_problems(release) == []
    assert dcat_problems(graph(release)) == ""


def test_what_is_cited_verifies_and_a_forged_citation_does_not(
    sampled: Path, tmp_path: Path
) -> None:
    for what in ("organisations", "headline-range", "figure:stock", "select 1 as one"):
        told = observatory("cite", what, "--format", "csl-json", home=sampled)
        assert told.exit_code == 0, told.output
        (tmp_path / "citation.json").write_text(told.stdout, encoding="utf-8")
        assert observatory("verify", str(tmp_path / "citation.json"), home=sampled).exit_code == 0
    string = json.loads(told.stdout)[0]["id"]
    assert observatory("verify", string, home=sampled).exit_code == 0
    forged = observatory("verify", f"{string[:-6]}000000", "--json", home=sampled)
    assert forged.exit_code == 1
    assert json.loads(forged.stdout)["holds"] is False


def test_every_figure_of_the_sample_is_valid_vega_lite(sampled: Path) -> None:
    figures = sorted((sampled / "releases" / "latest" / "site" / "figures").glob("*.json"))
    assert len(figures) > 10
    for path in figures:
        # the sizes of a figure differ in numbers only
        chart = next(iter(json.loads(path.read_text("utf-8"))["charts"].values()))
        altair.Chart.from_dict(chart, validate=True)


def test_a_question_in_sql_and_one_from_the_cookbook(sampled: Path) -> None:
    told = json.loads(
        observatory(
            "query", "select count(*) as n from organisations", "--json", home=sampled
        ).stdout
    )
    assert told[0]["n"] > 100
    listed = json.loads(observatory("query", "--json", home=sampled).stdout)
    assert {"headline-count", "mutuals-by-verdict"} <= {one["name"] for one in listed}
    assert all(one["question"].endswith("?") for one in listed)


@pytest.mark.parametrize(
    "sql",
    [
        "delete from organisations",
        "select 1; select 2",
        "copy organisations to 'stolen.csv'",
        "select * from read_csv('/etc/hostname')",
        "attach 'other.duckdb'",
        "not sql at all",
    ],
)
def test_a_release_answers_questions_and_does_nothing_else(sql: str, sampled: Path) -> None:
    result = observatory("query", sql, home=sampled)
    assert result.exit_code == 1
    assert result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("asked", "org_id"),
    [
        ("GB-MPR-32357R", "GB-MPR-32357R"),
        ("32357R", "GB-MPR-32357R"),
        ("IP032357", "GB-MPR-32357R"),
        ("explore york libraries and archives mutual ltd", "GB-MPR-32357R"),
    ],
)
def test_explain_knows_an_organisation_by_any_of_its_names(
    asked: str, org_id: str, sampled: Path
) -> None:
    told = json.loads(observatory("explain", asked, "--json", home=sampled).stdout)
    assert told["org_id"] == org_id
    assert told["verdicts"]
    for one in told["evidence"]:
        assert one["url"].startswith("http")
        assert one["snapshot_id"]
        assert one["locator"]


def test_explain_says_what_was_looked_at_for_one_it_does_not_list(sampled: Path) -> None:
    result = observatory("explain", "A Fictional Mutual Nobody Registered", home=sampled)
    assert result.exit_code == 0
    assert "What was looked at" in result.stdout
    assert "What would count" in result.stdout


def test_verify_names_the_file_in_which_a_byte_changed(sampled: Path, tmp_path: Path) -> None:
    import shutil

    home = tmp_path / "copy"
    shutil.copytree(sampled, home, symlinks=True)
    victim = next((home / "releases").glob("v*/csv/organisations.csv"))
    victim.chmod(0o644)
    data = bytearray(victim.read_bytes())
    data[-5] ^= 1
    victim.write_bytes(bytes(data))
    result = observatory("verify", home=home)
    assert result.exit_code == 1
    assert "organisations.csv" in result.stderr


def test_releases_are_listed_with_the_latest_marked(sampled: Path) -> None:
    (one,) = json.loads(observatory("releases", "--json", home=sampled).stdout)
    assert one["version"] == "v2026.11.23.1"
    assert one["latest"] is True


def _copy(sampled: Path, folder: Path) -> Path:
    home = folder / "copy"
    shutil.copytree(sampled, home, symlinks=True)
    return home


def test_json_is_strict_json_whatever_a_query_answers(sampled: Path) -> None:
    asked = "select 'nan'::double as a, ['-inf'::double] as b, {'c': 'inf'::double} as c"
    result = observatory("query", asked, "--json", home=sampled)

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    assert json.loads(result.stdout, parse_constant=refuse) == [
        {"a": "nan", "b": ["-inf"], "c": {"c": "inf"}}
    ]


@pytest.mark.parametrize("words", [["explain", "Explore York"], ["status"], ["sources"]])
@pytest.mark.parametrize("columns", ["40", "none", "0"])
def test_a_plain_terminal_gets_an_answer(words: list[str], columns: str, sampled: Path) -> None:
    environment = {
        **os.environ,
        "OBSERVATORY_HOME": str(sampled),
        "PYTHONIOENCODING": "ascii",
        "COLUMNS": columns,
    }
    command = [sys.executable, "-c", "from observatory.cli import main; main()", *words]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    done.stdout.decode("ascii")


@pytest.mark.parametrize("words", [["refresh", "--offline"], ["status"], ["query", "select 1"]])
def test_a_home_that_is_no_folder_is_named(words: list[str], tmp_path: Path) -> None:
    wrong = tmp_path / "file"
    wrong.write_text("not a folder", encoding="utf-8")
    result = observatory(*words, home=wrong)
    assert result.exit_code == 1
    assert str(wrong) in result.stderr
    assert "What to do" in result.stderr


def test_ctrl_c_ends_with_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("assets.run.refresh", interrupted)
    result = observatory("refresh", "--offline", home=tmp_path)
    assert result.exit_code == 130
    assert result.stderr.startswith("Stopped.")


@pytest.mark.parametrize("words", [["query", "select 1"], ["explain", "Anybody"], ["verify"]])
def test_a_damaged_release_is_named(words: list[str], sampled: Path, tmp_path: Path) -> None:
    home = _copy(sampled, tmp_path)
    database = home / "releases" / "latest" / "observatory.duckdb"
    database.chmod(0o644)
    database.write_bytes(b"no database")
    result = observatory(*words, home=home)
    assert result.exit_code == 1
    assert "observatory.duckdb" in result.stderr
    assert "cannot be opened" in result.stderr


def test_a_defect_is_told_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slip(*_: object) -> None:
        raise ZeroDivisionError("fictional slip\nsecond line")

    monkeypatch.setattr("observatory.answers.status.status", slip)
    result = observatory("status", home=tmp_path)
    assert result.exit_code == 1
    assert "ZeroDivisionError: fictional slip" in result.stderr
    assert "report it" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("found", [None, "/somewhere/bin/observatory"])
def test_what_comes_next_can_be_typed_as_it_stands(
    found: str | None, sampled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("observatory.answers.summary.shutil.which", lambda _: found)
    monkeypatch.chdir(Path(sys.executable).parents[2])
    result = observatory("refresh", "--offline", home=sampled)
    (line,) = [one for one in result.stdout.splitlines() if one.startswith("Next:")]
    first = line.split()[1]
    assert first == "observatory" if found else Path(first).is_file()


def test_a_part_that_waits_for_the_others_is_told_everywhere(tmp_path: Path) -> None:
    bundled = [one.path for one in sample.files() if one.path.name.endswith("part6_7.csv")]
    part = "BasicCompanyData-2020-06-01-part1_7.csv"
    shutil.copyfile(bundled[0], tmp_path / part)
    home = tmp_path / "home"
    landed = observatory("land", "companies_house_basic", str(tmp_path / part), home=home)
    said = "1 of the 7 parts of 2020-06-01 landed; part 2, 3, 4, 5, 6, 7 is still missing"
    assert said in landed.stdout
    rows = json.loads(observatory("status", "--json", home=home).stdout)
    assert ("waiting: companies_house_basic", said) in [(row["what"], row["state"]) for row in rows]
    refreshed = observatory("refresh", "--offline", home=home)
    assert refreshed.exit_code == 1
    assert "nothing complete has landed from any publisher" in refreshed.output

    (receipt,) = (home / "landing" / "receipts" / "companies_house_basic").glob("*.json")
    receipt.chmod(0o644)
    receipt.write_text("{", encoding="utf-8")
    status = observatory("status", "--json", home=home)
    assert "is not a readable receipt" in status.stdout


def test_a_record_is_removed_and_the_next_release_is_without_it(
    sampled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBSERVATORY_NOW", "2026-11-24T02:30:00+00:00")
    home = tmp_path / "home"
    shutil.copytree(sampled, home, symlinks=True)
    released = home / "releases" / "latest" / "observatory.duckdb"
    with duckdb.connect(str(released), read_only=True) as con:
        found = con.execute(
            "select org_id[8:], snapshot_id from evidence where source = 'companies_house_basic' "
            "order by all limit 1"
        ).fetchone()
    assert found is not None
    company, snapshot = found
    words = ("redact", "companies_house_basic", "--key", company)
    assert "no reason" in observatory(*words, home=home).output
    gone = ("--reason", "asked for by its subject")
    other = observatory("redact", "companies_house_basic", "--key", "99999999", *gone, home=home)
    assert (other.exit_code, "nothing was removed" in other.output) == (1, True)
    done = observatory(*words, *gone, "--withdraw", home=home)
    assert done.exit_code == 0, done.output
    assert f"removed {snapshot}" in done.output
    assert "deleted the body" in done.output
    assert "still shows it: " in done.output
    assert observatory(*words, *gone, home=home).exit_code == 0
    refreshed = observatory("refresh", "--offline", home=home)
    assert refreshed.exit_code == 0, refreshed.output
    seen = observatory(
        "query",
        f"select source from evidence where org_id = 'GB-COH-{company}' "
        "and source = 'companies_house_basic'",
        home=home,
    )
    assert "companies_house_basic" not in seen.output.splitlines()
    told = observatory("query", "select detail from data_issues where kind = 'redacted'", home=home)
    assert "asked for by its subject" in told.output
