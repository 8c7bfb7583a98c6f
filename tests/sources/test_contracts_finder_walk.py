"""Contracts Finder's search, walked page by page: each lands once, and a broken walk goes on."""

from __future__ import annotations

import json

import pytest

from observatory.settings import Settings
from observatory.sources.contracts_finder import SOURCE, WALK
from tests.loopback import Answer, Loopback
from tests.sources.reading import refresh

PATH = "/Published/Notices/OCDS/Search"
FIRST = f"{PATH}?publishedFrom=2026-10-24T02:30:00&publishedTo=2026-11-08T02:30:00&limit=100"
SECOND = f"{PATH}?publishedFrom=2026-11-08T02:30:00&publishedTo=2026-11-23T02:30:00&limit=100"


def page(number: int, cursor: str = "", stamp: str = "2026-11-22T10:00:00Z") -> bytes:
    release = {"ocid": f"ocds-b5fd17-fictional-{number}", "id": f"f-{number}", "date": stamp}
    links = {"next": f"{WALK.search}?{cursor}"} if cursor else {}
    whole = {"uri": stamp, "publishedDate": stamp, "releases": [release], "links": links}
    return json.dumps(whole).encode()


def serve(loopback: Loopback) -> None:
    loopback.route(FIRST, page(1, "cursor=A="))
    loopback.route(f"{PATH}?cursor=A=", page(2))
    loopback.route(SECOND, page(3, "cursor=B="))
    loopback.route(f"{PATH}?cursor=B=", page(4, "cursor=C="))
    loopback.route(f"{PATH}?cursor=C=", page(5))


def asked(loopback: Loopback) -> list[str]:
    return [
        (one.query.get("cursor") or one.query["publishedFrom"])[0][:10]
        for one in loopback.asked(PATH)
    ]


def test_each_page_lands_once(loopback: Loopback, home: Settings) -> None:
    serve(loopback)
    first = refresh(SOURCE.id, home, loopback)
    assert not first.problem
    assert len(first.new) == 5
    assert asked(loopback) == ["2026-10-24", "A=", "2026-11-08", "B=", "C="]
    loopback.requests.clear()
    again = refresh(SOURCE.id, home, loopback)
    assert (again.new, again.changed, again.problem) == ([], False, "")
    assert asked(loopback) == ["C="]


def test_the_same_releases_packaged_again_do_not_land(loopback: Loopback, home: Settings) -> None:
    serve(loopback)
    refresh(SOURCE.id, home, loopback)
    loopback.route(
        f"{PATH}?cursor=C=", page(5).replace(b'"publishedDate": "2026', b'"publishedDate": "2027')
    )
    assert refresh(SOURCE.id, home, loopback).landed == []


def test_a_broken_walk_goes_on_where_it_stopped(loopback: Loopback, home: Settings) -> None:
    serve(loopback)
    loopback.route(f"{PATH}?cursor=B=", status=404)
    broken = refresh(SOURCE.id, home, loopback)
    assert broken.problem
    assert len(broken.new) == 3
    loopback.requests.clear()
    serve(loopback)
    healed = refresh(SOURCE.id, home, loopback)
    assert not healed.problem
    assert len(healed.new) == 2
    assert asked(loopback) == ["2026-11-08", "B=", "C="]


def test_the_next_night_asks_only_for_what_is_new(
    loopback: Loopback, home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(loopback)
    refresh(SOURCE.id, home, loopback)
    loopback.requests.clear()
    monkeypatch.setenv("OBSERVATORY_NOW", "2026-11-24T02:30:00+00:00")
    night = f"{PATH}?publishedFrom=2026-11-23T01:30:00&publishedTo=2026-11-24T02:30:00&limit=100"
    loopback.route(night, page(6, stamp="2026-11-23T10:00:00Z"))
    assert len(refresh(SOURCE.id, home, loopback).new) == 1
    assert asked(loopback) == ["C=", "2026-11-23"]


def test_an_empty_window_lands_nothing(loopback: Loopback, home: Settings) -> None:
    loopback.route(PATH, b'{"version": "1.1", "releases": []}')
    assert refresh(SOURCE.id, home, loopback).landed == []


@pytest.mark.parametrize(
    "body",
    [page(3, "cursor=B="), page(9).replace(b'"links": {}', b'"links": {"next": "http://x/"}')],
)
def test_a_cursor_that_leads_back_or_away_ends_the_walk(
    body: bytes, loopback: Loopback, home: Settings
) -> None:
    serve(loopback)
    loopback.route(f"{PATH}?cursor=B=", body)
    intake = refresh(SOURCE.id, home, loopback)
    assert "elsewhere or back" in intake.problem
    assert len(intake.new) >= 3


def test_an_answer_in_html_is_refused(loopback: Loopback, home: Settings) -> None:
    loopback.route(PATH, b"<html>Service unavailable</html>", content_type="text/html")
    intake = refresh(SOURCE.id, home, loopback)
    assert "not a release package" in intake.problem
    assert intake.landed == []


def test_a_busy_publisher_is_waited_for(loopback: Loopback, home: Settings) -> None:
    serve(loopback)
    busy = Answer(b"Rate limit of 12 exceeded.", 429, {"Retry-After": "0"})
    loopback.sequence(FIRST, [busy, Answer(page(1, "cursor=A="))])
    assert len(refresh(SOURCE.id, home, loopback).new) == 5


def test_the_publishers_limits_are_declared() -> None:
    assert SOURCE.limits.seconds_after_403 == 300
    assert SOURCE.limits.seconds_between_requests >= 10
