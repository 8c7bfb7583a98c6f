"""Explaining organisations from a small release written by hand, and from the real build."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from observatory.answers.explain import explain
from observatory.answers.render import render

RELEASE = """
create table organisations (org_id varchar, name varchar, legal_form varchar, status varchar,
    registered_on date, ended_on date, sector varchar, register_url varchar);
insert into organisations values
    ('GB-MPR-1R', 'Fictional Vale Libraries Mutual Limited', 'registered-society', 'active',
     '2014-02-01', null, 'culture-and-libraries', 'https://example.org/1R'),
    ('GB-COH-00000001', 'FICTIONAL VALE CARE CIC', 'cic', 'active', null, null, null, null),
    ('GB-COH-00004465', 'FICTIONAL HILL CARE CIC', 'cic', 'active', null, null, null, null),
    ('GB-MPR-4465', 'Fictional [Hill] Credit Union Limited', 'credit-union', 'active', null, null,
     null, null),
    ('XM-PSM-9999', 'Fictional Twin', 'unknown', 'unknown', null, null, null, null);
create table identifiers (org_id varchar, scheme varchar, identifier varchar, basis varchar);
insert into identifiers values
    ('GB-MPR-1R', 'GB-MPR', '1R', 'own'), ('GB-MPR-1R', 'GB-COH', 'IP00001R', 'crosswalk'),
    ('GB-COH-00000001', 'GB-COH', '00000001', 'own'),
    ('GB-COH-00004465', 'GB-COH', '00004465', 'own'), ('GB-MPR-4465', 'GB-MPR', '4465', 'own');
create table names (org_id varchar, name varchar);
insert into names select org_id, name from organisations;
insert into names values ('GB-MPR-1R', 'Vale Books');
create table definitions (definition_id varchar, title varchar, kind varchar, source_url varchar,
    is_headline boolean);
insert into definitions values ('dcms-2018', 'DCMS 2018', 'policy', 'https://example.org/d', true),
    ('the-act', 'The Act', 'statutory', 'https://example.org/a', false);
create table criteria (criterion_id varchar, title varchar);
insert into criteria values ('staff', 'Staff have influence'), ('free', 'Independent');
create table definition_criteria (definition_id varchar, criterion_id varchar, role varchar);
insert into definition_criteria values ('dcms-2018', 'staff', 'required');
create table signals (signal_id varchar, criterion_id varchar, direction varchar,
    strength varchar, why varchar, known_failures varchar);
insert into signals values
    ('workers', 'staff', 'for', 'strong', 'Its members work in it.', 'May lag.');
create table sources (source varchar, title varchar);
insert into sources values ('coops', 'Fictional open data'), ('fca', 'Fictional register');
create table snapshots (snapshot_id varchar, source varchar, published_on date, rows bigint);
insert into snapshots values ('coops-abc', 'coops', '2024-06-01', 3);
create table evidence (evidence_id varchar, org_id varchar, signal_id varchar,
    criterion_id varchar, direction varchar, strength varchar, value_seen varchar,
    source varchar, snapshot_id varchar, locator varchar, url varchar, valid_from date,
    valid_to date);
insert into evidence values ('abcdef0123456789', 'GB-MPR-1R', 'workers', 'staff', 'for', 'strong',
    'ownership classification: Workers', 'coops', 'coops-abc', 'record 2', 'https://example.org/o',
    '2024-06-01', null);
create table classifications (org_id varchar, definition_id varchar, verdict varchar,
    basis varchar, band varchar, reason varchar, valid_from date, valid_to date, has_ended boolean,
    is_disputed boolean, what_would_change_it varchar);
insert into classifications values
    ('GB-MPR-1R', 'the-act', 'undetermined', 'inferred', 'low', 'Too little.', null, null, false,
     true, 'Staff: strong evidence for it.'),
    ('GB-MPR-1R', 'dcms-2018', 'mutual', 'curated', 'high', 'A source says so.', '2014-05-01',
     '2025-06-01', true, true, null);
create table corrections (correction_id varchar, org_id varchar, claim varchar, received_on date,
    status varchar, answer varchar, answered_on date, effect varchar);
insert into corrections values
    ('COR-9001', 'GB-MPR-1R', 'The class is old.', '2026-01-02', 'open', null, null, 'note'),
    ('COR-9000', 'GB-MPR-1R', 'A record is of a namesake.', '2025-01-02', 'upheld',
     'It is; the record counts no more.', '2025-01-09', 'set aside record'),
    ('COR-9002', 'GB-MPR-4465', 'Of another.', '2025-01-02', 'open', null, null, 'note');
create table assessments (org_id varchar, definition_id varchar, criterion_id varchar,
    role varchar, state varchar, score tinyint, evidence_ids varchar[]);
insert into assessments values
    ('GB-MPR-1R', 'dcms-2018', 'staff', 'required', 'met', 3, ['abcdef0123456789']),
    ('GB-MPR-1R', 'dcms-2018', 'free', 'refuter', 'unknown', 0, []),
    ('GB-MPR-1R', 'the-act', 'staff', 'required', 'unknown', 0, []);
"""

BUILD = """
create table ent_organisations as select 'GB-COH-00000077' as org_id,
    'FICTIONAL QUIET CIC' as name, 'cic' as legal_form, 'active' as status;
create table ent_identifiers as select 'GB-COH-00000077' as org_id, 'GB-COH' as scheme,
    '00000077' as identifier, 'own' as basis;
create table ent_names as select 'GB-COH-00000077' as org_id, 'FICTIONAL QUIET CIC' as name,
    'fictional quiet cic' as name_normalised;
create table ev_upheld (evidence_id varchar, org_id varchar, signal_id varchar,
    criterion_id varchar, direction varchar, strength varchar, value_seen varchar,
    source varchar, snapshot_id varchar, locator varchar, url varchar, valid_from date,
    valid_to date);
"""


@pytest.fixture
def release() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute(RELEASE)
        yield con


@pytest.fixture
def build() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute(BUILD)
        yield con


@pytest.mark.parametrize(
    "query",
    [
        "GB-MPR-1R",
        "gb-mpr-1r",
        " 1r ",
        "IP00001R",
        "GB-COH-IP00001R",
        "fictional vale libraries mutual ltd",
        "Vale Books",
    ],
)
def test_an_org_id_a_number_and_a_name_find_the_same(
    release: duckdb.DuckDBPyConnection, query: str
) -> None:
    told = explain(release, query)
    assert (told.standing, told.org_id) == ("listed", "GB-MPR-1R")


def test_a_verdict_leads_to_its_record(release: duckdb.DuckDBPyConnection) -> None:
    told = explain(release, "1R", release="2026-11-23.1", contact="someone@example.org")
    headline, act = told.verdicts
    assert (headline.definition_id, headline.verdict, headline.basis) == (
        "dcms-2018", "mutual", "curated",
    )  # fmt: skip
    assert act.criteria[0].words == "not shown to meet, on the records held"
    staff = next(one for one in headline.criteria if one.criterion_id == "staff")
    assert staff.words == "meets"
    (seen,) = [one for one in told.evidence if one.evidence_id in staff.evidence_ids]
    assert seen.value_seen == "ownership classification: Workers"
    assert seen.source_title == "Fictional open data"
    assert str(seen.published_on) == "2024-06-01"
    assert (seen.snapshot_id, seen.locator) == ("coops-abc", "record 2")
    assert seen.url == "https://example.org/o"
    assert "someone@example.org" in told.objections


def test_a_part_of_one_name_is_taken_and_said(release: duckdb.DuckDBPyConnection) -> None:
    told = explain(release, "Vale Libraries")
    assert (told.org_id, told.matched_by) == ("GB-MPR-1R", "part of a name")
    assert explain(release, "Vale Libr").standing == "unknown"


def test_a_number_of_two_registers_is_left_to_choose(release: duckdb.DuckDBPyConnection) -> None:
    told = explain(release, "4465")
    assert told.standing == "several"
    assert {one.org_id for one in told.near} == {"GB-COH-00004465", "GB-MPR-4465"}
    assert not told.verdicts


def test_a_part_of_many_names_is_left_to_choose(release: duckdb.DuckDBPyConnection) -> None:
    told = explain(release, "Fictional")
    assert told.standing == "several"
    assert told.org_id == ""
    assert len(told.near) == 5


def test_a_near_name_is_offered_and_never_taken(release: duckdb.DuckDBPyConnection) -> None:
    told = explain(release, "Fictionel Vale Care CIC")
    assert told.standing == "unknown"
    assert (told.org_id, told.verdicts) == ("", ())
    assert told.near[0].org_id == "GB-COH-00000001"


def test_an_unknown_name_is_told_what_was_looked_at_and_what_would_count(
    release: duckdb.DuckDBPyConnection,
) -> None:
    told = explain(release, "Zzyzx")
    assert told.standing == "unknown"
    assert told.near == ()
    assert [(one.source, one.snapshots, one.rows) for one in told.looked_at] == [
        ("coops", 1, 3),
        ("fca", 0, 0),
    ]
    assert told.would_count == ("Staff have influence: Its members work in it.",)


def test_one_that_no_release_lists_is_known_from_the_build(
    release: duckdb.DuckDBPyConnection, build: duckdb.DuckDBPyConnection
) -> None:
    assert explain(release, "77").standing == "unknown"
    for query in ("77", "Fictional Quiet C.I.C."):
        told = explain(release, query, build=build)
        assert (told.standing, told.org_id) == ("known", "GB-COH-00000077")
        assert told.verdicts == ()
        assert told.would_count


@pytest.mark.parametrize("query", ["", "   ", "'; drop table names; --", "%", "_", "[bold]"])
def test_odd_questions_find_nothing_and_break_nothing(
    release: duckdb.DuckDBPyConnection, query: str
) -> None:
    assert explain(release, query).standing == "unknown"


def test_it_reads_a_database_that_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "observatory.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute(RELEASE)
    with duckdb.connect(str(path), read_only=True) as con:
        assert explain(con, "1R").standing == "listed"


@pytest.mark.parametrize("query", ["1R", "4465", "77", "Zzyzx", "GB-COH-00000001"])
def test_a_person_and_a_program_can_read_it(
    release: duckdb.DuckDBPyConnection, build: duckdb.DuckDBPyConnection, query: str
) -> None:
    told = explain(release, query, build=build)
    assert json.loads(json.dumps(told.as_dict()))["standing"] == told.standing
    console = Console(width=100, record=True, file=StringIO())
    console.print(render(told))
    shown = console.export_text()
    assert "eligibility" in shown
    for name in (*(one.name for one in told.near), told.name):
        assert name.split("(")[0] in shown


def test_the_terminal_shows_dates_words_and_places(release: duckdb.DuckDBPyConnection) -> None:
    console = Console(width=160, record=True, file=StringIO())
    console.print(render(explain(release, "1R")))
    shown = console.export_text()
    for words in (
        "2025-06-01",
        "A source says so.",
        "Staff have influence: meets",
        "Independent: not shown to fail, on the records held",
        "snapshot coops-abc, record 2",
        "https://example.org/o",
        "published 2024-06-01",
    ):
        assert words in shown


def test_the_beginning_of_a_long_name_is_near_it(release: duckdb.DuckDBPyConnection) -> None:
    told = explain(release, "Fictional Vale Librarys")
    assert told.standing == "unknown"
    assert "GB-MPR-1R" in {one.org_id for one in told.near}


def test_objections_and_what_would_change_a_verdict_are_told(
    release: duckdb.DuckDBPyConnection,
) -> None:
    told = explain(release, "GB-MPR-1R")
    assert [one.correction_id for one in told.corrections] == ["COR-9000", "COR-9001"]
    console = Console(width=160, record=True, file=StringIO())
    console.print(render(told))
    text = console.export_text()
    assert "mutual (disputed)" in text
    assert "COR-9001, received 2026-01-02, open: The class is old." in text
    assert "answered 2025-01-09: It is; the record counts no more. (set aside record)" in text
    assert "What would change it: Staff: strong evidence for it." in text
    assert "COR-9002" not in text
    assert told.as_dict()["corrections"][1]["received_on"] == "2026-01-02"


def test_what_rests_on_a_name_is_told_with_basis_score_and_reason(
    release: duckdb.DuckDBPyConnection,
) -> None:
    release.execute(
        "create table match_reviews as select * from (values"
        " ('GB-MPR-1R', 'contracts_finder', 'supplier', 'a1', 'VALE [MUTUAL] LTD', 'name',"
        "  0.99, 'the same name: VALE', 'match'),"
        " ('GB-MPR-1R', 'contracts_finder', 'supplier', 'a2', 'VALE BOOKS LTD', 'judgement', 0.0,"
        "  'judged different by a reviewer on 2026-11-23: another town', 'rejected-by-judgement'),"
        " ('GB-MPR-1R', 'contracts_finder', 'supplier', 'a3', 'VALE BKS', 'likeness', 0.5,"
        "  'a name like it: VALE; not decided: it is only like it', 'review'))"
        " as t(candidate_id, source, role, record_key, asked_name, basis, score,"
        " explanation, decision)"
    )
    told = explain(release, "GB-MPR-1R")
    assert [one.decision for one in told.name_matches] == [
        "match",
        "rejected-by-judgement",
        "review",
    ]
    console = Console(file=StringIO(), width=300)
    console.print(render(told))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "Joined by name: contracts_finder supplier 'VALE [MUTUAL] LTD': the same" in shown
    assert "(score 0.99)" in shown
    assert "Kept apart by judgement: contracts_finder supplier 'VALE BOOKS LTD'" in shown
    assert "Not joined, to be reviewed: contracts_finder supplier 'VALE BKS'" in shown
    assert told.as_dict()["name_matches"][0]["basis"] == "name"
