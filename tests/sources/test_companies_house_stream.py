"""The stream of Companies House: five real events, and a publisher that streams on this machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import pytest

from observatory.intake import Intake, needs_key, take_in
from observatory.lake import Lake
from observatory.landing import asked
from observatory.landing import stream as landing_stream
from observatory.landing.accept import land_file
from observatory.landing.asked import Asked
from observatory.landing.store import Landing
from observatory.settings import Settings
from observatory.sources import companies_house_stream as module
from observatory.sources.base import get
from tests.sources import watching
from tests.sources.streaming import Stream, lines, status

KEY = "OBSERVATORY_COMPANIES_HOUSE_STREAM_KEY"
NUMBER, OTHER = "99000001", "99000002"
PROFILE = replace(
    get("companies_house_profile"),
    limits=replace(get("companies_house_profile").limits, seconds_between_requests=0.0),
)
SOURCE = replace(
    get("companies_house_stream"),
    limits=replace(module.SOURCE.limits, seconds_between_requests=0.0),
)


def _event(timepoint: int, number: str = NUMBER, status: str = "active", etag: str = "") -> bytes:
    data = {
        "company_name": "FICTIONAL STREAM CIC",
        "company_status": status,
        "type": "private-limited-guarant-nsc",
        "etag": etag or f"etag-{timepoint}",
        "registered_office_address": {"address_line_1": "1 Fictional Street"},
    }
    event = {"timepoint": timepoint, "published_at": "2026-11-22T10:00:00", "type": "changed"}
    line = {
        "resource_kind": "company-profile",
        "resource_uri": f"/company/{number}",
        "resource_id": number,
        "data": data,
        "event": event,
    }
    return json.dumps(line).encode() + b"\n"


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Stream, str]]:
    told = Stream()
    monkeypatch.setenv(KEY, "fictional-key")
    # a second passes whenever the reader looks at the clock, and at no other time
    seconds = count()
    read = partial(landing_stream.events, ticks=lambda: float(next(seconds)))
    monkeypatch.setattr(landing_stream, "events", read)
    with told.served() as origin:
        yield told, origin


@pytest.fixture
def home(tmp_path: Path, stream: tuple[Stream, str]) -> Settings:
    settings = Settings(home=tmp_path / "home", origin_overrides={"*": stream[1]})
    watching.watch(settings.releases, companies=[NUMBER])
    return settings


def _taken(home: Settings) -> Intake:
    return take_in(SOURCE, home, offline=False)


def _rows(home: Settings) -> list[tuple[Any, ...]]:
    with duckdb.connect() as con:
        Lake(home.lake).attach(con, {SOURCE.id: SOURCE})
        return con.sql(
            "select company_number, timepoint, company_status from lake.companies_house_stream "
            "order by timepoint"
        ).fetchall()


@pytest.mark.parametrize("chunked", [True, False], ids=["chunked", "bare"])
def test_it_reads_until_silent_and_goes_on_where_it_left(
    home: Settings, stream: tuple[Stream, str], chunked: bool
) -> None:
    first = (b"\n", _event(5), b"\n\n", _event(6, OTHER), _event(7, status="liquidation")[:40])
    rest = _event(7, status="liquidation")[40:]
    endless = lines(*first, rest, heartbeats=100_000, chunked=chunked)
    stream[0].serve("companies", endless, lines(_event(9), chunked=chunked))
    assert _taken(home).problem == ""
    assert stream[0].left.wait(60)  # the reader, before the end
    assert _rows(home) == [(NUMBER, 5, "active"), (NUMBER, 7, "liquidation")]
    assert _taken(home).problem == ""
    asked = [point for name, point, _ in stream[0].asked if name == "companies"]
    assert asked == ["", "8"]  # the last of any company, and one more
    assert [row[1] for row in _rows(home)] == [5, 7, 9]
    assert all(sent.startswith("Basic ") for _, _, sent in stream[0].asked)


def test_nothing_but_what_is_read_of_watched_companies_is_landed(
    home: Settings, stream: tuple[Stream, str]
) -> None:
    stream[0].serve("companies", lines(_event(5), _event(6, OTHER)))
    _taken(home)
    (receipt,) = Landing(home.landing).receipts(SOURCE.id)
    body = Landing(home.landing).body(receipt).read_text(encoding="utf-8")
    assert OTHER not in body
    assert "Fictional Street" not in body


def test_a_version_of_a_resource_is_one_however_often_it_comes(
    home: Settings, stream: tuple[Stream, str]
) -> None:
    same = [_event(n, etag="same") for n in (5, 6, 7)]
    stream[0].serve("companies", lines(*same))
    _taken(home)
    assert [row[1] for row in _rows(home)] == [5]


def test_a_time_point_out_of_the_window_is_a_gap_that_is_told(
    home: Settings, stream: tuple[Stream, str]
) -> None:
    stream[0].serve("companies", lines(_event(5)), status(416), lines(_event(900)))
    _taken(home)
    intake = _taken(home)
    assert intake.problem == ""
    assert [p for name, p, _ in stream[0].asked if name == "companies"] == ["", "6", ""]
    with duckdb.connect() as con:
        Lake(home.lake).attach(con, {SOURCE.id: SOURCE})
        told = con.sql("select kind, value, detail from lake.data_issues").fetchall()
    assert told == [
        ("stream-gap", "companies", "events of the stream after 5 are lost: too long ago")
    ]
    assert [row[1] for row in _rows(home)] == [5, 900]


def test_a_429_ends_the_reading_and_keeps_the_next_one_away(
    home: Settings, stream: tuple[Stream, str]
) -> None:
    stream[0].serve("companies", lines(_event(5)))
    stream[0].serve("filings", status(429, Retry_After="600"))
    assert "answered 429" in _taken(home).problem
    assert [row[1] for row in _rows(home)] == [5]  # what came before it is kept
    assert "stay away" in _taken(home).problem
    assert len(stream[0].asked) == 2  # no insisting, and nothing asked the second time


def test_a_reader_that_is_killed_before_it_landed_reads_again(
    home: Settings, stream: tuple[Stream, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream[0].serve("companies", lines(_event(5)))

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr("observatory.intake.land_file", killed)
        with pytest.raises(KeyboardInterrupt):
            _taken(home)
    assert Asked(home.landing / "asked" / f"{SOURCE.id}.json").answer("companies") == ""
    _taken(home)
    assert [row[1] for row in _rows(home)] == [5]


def test_without_a_key_it_is_not_asked(
    home: Settings, stream: tuple[Stream, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(KEY)
    assert _taken(home).problem == ""
    assert stream[0].asked == []
    assert KEY in needs_key(SOURCE)


def test_a_company_heard_of_has_its_profile_asked_for_before_its_day_is_over(
    home: Settings, stream: tuple[Stream, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBSERVATORY_COMPANIES_HOUSE_KEY", "fictional-key")
    watching.watch(home.releases, companies=[NUMBER, OTHER])
    stream[0].serve(f"company/{NUMBER}", _profile("active"), _profile("liquidation"))
    stream[0].serve(f"company/{OTHER}", _profile("active", OTHER))

    def statuses(hour: int) -> list[str]:
        monkeypatch.setenv("OBSERVATORY_NOW", f"2026-11-23T{hour:02}:30:00+00:00")
        assert take_in(PROFILE, home, offline=False).problem == ""
        with duckdb.connect() as con:
            Lake(home.lake).attach(con, {PROFILE.id: PROFILE})
            found = con.sql(
                "select company_status from lake.companies_house_profile "
                f"where company_number = '{NUMBER}' order by asked_at"
            )
            return [str(one) for (one,) in found.fetchall()]

    assert statuses(2) == ["active"]
    assert statuses(3) == ["active"]  # it was asked about an hour ago
    monkeypatch.setenv("OBSERVATORY_NOW", "2026-11-23T03:45:00+00:00")
    stream[0].serve("companies", lines(_event(5, status="liquidation")))
    _taken(home)
    assert asked.of(home.landing, PROFILE.id).heard([NUMBER, OTHER]) == {
        NUMBER: "2026-11-23T03:45:00+00:00"
    }
    assert statuses(4) == ["active", "liquidation"]
    assert asked.of(home.landing, PROFILE.id).heard([NUMBER, OTHER]) == {}
    named = [name for name, _, _ in stream[0].asked if name.startswith("company/")]
    assert named == [f"company/{NUMBER}", f"company/{OTHER}", f"company/{NUMBER}"]


def _profile(status: str, number: str = NUMBER) -> Callable[[BaseHTTPRequestHandler], None]:
    body = json.dumps(
        {
            "company_number": number,
            "company_name": "FICTIONAL STREAM CIC",
            "company_status": status,
            "type": "private-limited-guarant-nsc",
        }
    ).encode()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_the_five_real_events(corpus: Path, tmp_path: Path) -> None:
    home = Settings(home=tmp_path / "home")
    path = corpus / "companies_house" / "stream" / "events.jsonl"
    for _ in range(2):
        land_file(SOURCE, path, Landing(home.landing), origin="command")
        assert take_in(SOURCE, home, offline=True).problem == ""
    with duckdb.connect() as con:
        Lake(home.lake).attach(con, {SOURCE.id: SOURCE})
        found = con.sql(
            "select resource_kind, company_number, timepoint, coalesce(company_status, "
            "filing_category), version is not null from lake.companies_house_stream "
            "order by timepoint"
        ).fetchall()
        text = str(con.sql("from lake.companies_house_stream").fetchall())
    assert len(found) == 5
    assert all(row[4] for row in found)
    heard = asked.of(home.landing, PROFILE.id).heard(row[1] for row in found if row[1])
    assert set(heard) == {row[1] for row in found if row[1]}
    assert {"SC571653", "10676322"} <= set(heard)
    by_kind = {row[0]: row[1:4] for row in found}
    assert by_kind["company-profile"] == ("SC571653", 47695461, "active")
    assert by_kind["filing-history"] == ("10676322", 48990574, "accounts")
    assert by_kind["company-psc-legal"][0] == "14146468"
    for line in path.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if "psc" in event["resource_kind"]:
            assert event["data"]["name"] not in text  # of controllers nothing is read
