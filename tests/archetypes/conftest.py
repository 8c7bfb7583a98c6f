"""One build of all archetypes for all their tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.archetypes import compare, home
from tests.conftest import FIXED_NOW


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Iterator[compare.Release]:
    """What the release of all archetypes says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OBSERVATORY_NOW", FIXED_NOW)
        yield compare.open_release(home.build(tmp_path_factory.mktemp("archetypes")))


@pytest.fixture(scope="session")
def found(release: compare.Release) -> list[compare.Difference]:
    """Every difference between the release and what is expected."""
    return compare.differences(release)
