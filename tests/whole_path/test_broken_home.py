"""What a refresh does in a home in which something was lost, damaged or shut."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from observatory.errors import PermanentError
from tests.faults.home import small_site
from tests.whole_path.corpus_files import observatory

NOW = "2026-11-23T02:30:00+00:00"


@pytest.fixture(scope="module", autouse=True)
def one_page() -> Iterator[None]:
    """A release has a site of one page here: what pages say is not asked."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assets.release.site.writer", small_site)
        yield


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the bundled sample was published; nobody changes it."""
    home = tmp_path_factory.mktemp("sampled")
    patch = pytest.MonkeyPatch()
    patch.setenv("OBSERVATORY_NOW", NOW)
    result = observatory("refresh", "--sample", "--offline", home=home)
    patch.undo()
    assert result.exit_code == 0, result.output
    return home


@pytest.fixture
def home(sampled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it to break."""
    monkeypatch.setenv("OBSERVATORY_NOW", NOW)
    copy = tmp_path / "home"
    shutil.copytree(sampled, copy, symlinks=True)
    return copy


def _facts(home: Path) -> str:
    manifest = json.loads((home / "releases" / "latest" / "manifest.json").read_text("utf-8"))
    return str(manifest["facts_hash"])


def _releases(home: Path) -> list[str]:
    return sorted(one.name for one in (home / "releases").glob("v*"))


def test_a_release_that_was_deleted_is_published_again(home: Path) -> None:
    before = _facts(home)
    shutil.rmtree(home / "releases")
    result = observatory("refresh", "--offline", home=home)
    assert result.exit_code == 0, result.output
    assert _facts(home) == before


def test_what_cannot_be_read_again_keeps_the_release_before(home: Path) -> None:
    before, (version,) = _facts(home), _releases(home)
    (receipt,) = (home / "landing" / "receipts" / "fca_societies").glob("*.json")
    body = home / "landing" / "bodies" / receipt.stem[:2] / receipt.stem
    sound = body.read_bytes()
    body.chmod(0o644)
    body.write_bytes(sound.replace(b"Registered", b"registered"))
    shutil.rmtree(home / "lake")
    result = observatory("refresh", "--offline", home=home)
    assert result.exit_code == 1
    assert "no longer holds the bytes that landed" in result.output
    assert "the release before was built on what the lake no longer holds" in result.output
    assert "SocietyList.csv" in result.output
    assert _releases(home) == [version]

    body.write_bytes(sound)
    result = observatory("refresh", "--offline", home=home)
    assert result.exit_code == 0, result.output
    assert _facts(home) == before
    assert _releases(home) == [version]


def test_a_snapshot_of_the_lake_that_lost_files_is_read_again(home: Path) -> None:
    before = _facts(home)
    (societies,) = (home / "lake" / "fca_societies").glob("*.r*")
    (societies / "manifest.json").write_text("{", encoding="utf-8")
    (crosswalk,) = (home / "lake" / "mutual_companies").glob("*.r*")
    (crosswalk / "mutual_companies.parquet").unlink()
    (economic,) = (home / "lake" / "coops_uk_economic").glob("*.r*")
    cut = economic / "coops_uk_economic.parquet"
    cut.write_bytes(cut.read_bytes()[:-20])
    (home / "warehouse" / "build.duckdb").unlink()
    (home / "warehouse" / "released.json").write_text("[]", encoding="utf-8")
    result = observatory("refresh", "--offline", home=home)
    assert result.exit_code == 0, result.output
    for source in ("fca_societies", "mutual_companies", "coops_uk_economic"):
        assert f"{source}: nothing new" not in result.output
    assert _facts(home) == before


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("warehouse/build.duckdb", "move the file away"),
        ("dagster/history/event_log.db", "Dagster's history of runs cannot be opened"),
    ],
)
def test_a_damaged_database_is_named_and_made_anew_once_it_is_away(
    path: str, said: str, home: Path
) -> None:
    before = _facts(home)
    (home / path).write_bytes(b"no database" * 1000)
    result = observatory("refresh", "--offline", home=home)
    assert result.exit_code == 1
    assert said in result.output
    (home / path).rename(home / "damaged")
    result = observatory("refresh", "--offline", home=home)
    assert result.exit_code == 0, result.output
    assert _facts(home) == before


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(13, "Permission denied", "/shut/releases/.lock"), "/shut/releases/.lock"),
        (PermanentError("the fictional clock is wrong", remedy="set it"), "What to do: set it"),
    ],
)
def test_a_step_that_falls_is_told_in_words(
    error: Exception, said: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("assets.release.publish", fall)
    (home / "warehouse" / "released.json").unlink()
    result = observatory("refresh", "--offline", home=home)
    assert result.exit_code == 1
    assert said in result.stdout
    assert "What to do" in result.stdout
    for noise in ("Traceback", "Error:", "[Errno"):
        assert noise not in result.output


def test_a_clock_that_is_no_time_ends_the_run_before_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBSERVATORY_NOW", "yesterday")
    result = observatory("refresh", "--offline", home=tmp_path)
    assert result.exit_code == 1
    assert "OBSERVATORY_NOW='yesterday' is not an ISO 8601 time" in result.stderr
    assert not list(tmp_path.iterdir())
