"""Company profiles: what is kept, the key, the watch list, and nights that break off."""

from __future__ import annotations

import base64
import json
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from observatory.answers import state, status
from observatory.errors import BadInput
from observatory.intake import Intake
from observatory.lake import Lake
from observatory.landing.accept import land_file
from observatory.landing.store import Landing
from observatory.settings import Settings
from observatory.sources.base import get
from tests.loopback import Answer, Loopback
from tests.sources.faults import BUSY, faults
from tests.sources.reading import failure, fixture, ingest, read, refresh, table
from tests.sources.watching import watch

ID = "companies_house_profile"
BODY = fixture(ID, "profiles.jsonl")
ANSWERS = {one["key"]: one["answer"] for one in map(json.loads, BODY.splitlines())}
KNOWN = [key for key, answer in ANSWERS.items() if answer]
GOOD = json.dumps(ANSWERS["09999901"]).encode()
SECRET = "0f0f-a-key-that-must-not-show"


@pytest.fixture
def keyed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key, and a clock that stands."""
    monkeypatch.setenv("OBSERVATORY_COMPANIES_HOUSE_KEY", SECRET)
    monkeypatch.setenv("OBSERVATORY_NOW", "2026-11-23T02:30:00")
    monkeypatch.setattr("observatory.landing.http._wait", lambda state: 0.0)


@pytest.fixture
def watching(home: Settings) -> Settings:
    """A home whose last release watches the companies of the fixture."""
    watch(home.releases, companies=ANSWERS)
    return home


def serve(publisher: Loopback, **changed: object) -> None:
    for number in KNOWN:
        body = json.dumps(ANSWERS[number] | (changed if number == "09999902" else {}))
        publisher.route(f"/company/{number}", body, content_type="application/json")


def test_what_is_kept_of_a_profile(tmp_path: Path) -> None:
    result = read(ID, BODY, tmp_path, "profiles_x.jsonl")
    nursing, converted, unknown, society = result.rows
    assert nursing["company_name"] == "FICTIONAL COMMUNITY NURSING C.I.C."
    assert nursing["asked_at"] == datetime(2026, 11, 23, 2, 30)
    assert nursing["previous_names"] == [
        {
            "name": "FICTIONAL NURSES LIMITED",
            "effective_from": date(2011, 4, 1),
            "ceased_on": date(2012, 5, 6),
        },
        {
            "name": "FICTIONAL CARERS LIMITED",
            "effective_from": None,
            "ceased_on": date(2011, 4, 1),
        },
    ]
    assert nursing["sic_codes"] == ["86900", "88100"]
    assert (nursing["company_subtype"], nursing["postcode"]) == (
        "community-interest-company",
        "ZZ1 1ZZ",
    )
    assert nursing["is_community_interest_company"] is True
    assert nursing["accounts_next_due_on"] == date(2026, 12, 31)
    assert nursing["other_register_number"] == "SC099999"
    assert (converted["company_status"], converted["ceased_on"]) == (
        "converted-closed",
        date(2020, 2, 20),
    )
    assert converted["is_community_interest_company"] is None
    assert (unknown["company_number"], unknown["is_known"]) == ("09999999", False)
    assert society["partial_data"].endswith("mutuals-public-register")
    assert society["locator"] == "line 4"


def test_what_is_odd_is_reported_and_nobody_is_named(tmp_path: Path) -> None:
    result = read(ID, BODY, tmp_path, "profiles_x.jsonl")
    found = {(one["kind"], one["field"], one["value"], one["locator"]) for one in result.issues}
    assert found == {
        (
            "unreadable-value",
            "previous_company_names.effective_from",
            "2010-02-31",
            "line 1",
        ),
        ("unknown-field", "a_new_field", None, None),
        ("unmapped-value", "company_status", "a-status-nobody-knows", None),
    }
    for path in result.snapshot.folder.iterdir():
        assert b"canary" not in path.read_bytes().lower(), path


@pytest.mark.parametrize(
    "damage",
    [b'{"key": "1"}\n', b"not json\n", BODY.replace(b'"company_status"', b'"state"'), b"[1, 2]\n"],
)
def test_a_body_of_another_form_is_refused(tmp_path: Path, damage: bytes) -> None:
    with pytest.raises(BadInput):
        read(ID, damage, tmp_path, "profiles_x.jsonl")


@pytest.mark.parametrize("form", ["one", "laid out", "list", "lines"])
def test_a_profile_as_the_api_gave_it_is_read(tmp_path: Path, form: str) -> None:
    """What a person saves of the API has no line of ours around it, and may be laid out."""
    two = [ANSWERS[key] for key in KNOWN[:2]]
    data = {
        "one": json.dumps(two[0]),
        "laid out": "\ufeff" + json.dumps(two[0], indent=2) + "\n",
        "list": json.dumps(two, indent=1),
        "lines": "\n".join(map(json.dumps, two)),
    }[form]
    result = read(ID, data.encode(), tmp_path, "profile.json")
    many = form in ("list", "lines")
    assert [row["company_number"] for row in result.rows] == KNOWN[: 2 if many else 1]
    locators = {"list": ["/0", "/1"], "lines": ["line 1", "line 2"]}.get(form, ["line 1"])
    assert [row["locator"] for row in result.rows] == locators
    known = result.receipt.fetched_at.replace(tzinfo=None)
    assert {row["asked_at"] for row in result.rows} == {known}


def test_a_profile_with_its_date_was_asked_for_on_that_day(tmp_path: Path) -> None:
    given = tmp_path / "profile.json"
    given.write_bytes(GOOD)
    landing, lake = Landing(tmp_path / "landing"), Lake(tmp_path / "lake")
    land_file(get(ID), given, landing, origin="command", published_on=date(2024, 5, 6))
    snapshot = ingest(ID, landing, lake)
    (path,) = snapshot.folder.glob("companies_house_profile*.parquet")
    told = duckdb.sql(f"select asked_at from '{path}'").fetchall()
    assert told == [(datetime(2024, 5, 6),)]


@pytest.mark.corpus
def test_a_real_profile_as_saved(corpus: Path, tmp_path: Path) -> None:
    data = (corpus / "companies_house/rest/company_profile_02578066.json").read_bytes()
    result = read(ID, data, tmp_path, "company_profile_02578066.json")
    assert [row["company_name"] for row in result.rows] == ["14 LAWN ROAD LIMITED"]
    assert result.issues == []


@pytest.mark.corpus
def test_a_real_profile(corpus: Path, tmp_path: Path) -> None:
    folder = corpus / "companies_house"
    profiles = [json.loads((folder / "rest" / "company_profile_02578066.json").read_text())]
    for event in map(json.loads, (folder / "stream" / "events.jsonl").open(encoding="utf-8")):
        if event["resource_kind"] == "company-profile":
            profiles.append(event["data"])
    lines = [
        json.dumps({"key": one["company_number"], "asked_at": "2026-11-23T02:30:00", "answer": one})
        for one in profiles
    ]
    result = read(ID, "\n".join(lines).encode(), tmp_path, "profiles_x.jsonl")
    assert result.issues == []
    assert [(row["company_number"], row["jurisdiction"]) for row in result.rows] == [
        ("02578066", "england-wales"),
        ("SC571653", "scotland"),
    ]


def test_without_a_key_nothing_is_asked_and_nothing_failed(
    watching: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OBSERVATORY_COMPANIES_HOUSE_KEY", raising=False)
    with Loopback() as publisher:
        turn = refresh(ID, watching, publisher)
        assert (turn.landed, turn.problem, publisher.requests) == ([], "", [])
    told = {row[0]: row for row in state.sources(watching).rows}
    assert "OBSERVATORY_COMPANIES_HOUSE_KEY" in told[ID][-1]
    standing = {row[0]: row[1] for row in status.as_rows(status.status(watching)).rows}
    assert standing[f"needs a key: {ID}"].startswith("not configured")


@pytest.mark.usefixtures("keyed")
def test_before_the_first_release_nobody_is_asked_about(home: Settings) -> None:
    with Loopback() as publisher:
        assert refresh(ID, home, publisher).problem == ""
        assert publisher.requests == []


@pytest.mark.usefixtures("keyed")
def test_each_company_is_asked_about_once_a_night_and_a_change_lands_once(
    watching: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Loopback() as publisher:
        serve(publisher)
        first = refresh(ID, watching, publisher)
        assert (len(first.new), first.problem) == (1, "")
        asked = len(publisher.requests)
        assert asked == len(ANSWERS)
        again = refresh(ID, watching, publisher)
        assert (again.landed, again.changed, len(publisher.requests)) == ([], False, asked)
        for night, changes, rows in (("24", {}, 0), ("25", {"company_status": "dissolved"}, 1),
                                     ("26", {}, 1), ("27", {}, 0)):  # fmt: skip
            monkeypatch.setenv("OBSERVATORY_NOW", f"2026-11-{night}T02:30:00")
            serve(publisher, **changes)
            turn = refresh(ID, watching, publisher)
            assert len(turn.new) == rows, night
            assert [len(table(one.parquet(ID))) for one in turn.read] == [1] * rows


@pytest.mark.usefixtures("keyed")
def test_the_key_goes_to_its_host_and_nowhere_else(watching: Settings) -> None:
    with Loopback() as publisher:
        serve(publisher)
        publisher.redirect("/company/RS099903", f"{publisher.origin}/elsewhere")
        turn = refresh(ID, watching, publisher)
        sent = {one.path: one.header("Authorization") for one in publisher.requests}
    expected = "Basic " + base64.b64encode(f"{SECRET}:".encode()).decode()
    assert sent.pop("/elsewhere") == ""
    assert set(sent.values()) == {expected}
    assert SECRET not in turn.problem
    everything = [path for path in watching.home.rglob("*") if path.is_file()]
    assert [path for path in everything if SECRET.encode() in path.read_bytes()] == []
    assert [path for path in everything if expected[6:].encode() in path.read_bytes()] == []


@pytest.mark.usefixtures("keyed")
@pytest.mark.parametrize(
    ("answer", "says"),
    [
        *faults(GOOD),
        (Answer(b"<html>Sorry</html>"), "not JSON"),
        (Answer(b'{"error":"Invalid Authorization","type":"ch:service"}', 401), "401"),
        (Answer(GOOD.replace(b'"company_status"', b'"state"')), "lacks company_status"),
        (Answer(GOOD.replace(b"09999901", b"09999909")), "another company"),
    ],
)
def test_a_night_that_breaks_off_loses_nothing(
    watching: Settings, answer: Answer, says: str
) -> None:
    with Loopback() as publisher:
        serve(publisher)
        publisher.sequence("/company/09999902", [answer])
        turn = refresh(ID, watching, publisher)
        assert says in str(failure(turn))
        assert kept(turn)[0] == "09999901"
        serve(publisher)
        later = refresh_after(watching, publisher)
        assert sorted([*kept(turn), *kept(later)]) == sorted(ANSWERS)
        assert refresh(ID, watching, publisher).landed == []


@pytest.mark.usefixtures("keyed")
@pytest.mark.parametrize("busy", BUSY, ids=("429", "503", "reset"))
def test_a_busy_publisher_is_asked_again(watching: Settings, busy: Answer) -> None:
    with Loopback() as publisher:
        serve(publisher)
        publisher.sequence("/company/09999901", [busy, Answer(GOOD)])
        assert refresh(ID, watching, publisher).problem == ""


def test_the_pace_stays_below_the_publishers_limit() -> None:
    assert 300 / get(ID).limits.seconds_between_requests < 600


def kept(turn: Intake) -> list[str]:
    """The companies that a turn brought into the lake."""
    return [row["company_number"] for one in turn.read for row in table(one.parquet(ID))]


def refresh_after(home: Settings, publisher: Loopback) -> Intake:
    """Try again once the wait that a 403 asks for is over."""
    for file in (home.landing / "pace").iterdir():
        file.unlink()
    return refresh(ID, home, publisher)
