"""The watch list: the candidates of the last release, by the numbers that name only them."""

from __future__ import annotations

from pathlib import Path

import pytest

from observatory.errors import PermanentError
from observatory.watchlist import NOBODY, WatchList, last_published
from tests.sources.watching import publish


def test_before_the_first_release_nobody_is_watched(tmp_path: Path) -> None:
    assert last_published(tmp_path / "releases") == NOBODY


def test_candidates_are_watched_by_numbers_that_name_them_alone(tmp_path: Path) -> None:
    publish(
        tmp_path,
        organisations=[("GB-COH-09999901", True), ("GB-MPR-99901R", True), ("GB-COH-2", False)],
        identifiers=[
            ("GB-COH-09999901", "GB-COH", "09999901", "exact"),
            ("GB-COH-09999901", "GB-CHC", "1999999", "exact"),
            ("GB-MPR-99901R", "GB-MPR", "99901R", "exact"),
            ("GB-MPR-99901R", "GB-COH", "IP99901R", "probable"),
            ("GB-MPR-99901R", "GB-COH", "09999902", "ambiguous"),
            ("GB-COH-2", "GB-COH", "09999903", "exact"),
        ],
    )
    found = last_published(tmp_path)
    assert found.version == "v2026.11.23.1"
    assert found.company_numbers == {"09999901", "IP99901R"}
    assert found.society_numbers == {"99901R"}
    assert found.fingerprint == WatchList("v1", *list_of(found)).fingerprint
    assert found.fingerprint != NOBODY.fingerprint


def test_a_release_without_organisations_is_named(tmp_path: Path) -> None:
    publish(tmp_path, organisations=[], identifiers=[], tables=())
    with pytest.raises(PermanentError, match="watch list cannot be read"):
        last_published(tmp_path)


def list_of(found: WatchList) -> tuple[frozenset[str], frozenset[str]]:
    return found.company_numbers, found.society_numbers
