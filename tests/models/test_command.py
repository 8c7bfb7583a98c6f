"""``python -m observatory.models`` over the project as it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from observatory.models.__main__ import main


def test_check_counts_what_it_ran() -> None:
    result = CliRunner().invoke(main, ["check", "--select", "sectors"])
    assert "1 models, " in result.output


def test_build_tells_each_table_and_skips_the_fresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBSERVATORY_HOME", str(tmp_path / "elsewhere"))
    for status in ("built", "fresh"):
        result = CliRunner().invoke(
            main, ["build", "--home", str(tmp_path), "--select", "sector_sic, signals"]
        )
        assert result.exit_code == 0, result.output
        lines = result.output.splitlines()
        assert {line.split()[0] for line in lines} == {status}
        assert {"sector_sic", "signals"} <= {line.split()[1] for line in lines}
    assert not (tmp_path / "elsewhere").exists()
