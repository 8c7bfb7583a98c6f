"""Find a Tender: every form's own places, four states of one flag, and windows without a cursor."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pytest

from observatory.settings import Settings
from observatory.sources.find_a_tender import SOURCE, WINDOWS
from tests.loopback import Answer, Loopback
from tests.sources.notices import Row, leaks, package, paths
from tests.sources.reading import Result, failure, fixture, read, refresh

PATH = "/api/1.0/ocdsReleasePackages"


@pytest.fixture
def result(tmp_path: Path) -> Result:
    return read(SOURCE.id, fixture(SOURCE.id, "package.json"), tmp_path, "package.json")


def by_notice(result: Result) -> dict[str, Row]:
    return {row["release_id"]: row for row in result.rows}


def test_a_contract_details_notice_keeps_money_and_codes_in_places_of_their_own(
    result: Result,
) -> None:
    row = by_notice(result)["000001-2025"]
    assert row["notice_types"] == ["UK7"]
    assert row["notice_ids"] == ["000001-2025"]
    assert (row["legal_basis_scheme"], row["legal_basis"]) == ("UKPGA", "2023/54")
    assert row["procurement_method"] == "direct"
    assert row["cpv_codes"] == ["48000000"]
    (award,), (contract,) = row["awards"], row["contracts"]
    assert (award["amount"], award["cpv_codes"], award["lot_ids"]) == (None, ["48000000"], ["1"])
    assert contract["award_id"] == award["id"]
    assert (contract["amount"], contract["amount_gross"]) == (54393.6, 67992)
    assert contract["signed_on"] == date(2025, 4, 4)
    assert (contract["start_on"], contract["end_on"]) == (date(2025, 5, 19), date(2028, 5, 18))
    assert contract["notice_url"].startswith("https://www.find-tender.service.gov.uk/Notice/")


def test_each_form_is_told(result: Result) -> None:
    found = {one for row in result.rows for one in row["notice_types"] or []}
    assert found == {"UK1", "UK2", "UK4", "UK6", "UK7", "UK10"}
    change = next(row for row in result.rows if row["notice_types"] == ["UK10"])
    assert change["awards"] is None
    assert change["released_at"] == datetime(2026, 9, 3, 17, 8, 41)
    assert {row["special_regime"][0] for row in result.rows if row["special_regime"]} == {
        "lightTouch"
    }


def test_absent_null_false_and_true_are_four_answers(result: Result) -> None:
    parties = by_notice(result)["900001-2026"]["parties"]
    assert [one["mutual_declared"] for one in parties] == [
        "absent",
        "true",
        "false",
        "null",
        "absent",
    ]
    assert [one["public_service_mutual"] for one in parties] == [None, True, False, None, None]
    (_, odd) = by_notice(result)["900002-2026"]["parties"]
    assert odd["mutual_declared"] == "unreadable"


def test_identifiers_are_kept_as_published(result: Result) -> None:
    _, ppon, company, society, nameless = by_notice(result)["900001-2026"]["parties"]
    assert (ppon["scheme"], ppon["identifier"]) == ("GB-PPON", "PZZZ-1112-ZZZZ")
    assert ppon["additional_identifiers"] == [{"scheme": "GB-COH", "id": "09999991"}]
    assert company["additional_identifiers"] == [{"scheme": "GB-PPON", "id": "PZZZ-1113-ZZZZ"}]
    assert (society["scheme"], society["identifier"]) == ("GB-MPR", "99999R")
    assert (nameless["scheme"], nameless["street_address"]) == (None, None)


def test_reservations_are_read_on_the_tender_and_on_lots(result: Result) -> None:
    rows = by_notice(result)
    assert rows["900001-2026"]["reserved_participation"] == ["publicServiceMissionOrganization"]
    assert rows["900002-2026"]["reserved_participation"] == ["shelteredWorkshop"]
    (lot,) = rows["900002-2026"]["lots"]
    assert lot["reserved_participation"] == ["shelteredWorkshop"]
    assert (lot["amount"], lot["has_framework"]) == (5, True)
    assert rows["900002-2026"]["has_framework"] is True
    assert rows["900002-2026"]["has_dynamic_purchasing"] is False
    assert rows["900001-2026"]["has_framework"] is None


def test_the_old_forms_are_read_too(result: Result) -> None:
    row = by_notice(result)["900003-2021"]
    assert row["cpv_codes"] == ["85000000", "85100000", "85141200", "85323000"]
    assert row["legal_basis"] == "32014L0024"
    assert len(row["parties"]) == 2
    assert row["contracts"] is None


def test_what_cannot_be_is_empty_and_reported(result: Result) -> None:
    assert by_notice(result)["900002-2026"]["awards"][0]["amount"] is None
    found = {(one["kind"], one["field"]) for one in result.issues}
    assert found == {
        ("unreadable-value", "awards.value.amount"),
        ("wrong-shape", "contracts"),
        ("unknown-field", "newField"),
        ("unknown-field", "contractPoint"),
    }


def test_nothing_personal_is_kept(result: Result) -> None:
    assert len(result.rows) == 10
    assert leaks(result) == []


def test_a_damaged_release_is_lost_alone_whatever_its_first_field(tmp_path: Path) -> None:
    data = fixture(SOURCE.id, "package.json").replace(b"54393.6", b" 000, ")
    result = read(SOURCE.id, data, tmp_path, "package.json")
    assert len(result.rows) == 9
    assert result.issue("unreadable-release")["locator"] == "/releases/0"
    assert "line" in result.issue("unreadable-release")["detail"]


# Windows


def busy_day(loopback: Loopback, notices: dict[str, int]) -> None:
    """Answer each window as the service does: what was updated in it, at most 100."""

    class Day(dict[str, list[Answer]]):
        def get(self, target: str, default: object = None) -> list[Answer] | None:  # type: ignore[override]
            if "updatedFrom" not in target:
                return None
            since, until = (
                target.split(f"{name}=")[1][:19] for name in ("updatedFrom", "updatedTo")
            )
            found = [one for one, n in notices.items() for _ in range(n) if since <= one < until]
            releases = [
                {"ocid": f"ocds-h6vhtk-{moment}-{n}", "id": f"{n}", "date": moment}
                for n, moment in enumerate(found[:100])
            ]
            return [Answer(json.dumps({"version": "1.1", "releases": releases}).encode())]

    loopback._routes = Day()


def spans(loopback: Loopback) -> list[tuple[str, str]]:
    return [
        (one.query["updatedFrom"][0], one.query["updatedTo"][0]) for one in loopback.asked(PATH)
    ]


def test_a_quiet_week_is_walked_in_windows_of_six_hours(loopback: Loopback, home: Settings) -> None:
    busy_day(loopback, {"2026-11-20T09:00:00": 3, "2026-11-22T23:00:00": 2})
    first = refresh(SOURCE.id, home, loopback)
    assert not first.problem
    assert len(first.new) == 2
    assert len(spans(loopback)) == 28
    assert spans(loopback)[0] == ("2026-11-16T02:30:00", "2026-11-16T08:30:00")
    assert all(set(one.query) == {"limit", "updatedFrom", "updatedTo"} for one in loopback.requests)
    loopback.requests.clear()
    again = refresh(SOURCE.id, home, loopback)
    assert (again.new, again.changed, again.problem) == ([], False, "")


def test_a_full_answer_is_asked_for_again_in_halves(loopback: Loopback, home: Settings) -> None:
    day = {f"2026-11-20T{hour:02}:{minute:02}:00": 7 for hour in (9, 10) for minute in range(60)}
    busy_day(loopback, day)
    intake = refresh(SOURCE.id, home, loopback)
    assert not intake.problem
    landed = [
        json.loads(
            (home.landing / "bodies" / one.receipt.sha256[:2] / one.receipt.sha256).read_text()
        )
        for one in intake.new
    ]
    assert len({one["ocid"] for found in landed for one in found["releases"]}) == 7 * 120
    assert not any("_full_" in one.receipt.file_name for one in intake.new)


def test_the_shortest_window_is_kept_although_it_is_full(
    loopback: Loopback, home: Settings, tmp_path: Path
) -> None:
    busy_day(loopback, {"2026-11-20T09:00:00": 150})
    intake = refresh(SOURCE.id, home, loopback)
    (full,) = intake.new
    assert "_full_" in full.receipt.file_name
    assert all(since < until for since, until in spans(loopback))
    assert (
        min(
            datetime.fromisoformat(until) - datetime.fromisoformat(since)
            for since, until in spans(loopback)
        )
        == WINDOWS.shortest
    )
    body = package(1, 100)
    kept = read(SOURCE.id, body, tmp_path / "full", full.receipt.file_name)
    assert kept.issue("full-page")["severity"] == "drift"


def test_windows_are_in_british_time(
    loopback: Loopback, home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBSERVATORY_NOW", "2026-07-01T02:30:00+00:00")
    busy_day(loopback, {})
    refresh(SOURCE.id, home, loopback)
    assert spans(loopback)[-1][1] == "2026-07-01T03:30:00"


def test_a_broken_walk_goes_on_where_it_stopped(loopback: Loopback, home: Settings) -> None:
    url = f"{PATH}?limit=100&updatedFrom=2026-11-16T08:30:00&updatedTo=2026-11-16T14:30:00"
    loopback.route(PATH, package(1))
    loopback.route(url, status=404)
    broken = refresh(SOURCE.id, home, loopback)
    assert failure(broken)
    assert len(broken.new) == 1
    loopback.requests.clear()
    loopback.route(url, package(2))
    healed = refresh(SOURCE.id, home, loopback)
    assert not healed.problem
    assert spans(loopback)[0] == ("2026-11-16T06:30:00", "2026-11-16T12:30:00")


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (Answer(b"<html>Service unavailable</html>"), "not a release package"),
        (Answer(b'{"error": "no"}'), "not a release package"),
        (Answer(b"{}", 403), "403"),
        (Answer(package(1), cut=20), "every time"),
    ],
)
def test_an_answer_that_is_no_package_ends_the_walk(
    answer: Answer, word: str, loopback: Loopback, home: Settings
) -> None:
    loopback.sequence(PATH, [answer])
    intake = refresh(SOURCE.id, home, loopback)
    assert word in intake.problem
    assert intake.landed == []


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_publisher_is_waited_for(status: int, loopback: Loopback, home: Settings) -> None:
    loopback.sequence(PATH, [Answer(b"", status, {"Retry-After": "0"}), Answer(package(1))])
    intake = refresh(SOURCE.id, home, loopback)
    assert not intake.problem
    assert len(intake.new) == 1


def test_the_publishers_limits_are_declared() -> None:
    assert SOURCE.limits.seconds_between_requests >= 12


# Real releases


@pytest.mark.corpus
def test_the_fixture_keeps_every_field_path(corpus: Path) -> None:
    real: set[str] = set()
    for path in (corpus / "procurement" / "find_a_tender").glob("*.json"):
        real = real.union(*(paths(one) for one in json.loads(path.read_text())["releases"]))
    releases = json.loads(fixture(SOURCE.id, "package.json").replace(b"1e9999", b"1"))["releases"]
    assert real - set[str]().union(*map(paths, releases)) == set()


@pytest.mark.corpus
def test_every_real_notice_is_read(corpus: Path, tmp_path: Path) -> None:
    rows: list[Row] = []
    for path in sorted((corpus / "procurement" / "find_a_tender").iterdir()):
        found = read(SOURCE.id, path.read_bytes(), tmp_path / path.stem, path.name)
        assert found.issues == []
        rows += found.rows
    assert sorted(one for row in rows for one in row["notice_types"]) == [
        *("UK1", "UK10", "UK2", "UK4", "UK6", "UK7", "UK7")
    ]
    suppliers = [one for row in rows for one in row["parties"] if one["roles"] == ["supplier"]]
    assert [one["mutual_declared"] for one in suppliers] == ["absent"] * 3
