"""Watchers: one small request, a cursor of their own, one firing for one change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from observatory.intake import take_in
from observatory.landing import cursors
from observatory.landing.accept import land_file
from observatory.landing.store import Landing
from observatory.settings import Settings
from observatory.sources.base import registry
from observatory.watching import look
from tests.loopback import Loopback
from tests.sources.reading import quick

LIST = "/drkane/charity-lookups/main/relationships/mutual-companies.csv"
CSV = "org_id_a,org_id_b,org_name,relationship,source\nGB-MPR-1R,GB-COH-IP00001R,{},sameas,x\n"
PAGE = "/en_output.html"
LINK = '<a href="BasicCompanyDataAsOneFile-{}.zip">whole</a>'


@pytest.fixture
def home(tmp_path: Path, loopback: Loopback) -> Settings:
    return Settings(home=tmp_path / "home", origin_overrides={"*": loopback.origin})


def test_one_change_fires_once_until_it_is_read(home: Settings, loopback: Loopback) -> None:
    source = quick("mutual_companies")
    loopback.route(LIST, CSV.format("Fictional Society"), headers={"ETag": '"v1"'})
    assert look(source, home, now=True).outcome == "first look"
    assert look(source, home, now=True).outcome == "same"
    loopback.route(LIST, CSV.format("Fictional Co-op"), headers={"ETag": '"v2"'})
    first, again = look(source, home, now=True), look(source, home, now=True)
    assert (first.outcome, again.outcome) == ("changed", "same")
    assert first.run_key == again.run_key == "watch-mutual_companies-1"
    take_in(source, home, offline=False)
    assert look(source, home, now=True).run_key == ""


def test_a_look_costs_one_request_without_a_body(home: Settings, loopback: Loopback) -> None:
    loopback.route(LIST, CSV, headers={"ETag": '"v1"'})
    look(quick("mutual_companies"), home, now=True)
    (asked,) = loopback.requests
    assert (asked.method, asked.path) == ("HEAD", LIST)


def test_a_change_back_is_a_change(home: Settings, loopback: Loopback) -> None:
    source = quick("mutual_companies")
    keys = []
    for tag in ('"v1"', '"v2"', '"v1"'):
        loopback.route(LIST, CSV, headers={"ETag": tag})
        keys.append(look(source, home, now=True).run_key)
    assert keys == ["", "watch-mutual_companies-1", "watch-mutual_companies-2"]


def test_a_newer_file_on_the_page_fires_and_an_older_one_that_goes_does_not(
    home: Settings, loopback: Loopback
) -> None:
    source = quick("companies_house_basic")
    loopback.route(PAGE, LINK.format("2026-10-01") + LINK.format("2026-11-01"))
    look(source, home, now=True)
    loopback.route(PAGE, LINK.format("2026-11-01"))
    assert look(source, home, now=True).outcome == "same"
    loopback.route(PAGE, LINK.format("2026-12-01"))
    assert look(source, home, now=True).outcome == "changed"
    assert {one.path for one in loopback.requests} == {PAGE}


def test_a_failed_look_starts_nothing_says_since_when_and_clears_itself(
    home: Settings, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = quick("mutual_companies")
    loopback.route(LIST, CSV, headers={"ETag": '"v1"'})
    look(source, home, now=True)
    loopback.route(LIST, status=503)
    failed = look(source, home, now=True)
    assert (failed.outcome, failed.run_key) == ("failed", "")
    assert "503" in failed.problem
    assert len(loopback.requests) == 2  # a watcher does not insist: its next look is the retry
    monkeypatch.setenv("OBSERVATORY_NOW", "2026-11-23T04:30:00+00:00")
    since = look(source, home, now=True).cursor.broken_since
    assert since == "2026-11-23T02:30:00+00:00"
    loopback.route(LIST, CSV, headers={"ETag": '"v2"'})
    well = look(source, home, now=True)
    assert (well.outcome, well.cursor.broken_since) == ("changed", "")


def test_a_publisher_that_tells_nothing_any_more_is_named(
    home: Settings, loopback: Loopback
) -> None:
    loopback.route(LIST, CSV)
    said = look(quick("mutual_companies"), home, now=True).problem
    assert "neither ETag nor Last-Modified" in said


def test_it_is_not_asked_again_before_its_time(
    home: Settings, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = quick("mutual_companies")
    loopback.route(LIST, CSV, headers={"ETag": '"v1"'})
    look(source, home)
    assert look(source, home).outcome == "not due"
    assert len(loopback.requests) == 1
    monkeypatch.setenv("OBSERVATORY_NOW", "2026-11-24T02:30:00+00:00")
    assert look(source, home).outcome == "same"


def test_notices_are_watched_by_the_newest_after_what_landed(
    home: Settings, loopback: Loopback, tmp_path: Path
) -> None:
    source = quick("find_a_tender")
    search = "/api/1.0/ocdsReleasePackages"
    assert look(source, home, now=True).outcome == "not due"  # the first walk is the night's
    package = {"version": "1.1", "publishedDate": "2026-11-22T00:00:00Z", "releases": []}
    path = tmp_path / "updated_20261121T000000_20261122T000000_0123456789ab.json"
    release = {"ocid": "ocds-h6vhtk-099999", "id": "099999-2026", "date": "2026-11-21T00:00:00Z"}
    path.write_text(json.dumps(package | {"releases": [release]}), encoding="utf-8")
    land_file(source, path, Landing(home.landing), origin="command")
    loopback.route(search, json.dumps(package))
    assert look(source, home, now=True).outcome == "first look"
    loopback.route(search, json.dumps(package | {"releases": [release | {"id": "099998-2026"}]}))
    assert look(source, home, now=True).outcome == "changed"
    asked = loopback.asked(search)[-1].query
    assert asked == {"limit": ["1"], "updatedFrom": ["2026-11-22T00:00:00"]}
    loopback.route(search, json.dumps(package))  # read in the meantime
    assert look(source, home, now=True).outcome == "same"


def test_every_live_source_says_how_it_is_watched() -> None:
    for source in registry().values():
        watcher = source.watcher
        assert watcher.sees, source.id
        assert (watcher.kind in ("inbox", "night")) == (watcher.look is None), source.id
        if source.is_live:
            assert watcher.kind != "inbox", source.id


def test_a_damaged_cursor_is_no_cursor(home: Settings) -> None:
    path = home.landing / "watching" / "mutual_companies.json"
    path.parent.mkdir(parents=True)
    path.write_text("{", encoding="utf-8")
    assert cursors.load(home.landing, "mutual_companies") == cursors.Cursor("mutual_companies")
