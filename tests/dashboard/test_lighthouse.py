"""Lighthouse on a phone: the overview, the explorer and an organisation's page (``make soak``)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from observatory.dashboard.server import Server
from tests.dashboard.conftest import CHROMIUM, QUIET
from tests.dashboard.fictional import MUTUAL

LIGHTHOUSE = Path(__file__).with_name("lighthouse") / "node_modules" / ".bin" / "lighthouse"
LEAST = 0.95


def _scores(url: str, chromium: str, target: Path) -> dict[str, float]:
    command = [
        *("node", str(LIGHTHOUSE), url, "--quiet", "--output=json", f"--output-path={target}"),
        f"--chrome-flags={' '.join(['--headless=new', *QUIET])}",
    ]
    environment = {**os.environ, "CHROME_PATH": chromium}
    subprocess.run(command, env=environment, check=True, timeout=180)
    report = json.loads(target.read_text(encoding="utf-8"))
    return {name: float(one["score"]) for name, one in report["categories"].items()}


@pytest.mark.soak
@pytest.mark.parametrize(
    "path", ["index.html", "organisations.html", f"organisations/{MUTUAL}.html"]
)
def test_lighthouse_gives_each_page_95_at_least(path: str, server: Server, tmp_path: Path) -> None:
    chromium = os.environ.get("OBSERVATORY_CHROMIUM") or shutil.which(CHROMIUM)
    if not chromium or not LIGHTHOUSE.exists():
        pytest.skip("needs chromium, and `npm ci` in tests/dashboard/lighthouse")
    url = f"http://127.0.0.1:{server.server_address[1]}/site/{path}"
    best: dict[str, float] = {}
    for attempt in range(3):  # whatever else the machine does only makes a page slower
        found = _scores(url, chromium, tmp_path / f"{attempt}.json")
        best = {name: max(score, best.get(name, 0.0)) for name, score in found.items()}
        if min(best.values()) >= LEAST:
            break
    assert {name: score for name, score in best.items() if score < LEAST} == {}
