"""A verb that is given an empty name says so, instead of answering another question."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from observatory.answers.explain import from_settings
from observatory.errors import BadInput
from observatory.release.cite import cite
from observatory.settings import Settings


@pytest.mark.parametrize("name", ["", "  ", "\t\n"])
def test_nothing_is_named(home: Settings, tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="no organisation is named") as asked:
        from_settings(home, name)
    assert "org-id" in asked.value.remedy
    with pytest.raises(BadInput, match="nothing is named"):
        cite(tmp_path, name, {}, date(2026, 11, 23))
