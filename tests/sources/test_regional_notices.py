"""Public Contracts Scotland and Sell2Wales: ids made where none is given, suppliers without
identifiers, a damaged record, and a walk by month and notice type."""

from __future__ import annotations

import json
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from observatory import ocds_names
from observatory.settings import Settings
from observatory.sources import public_contracts_scotland, sell2wales
from observatory.sources._ocds_months import Months
from tests.loopback import Answer, Loopback
from tests.sources import notices
from tests.sources.notices import leaks, paths
from tests.sources.reading import Result, fixture, read, refresh

SCOTLAND, WALES = public_contracts_scotland.SOURCE.id, sell2wales.SOURCE.id
MODULES = {SCOTLAND: public_contracts_scotland, WALES: sell2wales}
PATH = "/v1/Notices"
CORPUS = {SCOTLAND: "pcs_releases.jsonl", WALES: "s2w_releases.jsonl"}
package = partial(notices.package, stamp="2019-01-05T00:00:00Z")
both = pytest.mark.parametrize("source", [SCOTLAND, WALES])


def lines(source: str, tmp_path: Path) -> Result:
    return read(source, fixture(source, "releases.jsonl"), tmp_path, "releases.jsonl")


def releases(source: str) -> list[dict[str, object]]:
    text = fixture(source, "releases.jsonl").decode()
    return [json.loads(line) for line in text.splitlines()]


@both
def test_nothing_personal_is_kept(source: str, tmp_path: Path) -> None:
    result = lines(source, tmp_path)
    assert result.rows
    assert leaks(result) == []


@both
def test_an_award_names_suppliers_without_any_identifier(source: str, tmp_path: Path) -> None:
    rows = {row["ocid"][-6:]: row for row in lines(source, tmp_path).rows}
    row = rows["fic801"]
    buyer, company, trader = row["parties"]
    assert [(one["scheme"], one["identifier"]) for one in row["parties"]] == [(None, None)] * 3
    assert (buyer["id"], company["id"], trader["id"]) == ("org-1", "org-2", "org-3")
    assert (company["street_address"], trader["street_address"]) == ("3 Fictional Street", None)
    assert [one["name"] for one in row["awards"][0]["suppliers"]] == [
        "Fictional Island Care CIC",
        "Ann Fictional",
    ]
    (contract,) = row["contracts"]
    assert (contract["award_id"], contract["amount"]) == (row["awards"][0]["id"], 250000)
    assert row["cpv_codes"] == ["85312000"]
    assert rows["fic802"]["reserved_participation"] == ["publicServiceMissionOrganization"]


@both
def test_the_tenders_profile_is_read(source: str, tmp_path: Path) -> None:
    rows = lines(source, tmp_path).rows
    assert all(row["legal_basis"] == "32014L0024" for row in rows if row["legal_basis"])
    assert any(row["has_framework"] for row in rows)
    assert any(lot["amount"] for row in rows for lot in row["lots"] or [])
    kinds = {kind for row in rows for party in row["parties"] for kind in party["kinds"] or []}
    assert "Regional or local authority" in kinds


def test_a_release_without_an_id_is_given_one_and_the_source_says_so(tmp_path: Path) -> None:
    result = lines(SCOTLAND, tmp_path)
    made = [row["release_id"] for row in result.rows if "-made-" in row["release_id"]]
    given = [row["release_id"] for row in result.rows if "-made-" not in row["release_id"]]
    assert given == ["rls-1-MAR800001"]
    assert len(set(made)) == 9
    issue = result.issue("made-id")
    assert (issue["severity"], issue["occurrences"]) == ("info", 9)


def test_a_made_id_depends_on_what_is_said_and_not_on_how() -> None:
    release = releases(SCOTLAND)[0]
    name = ocds_names.release_name(release)
    again = dict(reversed(list(release.items())))
    again["description"] = "another text"
    again["parties"][0]["contactPoint"] = {"name": "Canary Contactname"}  # type: ignore[index]
    again["tender"]["title"] = f"  {again['tender']['title']}\n"  # type: ignore[index]
    assert ocds_names.release_name(again) == name
    again["tender"]["status"] = "cancelled"  # type: ignore[index]
    assert ocds_names.release_name(again) != name


def test_other_publishers_releases_without_an_id_stay_quarantined(tmp_path: Path) -> None:
    body = b'{"releases": [{"ocid": "ocds-h6vhtk-1", "date": "2026-01-01"}]}'
    result = read("find_a_tender", body, tmp_path, "package.json")
    assert result.issue("unreadable-release")["severity"] == "quarantined"


def test_the_damaged_welsh_record_is_quarantined_with_its_line(tmp_path: Path) -> None:
    result = lines(WALES, tmp_path)
    issue = result.issue("unreadable-release")
    assert (issue["severity"], issue["locator"]) == ("quarantined", "line 12")
    assert "broken by spaces" in issue["detail"]
    assert len(result.rows) == len(releases(WALES)) - 1
    assert result.rows[-1]["ocid"] == "ocds-h6vhtk-fic803"


@both
def test_a_package_without_releases_is_accepted(source: str, tmp_path: Path) -> None:
    body = b'{"version": "1.1", "publishedDate": "2026-11-01T00:00:00Z"}'
    result = read(source, body, tmp_path, "package.json")
    assert result.rows == []
    assert result.receipt.published_on == date(2026, 11, 1)


# The walk


@pytest.fixture
def february(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second month that the services have, so that a whole walk is short."""
    monkeypatch.setenv("OBSERVATORY_NOW", "2019-02-10T02:30:00+00:00")


def walk(source: str) -> Months:
    found = MODULES[source].MONTHS
    assert isinstance(found, Months)
    return found


def asked(loopback: Loopback) -> list[tuple[str, str]]:
    return [(one.query["dateFrom"][0], one.query["noticeType"][0]) for one in loopback.asked(PATH)]


def url(source: str, month: str, number: int) -> str:
    return f"{PATH}?dateFrom={month}&noticeType={number}&outputType=0{walk(source).also}"


@both
@pytest.mark.usefixtures("february")
def test_each_month_and_type_lands_once(source: str, loopback: Loopback, home: Settings) -> None:
    loopback.route(PATH, b'{"version": "1.1", "publishedDate": "2019-02-01T00:00:00Z"}')
    loopback.route(url(source, "01-2019", 3), package(1))
    loopback.route(url(source, "02-2019", 21), package(2))
    first = refresh(source, home, loopback)
    assert not first.problem
    assert len(first.new) == 2
    assert first.new[0].receipt.file_name.startswith("notices_2019-01_type3_")
    assert len(asked(loopback)) == 2 * len(walk(source).types)
    again = refresh(source, home, loopback)
    assert (again.new, again.changed, again.problem) == ([], False, "")
    loopback.route(url(source, "02-2019", 21), package(2, releases=2))
    changed = refresh(source, home, loopback)
    assert len(changed.new) == 1
    assert changed.changed


@both
@pytest.mark.usefixtures("february")
def test_the_same_releases_packaged_again_do_not_land(
    source: str, loopback: Loopback, home: Settings
) -> None:
    loopback.route(PATH, package(1))
    refresh(source, home, loopback)
    body = package(1).replace(b'"version": "1.1"', b'"version": "1.1", "uri": "again"')
    loopback.route(PATH, body)
    assert refresh(source, home, loopback).landed == []


def test_a_later_walk_asks_for_two_months(
    loopback: Loopback, home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBSERVATORY_NOW", "2019-01-10T02:30:00+00:00")
    loopback.route(PATH, package(1))
    refresh(SCOTLAND, home, loopback)
    loopback.requests.clear()
    monkeypatch.setenv("OBSERVATORY_NOW", "2019-03-10T02:30:00+00:00")
    refresh(SCOTLAND, home, loopback)
    assert sorted({month for month, _ in asked(loopback)}) == ["01-2019", "02-2019", "03-2019"]


@pytest.mark.usefixtures("february")
def test_a_month_without_such_notices_may_have_no_address(
    loopback: Loopback, home: Settings
) -> None:
    loopback.route(url(SCOTLAND, "01-2019", 103), package(1))
    intake = refresh(SCOTLAND, home, loopback)
    assert not intake.problem
    assert len(intake.new) == 1


@pytest.mark.usefixtures("february")
def test_a_service_that_has_gone_is_told(loopback: Loopback, home: Settings) -> None:
    assert "has an address any more" in refresh(SCOTLAND, home, loopback).problem


@both
@pytest.mark.usefixtures("february")
@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (Answer(b"<html>Sorry</html>"), "not a release package"),
        (Answer(b'{"Message": "no"}'), "not a release package"),
        (Answer(b"{}", 403), "403"),
        (Answer(package(1), cut=20), "every time"),
    ],
)
def test_an_answer_that_is_no_package_ends_the_walk(
    source: str, answer: Answer, word: str, loopback: Loopback, home: Settings
) -> None:
    loopback.sequence(PATH, [answer])
    intake = refresh(source, home, loopback)
    assert word in intake.problem
    assert intake.landed == []


@pytest.mark.usefixtures("february")
@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_publisher_is_waited_for(status: int, loopback: Loopback, home: Settings) -> None:
    loopback.sequence(PATH, [Answer(b"", status, {"Retry-After": "0"}), Answer(package(1))])
    assert not refresh(WALES, home, loopback).problem


# Real releases


@pytest.mark.corpus
@both
def test_the_fixture_keeps_every_field_path(source: str, corpus: Path) -> None:
    folder = corpus / "procurement" / source
    text = (folder / CORPUS[source]).read_text(encoding="utf-8")
    real = set[str]().union(*(paths(json.loads(line)) for line in text.splitlines()))
    assert real - set[str]().union(*map(paths, releases(source))) == set()


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("source", "kinds"), [(SCOTLAND, ["made-id"]), (WALES, ["unreadable-release"])]
)
def test_every_real_release_is_read(
    source: str, kinds: list[str], corpus: Path, tmp_path: Path
) -> None:
    body = (corpus / "procurement" / source / CORPUS[source]).read_bytes()
    result = read(source, body, tmp_path, CORPUS[source])
    assert result.kinds() == kinds
    assert len(result.rows) == 90 - result.snapshot.quarantined
    assert len({row["release_id"] for row in result.rows}) == len(result.rows)
    reserved = [row["ocid"] for row in result.rows if row["reserved_participation"]]
    assert len(reserved) == 1
