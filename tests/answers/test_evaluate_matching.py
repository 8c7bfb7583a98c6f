"""The match benchmarks as an evaluation shows them; what they measure is tested beside them."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from observatory.answers.evaluate_matching import as_dicts, run, table
from observatory.answers.match_benchmark import Figures
from observatory.answers.proportions import Share
from observatory.answers.tables import as_table
from observatory.errors import BadInput

FIGURES = (
    Figures("payment strings", "test", 90_000, Share(198, 200), Share(198, 250), Share(1, 2)),
    Figures("notice suppliers", "test", 90_000, Share(0, 0), Share(0, 20), Share(0, 0)),
)


def test_shares_come_with_counts_and_intervals() -> None:
    console = Console(width=140, record=True, file=StringIO())
    console.print(as_table(table(FIGURES)))
    shown = console.export_text()
    assert "99.0%, 198 of 200 (96.4%–99.7%)" in shown
    assert "0.0%, 0 of 20 (0.0%–16.1%)" in shown
    payments, notices = as_dicts(FIGURES)
    assert payments["benchmark"] == "payment strings"
    assert "seconds" not in payments
    assert json.loads(json.dumps(notices))["precision"]["value"] is None


def test_a_folder_without_the_files_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read") as caught:
        run(tmp_path)
    assert str(tmp_path) in caught.value.where
    assert "--corpus" in caught.value.remedy
