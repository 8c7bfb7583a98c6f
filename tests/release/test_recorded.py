"""What releases said, carried on from one to the next; every organisation is fictional."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from observatory.release.publish import Published, publish
from observatory.release.query import query
from observatory.release.verify import verify
from tests.release.conftest import (
    BUILD,
    SmallProject,
    change,
    column,
    contract,
    small_project,
)

FIRST, SECOND, THIRD = (datetime(2026, 11, day, 2, 30, tzinfo=UTC) for day in (1, 2, 3))


@pytest.fixture
def project() -> SmallProject:
    return recorded_project()


def recorded_project() -> SmallProject:
    """Verdicts, their rules and evidence, all recorded."""
    models = dict(small_project().models)
    del models["addresses_history"]
    models["classifications"] = contract(
        "classifications",
        ("org_id",),
        "facts",
        column("org_id", references="organisations.org_id"),
        column("verdict"),
        column("valid_from", "DATE"),
        column("valid_to", "DATE"),
        column("has_ended", "BOOLEAN"),
        column("rules_version", not_a_change=True),
    )
    models["rules"] = contract("rules", ("rules_version",), "run", column("rules_version"))
    seen = models["evidence"].contract
    known = (column("known_from", "TIMESTAMP", not_a_change=True),
             column("known_to", "TIMESTAMP", not_a_change=True),
             column("snapshot_id"), column("locator"),
             column("valid_from", "DATE"), column("valid_to", "DATE"))  # fmt: skip
    models["evidence"] = contract("evidence", seen.grain, "facts", *seen.columns, *known)
    models["data_issues"] = contract(
        "data_issues", ("snapshot_id", "locator", "kind"), "run",
        column("snapshot_id"), column("locator"), column("kind"),
    )  # fmt: skip
    small = SmallProject(models)
    for name in ("classifications", "evidence", "rules"):
        small = small.changed(name, recorded=True)
    return small


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return build(tmp_path / "build.duckdb")


def build(database: Path) -> Path:
    change(
        database,
        BUILD
        + """
        drop table addresses_history;
        create table classifications as select * from (values
            ('XX-FIC-1', 'mutual', date '2012-01-01', null::date, false, 'rules 1'),
            ('XX-FIC-2', 'possible', null, null, false, 'rules 1'),
            ('XX-FIC-3', 'probable', date '2010-01-01', date '2015-03-31', true, 'rules 1')
        ) as t (org_id, verdict, valid_from, valid_to, has_ended, rules_version);
        create table rules as select 'rules 1' as rules_version;
        alter table evidence add known_from timestamp;
        alter table evidence add known_to timestamp;
        alter table evidence add snapshot_id varchar;
        alter table evidence add locator varchar;
        alter table evidence add valid_from date;
        alter table evidence add valid_to date;
        update evidence set known_from = '2026-10-30 08:00:00', snapshot_id = 's1',
            locator = 'line ' || evidence_id;
        create table data_issues (snapshot_id varchar, locator varchar, kind varchar);
        """,
    )
    return database


Step = tuple[datetime, str]
# A correction under new rules; then a verdict left out, a piece of evidence that changed with a
# record received meanwhile, one that is gone, and one that only a rule brought up.
STEPS: tuple[Step, ...] = (
    (FIRST, ""),
    (
        SECOND,
        """
        update classifications set rules_version = 'rules 2';
        update rules set rules_version = 'rules 2';
        update classifications set verdict = 'probable' where org_id = 'XX-FIC-2'
        """,
    ),
    (
        THIRD,
        """
        delete from classifications where org_id = 'XX-FIC-1';
        update evidence set value_seen = 'CLG', snapshot_id = 's2',
            known_from = '2026-11-03 01:00:00' where evidence_id = 'E1';
        delete from evidence where evidence_id = 'E2';
        insert into evidence by name select 'E4' as evidence_id, 'XX-FIC-2' as org_id,
            timestamp '2026-10-30 08:00:00' as known_from
        """,
    ),
)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The three releases of the steps, which most tests only read."""
    folder = tmp_path_factory.mktemp("recorded")
    return released(build(folder / "build.duckdb"), recorded_project(), folder / "releases")


def released(
    database: Path, project: SmallProject, releases: Path, steps: tuple[Step, ...] = STEPS
) -> list[Path]:
    folders = []
    for built_at, sql in steps:
        if sql:
            change(database, sql)
        outcome = publish(database, project, releases, built_at=built_at)
        assert isinstance(outcome, Published)
        folders.append(outcome.release.path)
    return folders


def rows(release: Path, sql: str) -> list[tuple[object, ...]]:
    return query(release, sql).rows


def said(release: Path, table: str, source: str = "") -> list[tuple[object, ...]]:
    """The columns of a table, but for known times: of the table itself or of a macro."""
    known = "known_from, known_to" if table == "evidence" else ""
    columns = f"* exclude ({known})" if known else "*"
    own = rows(release, f"select {columns} from {table} order by all")
    if not source:
        return own
    names = query(release, f"select {columns} from {table} limit 0").columns
    return rows(release, f"select {', '.join(names)} from {source} order by all")


def test_what_each_release_said_is_in_the_last_one_to_the_letter(folders: list[Path]) -> None:
    for folder, day in zip(folders, (FIRST, SECOND, THIRD), strict=True):
        assert verify(folder) == []
        for table in ("classifications", "evidence", "rules"):
            macro = f"{table}_as_known_on(date '{day:%Y-%m-%d}')"
            assert said(folders[-1], table, macro) == said(folder, table), (table, day)
    assert said(folders[-1], "classifications", "classifications_as_known_on('2026-10-31')") == []


def test_only_what_changed_is_added(folders: list[Path]) -> None:
    last = folders[-1]
    found = rows(last, "select org_id, verdict, rules_version, known_from::varchar, "
                       "known_to::varchar, said_in from classifications_history "
                       "order by org_id, known_from")  # fmt: skip
    assert found == [
        ("XX-FIC-1", "mutual", "rules 1", "2026-11-01 02:30:00", "2026-11-03 02:30:00",
         "v2026.11.01.1"),
        ("XX-FIC-2", "possible", "rules 1", "2026-11-01 02:30:00", "2026-11-02 02:30:00",
         "v2026.11.01.1"),
        ("XX-FIC-2", "probable", "rules 2", "2026-11-02 02:30:00", None, "v2026.11.02.1"),
        ("XX-FIC-3", "probable", "rules 1", "2026-11-01 02:30:00", None, "v2026.11.01.1"),
    ]  # fmt: skip
    # said under the rules of the day, though the row did not change with them
    assert rows(last, "select distinct rules_version from classifications_as_known_on('2026-11-02')"
                ) == [("rules 2",)]  # fmt: skip


def test_evidence_is_known_from_its_receipt_and_until_what_replaced_it(
    folders: list[Path],
) -> None:
    last = folders[-1]
    found = rows(last, "select evidence_id, known_from::varchar, known_to::varchar "
                       "from evidence_history order by evidence_id, known_from")  # fmt: skip
    assert found == [
        ("E1", "2026-10-30 08:00:00", "2026-11-03 01:00:00"),
        ("E1", "2026-11-03 01:00:00", None),
        ("E2", "2026-10-30 08:00:00", "2026-11-03 02:30:00"),
        ("E3", "2026-10-30 08:00:00", None),
        # received long ago, and said only since a rule reads it
        ("E4", "2026-11-03 02:30:00", None),
    ]


def test_older_releases_may_be_thrown_away(
    database: Path, project: SmallProject, releases: Path, folders: list[Path]
) -> None:
    first, _ = released(database, project, releases, STEPS[:2])
    shutil.rmtree(first)
    pruned = released(database, project, releases, STEPS[2:])[0]
    for table in ("classifications_history", "evidence_history", "rules_history"):
        select = f"from {table} order by all"
        assert rows(pruned, select) == rows(folders[-1], select)


def test_releases_from_before_the_record_are_read_into_it(
    database: Path, project: SmallProject, releases: Path
) -> None:
    unrecorded = project
    for name in ("classifications", "evidence", "rules"):
        unrecorded = unrecorded.changed(name, recorded=False)
    released(database, unrecorded, releases, STEPS[:2])
    late = released(database, project, releases, STEPS[2:])[0]
    found = rows(late, "select org_id, verdict, said_in from classifications_history order by all")
    assert found == [
        ("XX-FIC-1", "mutual", "v2026.11.01.1"),
        ("XX-FIC-2", "possible", "v2026.11.01.1"),
        ("XX-FIC-2", "probable", "v2026.11.02.1"),
        ("XX-FIC-3", "probable", "v2026.11.01.1"),
    ]


def test_what_was_redacted_is_not_carried_on(
    database: Path, project: SmallProject, releases: Path
) -> None:
    gone = (
        "delete from evidence where evidence_id = 'E2'; "
        "insert into data_issues values ('s1', 'line E2', 'redacted')"
    )
    first, second = released(database, project, releases, (STEPS[0], (SECOND, gone)))
    assert rows(first, "select count(*) from evidence_history where evidence_id = 'E2'") == [(1,)]
    assert rows(second, "select evidence_id from evidence_history order by all") == [
        ("E1",),
        ("E3",),
    ]


def test_a_record_alone_makes_no_release_and_a_night_without_change_keeps_its_bytes(
    database: Path, project: SmallProject, releases: Path
) -> None:
    first, second = released(
        database, project, releases,
        (STEPS[0], (SECOND, "update organisations set name = 'Fictional' where name = ''")),
    )  # fmt: skip
    for name in ("classifications_history", "evidence_history", "rules_history"):
        for path in (f"parquet/{name}.parquet", f"csv/{name}.csv"):
            assert (first / path).stat().st_ino == (second / path).stat().st_ino
    assert publish(database, project, releases, built_at=THIRD).message.startswith("Nothing was")


def test_a_new_column_is_a_new_version_of_every_row(
    database: Path, project: SmallProject, releases: Path
) -> None:
    released(database, project, releases, STEPS[:1])
    columns = project.models["classifications"].contract.columns
    changed = project.changed("classifications", columns=(*columns, column("band")))
    change(database, "alter table classifications add band varchar; "
                     "update classifications set band = 'low'")  # fmt: skip
    late = released(database, changed, releases, ((SECOND, ""),))[0]
    found = rows(late, "select band, count(*) from classifications_history group by all order by 1")
    assert found == [("low", 3), (None, 3)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2009-12-31", []),
        ("2010-01-01", ["XX-FIC-3"]),
        # the last day of an interval is within it
        ("2015-03-31", ["XX-FIC-1", "XX-FIC-3"]),
        ("2015-04-01", ["XX-FIC-1"]),
    ],
)
def test_a_verdict_is_true_from_its_first_day_to_its_last(
    folders: list[Path], day: str, expected: list[str]
) -> None:
    found = rows(folders[1], f"select org_id from classifications_as_true_on('{day}') order by 1")
    assert [row[0] for row in found] == expected


def test_a_macro_is_there_where_its_history_is(folders: list[Path]) -> None:
    with duckdb.connect(str(folders[-1] / "observatory.duckdb"), read_only=True) as con:
        held = con.execute(
            "select function_name from duckdb_functions() where function_type = 'table_macro'"
            " and not internal and database_name = current_database() order by 1"
        ).fetchall()
    assert ("classifications_as_known_on",) in held
    # a history that this small release does not hold has no macro
    assert ("returns_as_known_on",) not in held
