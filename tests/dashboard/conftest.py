"""One site for all tests of the dashboard: built once a session, never changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from observatory.dashboard.server import Server, serve
from observatory.release.versions import latest
from observatory.settings import Settings
from tests.conftest import FIXED_NOW
from tests.dashboard import fictional


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The home of a published release of fictional organisations, with its site."""
    patch = pytest.MonkeyPatch()
    patch.setenv("OBSERVATORY_NOW", FIXED_NOW)
    settings = fictional.release(tmp_path_factory.mktemp("dashboard"))
    patch.undo()
    return settings


@pytest.fixture(scope="session")
def folder(published: Settings) -> Path:
    """The folder of that release."""
    found = latest(published.releases)
    assert found is not None
    return found.path


@pytest.fixture(scope="session")
def server(folder: Path) -> Iterator[Server]:
    """The release, served on loopback."""
    with serve(0, lambda: folder) as made:
        thread = Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()
