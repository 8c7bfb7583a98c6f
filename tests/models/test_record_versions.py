"""Versions of records over snapshots, held against a plain retelling of the rule in Python, for any
snapshots in any order of arrival."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory import build
from observatory.models import engine, tables
from observatory.models.project import Project
from observatory.settings import Settings

DAY = date(2026, 1, 1)
NUMBERS = ("09999991", "09999992")
VERSIONS = {"FICTIONAL A LTD": 1, "FICTIONAL B LTD": 2}


@dataclass(frozen=True)
class Given:
    """One snapshot: its day, when it arrived, its scope, and the name of each company in it."""

    day: int
    arrival: int
    is_whole: bool
    names: tuple[str | None, ...]


SNAPSHOTS = st.lists(
    st.builds(
        Given,
        st.integers(0, 4),
        st.integers(0, 9),
        st.booleans(),
        st.tuples(
            *(st.sampled_from(["FICTIONAL A LTD", "FICTIONAL B LTD", None]) for _ in NUMBERS)
        ),
    ),
    min_size=1,
    max_size=6,
)


class _Lake:
    """The two models over a lake that a test fills."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.con: duckdb.DuckDBPyConnection = engine.in_memory().__enter__()
        engine.load_macros(self.con, project.macros)
        self.con.execute("create schema lake")
        for name in ("stg_snapshot_sequence", "stg_record_versions"):
            for view in project.model(name).reads_lake:
                columns = ", ".join(
                    f"{tables.quoted(one.name)} {one.type}" for one in project.lake_tables[view]
                )
                self.con.execute(f"create or replace table lake.{view} ({columns})")

    def versions(self, snapshots: list[Given]) -> list[tuple[object, ...]]:
        """Return the versions, without known time."""
        self.con.execute("delete from lake.snapshots; delete from lake.records")
        for number, one in enumerate(snapshots):
            self.con.execute(
                "insert into lake.snapshots by name select ? as snapshot_id, ? as published_on,"
                " ? as fetched_at, ? as scope, 'companies_house_basic' as source",
                [f"s{number}", _day(one), datetime(2026, 6, 1) + timedelta(hours=one.arrival),
                 "whole" if one.is_whole else "extract"],
            )  # fmt: skip
            for company, name in zip(NUMBERS, one.names, strict=True):
                if name:
                    self.con.execute(
                        "insert into lake.records by name select ? as snapshot_id, ? as record_key,"
                        " ? as version, 'record 1' as locator, 'companies_house_basic' as source",
                        [f"s{number}", company, VERSIONS[name]],
                    )
        for model in ("stg_snapshot_sequence", "stg_record_versions"):
            tables.make(self.con, self.project.model(model))
        return self.con.execute(
            "select record_key, records.version, valid_from, valid_to, last_seen_on, is_present,"
            " is_absent, version_number from stg_record_versions"
            " join lake.records as records using (snapshot_id, record_key)"
            " order by record_key, version_number"
        ).fetchall()


def _day(one: Given) -> date:
    return DAY + timedelta(days=one.day)


def _retold(snapshots: list[Given]) -> list[tuple[object, ...]]:
    """The rule in words: of one day the last snapshot counts; equal neighbours are one version."""
    ordered = sorted(enumerate(snapshots), key=lambda pair: (pair[1].day, f"s{pair[0]}"))
    last_whole = max((n for n, (_, one) in enumerate(ordered) if one.is_whole), default=-1)
    found: list[tuple[object, ...]] = []
    for column, company in enumerate(NUMBERS):
        by_day = {
            _day(one): (place, one.names[column])
            for place, (_, one) in enumerate(ordered)
            if one.names[column]
        }
        seen = [(day, place, name) for day, (place, name) in sorted(by_day.items())]
        runs = [list(run) for _, run in groupby(seen, key=lambda sight: sight[2])]
        for number, run in enumerate(runs):
            following = runs[number + 1][0][0] if number + 1 < len(runs) else None
            is_absent = following is None and run[-1][1] < last_whole
            found.append((company, VERSIONS[run[0][2] or ""], run[0][0], following, run[-1][0],
                          following is None, is_absent, number + 1))  # fmt: skip
    return found


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Lake]:
    home: Path = tmp_path_factory.mktemp("home")
    made = _Lake(build.load_project(Settings(home=home)))
    yield made
    made.con.close()


ENOUGH = settings(max_examples=40)


@ENOUGH
@given(snapshots=SNAPSHOTS)
def test_versions_are_what_the_rule_says_in_words(lake: _Lake, snapshots: list[Given]) -> None:
    assert lake.versions(snapshots) == _retold(snapshots)


@ENOUGH
@given(snapshots=SNAPSHOTS, arrivals=st.permutations(range(6)))
def test_the_order_of_arrival_changes_nothing_but_known_time(
    lake: _Lake, snapshots: list[Given], arrivals: list[int]
) -> None:
    again = [
        Given(one.day, arrivals[place], one.is_whole, one.names)
        for place, one in enumerate(snapshots)
    ]
    assert lake.versions(snapshots) == lake.versions(again)


@ENOUGH
@given(snapshots=SNAPSHOTS)
def test_at_any_moment_at_most_one_version_of_a_record_was_known_as_present(
    lake: _Lake, snapshots: list[Given]
) -> None:
    # a version that arrived after its successor was known from and to one moment: never present
    lake.versions(snapshots)
    overlapping = lake.con.execute(
        "select count(*) from stg_record_versions as a join stg_record_versions as b"
        " on a.record_key = b.record_key and a.version_number < b.version_number"
        " where a.known_from is distinct from a.known_to"
        " and b.known_from is distinct from b.known_to"
        " and a.known_from < coalesce(b.known_to, 'infinity')"
        " and b.known_from < coalesce(a.known_to, 'infinity')"
    ).fetchone()
    assert overlapping == (0,)
