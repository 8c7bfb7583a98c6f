"""Histories of five sources over late, repeated and disordered snapshots: what was known on a day
is what the landing of that day gives."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import duckdb
import pytest

from observatory.release import macros
from observatory.settings import Settings
from tests.history.landings import ARRIVALS, TABLES, Arrival, landed

Rows = list[tuple[object, ...]]
# On each of these days something had come too late, or not yet.
CUT_OFFS = ("2026-05-03", "2026-06-10")


class Landings:
    """Homes over what had arrived, each built once."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self.folders = folders
        self.until = cache(lambda day: self.of([one for one in ARRIVALS if one.fetched <= day]))

    def of(self, arrivals: Sequence[Arrival]) -> Settings:
        """A home in which these files arrived, with the macros over its histories."""
        with pytest.MonkeyPatch.context() as patch:
            settings = landed(self.folders.mktemp("landing"), arrivals, patch)
        with duckdb.connect(str(settings.build_database)) as con:
            macros.create(con, {f"{table}_history" for table in TABLES})
        return settings


@pytest.fixture(scope="module")
def landings(tmp_path_factory: pytest.TempPathFactory) -> Landings:
    return Landings(tmp_path_factory)


@pytest.fixture(scope="module")
def whole(landings: Landings) -> Settings:
    """Everything has arrived, and some of it again."""
    again = [one.at("2026-07-01T08:00") for one in ARRIVALS[::3]]
    return landings.of([*ARRIVALS, *again])


def rows(settings: Settings, sql: str) -> Rows:
    with duckdb.connect(str(settings.build_database), read_only=True) as con:
        return con.execute(sql).fetchall()


@pytest.mark.parametrize("day", CUT_OFFS)
def test_building_from_what_had_come_by_a_day_gives_what_was_known_on_it(
    landings: Landings, whole: Settings, day: str
) -> None:
    then = landings.until(f"{day}T23:59")
    published = [row[0] for row in rows(then, "select org_id from ent_published order by 1")]
    assert published == ["GB-COH-99000011", "GB-MPR-99911"]
    listed = ", ".join(f"'{one}'" for one in published)
    for table in TABLES:
        known = f"from {table}_as_known_on('{day}')"
        # one that is published only later is shown with what had been received of it
        theirs = f"{known} where org_id in ({listed}) order by all"
        own = rows(then, f"from {table}_history where known_to is null order by all")
        assert rows(whole, theirs) == own, table
        assert rows(then, f"{known} order by all") == own, table
        # the days before are the same too
        assert rows(then, f"from {table}_as_known_on('2026-02-15') order by all") == rows(
            whole, f"from {table}_as_known_on('2026-02-15') where org_id in ({listed}) order by all"
        )
    assert rows(then, "select count(*) from returns_history") == [(int(day > "2026-05-10"),)]


def test_all_five_sources_tell_something(whole: Settings) -> None:
    told = rows(whole, " union ".join(f"select source from {one}_history" for one in TABLES))
    assert {row[0] for row in told} == {one.source for one in ARRIVALS}


def test_in_whatever_order_they_come_the_present_histories_are_the_same(
    landings: Landings, whole: Settings
) -> None:
    backwards = landings.of(
        [one.at(f"2026-07-{n:02}T08:00") for n, one in enumerate(reversed(ARRIVALS), 1)]
    )
    for table in TABLES:
        unknown = "known_from, name_key" if table == "names" else "known_from"
        present = f"select * exclude ({unknown}) from {table}_history where known_to is null"
        assert rows(backwards, f"{present} order by all") == rows(whole, f"{present} order by all")


def test_a_company_that_vanishes_is_a_question_and_neither_dead_nor_forgotten(
    landings: Landings, whole: Settings
) -> None:
    then = landings.until("2026-05-03T23:59")
    row = "select status_words, ended_on, valid_to::varchar, observed_to::varchar from {} where " \
          "source = 'companies_house_basic' order by valid_from"  # fmt: skip
    assert rows(then, row.format("organisations_as_known_on('2026-05-03')"))[-1] == (
        "Active", None, None, "2026-05-01",
    )  # fmt: skip
    asked = "select value, severity from data_issues where kind = 'record-left-out'"
    assert rows(then, asked) == [("99000011", "question")]
    # it came back in June: no question any more, and the gap stays on record
    assert rows(whole, asked) == []
    assert rows(whole, row.format("organisations_as_known_on('2026-06-30')")) == [
        ("Active", None, "2026-03-01", None),
        ("Active", None, "2026-04-01", None),
        ("Active - Proposal to Strike off", None, "2026-06-01", "2026-05-01"),
        ("Active", None, None, None),
    ]
    # what was known in April is told as it was known then
    assert rows(whole, row.format("organisations_as_known_on('2026-04-30')"))[-1] == (
        "Active", None, None, None,
    )  # fmt: skip


def test_what_came_late_changes_the_past_from_then_on_only(whole: Settings) -> None:
    names = "select name, valid_from::varchar from names_as_known_on('{}') where source = " \
            "'fca_societies' and org_id = 'GB-MPR-99911' order by valid_from"  # fmt: skip
    first = [("FICTIONAL ALDER LIMITED", "2026-01-31")]
    second = ("FICTIONAL ALDER CARE LIMITED", "2026-03-31")
    assert rows(whole, names.format("2026-03-31")) == first
    assert rows(whole, names.format("2026-04-05")) == [*first, second]
    late = ("FICTIONAL ALDER CARE LIMITED", "2026-01-15")
    assert rows(whole, names.format("2026-04-06")) == [late, *first, second]
    true = "select name from names_as_true_on('{}') where source = 'fca_societies' and org_id = " \
           "'GB-MPR-99911'"  # fmt: skip
    assert rows(whole, true.format("2026-01-20")) == [("FICTIONAL ALDER CARE LIMITED",)]
    assert rows(whole, true.format("2026-02-20")) == [("FICTIONAL ALDER LIMITED",)]
    assert rows(whole, true.format("2026-01-14")) == []


def test_a_corrected_figure_and_an_amended_award_keep_what_was_known(whole: Settings) -> None:
    turnover = "select turnover_gbp, valid_to from returns_as_known_on('{}') order by valid_from"
    assert rows(whole, turnover.format("2026-06-14")) == [(900_000, None)]
    assert [row[0] for row in rows(whole, turnover.format("2026-06-30"))] == [900_000, 880_000]
    amount = "select amount from awards_as_known_on('{}') order by valid_from"
    assert rows(whole, amount.format("2026-05-31")) == [(120,)]
    assert rows(whole, amount.format("2026-06-01")) == [(100,), (120,)]
    assert rows(whole, "select amount from awards_as_true_on('2026-03-01')") == [(100,)]


def test_a_repetition_adds_nothing(whole: Settings) -> None:
    # the last to arrive repeats the snapshot before it in the publisher's order; a third of all
    # files came again later
    assert rows(whole, "select count(*) from organisations_history where known_from >= "
                       "'2026-06-25' or known_to >= '2026-06-25'") == [(0,)]  # fmt: skip
