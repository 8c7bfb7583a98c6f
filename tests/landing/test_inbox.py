"""The inbox: files go in by the same door, and nothing stays there without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from observatory.errors import BadInput, PermanentError, TransientError
from observatory.landing import inbox
from observatory.landing.accept import Landed
from observatory.landing.inbox import scan_inbox, strays
from observatory.landing.store import Landing
from observatory.settings import Settings
from tests.landing.helpers import SOURCE, csv_file


@pytest.fixture
def folder(home: Settings) -> Path:
    return home.inbox / SOURCE.id


@pytest.fixture
def landing(home: Settings) -> Landing:
    return Landing(home.landing)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_no_inbox_is_no_news(home: Settings, landing: Landing) -> None:
    assert scan_inbox(SOURCE, home, landing) == []


def test_good_files_land_and_bad_ones_are_put_aside_with_the_reason(
    home: Settings, landing: Landing, folder: Path
) -> None:
    csv_file(folder, "a.csv")
    (folder / "b.csv").write_text("<html>")
    good, bad = scan_inbox(SOURCE, home, landing)
    assert isinstance(good, Landed)
    assert good.new
    assert isinstance(bad, BadInput)
    assert names(folder / ".landed") == ["a.csv"]
    assert names(folder / ".rejected") == ["b.csv", "b.csv.reason.txt"]
    reason = (folder / ".rejected" / "b.csv.reason.txt").read_text()
    assert "b.csv: is an HTML page" in reason
    assert "What to do:" in reason
    assert scan_inbox(SOURCE, home, landing) == []


def test_the_same_name_twice_overwrites_nothing(
    home: Settings, landing: Landing, folder: Path
) -> None:
    for salt in ("", " B", ""):
        csv_file(folder, "a.csv", salt=salt)
        scan_inbox(SOURCE, home, landing)
    assert names(folder / ".landed") == ["a (2).csv", "a (3).csv", "a.csv"]
    assert len(landing.receipts(SOURCE.id)) == 2


@pytest.mark.parametrize("name", [".hidden.csv", "a.csv.partial", "a.csv.crdownload", "A.PART"])
def test_hidden_and_incomplete_files_are_left_alone(
    home: Settings, landing: Landing, folder: Path, name: str
) -> None:
    csv_file(folder, name)
    assert scan_inbox(SOURCE, home, landing) == []
    assert names(folder) == [name]


def test_a_folder_is_reported_and_stays(home: Settings, landing: Landing, folder: Path) -> None:
    csv_file(folder / "sub")
    (outcome,) = scan_inbox(SOURCE, home, landing)
    assert isinstance(outcome, BadInput)
    assert "is a folder" in str(outcome)
    assert names(folder) == ["sub"]


def test_a_link_is_refused_and_what_it_points_to_stays(
    home: Settings, landing: Landing, folder: Path, tmp_path: Path
) -> None:
    target = csv_file(tmp_path / "elsewhere")
    folder.mkdir(parents=True)
    (folder / "link.csv").symlink_to(target)
    (folder / "dangling.csv").symlink_to(tmp_path / "nothing")
    outcomes = scan_inbox(SOURCE, home, landing)
    assert [type(one) for one in outcomes] == [BadInput, BadInput]
    assert target.exists()
    assert landing.receipts(SOURCE.id) == []


def test_the_inbox_itself_may_be_a_link(
    home: Settings, landing: Landing, folder: Path, tmp_path: Path
) -> None:
    csv_file(tmp_path / "share")
    folder.parent.mkdir(parents=True)
    folder.symlink_to(tmp_path / "share")
    (outcome,) = scan_inbox(SOURCE, home, landing)
    assert isinstance(outcome, Landed)
    assert names(tmp_path / "share" / ".landed") == ["list.csv"]


def test_an_inbox_that_is_a_file_is_reported(
    home: Settings, landing: Landing, folder: Path
) -> None:
    folder.parent.mkdir(parents=True)
    folder.write_text("oops")
    (outcome,) = scan_inbox(SOURCE, home, landing)
    assert "is not a folder" in str(outcome)


def test_a_file_that_is_still_being_written_waits(
    home: Settings, landing: Landing, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    csv_file(folder)

    def growing(*_: object, **__: object) -> Landed:
        raise TransientError("changed while it was being read", where="list.csv")

    monkeypatch.setattr(inbox, "land_file", growing)
    (outcome,) = scan_inbox(SOURCE, home, landing)
    assert isinstance(outcome, BadInput)
    assert names(folder) == ["list.csv"]


def test_a_full_disk_ends_the_scan_and_the_file_stays(
    home: Settings, landing: Landing, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    csv_file(folder)

    def full(*_: object, **__: object) -> Landed:
        raise PermanentError("could not be kept")

    monkeypatch.setattr(inbox, "land_file", full)
    with pytest.raises(PermanentError):
        scan_inbox(SOURCE, home, landing)
    assert names(folder) == ["list.csv"]


def test_what_no_source_looks_for_is_reported(home: Settings, folder: Path) -> None:
    csv_file(folder)
    csv_file(home.inbox / "fictional_registr")
    csv_file(home.inbox, "loose.csv")
    (home.inbox / "empty").mkdir()
    found = [Path(one.where).name for one in strays(home, [SOURCE.id])]
    assert found == ["fictional_registr", "loose.csv"]
