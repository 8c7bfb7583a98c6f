"""Fixtures that every room's tests share: the corpus, a temporary home, a fixed clock and a
loopback publisher. Fixtures of one room belong in that room's own conftest."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from observatory.settings import PROJECT_ROOT, Settings
from tests.faults.ledger import pytest_runtest_logreport, pytest_unconfigure  # noqa: F401
from tests.loopback import Loopback

FIXED_NOW = "2026-11-23T02:30:00+00:00"

# The home, keys and webhook of whoever runs the tests are no business of theirs, nor how wide and
# colourful that person's terminal is.
_ABOUT_THE_MACHINE = {"OBSERVATORY_CORPUS", "OBSERVATORY_CHROMIUM", "OBSERVATORY_NEEDS_BROWSER"}
_OF_A_PERSON = {"COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR", "DAGSTER_HOME"}
_OF_A_PERSON |= {one for one in os.environ if one.startswith("OBSERVATORY_")} - _ABOUT_THE_MACHINE
for _name in _OF_A_PERSON:
    os.environ.pop(_name, None)

# A busy machine is no bug, and the same examples everywhere: a test that failed fails again.
settings.register_profile(
    "observatory",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("observatory")

# Files with few tests that take minutes: begun first, they leave no worker idle at the end.
_LONG = ("whole_path", "archetypes", "faults", "cli")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first, in the same order in every worker."""
    room = {item.nodeid: Path(item.nodeid).parts[1] for item in items}
    items.sort(key=lambda item: (*_LONG, room[item.nodeid]).index(room[item.nodeid]))


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch: pytest.MonkeyPatch) -> str:
    """Fix the observatory's clock for every test; a test may set another moment."""
    monkeypatch.setenv("OBSERVATORY_NOW", FIXED_NOW)
    return FIXED_NOW


@pytest.fixture
def corpus() -> Path:
    """The folder of real published files, or skip where it is absent."""
    named = os.environ.get("OBSERVATORY_CORPUS")
    path = Path(named) if named else PROJECT_ROOT.parent / "shared" / "corpus"
    if not (path / "README.md").is_file():
        pytest.skip(f"no corpus at {path}: set OBSERVATORY_CORPUS to its folder")
    return path


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    """Settings whose state lies in a fresh temporary folder."""
    folder = tmp_path / "home"
    folder.mkdir()
    return Settings(home=folder, contact="observatory@example.org")


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    """A publisher on 127.0.0.1 whose routes the test sets."""
    with Loopback() as publisher:
        yield publisher
