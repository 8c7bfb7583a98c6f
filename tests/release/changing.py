"""A small build whose changes have causes: snapshots, seeds, records; and what is asked of them."""

from __future__ import annotations

from pathlib import Path

import duckdb

from observatory.release.publish import Published, publish
from observatory.release.verify import verify
from tests.release.conftest import (
    SmallModel,
    SmallProject,
    change,
    column,
    contract,
    small_project,
)

BUILD = """
create table snapshots as select * from (values
    ('register-1', 'register', 'whole', date '2026-01-01', 3::bigint, 'h1', null, 1::integer),
    ('notices-1', 'notices', 'increment', date '2026-01-01', 2::bigint, 'h2', null, 1::integer)
) as t (snapshot_id, source, scope, published_on, rows, content_hash, same_as, reader_version);
create table seed_versions as select * from (values
    ('signals', 's1'), ('judgements', 'j1'), ('corrections', 'c1'), ('register', 'r1')
) as t (seed, sha256);
alter table evidence add column source varchar;
alter table evidence add column record_key varchar;
alter table evidence add column snapshot_id varchar;
update evidence set source = 'register', snapshot_id = 'register-1',
    record_key = 'R' || evidence_id;
update evidence set source = 'notices', snapshot_id = 'notices-1' where evidence_id = 'E2';
create table classifications as select * from (values
    ('XX-FIC-1', 'dcms-2018', 'mutual'), ('XX-FIC-3', 'dcms-2018', 'possible')
) as t (org_id, definition_id, verdict);
create table headline_counts as select 'mutual' as verdict, 1::bigint as organisations;
create table corrections (correction_id varchar, org_id varchar, status varchar);
create table stg_record_versions as
select 'register' as source, record_key, true as is_present, false as is_absent,
    date '2026-01-01' as last_seen_on from evidence where source = 'register';
create table ent_record_organisations as
select source, record_key, org_id from evidence;
"""
NEW_REGISTER = """
insert into snapshots values
    ('register-2', 'register', 'whole', '2026-02-01', 3, 'h3', null, 1);
"""
NEW_NOTICES = """
insert into snapshots values
    ('notices-2', 'notices', 'increment', '2026-02-01', 2, 'h4', null, 1);
"""
CODE = "code 0123456789ab"


def changing_project() -> SmallProject:
    """The small project with the tables that a cause is told from."""
    project = small_project()
    known = project.models["evidence"].contract.columns
    more = (column("source"), column("record_key"), column("snapshot_id"))
    project = project.changed("evidence", columns=(*known, *more))
    return SmallProject({**project.models, **_facts(), **_run()})


def _facts() -> dict[str, SmallModel]:
    org = column("org_id", references="organisations.org_id")
    return {
        "classifications": contract(
            "classifications",
            ("org_id", "definition_id"),
            "facts",
            org,
            column("definition_id"),
            column("verdict", sources=("register", "notices")),
        ),
        "headline_counts": contract(
            "headline_counts",
            ("verdict",),
            "facts",
            column("verdict"),
            column("organisations", "BIGINT", sources=("notices",)),
        ),
        "corrections": contract(
            "corrections",
            ("correction_id",),
            "facts",
            column("correction_id"),
            org,
            column("status"),
        ),
    }


def _run() -> dict[str, SmallModel]:
    return {
        "snapshots": contract(
            "snapshots",
            ("snapshot_id",),
            "run",
            *(
                column(name, kind)
                for name, kind in {
                    "snapshot_id": "VARCHAR",
                    "source": "VARCHAR",
                    "scope": "VARCHAR",
                    "published_on": "DATE",
                    "rows": "BIGINT",
                    "content_hash": "VARCHAR",
                    "same_as": "VARCHAR",
                    "reader_version": "INTEGER",
                }.items()
            ),
        ),
        "seed_versions": contract(
            "seed_versions", ("seed",), "run", column("seed"), column("sha256")
        ),
    }


def then(
    database: Path, project: SmallProject, releases: Path, sql: str, *, code: str = CODE
) -> Path:
    """Change the build, publish it, and return the new release's folder, verified."""
    change(database, sql)
    outcome = publish(database, project, releases, code=code, allow_breaking=True)
    assert isinstance(outcome, Published)
    assert verify(outcome.release.path) == []
    return outcome.release.path


def asked(release: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(release / "observatory.duckdb"), read_only=True) as con:
        return con.execute(sql).fetchall()


def causes(release: Path) -> set[tuple[object, ...]]:
    """(table, cause, behind) of all lines."""
    return set(
        asked(release, "select table_name, cause, array_to_string(behind, ' + ') from changes")
    )
