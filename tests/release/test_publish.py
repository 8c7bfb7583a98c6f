"""When a release is due, and what a killed run leaves behind."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from observatory.errors import PermanentError, TransientError
from observatory.release.facts import facts_hash
from observatory.release.publish import Published, Unchanged, publish
from observatory.release.query import query
from observatory.release.verify import verify
from observatory.release.versions import find, history, latest
from observatory.settings import PROJECT_ROOT
from tests.release.conftest import SmallProject, change

ADD = "insert into organisations values ('XX-FIC-4', 'Fictional Four CIC', null, null, true, null)"


def published(database: Path, project: SmallProject, releases: Path) -> Published:
    outcome = publish(database, project, releases)
    assert isinstance(outcome, Published)
    return outcome


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_first_release_is_published_verified_and_pointed_at(
    database: Path, project: SmallProject, releases: Path
) -> None:
    outcome = published(database, project, releases)
    assert outcome.version == "v2026.11.23.1"
    assert (releases / "latest").readlink() == Path("v2026.11.23.1")
    assert verify(outcome.release.path) == []
    index = json.loads((releases / "index.json").read_text())
    assert index["latest"] == "v2026.11.23.1"
    assert index["releases"][0]["rows"]["organisations"] == 3
    modes = {
        path.stat().st_mode & 0o777 for path in outcome.release.path.rglob("*.*") if path.is_file()
    }
    assert modes == {0o444}
    assert not list(releases.glob(".staging-*"))


def test_a_release_says_which_event_led_to_it_and_so_do_the_next_ones(
    database: Path, project: SmallProject, releases: Path
) -> None:
    publish(database, project, releases, cause="watcher: fictional_register")
    change(database, ADD)
    second = publish(database, project, releases, cause="seed: judgements")
    assert isinstance(second, Published)
    with duckdb.connect(str(second.release.path / "observatory.duckdb"), read_only=True) as con:
        told = con.sql("select caused_by from releases order by built_at, version").fetchall()
    assert told == [("watcher: fictional_register",), ("seed: judgements",)]
    index = json.loads((releases / "index.json").read_text())
    assert index["releases"][0]["caused_by"] == "seed: judgements"


def test_the_same_facts_publish_nothing_whatever_the_order_and_the_known_times(
    database: Path, project: SmallProject, releases: Path
) -> None:
    first = published(database, project, releases)
    change(
        database,
        "create or replace table organisations as "
        "select * replace (now()::timestamp as known_from) from organisations order by name; "
        "update sources set title = 'Another title'",
    )
    outcome = publish(database, project, releases)
    assert isinstance(outcome, Unchanged)
    assert outcome.version == first.version
    assert "no fact differs from the release v2026.11.23.1" in outcome.message
    assert [str(one.version) for one in history(releases)] == [first.version]


@pytest.mark.parametrize(
    "sql",
    [
        ADD,
        "delete from evidence where evidence_id = 'E3'",
        "update organisations set name = null where name = ''",
        "update evidence set place = {'line': 4, 'member': 'a.csv'} where evidence_id = 'E2'",
        "update organisations set is_watched = false where is_watched is null",
    ],
)
def test_any_changed_fact_is_a_new_release(
    database: Path, project: SmallProject, releases: Path, sql: str
) -> None:
    published(database, project, releases)
    change(database, sql)
    second = published(database, project, releases)
    assert second.version == "v2026.11.23.2"
    assert second.previous is not None
    assert str(second.previous.version) == "v2026.11.23.1"
    with duckdb.connect(str(second.release.path / "observatory.duckdb"), read_only=True) as con:
        rows = con.execute(
            "select version, previous_version from releases order by version"
        ).fetchall()
    assert rows == [("v2026.11.23.1", None), ("v2026.11.23.2", "v2026.11.23.1")]


def test_swapping_values_between_rows_changes_the_facts_hash(
    database: Path, project: SmallProject
) -> None:
    with duckdb.connect(str(database)) as con:
        before = facts_hash(con, project)
        con.execute("update evidence set org_id = case evidence_id when 'E1' then 'XX-FIC-3' "
                    "when 'E3' then 'XX-FIC-1' else org_id end")  # fmt: skip
        after = facts_hash(con, project)
    assert before.overall != after.overall
    assert before.tables["organisations"] == after.tables["organisations"]


def test_files_that_did_not_change_are_hard_links(
    database: Path, project: SmallProject, releases: Path
) -> None:
    first = published(database, project, releases).release.path
    change(database, "insert into evidence values ('E9', 'XX-FIC-2', 'form', 'x', 0, null)")
    second = published(database, project, releases).release.path

    def same(name: str) -> bool:
        return (first / name).stat().st_ino == (second / name).stat().st_ino

    assert same("parquet/organisations.parquet")
    assert same("csv/organisations.csv")
    assert not same("parquet/evidence.parquet")
    assert not same("observatory.duckdb")
    assert verify(first) == verify(second) == []


def test_a_rotten_file_of_the_release_before_is_not_passed_on(
    database: Path, project: SmallProject, releases: Path
) -> None:
    first = published(database, project, releases).release.path
    rotten = first / "csv" / "organisations.csv"
    good = rotten.read_bytes()
    rotten.chmod(0o644)
    rotten.write_bytes(b"X" + good[1:])
    change(database, "delete from evidence where evidence_id = 'E3'")
    second = published(database, project, releases).release.path
    assert (second / "csv" / "organisations.csv").read_bytes() == good


class Killed(BaseException):
    """Stands for the end of the process: no handler may swallow it."""


STEPS = ["begun", "database written", "sources written", "formats written", "manifest written",
         "verified", "renamed", "pointed"]  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("first_exists", [True, False])
def test_a_run_killed_at_any_step_leaves_the_release_before_and_the_next_run_completes(
    database: Path, project: SmallProject, releases: Path, step: str, first_exists: bool
) -> None:
    before = published(database, project, releases) if first_exists else None
    kept = tree(before.release.path) if before else {}
    change(database, ADD)
    reached = []

    def kill(name: str) -> None:
        reached.append(name)
        if name == step:
            raise Killed

    with pytest.raises(Killed):
        publish(database, project, releases, checkpoint=kill)
    assert reached[-1] == step
    seen = latest(releases)
    if step != "pointed":
        assert seen == (before.release if before else None)
    if before:
        assert tree(before.release.path) == kept

    outcome = publish(database, project, releases)
    # Renamed: the release was complete, so the next run only finishes it.
    assert isinstance(outcome, Unchanged if step in ("renamed", "pointed") else Published)
    newest = latest(releases)
    assert newest is not None
    assert str(newest.version) == f"v2026.11.23.{2 if first_exists else 1}"
    assert newest.manifest.rows("organisations") == 4
    assert verify(newest.path) == []
    assert not list(releases.glob(".staging-*"))
    index = json.loads((releases / "index.json").read_text())
    assert [one["version"] for one in index["releases"]] == [
        str(one.version) for one in reversed(history(releases))
    ]


def test_a_reader_holds_its_release_while_the_next_is_published(
    database: Path, project: SmallProject, releases: Path
) -> None:
    held = published(database, project, releases).release.path
    with duckdb.connect(str(held / "observatory.duckdb"), read_only=True) as reader:
        assert reader.execute("select count(*) from organisations").fetchone() == (3,)
        change(database, ADD)
        published(database, project, releases)
        assert reader.execute("select count(*) from organisations").fetchone() == (3,)
        assert query(held, "select count(*) from organisations").rows == [(3,)]
    assert query(find(releases, "latest").path, "select count(*) from organisations").rows == [(4,)]


def test_an_emptied_build_is_refused_and_an_empty_one_publishes_nothing(
    database: Path, project: SmallProject, releases: Path, tmp_path: Path
) -> None:
    change(database, "create table kept as from organisations; delete from organisations")
    outcome = publish(database, project, releases)
    assert isinstance(outcome, Unchanged)
    assert outcome.version == ""
    assert latest(releases) is None
    change(database, "delete from evidence; delete from addresses_history; "
                     "insert into organisations from kept")  # fmt: skip
    published(database, project, releases)
    change(database, "delete from organisations")
    with pytest.raises(PermanentError, match="holds no organisation"):
        publish(database, project, releases)


def test_a_release_that_does_not_verify_is_not_published(
    database: Path, project: SmallProject, releases: Path
) -> None:
    change(database, "insert into evidence values ('E9', 'XX-FIC-99', 'form', 'x', 0, null)")
    with pytest.raises(PermanentError, match=r"org_id are not in organisations\.org_id"):
        publish(database, project, releases)
    assert latest(releases) is None
    assert history(releases) == []


def test_a_table_that_breaks_its_grain_is_named(
    database: Path, project: SmallProject, releases: Path
) -> None:
    change(database, "insert into evidence from evidence")
    with pytest.raises(PermanentError, match="evidence: the table does not keep its contract"):
        publish(database, project, releases)


def test_a_missing_build_is_said_plainly(
    project: SmallProject, releases: Path, tmp_path: Path
) -> None:
    with pytest.raises(PermanentError, match="no such database"):
        publish(tmp_path / "none.duckdb", project, releases)


def test_a_clock_before_the_newest_release_is_refused(
    database: Path, project: SmallProject, releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(database, project, releases)
    change(database, ADD)
    monkeypatch.setenv("OBSERVATORY_NOW", "2026-11-22T23:59:59+00:00")
    with pytest.raises(PermanentError, match="already there"):
        publish(database, project, releases)
    monkeypatch.setenv("OBSERVATORY_NOW", "2026-11-24T00:00:00+00:00")
    assert published(database, project, releases).version == "v2026.11.24.1"


KILLED = """
import os, sys
from pathlib import Path
from observatory.release.publish import publish
from tests.release.conftest import small_project

def kill(step):
    if step == "evidence written":
        os._exit(9)

publish(Path(sys.argv[1]), small_project(), Path(sys.argv[2]), checkpoint=kill)
"""


def test_a_process_that_really_dies_leaves_no_lock_and_no_trace_after_the_next_run(
    database: Path, project: SmallProject, releases: Path
) -> None:
    first = published(database, project, releases)
    change(database, ADD)
    dead = subprocess.run(
        [sys.executable, "-c", KILLED, database, releases], cwd=PROJECT_ROOT, check=False
    )
    assert dead.returncode == 9
    assert [path.name for path in releases.glob(".staging-*")] == [".staging-v2026.11.23.2"]
    assert latest(releases) == first.release
    assert published(database, project, releases).version == "v2026.11.23.2"
    assert not list(releases.glob(".staging-*"))


def test_two_publishers_do_not_meet(
    database: Path, project: SmallProject, releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("observatory.release.publish._LOCK_SECONDS", 0.0)
    releases.mkdir()
    with FileLock(releases / ".lock"), pytest.raises(TransientError, match="another process"):
        publish(database, project, releases)
    published(database, project, releases)


def test_a_pointer_to_nowhere_is_set_right_and_one_that_is_no_link_is_refused(
    database: Path, project: SmallProject, releases: Path
) -> None:
    published(database, project, releases)
    pointer = releases / "latest"
    pointer.unlink()
    pointer.symlink_to("v2020.01.01.1")
    assert isinstance(publish(database, project, releases), Unchanged)
    assert pointer.readlink() == Path("v2026.11.23.1")
    pointer.unlink()
    pointer.mkdir()
    with pytest.raises(PermanentError, match="not a symbolic link"):
        publish(database, project, releases)
