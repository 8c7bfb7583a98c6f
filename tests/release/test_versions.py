"""Names of releases and which one is next."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from observatory.errors import PermanentError
from observatory.release.versions import Version, find, history, latest, next_version

DAY = date(2026, 11, 23)


def test_versions_count_from_one_each_day_and_sort_by_number() -> None:
    known = [Version(DAY, number) for number in (1, 10, 9)]
    assert str(next_version([], DAY)) == "v2026.11.23.1"
    assert str(next_version(known, DAY)) == "v2026.11.23.11"
    assert str(next_version(known, date(2026, 11, 24))) == "v2026.11.24.1"
    assert str(max(known)) == "v2026.11.23.10"
    assert Version.parse(str(known[1])) == known[1]


@pytest.mark.parametrize(
    "text",
    ["", "2026.11.23.1", "v2026.11.23", "v2026.13.01.1", "v2026.11.23.0", "../v2026.11.23.1"],
)
def test_anything_else_is_not_a_version(text: str) -> None:
    with pytest.raises(PermanentError, match="is not a version"):
        Version.parse(text)


def test_before_the_first_release_there_is_none(tmp_path: Path) -> None:
    assert latest(tmp_path / "releases") is None
    assert history(tmp_path / "releases") == []
    with pytest.raises(PermanentError, match="there is no release latest"):
        find(tmp_path / "releases", "latest")
    with pytest.raises(PermanentError, match=r"there is no release v2026\.11\.23\.1"):
        find(tmp_path / "releases", "v2026.11.23.1")


def test_a_pointer_that_is_no_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latest").mkdir()
    with pytest.raises(PermanentError, match="not a symbolic link"):
        latest(tmp_path)
