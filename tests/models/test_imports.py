"""A table made in Python is stale when any module that it uses has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from observatory.models.imports import imported


def test_every_module_that_it_leads_to_counts_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "fictional_package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "table.py").write_text("import json\nfrom fictional_package.rules import rule\n")
    (package / "rules.py").write_text("from fictional_package import words\nrule = words\n")
    (package / "words.py").write_text("from fictional_package import table\n")
    (package / "elsewhere.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    found = imported("fictional_package.table", "fictional_package")
    assert set(found) == {
        "fictional_package",
        "fictional_package.table",
        "fictional_package.rules",
        "fictional_package.words",
    }
    assert imported("fictional_package.nobody", "fictional_package") == {}


def test_the_rules_of_matching_count_for_its_table() -> None:
    found = imported("observatory.linkage_matches", "observatory")
    assert {"observatory.linkage_scoring", "observatory.identifiers"} <= set(found)
