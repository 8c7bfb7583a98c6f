"""The Scottish charity register: three downloads, lists in cells, a file without a header."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from observatory.errors import BadInput
from observatory.settings import Settings
from observatory.sources import _oscr
from observatory.sources.base import get
from tests import archives
from tests.loopback import Answer, Loopback
from tests.sources.reading import Result, failure, fixture, read, refresh

MEMBERS = {
    "oscr": "CharityExport-05-Nov-2026.csv",
    "oscr_former": "CharityExport-Removed-05-Nov-2026.csv",
    "oscr_returns": "CharityExport-5Years-05-Nov-2026.csv",
}
PATHS = {
    "oscr": "/download/charity-register",
    "oscr_former": "/download/charity-former-register",
    "oscr_returns": "/download/5-years-charity-register",
}
BARE = "CharityExport-5Years-12-Apr-2023.csv"
SOURCES = pytest.mark.parametrize("source_id", MEMBERS)


def data(source_id: str) -> bytes:
    return fixture("oscr", MEMBERS[source_id])


def zipped(body: bytes, member: str) -> bytes:
    return archives.zipped({member: body})


def land(source_id: str, body: bytes, folder: Path, member: str = "") -> Result:
    packed = zipped(body, member or MEMBERS[source_id])
    return read(source_id, packed, folder, "download.zip")


def test_the_register_is_typed_and_its_lists_are_lists(tmp_path: Path) -> None:
    result = land("oscr", data("oscr"), tmp_path)
    assert result.receipt.published_on == date(2026, 11, 5)
    care, libraries = result.rows
    assert (care["charity_number"], care["registered_on"]) == ("SC099001", date(2012, 4, 1))
    assert care["purposes"] == [
        "the advancement of health",
        "the relief of those in need by reason of age, ill health, disability, financial hardship "
        "or other disadvantage",
    ]
    assert care["beneficiaries"][1] == "No specific group, or for the benefit of the community"
    assert (care["income"], care["income_charitable_activities"]) == (1_250_000, 1_250_000)
    assert (care["is_religious_body"], libraries["is_religious_body"]) == (False, True)
    assert libraries["beneficiaries"] is None
    assert libraries["period_end_on"] is None
    assert result.kinds() == ["placeholder"]
    assert result.issue("placeholder")["value"] == "01/01/1970"


def test_headers_with_and_without_leading_spaces_are_one(tmp_path: Path) -> None:
    assert b", Donations and legacies income" in data("oscr")
    trimmed = land("oscr", data("oscr").replace(b", ", b",", 6), tmp_path / "trimmed")
    assert trimmed.rows[0]["income_donations_and_legacies"] == 0


def test_former_charities_say_when_they_left(tmp_path: Path) -> None:
    result = land("oscr_former", data("oscr_former"), tmp_path)
    assert result.issues == []
    assert result.rows[0]["ceased_on"] == date(2021, 3, 31)


def test_returns_have_staff_since_2026_and_no_header_before(tmp_path: Path) -> None:
    new = land("oscr_returns", data("oscr_returns"), tmp_path / "new")
    assert [row["employees"] for row in new.rows] == [43, 39, None]
    assert [row["locator"] for row in new.rows] == ["line 2", "line 3", "line 4"]
    old = land("oscr_returns", fixture("oscr", BARE), tmp_path / "old", BARE)
    assert [row["locator"] for row in old.rows] == ["line 1", "line 2", "line 3"]
    assert [row["employees"] for row in old.rows] == [None] * 3
    assert old.issue("absent-column")["field"] == "Number of Staff"
    assert (old.rows[0]["income"], old.receipt.published_on) == (1_250_000, date(2023, 4, 12))


@SOURCES
def test_addresses_and_notes_reach_neither_lake_nor_issues(source_id: str, tmp_path: Path) -> None:
    broken = data(source_id) + b"SC099009,Canary Person,01/01/2020"
    for body in (data(source_id), broken + b"\r\n"):
        result = land(source_id, body, tmp_path / str(len(body)))
        assert "canary" not in (str(result.rows) + str(result.issues)).lower()


def test_every_published_column_is_read_or_left_out() -> None:
    header = data("oscr").split(b"\r\n")[0].decode().split(",")
    assert [name.strip() for name in header] == _oscr.COLUMNS.split(",")
    for source_id in MEMBERS:
        assert get(source_id).republish == "rows"


@pytest.mark.corpus
def test_the_header_of_the_corpus_is_the_fixtures(corpus: Path) -> None:
    published = (corpus / "charities/OSCR_CharityExport_header.csv").read_text("utf-8-sig").strip()
    assert data("oscr").split(b"\r\n")[0].decode() == published


def test_faults_are_reported(tmp_path: Path) -> None:
    body = data("oscr").replace(b"SC099002", b"99002").replace(b"1250000", b"lots", 1)
    result = land("oscr", body, tmp_path)
    assert (len(result.rows), result.snapshot.quarantined) == (1, 1)
    assert result.issue("unreadable-value")["value"] == "lots"


@SOURCES
@pytest.mark.parametrize(
    ("old", "new", "says"),
    [(b"Charity Number", b"Number", "Charity Number"), (b"", b"", "named like")],
)
def test_other_files_are_refused(
    source_id: str, old: bytes, new: bytes, says: str, tmp_path: Path
) -> None:
    body = data(source_id).replace(old, new, 1) if old else b"x"
    with pytest.raises(BadInput, match=says) as refused:
        land(source_id, body, tmp_path, "" if old else "Other.csv")
    assert refused.value.remedy


@SOURCES
def test_live_lands_once_a_week_when_changed(
    source_id: str, home: Settings, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, member = PATHS[source_id], MEMBERS[source_id].replace("05-Nov", "22-Nov")
    loopback.route(path, zipped(data(source_id), member), headers={"ETag": '"1"'})
    first = refresh(source_id, home, loopback)
    assert first.problem == ""
    assert first.new[0].receipt.published_on == date(2026, 11, 22)
    assert refresh(source_id, home, loopback).new == []
    assert len(loopback.asked(path)) == 1
    monkeypatch.setenv("OBSERVATORY_NOW", "2026-11-29T02:30:00+00:00")
    assert refresh(source_id, home, loopback).new == []
    later = member.replace("22-Nov", "29-Nov")
    changed = data(source_id).replace(b"Fictional", b"Renamed Fictional")
    loopback.route(path, zipped(changed, later), headers={"ETag": '"2"'})
    assert len(refresh(source_id, home, loopback).new) == 1
    assert refresh(source_id, home, loopback).new == []


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer(b"no", 403), "403"),
        (Answer(b"<html><body>x</body></html>", content_type="text/html"), "HTML page"),
        (Answer(zipped(data("oscr"), MEMBERS["oscr"])[:300]), "not a zip archive"),
    ],
)
def test_live_failures(answer: Answer, says: str, home: Settings, loopback: Loopback) -> None:
    loopback.sequence(PATHS["oscr"], [answer])
    assert says in str(failure(refresh("oscr", home, loopback)))
