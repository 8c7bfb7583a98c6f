"""Both times of a history, held against a plain retelling in Python: for any snapshots in any order
of arrival, what was known at a moment is what the snapshots received by then tell alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from tests.models.test_record_versions import DAY, NUMBERS, SNAPSHOTS, VERSIONS, Given

START = datetime(2026, 6, 1)
# company, valid from, valid to, observed to, name
Row = tuple[str, date, date | None, date | None, str]
SAID = """
    create or replace table his_said as
    select 'organisations' as history_of, record_key as subject, place,
        published_on::timestamp as valid_at, fetched_at, version as said_hash from his_sightings
"""


class _Models:
    """The two models over a lake that a test fills."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.con: duckdb.DuckDBPyConnection = engine.in_memory().__enter__()
        engine.load_macros(self.con, project.macros)
        self.con.execute("create schema lake")
        sightings = project.model("his_sightings")
        columns = {f"lake.{view}": project.lake_tables[view] for view in sightings.reads_lake}
        columns |= {name: project.model(name).contract.columns for name in sightings.depends_on}
        for name, held in columns.items():
            listed = ", ".join(f"{tables.quoted(one.name)} {one.type}" for one in held)
            self.con.execute(f"create table {name} ({listed})")
        for number in NUMBERS:
            self.con.execute("insert into ent_published by name select ? as org_id", [number])
            self.con.execute(
                "insert into ent_record_organisations by name select ? as org_id, ? as record_key,"
                " 'companies_house_basic' as source, 'exact' as confidence",
                [number, number],
            )

    def known(self, snapshots: Sequence[Given]) -> dict[datetime, list[Row]]:
        """What was known at each moment at which a snapshot arrived."""
        self._fill(snapshots)
        tables.make(self.con, self.project.model("his_sightings"))
        self.con.execute(SAID)
        tables.make(self.con, self.project.model("his_intervals"))
        names = {version: name for name, version in VERSIONS.items()}
        told: dict[datetime, list[Row]] = {}
        for moment in {_moment(one) for one in snapshots}:
            rows = self.con.execute(
                "select i.subject, i.valid_from::date, i.valid_to::date, i.observed_to::date,"
                " s.version from his_intervals as i join his_sightings as s on i.subject ="
                " s.record_key and i.place = s.place where i.known_from <= $at and"
                " (i.known_to is null or i.known_to > $at) order by 1, 2",
                {"at": moment},
            ).fetchall()
            told[moment] = [(*row[:4], names[row[4]]) for row in rows]
        return told

    def _fill(self, snapshots: Sequence[Given]) -> None:
        self.con.execute("delete from lake.snapshots; delete from lake.records")
        held, before = "", None
        for name, one in _ordered(snapshots):
            # as the lake does: one that repeats the one before it is not held again
            repeats = before is not None and (before.names, before.is_whole) == (
                one.names, one.is_whole)  # fmt: skip
            held, before = (held if repeats else name), one
            self.con.execute(
                "insert into lake.snapshots by name select ? as snapshot_id, ? as published_on,"
                " ? as fetched_at, ? as scope, ? as same_as, 'companies_house_basic' as source",
                [name, _day(one), _moment(one), "whole" if one.is_whole else "extract",
                 held if repeats else None],
            )  # fmt: skip
            for company, called in zip(NUMBERS, one.names, strict=True):
                if called and not repeats:
                    self.con.execute(
                        "insert into lake.records by name select ? as snapshot_id, ? as record_key,"
                        " ? as version, 'record 1' as locator, 'companies_house_basic' as source",
                        [name, company, VERSIONS[called]],
                    )


def _ordered(snapshots: Sequence[Given]) -> list[tuple[str, Given]]:
    named = [(f"s{number}", one) for number, one in enumerate(snapshots)]
    return sorted(named, key=lambda pair: (pair[1].day, pair[0]))


def _day(one: Given) -> date:
    return DAY + timedelta(days=one.day)


def _moment(one: Given) -> datetime:
    return START + timedelta(hours=one.arrival)


def _retold(snapshots: Sequence[Given], at: datetime) -> list[Row]:
    """The rule in words: only what had arrived counts, in the order of publication; of one day the
    last word; equal neighbours are one; what a whole snapshot leaves out is told as such."""
    told: list[Row] = []
    arrived = [one for _, one in _ordered(snapshots) if _moment(one) <= at]
    for column, company in enumerate(NUMBERS):
        by_day: dict[date, str] = {}
        for one in arrived:
            name = one.names[column] or ("" if one.is_whole and by_day else None)
            if name is not None:
                by_day[_day(one)] = name
        days = sorted(by_day.items())
        runs = [(next(run)[0], name) for name, run in groupby(days, key=lambda told: told[1])]
        for place, (since, name) in enumerate(runs):
            if name:
                later = runs[place + 1 :]
                until = next((day for day, other in later if other), None)
                gone = later[0][0] if later and not later[0][1] else None
                told.append((company, since, until, gone, name))
    return told


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Models]:
    home: Path = tmp_path_factory.mktemp("home")
    made = _Models(build.load_project(Settings(home=home)))
    yield made
    made.con.close()


ENOUGH = settings(max_examples=25)


@ENOUGH
@given(snapshots=SNAPSHOTS)
def test_what_was_known_at_a_moment_is_what_had_arrived_by_then(
    models: _Models, snapshots: list[Given]
) -> None:
    for moment, rows in models.known(snapshots).items():
        assert rows == _retold(snapshots, moment), moment


@ENOUGH
@given(snapshots=SNAPSHOTS, arrivals=st.permutations(range(6)))
def test_once_all_has_arrived_the_order_of_arrival_is_forgotten(
    models: _Models, snapshots: list[Given], arrivals: list[int]
) -> None:
    again = [
        Given(one.day, arrivals[place], one.is_whole, one.names)
        for place, one in enumerate(snapshots)
    ]
    first, second = models.known(snapshots), models.known(again)
    assert first[max(first)] == second[max(second)]
