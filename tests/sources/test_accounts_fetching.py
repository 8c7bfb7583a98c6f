"""Days of filed accounts: each lands once, newest first, and is read for whom is watched."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import pytest

from observatory.intake import take_in
from observatory.lake import Lake
from observatory.landing.receipts import Scope
from observatory.landing.store import Landing
from observatory.settings import Settings
from observatory.sources import _accounts_fetch
from observatory.sources.base import get
from tests import archives
from tests.loopback import Answer, Loopback
from tests.sources import accounts_files as made
from tests.sources.accounts_reading import ID
from tests.sources.reading import failure, refresh
from tests.sources.watching import watch


def serve(publisher: Loopback, **archives: bytes) -> None:
    names = [f"Accounts_Bulk_Data-{day.replace('_', '-')[1:]}.zip" for day in archives]
    publisher.route(made.PAGE_PATH, made.page(*names))
    for name, data in zip(names, archives.values(), strict=True):
        publisher.route(f"/{name}", data, headers={"ETag": f'"{len(data)}"'})


def test_days_land_once_newest_first_and_a_change_once(home: Settings, loopback: Loopback) -> None:
    older = archives.zipped({made.NAME: made.document()})
    serve(loopback, d2026_11_19=older, d2026_11_20=made.archive())
    first = refresh(ID, home, loopback)
    assert first.problem == ""
    assert [one.receipt.published_on.day for one in first.new] == [20, 19]
    assert {one.receipt.scope for one in first.new} == {Scope("increment")}
    assert [one.rows for one in first.read] == [1, 2]
    second = refresh(ID, home, loopback)
    assert (second.new, second.changed, second.problem) == ([], False, "")
    assert len(loopback.asked("/Accounts_Bulk_Data-2026-11-19.zip")) == 1
    replaced = made.archive(**{"a.txt": b"put in again by the publisher"})
    serve(loopback, d2026_11_19=older, d2026_11_20=replaced)
    third = refresh(ID, home, loopback)
    assert [one.receipt.published_on.day for one in third.new] == [20]
    assert refresh(ID, home, loopback).new == []


def test_a_run_takes_at_most_some_days(
    home: Settings, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_accounts_fetch, "MOST_A_RUN", 1)
    serve(
        loopback,
        d2026_11_19=made.archive(**{"a.txt": b"1"}),
        d2026_11_20=made.archive(**{"a.txt": b"2"}),
    )
    assert [one.receipt.published_on.day for one in refresh(ID, home, loopback).new] == [20]
    assert [one.receipt.published_on.day for one in refresh(ID, home, loopback).new] == [19]


def test_a_refresh_reads_whom_the_last_release_watches(home: Settings, loopback: Loopback) -> None:
    watch(home.releases, companies=["09999902"])
    other = made.document(number="09999902")
    serve(loopback, d2026_11_20=made.archive(**{made.NAME.replace("01_", "02_"): other}))
    done = refresh(ID, home, loopback)
    assert [one.rows for one in done.read] == [1]


OTHER = "09999902"


def two_companies() -> bytes:
    second = made.NAME.replace(made.NUMBER, OTHER)
    return archives.zipped({made.NAME: made.document(), second: made.document(number=OTHER)})


def kept(home: Settings) -> set[str]:
    [snapshot] = Lake(home.lake).snapshots(ID, get(ID).reader_version)
    with duckdb.connect() as con:
        file = snapshot.parquet(get(ID).datasets[0].name)
        rows = con.execute("select company_number from read_parquet(?)", [str(file)]).fetchall()
    return {number for (number,) in rows}


def test_what_landed_is_read_again_for_whom_is_watched_since(home: Settings) -> None:
    (home.inbox / ID).mkdir(parents=True)
    (home.inbox / ID / made.DAILY).write_bytes(two_companies())
    watch(home.releases, companies=[made.NUMBER])
    take_in(get(ID), home, offline=True)
    assert kept(home) == {made.NUMBER}
    watch(home.releases, companies=[made.NUMBER, OTHER])
    again = take_in(get(ID), home, offline=True)
    assert kept(home) == {made.NUMBER, OTHER}
    assert again.changed
    # who is no longer watched keeps its records, and somebody whom no archive names costs nothing
    watch(home.releases, companies=[OTHER, "09999903"])
    last = take_in(get(ID), home, offline=True)
    assert kept(home) == {made.NUMBER, OTHER}
    assert (last.read, last.changed) == ([], False)


def test_an_archive_that_was_read_for_everybody_is_not_read_again(home: Settings) -> None:
    (home.inbox / ID).mkdir(parents=True)
    (home.inbox / ID / made.DAILY).write_bytes(two_companies())
    take_in(get(ID), home, offline=True)
    watch(home.releases, companies=[OTHER])
    assert take_in(get(ID), home, offline=True).read == []
    assert kept(home) == {made.NUMBER, OTHER}


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=403),
        Answer(status=429, headers={"Retry-After": "9999"}),
        Answer(status=503, headers={"Retry-After": "9999"}),
        Answer(made.archive(), cut=200),
        Answer(b"<html><title>Maintenance</title></html>", content_type="text/html"),
    ],
)
def test_faults_of_the_publisher_land_nothing(
    home: Settings, loopback: Loopback, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("observatory.landing.http.ATTEMPTS", 1)
    serve(loopback, d2026_11_20=made.archive())
    loopback.sequence("/Accounts_Bulk_Data-2026-11-20.zip", [answer])
    done = refresh(ID, home, loopback)
    assert done.new == []
    assert failure(done).remedy
    assert Landing(home.landing).receipts(ID) == []


def test_a_page_without_archives_is_named(home: Settings, loopback: Loopback) -> None:
    loopback.route(made.PAGE_PATH, made.page("en_monthlyaccountsdata.html"))
    assert "Accounts_Bulk_Data" in str(failure(refresh(ID, home, loopback)))


def test_offline_reads_the_inbox(home: Settings) -> None:
    folder = home.inbox / ID
    folder.mkdir(parents=True)
    (folder / made.DAILY).write_bytes(made.archive())
    done = take_in(replace(get(ID)), home, offline=True)
    assert ([one.new for one in done.landed], [one.rows for one in done.read]) == ([True], [2])
