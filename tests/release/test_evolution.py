"""What kind of version a changed schema makes, and that no night publishes one that breaks."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from observatory.errors import PermanentError
from observatory.release.contracts import ReleaseColumn, ReleaseTable
from observatory.release.evolution import Evolution, evolution, refuse_breaking
from observatory.release.publish import Published, publish
from observatory.release.versions import latest
from tests.release.conftest import SmallProject, change, column

ID = ReleaseColumn("id", "VARCHAR", "The id.", "rows")
SPEND = ReleaseColumn(
    "spend", "DOUBLE", "What.", "rows", unit="GBP", enum=("a", "b"), references="b.id"
)
SHOPS = ReleaseTable("shops", "Shops.", "facts", ("id",), ("id",), (ID, SPEND))
STALLS = replace(SHOPS, name="stalls")


def with_spend(**changes: object) -> ReleaseTable:
    return replace(SHOPS, columns=(ID, replace(SPEND, **changes)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("after", "kind", "said"),
    [
        ([SHOPS], "patch", []),
        ([], "major", ["shops: the table was removed"]),
        ([SHOPS, STALLS], "minor", ["stalls: the table was added"]),
        ([STALLS], "major", ["shops: the table was removed", "stalls: the table was added"]),
        ([replace(SHOPS, columns=(ID,))], "major", ["shops.spend: the column was removed"]),
        ([replace(SHOPS, columns=(ID, SPEND, replace(ID, name="new")))], "minor",
         ["shops.new: the column was added (VARCHAR)"]),
        ([with_spend(type="BIGINT")], "major", ["shops.spend: its type was DOUBLE and is BIGINT"]),
        ([with_spend(type="double")], "patch", []),
        ([with_spend(unit="")], "major", ["shops.spend: its unit was GBP and is none"]),
        ([with_spend(enum=("b", "c"))], "minor",
         ["shops.spend: other accepted values: with c; without a"]),
        ([with_spend(enum=("b", "a"))], "patch", []),
        ([with_spend(references="")], "minor",
         ["shops.spend: it referred to b.id and refers to nothing"]),
        ([with_spend(description="Other words.", licence="derived facts")], "patch", []),
        ([replace(SHOPS, key=("id", "spend"))], "major",
         ["shops: its key was (id) and is (id, spend)"]),
        ([replace(SHOPS, key=())], "major", ["shops: its key was (id) and is (none)"]),
        ([replace(SHOPS, columns=(SPEND, ID), order_by=("spend",))], "patch", []),
    ],
)  # fmt: skip
def test_the_difference_of_two_schemas_makes_the_kind(
    after: list[ReleaseTable], kind: str, said: list[str]
) -> None:
    found = evolution([SHOPS], after)
    assert (found.kind, [str(one) for one in found.changes]) == (kind, said)


def test_the_first_version_is_the_first_and_nothing_is_refused() -> None:
    found = evolution(None, [SHOPS])
    assert found == Evolution("first")
    refuse_breaking(found, "", allowed=False)


def dropped(project: SmallProject) -> SmallProject:
    columns = project.models["evidence"].contract.columns
    return project.changed(
        "evidence", columns=tuple(one for one in columns if one.name != "weight")
    )


def test_a_version_that_breaks_readers_is_refused_until_it_is_allowed_by_hand(
    database: Path, project: SmallProject, releases: Path
) -> None:
    publish(database, project, releases)
    before = latest(releases)
    with pytest.raises(PermanentError) as caught:
        publish(database, dropped(project), releases)
    told = str(caught.value)
    assert "evidence.weight: the column was removed" in told
    assert "observatory refresh --allow-breaking" in told
    assert latest(releases) == before
    assert not list(releases.glob(".staging-*"))

    done = publish(database, dropped(project), releases, allow_breaking=True)
    assert isinstance(done, Published)
    assert done.release.manifest.kind == "major"
    assert done.release.manifest.schema_changes == ("evidence.weight: the column was removed",)


def test_what_was_added_is_a_minor_version_and_other_data_are_a_patch(
    database: Path, project: SmallProject, releases: Path
) -> None:
    publish(database, project, releases)
    change(database, "delete from evidence where evidence_id = 'E3'")
    publish(database, project, releases)
    change(database, "alter table organisations add column town varchar")
    columns = (*project.models["organisations"].contract.columns, column("town"))
    publish(database, project.changed("organisations", columns=columns), releases)

    newest = (releases / "latest").resolve()
    with duckdb.connect(str(newest / "observatory.duckdb"), read_only=True) as con:
        told = con.execute(
            "select version_kind, schema_changes, status from releases order by version"
        ).fetchall()
    assert told == [
        ("first", [], "published"),
        ("patch", [], "published"),
        ("minor", ["organisations.town: the column was added (VARCHAR)"], "published"),
    ]
    index = json.loads((releases / "index.json").read_text(encoding="utf-8"))
    assert [one["kind"] for one in index["releases"]] == ["minor", "patch", "first"]
    page = (newest / "CHANGELOG.md").read_text(encoding="utf-8")
    assert [line for line in page.splitlines() if line.startswith("## ")] == [
        "## v2026.11.23.3", "## v2026.11.23.2", "## v2026.11.23.1",
    ]  # fmt: skip
    assert "- `organisations.town`: the column was added (VARCHAR)" in page
    assert "- `evidence`: 3 rows before, 2 now" in page
    assert (
        "0 rows came, 1 went and 0 cells changed. Causes, in lines of the table `changes`: " in page
    )
    assert "23 November 2026. The first version." in page
