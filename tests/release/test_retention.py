"""Which versions go, which stay, and what is left of one that went or was withdrawn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from observatory import pruning
from observatory.errors import BadInput, PermanentError
from observatory.release import records, retention
from observatory.release.holds import hold, in_use
from observatory.release.manifest import read_manifest
from observatory.release.publish import Published, Unchanged, publish
from observatory.release.verify import verify
from observatory.release.versions import Version, history, latest
from observatory.release.withdraw import withdraw
from observatory.settings import Settings
from tests.release.conftest import BUILD, SmallProject, change, small_project

TODAY = date(2026, 11, 23)
DAYS = ["2026-08-30", "2026-08-31", "2026-09-01", "2026-09-30", "2026-10-18", "2026-10-19",
        "2026-10-31", "2026-11-02", "2026-11-22"]  # fmt: skip


def version(day: str) -> Version:
    return Version(date.fromisoformat(day), 1)


def version_of(day: str, database: Path, project: SmallProject, releases: Path) -> Published:
    change(database, f"insert into evidence values ('{day}', 'XX-FIC-1', 'form', 'x', 0, null)")
    moment = datetime.fromisoformat(day).replace(hour=2, tzinfo=UTC)
    done = publish(database, project, releases, built_at=moment)
    assert isinstance(done, Published)
    return done


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build database and a version of each day; made once, copied for each test."""
    home = tmp_path_factory.mktemp("versions")
    change(home / "build.duckdb", BUILD)
    for day in DAYS:
        version_of(day, home / "build.duckdb", small_project(), home / "releases")
    return home


@pytest.fixture
def published(built: Path, tmp_path: Path) -> Path:
    # `cp -a` keeps hard links and the pointer as they are.
    subprocess.run(["cp", "-a", f"{built}/.", tmp_path], check=True)
    return tmp_path / "releases"


@pytest.fixture
def database(published: Path) -> Path:
    return published.parent / "build.duckdb"


def days(found: list[retention.Old]) -> list[str]:
    return [one.version.day.isoformat() for one in found]


def test_nightly_versions_go_after_their_days_and_monthly_ones_stay(published: Path) -> None:
    # 35 days before 23 November is 19 October: what was built on it still stays.
    assert days(retention.plan(published, TODAY)) == ["2026-08-30", "2026-09-01", "2026-10-18"]
    assert days(retention.plan(published, date(2026, 10, 5))) == ["2026-08-30"]


def test_latest_and_cited_and_withdrawn_versions_never_go(published: Path) -> None:
    records.write(published / records.CITED / str(version("2026-08-30")) / "a.json", {})
    withdraw(published, str(version("2026-09-01")), "for a test", TODAY)
    assert days(retention.plan(published, TODAY)) == ["2026-10-18"]
    far = date(2030, 1, 1)
    assert "2026-11-22" not in days(retention.plan(published, far))


READER = """
import sys, duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
print("open", flush=True)
sys.stdin.readline()
print(con.execute("select count(*) from organisations").fetchone()[0], flush=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux who holds a lock")
def test_a_version_that_is_read_by_a_program_stays(published: Path) -> None:
    folder = published / str(version("2026-08-30"))
    with subprocess.Popen(
        [sys.executable, "-c", READER, folder / "observatory.duckdb"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as reader:  # fmt: skip
        assert reader.stdout is not None
        assert reader.stdout.readline() == "open\n"
        assert in_use(folder)
        assert "2026-08-30" not in days(retention.prune(published, TODAY))
        told, _ = reader.communicate("\n")
    assert told == "3\n"
    assert not in_use(folder)
    assert days(retention.prune(published, TODAY)) == ["2026-08-30"]


def test_a_version_that_the_site_is_served_from_stays(published: Path) -> None:
    folder = published / str(version("2026-09-01"))
    with hold(folder):
        assert "2026-09-01" not in days(retention.plan(published, TODAY))
    assert "2026-09-01" in days(retention.plan(published, TODAY))


def test_of_a_version_that_went_its_manifest_stays_and_every_list_says_so(
    published: Path, database: Path, project: SmallProject
) -> None:
    gone = retention.prune(published, TODAY)
    assert len(gone) == 3
    assert all(one.size_bytes > 0 for one in gone)
    assert not any(one.path.exists() for one in gone)
    kept = published / "pruned" / str(gone[0].version)
    assert read_manifest(kept).version == str(gone[0].version)
    assert (kept / "SHA256SUMS").is_file()
    assert (kept / "CHANGELOG.md").is_file()
    assert len(history(published)) == len(DAYS) - 3
    assert all(verify(one.path) == [] for one in history(published)[-2:])

    index = json.loads((published / "index.json").read_text(encoding="utf-8"))
    states = {one["version"]: one for one in index["releases"]}
    assert len(states) == len(DAYS)
    told = states[str(gone[0].version)]
    assert (told["status"], told["status_on"]) == ("pruned", "2026-11-23")
    assert (published / told["manifest"]).is_file()

    done = version_of("2026-11-23", database, project, published)
    with duckdb.connect(str(done.release.path / "observatory.duckdb"), read_only=True) as con:
        rows = con.execute("select version, status, status_on from releases order by 1").fetchall()
    assert len(rows) == len(DAYS) + 1
    assert rows[0] == ("v2026.08.30.1", "pruned", TODAY)
    assert retention.prune(published, TODAY) == []


def test_the_weekly_pruning_lets_releases_go_too(published: Path) -> None:
    settings = Settings(home=published.parent)
    listed = [one for one in pruning.plan(settings) if one.kind == "release"]
    assert [one.path.name for one in listed] == ["v2026.08.30.1", "v2026.09.01.1", "v2026.10.18.1"]
    assert all(one.path.exists() for one in listed)
    assert [one for one in pruning.prune(settings) if one.kind == "release"] == listed
    assert not any(one.path.exists() for one in listed)


def test_a_prune_that_is_killed_loses_no_version_and_the_next_one_ends_it(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(self: Path, target: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        real = Path.rename
        patch.setattr(
            Path,
            "rename",
            lambda self, to: killed(self, to) if "gone-" in str(to) else real(self, to),
        )
        with pytest.raises(KeyboardInterrupt):
            retention.prune(published, TODAY)
    assert [one.status for one in records.past(published)] == ["published"] * len(DAYS)
    assert len(retention.prune(published, TODAY)) == 3


def test_a_withdrawn_version_is_kept_marked_and_no_longer_the_latest(
    published: Path, database: Path, project: SmallProject
) -> None:
    done = withdraw(published, "latest", "a table\nwas wrong", TODAY)
    assert str(done.release.version) == "v2026.11.22.1"
    assert done.mark.reason == "a table was wrong"
    assert not done.is_still_latest
    newest = latest(published)
    assert newest is not None
    assert str(newest.version) == "v2026.11.02.1"
    assert verify(done.release.path) == []
    index = json.loads((published / "index.json").read_text(encoding="utf-8"))
    assert index["latest"] == "v2026.11.02.1"
    told = index["releases"][0]
    assert (told["status"], told["status_reason"]) == ("withdrawn", "a table was wrong")

    # The very facts that were withdrawn are not published again by the next night.
    again = publish(database, project, published)
    assert isinstance(again, Unchanged)
    assert "withdrawn: a table was wrong" in again.message
    mended = version_of("2026-11-23", database, project, published)
    with duckdb.connect(str(mended.release.path / "observatory.duckdb"), read_only=True) as con:
        row = con.execute(
            "select status, status_on, status_reason from releases where version = 'v2026.11.22.1'"
        ).fetchone()
    assert row == ("withdrawn", TODAY, "a table was wrong")


def test_a_withdrawal_needs_a_reason_a_version_and_is_made_once(published: Path) -> None:
    with pytest.raises(BadInput, match="needs a reason"):
        withdraw(published, "latest", "  ", TODAY)
    with pytest.raises(PermanentError, match=r"there is no release v2020\.01\.01\.1"):
        withdraw(published, "v2020.01.01.1", "x", TODAY)
    withdraw(published, "v2026.08.30.1", "wrong", TODAY)
    with pytest.raises(BadInput, match="was withdrawn already, on 2026-11-23: wrong"):
        withdraw(published, "v2026.08.30.1", "wrong again", TODAY)


def test_where_every_version_was_withdrawn_readers_still_get_the_last(published: Path) -> None:
    done = [withdraw(published, str(version(day)), "wrong", TODAY) for day in DAYS]
    assert [one.is_still_latest for one in done] == [False] * (len(DAYS) - 1) + [True]
    assert latest(published) is not None


def test_a_record_that_cannot_be_read_stops_everything_that_rests_on_it(published: Path) -> None:
    withdraw(published, "v2026.08.30.1", "wrong", TODAY)
    path = published / "withdrawn" / "v2026.08.30.1.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(BadInput, match="the record of a release cannot be read"):
        retention.prune(published, TODAY)


def test_shared_files_are_not_counted_as_freed(published: Path) -> None:
    old = retention.plan(published, TODAY)[0]
    linked = [one for one in old.path.rglob("*") if one.is_file() and os.stat(one).st_nlink > 1]  # noqa: PTH116
    assert linked
    held = sum(one.stat().st_size for one in old.path.rglob("*") if one.is_file())
    assert old.size_bytes <= held - sum(one.stat().st_size for one in linked)
