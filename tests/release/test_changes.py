"""Why each cell changed, as the table ``changes`` of a release says it."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from observatory.errors import PermanentError
from observatory.release import changes
from observatory.release.publish import Unchanged, publish
from observatory.release.verify import verify
from observatory.settings import PROJECT_ROOT
from tests.release.changing import (
    BUILD,
    CODE,
    NEW_NOTICES,
    NEW_REGISTER,
    asked,
    causes,
    changing_project,
    then,
)
from tests.release.conftest import BUILD as SMALL_BUILD
from tests.release.conftest import SmallProject, change


@pytest.fixture
def project() -> SmallProject:
    return changing_project()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a build database and its first release, to be copied."""
    folder = tmp_path_factory.mktemp("published")
    change(folder / "build.duckdb", SMALL_BUILD + BUILD)
    moment = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
    publish(
        folder / "build.duckdb", changing_project(), folder / "releases", code=CODE, built_at=moment
    )
    return folder


@pytest.fixture
def database(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(published / "build.duckdb", tmp_path))


@pytest.fixture
def first(published: Path, releases: Path) -> Path:
    """The folder of the first release."""
    shutil.copytree(published / "releases", releases, symlinks=True)
    return (releases / "latest").resolve()


def test_the_first_release_has_no_changes_and_says_why(first: Path) -> None:
    assert asked(first, "select count(*) from changes") == [(0,)]
    assert asked(first, "select changes_note from releases") == [(changes.FIRST,)]


def test_a_new_snapshot_is_behind_its_records_and_all_that_follows_from_them(
    first: Path, database: Path, project: SmallProject, releases: Path
) -> None:
    release = then(database, project, releases, NEW_REGISTER + NEW_NOTICES + """
        update evidence set value_seen = 'CIO', snapshot_id = 'register-2' where evidence_id = 'E1';
        update classifications set verdict = 'probable' where org_id = 'XX-FIC-1';
        update organisations set is_watched = null where org_id = 'XX-FIC-2';
        update headline_counts set organisations = 2
    """)  # fmt: skip
    assert causes(release) == {
        ("evidence", "source", "register-2"),
        # through the organisation's record
        ("classifications", "source", "register-2"),
        # no record of this one changed: the column's sources, or all that landed
        ("organisations", "source", "notices-2 + register-2"),
        ("headline_counts", "source", "notices-2"),
    }
    assert asked(
        release,
        "select key, column_name, old_value, new_value from changes "
        "where table_name = 'classifications'",
    ) == [('{"org_id":"XX-FIC-1","definition_id":"dcms-2018"}', "verdict", "mutual", "probable")]
    assert asked(
        release,
        "select cells_changed, verdicts_changed, by_source, by_rule from releases "
        "order by version desc limit 1",
    ) == [(5, 1, 5, 0)]


def test_a_record_that_left_its_register_is_a_disappearance(
    first: Path, database: Path, project: SmallProject, releases: Path
) -> None:
    release = then(database, project, releases, NEW_REGISTER + """
        delete from evidence where evidence_id = 'E3';
        update stg_record_versions set is_absent = true where record_key = 'RE3';
        update organisations set is_watched = false where org_id = 'XX-FIC-3';
        update headline_counts set organisations = 2
    """)  # fmt: skip
    assert causes(release) == {
        (name, "disappearance", "register-2")
        for name in ("evidence", "organisations", "headline_counts")
    }


def test_a_record_that_says_another_thing_has_not_disappeared(
    first: Path, database: Path, project: SmallProject, releases: Path
) -> None:
    release = then(database, project, releases, NEW_REGISTER + """
        update evidence set evidence_id = 'E7', signal_id = 'other', snapshot_id = 'register-2'
        where evidence_id = 'E3'
    """)  # fmt: skip
    assert causes(release) == {("evidence", "source", "register-2")}
    assert {row[0] for row in asked(release, "select kind from changes")} == {"added", "removed"}


def test_an_increment_takes_nothing_away(
    first: Path, database: Path, project: SmallProject, releases: Path
) -> None:
    release = then(
        database, project, releases, NEW_NOTICES + "delete from evidence where evidence_id = 'E2'"
    )
    assert causes(release) == {("evidence", "source", "notices-2")}


@pytest.mark.parametrize("also", ["", NEW_NOTICES])
def test_a_changed_seed_is_behind_what_only_a_rule_can_have_changed(
    first: Path, database: Path, project: SmallProject, releases: Path, also: str
) -> None:
    release = then(database, project, releases, also + """
        update seed_versions set sha256 = 's2' where seed = 'signals';
        update classifications set verdict = 'mutual' where org_id = 'XX-FIC-3'
    """)  # fmt: skip
    assert causes(release) == {("classifications", "rule", "seed signals s2")}


def test_changed_code_and_a_changed_reader_are_rules(
    first: Path, database: Path, project: SmallProject, releases: Path
) -> None:
    release = then(database, project, releases, """
        update snapshots set reader_version = 2, content_hash = 'h9', rows = 2
        where source = 'register';
        delete from evidence where evidence_id = 'E3'
    """, code="code ba9876543210 (commit 0123456789ab)")  # fmt: skip
    assert causes(release) == {
        ("evidence", "rule", "reader register 2 + code ba9876543210 (commit 0123456789ab)")
    }
    assert asked(release, "select bool_or(is_withheld) from changes") == [(False,)]


def test_a_seed_that_landed_as_a_source_is_no_rule(
    first: Path, database: Path, project: SmallProject, releases: Path
) -> None:
    release = then(database, project, releases, NEW_REGISTER + """
        update seed_versions set sha256 = 'r2' where seed = 'register';
        update evidence set value_seen = 'x', snapshot_id = 'register-2' where evidence_id = 'E1'
    """)  # fmt: skip
    assert causes(release) == {("evidence", "source", "register-2")}


def test_a_judgement_moves_a_record_to_another_organisation(
    first: Path, database: Path, project: SmallProject, releases: Path
) -> None:
    release = then(database, project, releases, """
        update seed_versions set sha256 = 'j2' where seed = 'judgements';
        update seed_versions set sha256 = 's2' where seed = 'signals';
        update evidence set org_id = 'XX-FIC-3' where evidence_id = 'E2';
        update classifications set verdict = 'probable';
        update organisations set is_watched = false where org_id = 'XX-FIC-2'
    """)  # fmt: skip
    assert causes(release) == {
        ("evidence", "linkage", "seed judgements j2"),
        # both the organisation that lost the record and the one that has it now
        ("classifications", "linkage", "seed judgements j2"),
        ("organisations", "rule", "seed signals s2"),
    }


def test_a_new_register_entry_can_move_a_record_that_did_not_change(
    first: Path, database: Path, project: SmallProject, releases: Path
) -> None:
    release = then(database, project, releases, NEW_REGISTER + """
        update evidence set evidence_id = 'E8', org_id = 'XX-FIC-3' where evidence_id = 'E2'
    """)  # fmt: skip
    assert causes(release) == {("evidence", "linkage", "register-2")}


def test_a_correction_is_behind_what_changes_for_its_organisation(
    first: Path, database: Path, project: SmallProject, releases: Path
) -> None:
    release = then(database, project, releases, """
        update seed_versions set sha256 = 'c2' where seed = 'corrections';
        update seed_versions set sha256 = 's2' where seed = 'signals';
        insert into corrections values ('C1', 'XX-FIC-1', 'upheld');
        delete from evidence where evidence_id = 'E1';
        update classifications set verdict = 'not_mutual'
    """)  # fmt: skip
    assert causes(release) == {
        ("corrections", "correction", "seed corrections c2"),
        ("evidence", "correction", "seed corrections c2"),
        ("classifications", "correction", "seed corrections c2"),
        ("classifications", "rule", "seed signals s2"),
    }


def test_what_changed_no_fact_is_not_blamed_later(
    first: Path, database: Path, project: SmallProject, releases: Path
) -> None:
    change(database, "update seed_versions set sha256 = 's2' where seed = 'signals';" + NEW_NOTICES)
    assert isinstance(publish(database, project, releases, code=CODE), Unchanged)
    release = then(
        database, project, releases, NEW_REGISTER + "update headline_counts set organisations = 7"
    )
    assert causes(release) == {("headline_counts", "source", "register-2")}


@pytest.mark.parametrize(
    "how",
    [
        "update snapshots set rows = 2, content_hash = 'h9' where snapshot_id = 'register-1';",
        "delete from snapshots where snapshot_id = 'register-1';",
    ],
)
def test_what_was_removed_on_request_is_not_said_once_more(
    first: Path, database: Path, project: SmallProject, releases: Path, how: str
) -> None:
    release = then(database, project, releases, how + """
        delete from evidence where evidence_id = 'E1';
        update organisations set name = 'Fictional Renamed CIC' where org_id = 'XX-FIC-1'
    """)  # fmt: skip
    for file in ("csv/changes.csv", "parquet/changes.parquet"):
        content = (release / file).read_bytes()
        assert b"Fictional &quot;Care" not in content
        assert b'Fictional ""Care' not in content
        assert b"E1" not in content
    rows = asked(release, "select kind, old_value, is_withheld from changes where table_name <> ''")
    assert {(kind, old, held) for kind, old, held in rows} == {
        ("removed", None, True), ("changed", None, True)
    }  # fmt: skip
    assert asked(release, "select changes_note from releases order by version desc limit 1") == [
        (changes.WITHHELD,)
    ]


def test_a_column_that_may_not_be_published_any_more_is_not_said_once_more(
    first: Path, database: Path, project: SmallProject, releases: Path
) -> None:
    evidence = project.models["evidence"].contract
    kept = tuple(one for one in evidence.columns if one.name != "value_seen")
    without = project.changed("evidence", columns=kept)
    release = then(database, without, releases, "select 1")
    assert asked(release, "select count(*) from changes") == [(0,)]


def test_a_release_whose_changes_do_not_give_it_is_refused(
    first: Path,
    database: Path,
    project: SmallProject,
    releases: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    insert = changes._insert
    monkeypatch.setattr(
        changes,
        "_insert",
        lambda withhold: f"{insert(withhold)} limit 1".replace(" order by", " order by"),
    )
    change(database, "update evidence set weight = 7")
    with pytest.raises(
        PermanentError, match=r"evidence: has other values than its changes give to the release v"
    ):
        publish(database, project, releases, code=CODE)
    assert [path.name for path in releases.glob("v*")] == [first.name]


def test_verify_proves_the_changes_of_a_published_release_again(
    first: Path, database: Path, project: SmallProject, releases: Path
) -> None:
    release = then(database, project, releases, "update evidence set weight = 7")
    before = first / "observatory.duckdb"
    before.chmod(0o644)
    change(before, "update evidence set signal_id = 'another' where evidence_id = 'E1'")
    assert [str(one) for one in verify(release)] == [
        f"evidence: has other values than its changes give to the release {first.name}"
    ]
    first.rename(first.with_name("away"))
    assert verify(release) == []  # nothing to compare with: nothing is claimed


def test_the_table_is_documented() -> None:
    page = (PROJECT_ROOT / "docs" / "methodology" / "changes.md").read_text(encoding="utf-8")
    for one in (*changes.CAUSES, *(field.name for field in changes.CHANGES.columns)):
        assert f"`{one}`" in page, one
