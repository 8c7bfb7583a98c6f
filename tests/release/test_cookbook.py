"""What queries of the cookbook answer, over rows that a test gives."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from observatory.release import macros
from observatory.release.query import query

ROWS = """
create table organisations (org_id varchar, name varchar, legal_form varchar, status varchar);
insert into organisations values
    ('XX-1', 'Fictional Vale CIC', 'cic', 'active'), ('XX-2', 'Fictional Hill', 'cic', 'active');
create table names (org_id varchar, name varchar, name_type varchar, valid_to date);
insert into names values
    ('XX-1', 'Fictional Vale CIC', 'current', null),
    ('XX-1', 'OLD FICTIONAL NAME', 'previous', '2014-01-01');
create table classifications (org_id varchar, definition_id varchar, verdict varchar,
    basis varchar, has_ended boolean, valid_from date, valid_to date);
insert into classifications values
    ('XX-1', 'dcms-2018', 'mutual', 'curated', false, '2011-01-01', null),
    ('XX-2', 'dcms-2018', 'mutual', 'curated', true, '2011-01-01', '2016-10-01'),
    ('XX-3', 'dcms-2018', 'probable', 'curated', false, null, null),
    ('XX-4', 'dcms-2018', 'possible', 'inferred', true, '2016-01-01', null),
    ('XX-5', 'dcms-2018', 'not_mutual', 'inferred', false, '2001-01-01', null),
    ('XX-6', 'another', 'mutual', 'inferred', false, '2001-01-01', null);
create table evidence (org_id varchar, criterion_id varchar, direction varchar, strength varchar,
    source varchar, value_seen varchar);
insert into evidence values
    ('XX-1', 'staff', 'for', 'strong', 'known_mutuals', 'label: psm'),
    ('XX-1', 'staff', 'against', 'strong', 'a register', 'owned by consumers'),
    ('XX-2', 'staff', 'for', 'weak', 'a register', 'a name'),
    ('XX-2', 'staff', 'against', 'strong', 'a register', 'owned by consumers');
"""


@pytest.fixture
def release(tmp_path: Path) -> Path:
    with duckdb.connect(str(tmp_path / "observatory.duckdb")) as con:
        con.execute(ROWS)
    return tmp_path


def test_the_headline_is_a_range_and_keeps_citation_and_inference_apart(release: Path) -> None:
    assert query(release, "headline-range").rows == [
        ("curated", 2, 3, 3, 1, 2, 0),
        ("inferred", 0, 0, 1, 0, 0, 0),
    ]


def test_entries_exits_and_stock_by_year_say_what_has_no_date(release: Path) -> None:
    answer = query(release, "mutuals-by-year")
    assert [dict(zip(answer.columns, row, strict=True)) for row in answer.rows] == [
        {"of_year": 2011, "entries": 2, "exits": 0, "stock": 2,
         "without_a_start": 1, "ended_without_a_date": 1},
        # who ended on an unknown day is in no year: it would stand in the stock for ever
        {"of_year": 2016, "entries": 0, "exits": 1, "stock": 1,
         "without_a_start": 1, "ended_without_a_date": 1},
    ]  # fmt: skip


def test_records_disagree_only_where_strong_ones_do(release: Path) -> None:
    assert query(release, "records-that-disagree").rows == [
        ("XX-1", "Fictional Vale CIC", "staff", ["known_mutuals: label: psm"],
         ["a register: owned by consumers"])
    ]  # fmt: skip


def test_an_organisation_is_found_by_a_part_of_an_old_name(release: Path) -> None:
    rows = query(release, "organisations-named", {"organisation": "old fict"}).rows
    assert [row[:3] for row in rows] == [("XX-1", "Fictional Vale CIC", "OLD FICTIONAL NAME")]


def test_the_rule_that_moves_the_count_most_comes_first(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "observatory.duckdb")) as con:
        con.execute(
            "create table rule_sensitivity as select * from (values"
            " ('dcms-2018', 'reading', 'a', 0, 0, 3, 3),"
            " ('dcms-2018', 'reading', 'b', -9, 0, 0, 9),"
            " ('law', 'reading', 'c', 50, 50, 50, 50)) as t(definition_id, rule_kind, rule_id,"
            " mutual_moves_by, probable_moves_by, possible_moves_by, organisations_moved)"
        )
    rows = query(tmp_path, "rule-that-moves-the-count-most").rows
    assert [row[1] for row in rows] == ["b", "a"]


def test_lineage_is_found_from_both_sides_and_by_an_alias(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "observatory.duckdb")) as con:
        con.execute(
            ROWS
            + """
            create table identifiers as select 'XX-2' as org_id, 'GB-COH' as scheme,
                '99000002' as identifier;
            create table successions as select * replace (s.happened_on::date as happened_on)
            from (values
                ('XX-1', 'Fictional Vale CIC', 'XX-2', 'Fictional Hill', 'converted', '2016-10-01',
                 'day', 'identifier', 'exact', ['XX-2'], 'a register', null, 'a'),
                (null, 'Fictional Council', 'XX-1', 'Fictional Vale CIC', 'spun out', '2011-01-01',
                 'year', 'citation', 'exact', null, 'known_mutuals', 'https://example.org/1', 'b'),
                ('XX-8', 'Of another', 'XX-9', 'Of another', 'merged', null, 'unknown', 'citation',
                 'exact', ['XX-9'], 'known_mutuals', 'https://example.org/2', 'c')
            ) as s (predecessor_id, predecessor_name, successor_id, successor_name, kind,
                happened_on, precision, basis, confidence, final_successor_ids, source, url,
                succession_key);
            """
        )
    by_alias = query(tmp_path, "lineage-of-organisation", {"organisation": "gb-coh-99000002"}).rows
    assert [(row[2], row[3], row[4]) for row in by_alias] == [
        ("Fictional Vale CIC", "converted", "Fictional Hill")
    ]
    both = query(tmp_path, "lineage-of-organisation", {"organisation": "XX-1"}).rows
    assert [row[3] for row in both] == ["spun out", "converted"]
    parents = query(tmp_path, "parents-of-mutuals").rows
    assert parents == [(None, "Fictional Council", 1, ["Fictional Vale CIC"])]


def test_mutuals_beside_others_are_told_of_no_further_than_they_were_followed(
    tmp_path: Path,
) -> None:
    """Before the first end all go on; a side that was followed for four years has no fifth."""
    with duckdb.connect(str(tmp_path / "observatory.duckdb")) as con:
        con.execute("""
            create table survival_populations as select * from (values
                ('m', 'Fictional mutuals', true), ('c', 'Fictional others', false)
            ) as t (population_id, title, lists_the_ended);
            create table survival_matched as
            select
                'm' as population_id, 'c' as comparator_id, 'legal form and cohort' as matched_on,
                t.*, 365 * time_years as time_days, null::double as lower, null::double as upper
            from (values
                ('mutuals', 3, 5, 4.5, 0.5), ('mutuals', 3, 5, 12.0, 0.5),
                ('comparator', 7, 9, 0.5, 0.8), ('comparator', 7, 9, 4.0, 0.8)
            ) as t (side, matched, followed, time_years, estimate)
        """)
    answer = query(tmp_path, "survival-beside-others")
    told = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    assert [(one["side"], one["years"], one["percent"]) for one in told] == [
        ("mutuals", 1, 100.0), ("comparator", 1, 80.0), ("mutuals", 3, 100.0),
        ("comparator", 3, 80.0), ("mutuals", 5, 50.0), ("mutuals", 7, 50.0), ("mutuals", 10, 50.0),
    ]  # fmt: skip
    assert {one["others_list_the_ended"] for one in told} == {False}


SAID = """
create table organisations (org_id varchar, name varchar, sector varchar);
insert into organisations values
    ('XX-1', 'Fictional Vale CIC', 'social-care'), ('XX-2', 'Fictional Hill', 'social-care'),
    ('XX-3', 'Fictional Dale', 'social-care'), ('XX-4', 'Fictional Glen', 'housing');
create table releases (version varchar, built_at timestamp);
insert into releases values ('v1', '2026-09-15'), ('v2', '2026-11-20');
create table rules_history (rules_version varchar, known_from timestamp, known_to timestamp,
    said_in varchar);
insert into rules_history values
    ('old rules', '2026-09-15', '2026-11-20', 'v1'), ('new rules', '2026-11-20', null, 'v2');
create table classifications_history (org_id varchar, definition_id varchar, verdict varchar,
    basis varchar, reason varchar, has_ended boolean, valid_from date, valid_to date,
    rules_version varchar, known_from timestamp, known_to timestamp, said_in varchar);
insert into classifications_history values
    ('XX-1', 'dcms-2018', 'mutual', 'curated', 'cited', false, '2011-01-01', null,
     'old rules', '2026-09-15', null, 'v1'),
    ('XX-2', 'dcms-2018', 'mutual', 'curated', 'cited', true, '2011-01-01', '2015-03-31',
     'old rules', '2026-09-15', '2026-11-20', 'v1'),
    ('XX-2', 'dcms-2018', 'possible', 'inferred', 'doubted', true, '2011-01-01', '2016-03-31',
     'new rules', '2026-11-20', null, 'v2'),
    ('XX-3', 'dcms-2018', 'probable', 'inferred', 'seen', false, null, null,
     'new rules', '2026-11-20', null, 'v2'),
    ('XX-4', 'dcms-2018', 'mutual', 'curated', 'cited', false, '2011-01-01', null,
     'old rules', '2026-09-15', null, 'v1');
create table classifications as
select * exclude (known_from, known_to, said_in) replace ('new rules' as rules_version)
from classifications_history where known_to is null;
"""


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    with duckdb.connect(str(tmp_path / "observatory.duckdb")) as con:
        con.execute(SAID)
        macros.create(con, {"classifications_history", "rules_history"})
    return tmp_path


def test_what_was_said_a_month_before_the_release_and_what_changed_since(recorded: Path) -> None:
    answer = query(recorded, "changed-since")
    assert [dict(zip(answer.columns, row, strict=True)) for row in answer.rows] == [
        {"said_on": date(2026, 10, 20), "org_id": org_id, "name": name, "said_then": then,
         "say_now": now, "reason": reason, "rules_then": rules, "rules_now": "new rules"}
        for org_id, name, then, now, reason, rules in (
            ("XX-3", "Fictional Dale", None, "probable", "seen", None),
            ("XX-2", "Fictional Hill", "mutual", "possible", "doubted", "old rules"),
        )
    ]  # fmt: skip
    # on the day itself nothing differs; before anything was said there is nothing to compare
    assert query(recorded, "changed-since", {"day": "2026-11-20"}).rows == []
    assert query(recorded, "changed-since", {"day": "2026-09-14"}).rows == []


def test_mutuals_of_a_sector_on_a_day_as_we_know_it_now(recorded: Path) -> None:
    def on(day: str) -> list[tuple[object, ...]]:
        return query(recorded, "mutuals-on-a-day", {"day": day}).rows

    assert on("2015-04-01") == [("curated", 1, 0, 0, 0), ("inferred", 0, 0, 1, 1)]
    assert on("2016-04-01") == [("curated", 1, 0, 0, 0), ("inferred", 0, 0, 0, 1)]
    assert on("2010-12-31") == [("curated", 0, 0, 0, 0), ("inferred", 0, 0, 0, 1)]
