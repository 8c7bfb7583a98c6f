"""One edited line of a seed, one refresh: whose verdict changed is said, and which line did it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from observatory.settings import PROJECT_ROOT, Settings
from tests.whole_path.corpus_files import observatory

LINE = "traditional-mutual,legal-form,required,true,moderate,"


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the models that a test may edit."""
    folder = tmp_path / "dbt_like_models"
    shutil.copytree(PROJECT_ROOT / "dbt_like_models", folder)
    monkeypatch.setattr(Settings, "models", property(lambda _: folder))
    return folder


def test_an_edited_line_changes_verdicts_and_is_named_as_their_cause(
    models: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    first = observatory("refresh", "--sample", "--offline", home=home)
    assert first.exit_code == 0, first.output
    seed = models / "seeds" / "definition_criteria.csv"
    text = seed.read_text(encoding="utf-8")
    assert text.count(LINE) == 1
    seed.write_text(text.replace(LINE, LINE.replace("moderate", "decisive")), encoding="utf-8")

    second = observatory("refresh", "--offline", "--json", home=home)
    assert second.exit_code == 0, second.output
    told = json.loads(second.stdout)
    detail = "definition_criteria traditional-mutual/legal-form: met_at moderate → decisive"
    changes = told["verdict_changes"]
    assert changes
    assert {one["definition_id"] for one in changes} == {"traditional-mutual"}
    assert {tuple(one["causes"]) for one in changes} == {("rule",)}
    assert {tuple(one["details"]) for one in changes} == {(detail,)}
    assert f"  {len(changes):,} by {detail}" in told["changes"]

    third = observatory("refresh", "--offline", home=home)
    assert "Nothing changed" in third.output
