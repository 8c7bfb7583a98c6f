"""The release gate refuses what a source does not let us republish, and names the column."""

from __future__ import annotations

from pathlib import Path

import pytest

from observatory.errors import PermanentError
from observatory.release.manifest import read_manifest
from observatory.release.publish import publish
from tests.release.conftest import SmallProject, change


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"licence": None}, "organisations.name: its contract states no licence"),
        ({"licence": "none"}, "organisations.name: its contract's licence is 'none'"),
        ({"licence": "rows"}, "organisations.name: it would publish rows of register"),
        ({"sources": ("closed",)}, "organisations.name: it would publish derived facts of closed"),
        (
            {"sources": ("notices", "elsewhere")},
            "organisations.name: it draws on 'elsewhere', whose terms nobody states",
        ),
    ],
)
def test_a_breach_is_refused_before_anything_is_written(
    database: Path,
    project: SmallProject,
    releases: Path,
    changes: dict[str, object],
    said: str,
) -> None:
    with pytest.raises(PermanentError, match=said):
        publish(database, project.column("organisations", "name", **changes), releases)
    assert {path.name for path in releases.iterdir()} == {".lock"}


def test_every_breach_is_named_at_once(
    database: Path, project: SmallProject, releases: Path
) -> None:
    broken = project.column("organisations", "name", licence="none")
    broken = broken.column("evidence", "signal_id", licence=None)
    with pytest.raises(PermanentError) as caught:
        publish(database, broken, releases)
    assert "organisations.name" in str(caught.value)
    assert "evidence.signal_id" in str(caught.value)


def test_a_source_that_changes_its_terms_stops_the_next_release(
    database: Path, project: SmallProject, releases: Path
) -> None:
    publish(database, project, releases)
    change(database, "update sources set republish = 'none' where source = 'notices'; "
                     "delete from evidence where evidence_id = 'E3'")  # fmt: skip
    with pytest.raises(PermanentError, match="would publish rows of notices"):
        publish(database, project, releases)


def test_a_release_carries_the_terms_of_the_sources_that_it_draws_on(
    database: Path, project: SmallProject, releases: Path
) -> None:
    publish(database, project, releases)
    sources = read_manifest(releases / "latest").sources
    assert [(one["source"], one["attribution"], one["tables"]) for one in sources] == [
        ("notices", "B", "evidence, changes"),
        ("register", "A", "organisations, changes"),
    ]


def test_without_the_terms_of_sources_nothing_is_released(
    database: Path, project: SmallProject, releases: Path
) -> None:
    change(database, "alter table sources drop column republish")
    with pytest.raises(PermanentError):
        publish(database, project, releases)


def test_a_model_may_not_take_the_tables_that_the_release_writes(
    database: Path, project: SmallProject, releases: Path
) -> None:
    models = {**project.models, "releases": project.models["sources"]}
    change(database, "create table releases as from sources")
    with pytest.raises(PermanentError, match="releases: a model may not publish this table"):
        publish(database, SmallProject(models), releases)
