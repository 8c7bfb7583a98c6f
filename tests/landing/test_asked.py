"""The memory of whom a source was asked about: order, patience, and surviving damage."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from observatory.landing.asked import Asked

DAY = timedelta(days=1)


def test_who_was_never_asked_about_comes_first_then_the_longest_ago(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day, key in (("01", "b"), ("02", "a"), ("03", "c")):
        monkeypatch.setenv("OBSERVATORY_NOW", f"2026-11-{day}T02:30:00")
        Asked(tmp_path / "asked.json").note({key: f"answer {key}"})
    monkeypatch.setenv("OBSERVATORY_NOW", "2026-11-03T12:00:00")
    asked = Asked(tmp_path / "asked.json")
    assert asked.due("abcz", DAY) == ["z", "b", "a"]
    assert asked.answer("a") == "answer a"
    assert asked.answer("z") == ""


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"a": 1}', '{"a": ["only one"]}'])
def test_a_damaged_memory_is_no_memory(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "asked.json"
    path.write_text(damage, encoding="utf-8")
    asked = Asked(path)
    assert asked.due(["a"], DAY) == ["a"]
    asked.note({"a": "x"})
    assert Asked(path).answer("a") == "x"
