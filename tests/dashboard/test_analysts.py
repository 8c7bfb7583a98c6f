"""What docs/analysts.md tells people to paste works on a release, and names what a release has."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import duckdb
import pytest

from observatory.release.connections import reading
from observatory.release.database import DATABASE
from observatory.settings import PROJECT_ROOT, Settings
from tests.whole_path.corpus_files import observatory

PAGE = (PROJECT_ROOT / "docs" / "analysts.md").read_text(encoding="utf-8")
# No release is called so; the page's example of a version is one of its own.
PLACE = "var/releases/latest"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def commands(program: str) -> list[str]:
    lines = [line for block in blocks("console") for line in block.splitlines()]
    return [line[2:] for line in lines if line.startswith(f"$ {program}")]


@pytest.fixture
def here(published: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder in which the page's paths lead to the fictional release."""
    (tmp_path / "var").symlink_to(published.home, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("block", blocks("sql"), ids=lambda text: text.split("\n")[0][:40])
def test_every_block_of_sql_runs(block: str, here: Path) -> None:
    if "parquet" in block:
        with duckdb.connect() as con:
            assert con.execute(block).description
        return
    with reading(here / PLACE / DATABASE) as con:
        for statement in con.extract_statements(block):
            assert con.execute(statement).description


@pytest.mark.parametrize("block", blocks("python"), ids=lambda text: text.split("\n")[0][:40])
def test_every_block_of_python_runs_and_shows_something(
    block: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(compile(block, "docs/analysts.md", "exec"), {})  # noqa: S102 - our own page
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("line", commands("observatory"))
def test_every_line_of_the_command_works(line: str, published: Settings) -> None:
    result = observatory(*shlex.split(line)[1:], home=published.home)
    assert result.exit_code == 0, result.output
    assert result.output.strip()


def test_every_file_that_is_named_is_in_a_release(here: Path) -> None:
    named = set(re.findall(rf"{PLACE}/([\w./-]+)", PAGE))
    named |= {name for name in re.findall(r"`((?:csv/)?[\w.-]+\.\w+)`", PAGE) if "*" not in name}
    named -= {name for name in named if name.startswith(("v2026", "duckdb"))}
    assert {"observatory.duckdb", "csv/organisations.csv", "parquet/organisations.parquet"} <= named
    missing = {
        name
        for name in named
        if not (here / PLACE / name).is_file() and not (here / PLACE / "csv" / name).is_file()
    }
    assert missing == set()


def test_r_reads_tables_and_columns_that_there_are(here: Path) -> None:
    text = "\n".join(blocks("r"))
    (sql,) = re.findall(r'dbGetQuery\(con, "(.*?)"\)', text, re.DOTALL)
    with reading(here / PLACE / DATABASE) as con:
        assert con.execute(sql).description
        columns = {
            row[0]
            for row in con.execute(
                "select column_name from duckdb_columns() where table_name = 'organisations'"
            ).fetchall()
        }
    (filtered,), (counted,) = (
        re.findall(r"filter\((.*?)\)", text),
        re.findall(r"count\((.*?),\s*sort", text),
    )
    assert {filtered, *(name.strip() for name in counted.split(","))} <= columns


def test_an_apostrophe_in_front_of_a_formula_is_taken_off_again(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (block,) = (one for one in blocks("python") if "pandas" in one)
    given: dict[str, object] = {}
    exec(compile(block, "docs/analysts.md", "exec"), given)  # noqa: S102 - our own page
    capsys.readouterr()
    with reading(here / PLACE / DATABASE) as con:
        held = con.execute("select name from organisations order by org_id").fetchall()
    frame = given["organisations"]
    assert sorted(frame["name"].tolist()) == sorted(row[0] for row in held)  # type: ignore[index]
    assert any(row[0].startswith("=") for row in held)
