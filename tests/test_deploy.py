"""The units for a real machine: systemd takes them, and what they start is there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest

from assets import serve
from observatory.settings import PROJECT_ROOT

DEPLOY = PROJECT_ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service")) + sorted(DEPLOY.glob("*.timer"))


def _read(path: Path) -> RawConfigParser:
    parser = RawConfigParser(strict=True, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(path.read_text(encoding="utf-8"))
    return parser


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_each_unit_is_one(path: Path) -> None:
    unit = _read(path)
    assert unit["Unit"]["Description"]
    if path.suffix == ".timer":
        assert (DEPLOY / f"{path.stem}.service").is_file()
        return
    service = unit["Service"]
    assert service["User"] == "observatory"
    assert service["EnvironmentFile"] == "/etc/observatory.env"
    assert service["StateDirectory"] == "observatory"
    for name in ("ExecStart", "ExecStartPost"):
        if name in service:
            program, *arguments = service[name].split()
            assert program.startswith("/opt/observatory/.venv/bin/")
            assert (Path(sys.executable).parent / Path(program).name).exists(), program
            if "assets.serve" in arguments:
                assert arguments[-1] in serve.COMMANDS


def test_the_state_is_on_the_disk_that_the_units_own() -> None:
    text = (DEPLOY / "observatory.env").read_text(encoding="utf-8")
    assert "OBSERVATORY_HOME=/var/lib/observatory\n" in text


def test_the_night_is_the_schedules() -> None:
    from assets.automation import nightly

    when = _read(DEPLOY / "observatory-refresh.timer")["Timer"]["OnCalendar"]
    assert when == f"*-*-* 02:30:00 {nightly.execution_timezone}"
    assert nightly.cron_schedule == "30 2 * * *"


def test_systemd_takes_them(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd-analyze on this machine")
    for path in UNITS:
        text = path.read_text(encoding="utf-8").replace(
            "/opt/observatory/.venv/bin/python", "/bin/true"
        )
        text = text.replace("/opt/observatory/.venv/bin/observatory", "/bin/true")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    names = [str(tmp_path / path.name) for path in UNITS]
    done = subprocess.run([program, "verify", *names], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", serve.COMMANDS)
def test_what_a_unit_starts_is_dagsters_own_program(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBSERVATORY_HOME", str(tmp_path))
    monkeypatch.setenv("DAGSTER_HOME", "")
    started: list[list[str]] = []
    monkeypatch.setattr("os.execv", lambda path, command: started.append(command))
    serve.main([name])
    ((program, *arguments),) = started
    assert Path(program).is_file()
    assert str(PROJECT_ROOT / "workspace.yaml") in arguments
    assert (tmp_path / "dagster" / "dagster.yaml").is_file()
