"""One edited line of a seed, one refresh: whose verdict changed is said, and which line did it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from observatory import seed_versions
from observatory.release.query import query
from observatory.release.versions import find
from observatory.settings import PROJECT_ROOT, Settings
from tests.faults.home import small_site
from tests.whole_path.corpus_files import observatory

LINE = "traditional-mutual,legal-form,required,true,moderate,"


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the models that a test may edit."""
    folder = tmp_path / "dbt_like_models"
    shutil.copytree(PROJECT_ROOT / "dbt_like_models", folder)
    monkeypatch.setattr(Settings, "models", property(lambda _: folder))
    monkeypatch.setattr(seed_versions, "SEEDS", folder / "seeds")
    # What the pages look like is not asked here, and writing them twice takes half the time.
    monkeypatch.setattr("assets.release.site.writer", small_site)
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

    # the published table says the same, for every cell
    release = find(home / "releases", "latest").path
    behind = query(release, "select distinct cause, len(behind), behind[1][:24] from changes").rows
    assert behind == [("rule", 1, "seed definition_criteria")]
    verdicts = query(
        release, "select count(*) from changes where column_name = 'verdict' and kind = 'changed'"
    ).rows
    assert verdicts == [(len(changes),)]

    asked = observatory("diff", "previous", "latest", home=home)
    assert asked.exit_code == 0, asked.output
    assert f"{len(changes):,} verdicts are other ones:" in asked.stdout
    assert detail in asked.stdout
    for name in ("what-changed-last-night", "verdicts-that-changed"):
        assert query(release, name).rows

    third = observatory("refresh", "--offline", "--source", "rules", home=home)
    assert "Nothing changed" in third.output
