"""Whose verdict changed between two releases and why, on small releases written by hand."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from observatory.answers.verdict_changes import VerdictChange, between

TABLES = """
create table definitions (definition_id varchar, kind varchar, nations varchar,
    dates_bind boolean, in_force_from date, in_force_to date, is_headline boolean);
insert into definitions values ('d', 'policy', 'England', false, null, null, true),
    ('law', 'statutory', 'England', true, null, null, false);
create table definition_criteria (definition_id varchar, criterion_id varchar, role varchar,
    is_key boolean, met_at varchar, corroborated_by tinyint, refuted_at varchar,
    refutation_is_final boolean, why varchar);
insert into definition_criteria values
    ('d', 'staff', 'required', true, 'moderate', 2, 'strong', false, 'a'),
    ('law', 'staff', 'required', true, 'moderate', null, 'strong', false, 'b');
create table signals (signal_id varchar, criterion_id varchar, direction varchar,
    strength varchar, source varchar, reads varchar, publishes boolean, why varchar);
insert into signals values ('owned', 'staff', 'for', 'strong', 'register', 'x', true, 'w'),
    ('hinted', 'staff', 'for', 'weak', 'notices', 'y', true, 'w');
create table evidence_sources (source varchar, origin varchar, dates_are varchar,
    knows_since date);
insert into evidence_sources values ('register', 'register', 'sightings', null),
    ('notices', 'buyers', 'sightings', null);
create table organisations (org_id varchar, name varchar);
insert into organisations values ('XX-1', 'Fictional One'), ('XX-2', 'Fictional Two');
create table classifications (org_id varchar, definition_id varchar, verdict varchar,
    rules_version varchar);
insert into classifications values ('XX-1', 'd', 'possible', 'r1'),
    ('XX-2', 'd', 'undetermined', 'r1'), ('XX-1', 'law', 'undetermined', 'r1');
create table snapshots (snapshot_id varchar, source varchar);
insert into snapshots values ('s1', 'register'), ('s2', 'notices');
create table evidence (evidence_id varchar, org_id varchar, signal_id varchar, direction varchar,
    strength varchar, value_seen varchar, source varchar, record_key varchar, snapshot_id varchar,
    valid_from date, valid_to date);
insert into evidence values
    ('e1', 'XX-1', 'owned', 'for', 'strong', 'workers', 'register', '1', 's1', null, null);
create table corrections (correction_id varchar, org_id varchar, status varchar, effect varchar);
"""
FALLS = "update classifications set verdict = 'undetermined' where org_id = 'XX-1';"


def _release(folder: Path, *statements: str) -> Path:
    folder.mkdir()
    with duckdb.connect(str(folder / "observatory.duckdb")) as con:
        for statement in (TABLES, *statements):
            con.execute(statement)
    return folder


def _only(folder: Path, *statements: str) -> VerdictChange:
    before = _release(folder / "v1")
    (change,) = between(before, _release(folder / "v2", *statements))
    return change


def test_nothing_changed(tmp_path: Path) -> None:
    assert between(_release(tmp_path / "v1"), _release(tmp_path / "v2")) == []


def test_an_edited_line_is_the_cause_and_names_its_column(tmp_path: Path) -> None:
    edited = "update definition_criteria set met_at = 'decisive', why = 'c' where definition_id='d'"
    change = _only(tmp_path, FALLS, edited)
    assert (change.causes, change.details) == (
        ("rule",),
        ("definition_criteria d/staff: met_at moderate → decisive",),
    )
    assert str(change) == (
        "Fictional One (XX-1), d: possible → undetermined"
        " (rule: definition_criteria d/staff: met_at moderate → decisive)"
    )


@pytest.mark.parametrize(
    ("edited", "cause"),
    [
        ("update signals set strength = 'weak' where signal_id = 'owned';"
         "update evidence set strength = 'weak'",
         "signals owned: strength strong → weak"),
        ("delete from signals where signal_id = 'owned'; delete from evidence",
         "signals owned: removed"),
        ("update evidence_sources set origin = 'other' where source = 'register'",
         "evidence_sources register: origin register → other"),
    ],
)  # fmt: skip
def test_an_edited_signal_is_the_cause_of_what_rests_on_it(
    edited: str, cause: str, tmp_path: Path
) -> None:
    change = _only(tmp_path, FALLS, edited)
    assert (change.causes, change.details) == (("rule",), (cause,))


def test_a_line_of_another_definition_or_signal_is_no_cause(tmp_path: Path) -> None:
    change = _only(
        tmp_path,
        FALLS,
        "update definition_criteria set met_at = 'strong' where definition_id = 'law'",
        "update signals set strength = 'strong' where signal_id = 'hinted'",
        "update evidence set value_seen = 'consumers', snapshot_id = 's3'",
        "insert into snapshots values ('s3', 'register')",
    )
    assert change.causes == ("source",)


@pytest.mark.parametrize(
    ("statements", "cause"),
    [
        (["delete from evidence", "insert into snapshots values ('s3', 'register')"],
         "disappearance"),
        (["update evidence set org_id = 'XX-2'"], "linkage"),
        (["insert into corrections values ('COR-1', 'XX-1', 'upheld', 'set aside evidence')",
          "delete from evidence"], "correction"),
        (["delete from evidence"], "rule"),
    ],
)  # fmt: skip
def test_each_cause_is_told_from_the_others(
    statements: list[str], cause: str, tmp_path: Path
) -> None:
    assert _only(tmp_path, FALLS, *statements).causes == (cause,)


def test_new_records_are_told_from_old_ones_that_are_read_now(tmp_path: Path) -> None:
    rises = "update classifications set verdict = 'probable' where org_id = 'XX-2'"
    one = "insert into evidence values ('e9', 'XX-2', 'hinted', 'for', 'weak', 'v', 'notices', '9',"
    before = _release(tmp_path / "v1")
    read_now = _release(tmp_path / "v2", rises, f"{one} 's2', null, null)")
    (change,) = between(before, read_now)
    assert change.causes == ("rule",)
    landed = "insert into snapshots values ('s9', 'notices')"
    new = _release(tmp_path / "v3", rises, f"{one} 's9', null, null)", landed)
    (change,) = between(before, new)
    assert (change.causes, change.before, change.after) == (("source",), "undetermined", "probable")


def test_a_release_from_before_the_rules_had_these_columns_can_be_compared(tmp_path: Path) -> None:
    old = _release(tmp_path / "v1", "drop table evidence_sources", "drop table corrections",
                   "alter table definitions drop nations")  # fmt: skip
    new = _release(tmp_path / "v2", FALLS, "update classifications set rules_version = 'r2'")
    (change,) = between(old, new)
    assert (change.causes, change.details) == (("rule",), ("rules r1 → r2",))
