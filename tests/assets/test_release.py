"""The release as an asset: only a person may let it break readers."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg
import pytest

from assets import release as room
from observatory.release.publish import Unchanged


@pytest.mark.parametrize(
    ("config", "allowed"),
    [
        ({}, False),
        ({"ops": {"release": {"config": {"allow_breaking": False}}}}, False),
        ({"ops": {"release": {"config": {"allow_breaking": True}}}}, True),
    ],
)
def test_a_run_that_nobody_configured_allows_no_breaking_version(
    config: dict[str, Any], allowed: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OBSERVATORY_HOME", str(tmp_path))
    asked = []

    def publish(*_: object, allow_breaking: bool, **__: object) -> Unchanged:
        asked.append(allow_breaking)
        return Unchanged(None, "a test")

    monkeypatch.setattr(room, "publish", publish)
    monkeypatch.setattr(room, "publishers_have_landed", lambda _: True)
    monkeypatch.setattr(room, "lost", lambda _: [])
    project = SimpleNamespace(code_fingerprint="of a test")
    monkeypatch.setattr(room, "load_project", lambda _: project)
    monkeypatch.setattr(room, "mark_released", lambda _: None)
    monkeypatch.setattr("observatory.models.engine.alone", lambda _: nullcontext())
    done = dg.materialize([room.release_asset([], pool=None)], run_config=config)
    assert done.success
    assert asked == [allowed]
