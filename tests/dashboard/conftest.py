"""One site for all tests of the dashboard: built once a session, never changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, sync_playwright

from observatory.dashboard.server import Server, serve
from observatory.release.versions import latest
from observatory.settings import Settings
from tests.conftest import FIXED_NOW
from tests.dashboard import fictional

CHROMIUM = "chromium"
# The browser asks nobody anything on its own.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


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


@contextmanager
def serving(made: Server) -> Iterator[Server]:
    """Run a server beside the test, and end it."""
    thread = Thread(target=made.serve_forever, daemon=True)
    with made:
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def server(folder: Path) -> Iterator[Server]:
    """The release, served on loopback."""
    with serving(serve(0, lambda: folder)) as made:
        yield made


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests. Without one they are skipped, except where one is promised
    (``OBSERVATORY_NEEDS_BROWSER``, set in CI): there its absence is a failure."""
    found = os.environ.get("OBSERVATORY_CHROMIUM") or shutil.which(CHROMIUM)
    if not found and not os.environ.get("OBSERVATORY_NEEDS_BROWSER"):
        pytest.skip("no chromium on the path: install it, or name it in OBSERVATORY_CHROMIUM")
    assert found, "this run promises a browser, and there is no chromium on the path"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        yield launched
        launched.close()
