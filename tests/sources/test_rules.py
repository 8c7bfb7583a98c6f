"""Rules land once a version, come back byte for byte, and every line knows since when."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from observatory import seed_versions
from observatory.errors import BadInput
from observatory.intake import take_in
from observatory.landing.store import Landing
from observatory.settings import Settings
from observatory.sources import rules
from observatory.sources.rules import SOURCE

CONTRACT = "description: x\ngrain: [a]\ncolumns: []\n"


@pytest.fixture
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one rule file, which the observatory takes for its own."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "fictional.yml").write_text(CONTRACT)
    (folder / "fictional.csv").write_text("a,b\n1,Ünlimited\n2,\n")
    monkeypatch.setattr(seed_versions, "SEEDS", folder)
    return folder


def on(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    monkeypatch.setenv("OBSERVATORY_NOW", f"2026-01-{day}T02:30:00+00:00")


def test_rules_land_when_they_changed_and_not_else(
    home: Settings, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = (seeds / "fictional.csv").read_bytes()
    on(monkeypatch, "01")
    (landed,) = take_in(SOURCE, home, offline=True).new
    assert (landed.receipt.origin, str(landed.receipt.scope)) == ("seed", "whole")
    assert landed.receipt.published_on == date(2026, 1, 1)
    on(monkeypatch, "02")
    again = take_in(SOURCE, home, offline=True)
    assert (again.new, again.changed, again.problem) == ([], False, "")

    (seeds / "fictional.csv").write_text("a,b\n1,Ünlimited\n2,two\n")
    assert len(take_in(SOURCE, home, offline=True).new) == 1
    on(monkeypatch, "03")
    (seeds / "fictional.csv").write_bytes(first)  # taken back: a version of its own
    assert len(take_in(SOURCE, home, offline=True).new) == 1
    on(monkeypatch, "04")
    assert take_in(SOURCE, home, offline=True).new == []

    landing = Landing(home.landing)
    bodies = [landing.sound_body(one) for one in landing.receipts(SOURCE.id)]
    assert len(bodies) == 3
    texts = [json.loads(path.read_text("utf-8").splitlines()[1])["text"] for path in bodies]
    assert sorted(text.encode() == first for text in texts) == [False, True, True]


def test_a_body_whose_text_was_changed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rules.jsonl"
    body = [{"rules_made_on": "2026-01-01"}, {"seed": "x", "sha256": "0" * 64, "text": "a\n1\n"}]
    path.write_text("\n".join(json.dumps(one) for one in body))
    with pytest.raises(BadInput, match="does not fit its hash"):
        rules.check(path, path.name)
    path.write_text('{"rules_made_on": "2026-01-01"}')
    with pytest.raises(BadInput, match="no rule file"):
        rules.check(path, path.name)
    path.write_text("a,b\n1,2\n")
    with pytest.raises(BadInput, match="no body of rules"):
        rules.check(path, path.name)


def test_the_rules_of_the_project_land_line_by_line(home: Settings) -> None:
    intake = take_in(SOURCE, home, offline=True)
    assert not intake.problem
    (snapshot,) = intake.read
    assert (snapshot.quarantined, snapshot.rows > 500) == (0, True)
