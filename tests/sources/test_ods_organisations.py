"""NHS ODS reports: 27 columns without a header, several reports in one archive."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from observatory.errors import BadInput
from observatory.landing.receipts import Scope
from observatory.settings import Settings
from observatory.sources import ods_organisations
from tests import archives
from tests.loopback import Answer, Loopback
from tests.sources.reading import failure, fixture, read, refresh

ID = "ods_organisations"
PATH = "/api/getReport"


def zipped(**members: bytes) -> bytes:
    return archives.zipped({f"{name}.csv": data for name, data in members.items()})


BOTH = zipped(etr=fixture(ID, "etr.csv"), ephp=fixture(ID, "ephp.csv"))


def test_reports_in_one_archive_say_which_they_are(tmp_path: Path) -> None:
    result = read(ID, BOTH, tmp_path, "ods_reports.zip")
    assert result.issues == []
    assert result.receipt.scope == Scope("whole")
    places = [(r["locator"], r["report"], r["organisation_code"]) for r in result.rows]
    assert places == [
        ("ephp.csv line 1", "ephp", "ZZ9"),
        ("ephp.csv line 2", "ephp", "ZZ8"),
        ("etr.csv line 1", "etr", "G6V2S"),
        ("etr.csv line 2", "etr", "R0A"),
        ("etr.csv line 3", "etr", "R0B"),
    ]
    closed = result.rows[1]
    assert (closed["opened_on"], closed["closed_on"]) == (date(2012, 6, 1), date(2019, 3, 31))
    assert (closed["parent_code"], closed["left_parent_on"]) == ("ZZ9", date(2019, 3, 31))
    manchester = result.rows[3]
    assert manchester["name"] == "MANCHESTER UNIVERSITY NHS FOUNDATION TRUST"
    assert (manchester["town"], manchester["postcode"], manchester["closed_on"]) == (
        "MANCHESTER",
        "M13 9WL",
        None,
    )


def test_one_report_alone_is_an_extract_with_the_same_rows(tmp_path: Path) -> None:
    result = read(ID, fixture(ID, "etr.csv"), tmp_path, "ods_etr_2026-01.csv")
    assert result.receipt.scope == Scope("extract")
    assert result.receipt.published_on == date(2026, 1, 1)
    assert [r["report"] for r in result.rows] == ["etr"] * 3
    assert result.rows[0]["locator"] == "line 1"


def test_telephones_and_streets_stay_out(tmp_path: Path) -> None:
    result = read(ID, BOTH, tmp_path, "ods_reports.zip")
    shown = (str(result.rows) + str(result.issues)).upper()
    assert "01632" not in shown
    assert "CANARY" not in shown


def test_faults_are_reported(tmp_path: Path) -> None:
    data = fixture(ID, "ephp.csv").replace(
        b'"20120601","20190331","","1"', b'"2012","later","","1"'
    )
    data += b'"ZZ7","SHORT"\r\n' + b'"","NAMELESS"' + b',""' * 25 + b"\r\n"
    result = read(ID, data, tmp_path, "ephp.csv")
    assert len(result.rows) == 2
    assert result.snapshot.quarantined == 2
    bad = {i["value"]: i["locator"] for i in result.issues if i["kind"] == "unreadable-value"}
    assert bad == {"2012": "line 2", "later": "line 2"}


@pytest.mark.parametrize(
    ("body", "name", "says"),
    [
        (b"Code,Name\r\nR0A,X\r\n", "etr.csv", "do not have the header's 27"),
        (zipped(etr=b"Code,Name\r\nR0A,X\r\n"), "r.zip", "etr.csv"),
        (b"<html>Sorry</html>", "etr.csv", "HTML page"),
        (BOTH[:300], "r.zip", "not a zip archive"),
    ],
)
def test_other_files_are_refused(body: bytes, name: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=says) as refused:
        read(ID, body, tmp_path, name)
    assert refused.value.remedy


def test_live_asks_for_all_reports_once_a_week(
    home: Settings, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    loopback.route(PATH, BOTH)
    first = refresh(ID, home, loopback)
    assert (first.problem, first.read[0].rows) == ("", 5)
    assert loopback.asked(PATH)[0].query == {"report": [",".join(ods_organisations.REPORTS)]}
    assert refresh(ID, home, loopback).new == []
    assert len(loopback.asked(PATH)) == 1
    monkeypatch.setenv("OBSERVATORY_NOW", "2026-11-30T02:30:00+00:00")
    assert refresh(ID, home, loopback).new == []
    changed = fixture(ID, "ephp.csv").replace(b"FICTIONAL CLOSED", b"FICTIONAL RENAMED")
    loopback.route(PATH, zipped(etr=fixture(ID, "etr.csv"), ephp=changed))
    assert len(refresh(ID, home, loopback).new) == 1
    assert refresh(ID, home, loopback).new == []


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer(b"no", 403), "403"),
        (Answer(b"<html><body>x</body></html>", content_type="text/html"), "HTML page"),
        (Answer(b'{"message":"bad report"}', 400), "400"),
    ],
)
def test_live_failures(answer: Answer, says: str, home: Settings, loopback: Loopback) -> None:
    loopback.sequence(PATH, [answer])
    assert says in str(failure(refresh(ID, home, loopback)))


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "rows", "closed"),
    [("ods_etr_2026-01.csv", 273, None), ("ods_eccg_2026-01.csv", 320, None)],
)
def test_the_corpus_loses_nothing(
    corpus: Path, tmp_path: Path, name: str, rows: int, closed: int | None
) -> None:
    result = read(ID, (corpus / "public_bodies" / name).read_bytes(), tmp_path, name)
    assert (len(result.rows), result.snapshot.quarantined) == (rows, 0)
    assert all(one["opened_on"] for one in result.rows)
    assert {i["kind"] for i in result.issues} <= {"placeholder"}
