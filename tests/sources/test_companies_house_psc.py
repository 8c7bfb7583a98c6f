"""People with significant control: what is kept, what never is, parts, totals, the live reader."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from observatory.errors import BadInput
from observatory.settings import Settings
from observatory.sources import _psc_lines, _psc_words
from observatory.sources.base import get
from tests import archives
from tests.loopback import Answer, Loopback
from tests.sources.faults import BUSY, faults
from tests.sources.faults import PAGE as SORRY
from tests.sources.reading import Result, failure, fixture, read, refresh, table

ID = "companies_house_psc"
LINES = fixture(ID, "snapshot.jsonl")
WHOLE = "persons-with-significant-control-snapshot-2026-11-23.zip"
PAGE = "/en_pscdata.html"


def zipped(lines: bytes, name: str = "snapshot.txt") -> bytes:
    """A zip with one member, the same bytes every time."""
    return archives.zipped({name: lines})


def part(of: int, number: int, day: str = "2026-11-23") -> tuple[str, bytes]:
    """The published name and the bytes of one of two parts."""
    lines = LINES.splitlines(keepends=True)
    half = lines[:8] if number == 1 else lines[8:]
    return f"psc-snapshot-{day}_{number}of{of}.zip", zipped(b"".join(half), f"part{number}.txt")


def page(*names: str) -> str:
    """The publisher's page with these files."""
    links = "".join(f'<li><a href="{name}">{name}  (63Mb)</a></li>' for name in names)
    return f"<html><body><h1>PSC snapshot</h1><ul>{links}</ul></body></html>"


def dataset(result: Result, name: str) -> list[dict[str, Any]]:
    return table(result.snapshot.parquet(name))


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries again at once."""
    monkeypatch.setattr("observatory.landing.http._wait", lambda state: 0.0)


@pytest.fixture
def whole(tmp_path: Path) -> Result:
    return read(ID, zipped(LINES), tmp_path, WHOLE)


def test_controllers_other_than_individuals_are_kept(whole: Result) -> None:
    rows = {row["record_id"]: row for row in whole.rows}
    assert sorted(rows) == ["b1", "c1", "c2", "c3", "c4", "c5", "c6", "s1"]
    trustee, council, parent = rows["c1"], rows["c2"], rows["c3"]
    assert trustee["name"] == "Fictional Care Employee Ownership Trustee Limited"
    assert trustee["registration_number"] == "09999999"
    assert trustee["natures_of_control"] == [
        "ownership-of-shares-75-to-100-percent",
        "voting-rights-75-to-100-percent",
    ]
    assert (trustee["notified_on"], trustee["is_ceased"]) == (date(2016, 4, 6), False)
    assert trustee["locator"] == "line 4"
    assert council["kind"] == "legal-person-person-with-significant-control"
    assert council["legal_authority"] == "Local Government Act 1972"
    assert parent["registration_number"] == "9999998"
    assert (parent["ceased_on"], parent["is_ceased"]) == (None, True)
    assert (rows["s1"]["name"], rows["s1"]["is_ceased"]) == (None, True)
    assert whole.receipt.published_on == date(2026, 11, 23)


def test_a_name_that_may_be_a_persons_is_withheld(whole: Result) -> None:
    withheld = [row["record_id"] for row in whole.rows if row["is_name_withheld"]]
    assert withheld == ["c4", "c5", "c6", "s1"]


def test_of_individuals_only_counts_are_kept(whole: Result) -> None:
    rows = dataset(whole, "companies_house_psc_individuals")
    figures = {row["company_number"]: list(row.values())[3:] for row in rows}
    assert figures == {
        "09999901": [2, 1, 1, 1, 0],
        "09999902": [1, 1, 0, 0, 0],
        "OE999911": [1, 1, 0, 0, 0],
    }


def test_statements_and_exemptions(whole: Result) -> None:
    rows = dataset(whole, "companies_house_psc_statements")
    assert [(row["statement"], row["notified_on"], row["ceased_on"]) for row in rows] == [
        ("no-individual-or-entity-with-signficant-control", date(2016, 7, 1), None),
        (
            "psc-has-failed-to-confirm-changed-details-partnership",
            date(2016, 7, 1),
            date(2017, 7, 1),
        ),
        ("psc-exempt-as-shares-admitted-on-market", date(2016, 10, 29), date(2018, 1, 1)),
        ("psc-exempt-as-shares-admitted-on-market", date(2019, 1, 1), None),
        ("disclosure-transparency-rules-chapter-five-applies", date(2020, 1, 1), None),
    ]


def test_nothing_personal_reaches_the_lake_or_an_issue(whole: Result) -> None:
    names = [one.name for one in get(ID).datasets]
    kept = json.dumps([dataset(whole, name) for name in names] + [whole.issues], default=str)
    assert "canar" not in kept.lower()
    assert "1977" not in kept
    for path in whole.snapshot.folder.iterdir():
        assert b"canar" not in path.read_bytes().lower(), path


def test_what_was_odd_is_reported_and_a_whole_file_adds_up(whole: Result) -> None:
    found = {(one["kind"], one["field"], one["value"], one["locator"]) for one in whole.issues}
    assert found == {
        ("unreadable-value", "ceased_on", "2021-02-30", "line 6"),
        ("unmapped-value", "natures_of_control", "a-nature-nobody-knows", None),
    }


def test_a_missing_line_shows_in_the_totals(tmp_path: Path) -> None:
    lines = LINES.splitlines(keepends=True)
    result = read(ID, zipped(b"".join([*lines[:3], *lines[4:]])), tmp_path, WHOLE)
    assert result.issue("totals-differ")["field"] == "persons_of_significant_control_count"
    cut = read(ID, zipped(b"".join(lines[:-1])), tmp_path / "cut", WHOLE)
    assert "no-totals" in cut.kinds()
    extract = read(ID, b"".join(lines[:3]), tmp_path / "extract", "some.jsonl")
    assert extract.issues == []


def test_broken_lines_are_named_and_the_others_keep_their_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_psc_lines, "PIECE_BYTES", 3000)
    monkeypatch.setattr(_psc_lines, "LINE_BYTES", 4000)
    lines = LINES.splitlines(keepends=True)
    giant = b'{"company_number":"1","data":{"kind":"' + b"x" * 9000 + b'"}}\n'
    odd = b'{"company_number":"1","data":{"kind":"a-new-kind","name":"Canary Kind"}}\n'
    orphan = b'{"data":{"kind":"legal-person-person-with-significant-control","name":"Canary"}}\n'
    broken = [b"\n", b'{"broken canary\n', giant, b"[1]\n", odd, b"\r\n", orphan]
    result = read(ID, b"".join([*lines[:3], *broken, *lines[3:]]), tmp_path, "some.jsonl")
    bad = [one["locator"] for one in result.issues if one["severity"] == "quarantined"]
    assert bad == ["line 4", "line 5", "line 6", "line 7", "line 9", "line 10"]
    kinds = [one["value"] for one in result.issues if one["kind"] == "unmapped-value"]
    assert "a-new-kind" in kinds
    assert next(row for row in result.rows if row["record_id"] == "c1")["locator"] == "line 11"
    assert "canar" not in json.dumps(result.issues, default=str).lower()


def test_pieces_of_any_size_give_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: Result
) -> None:
    for size in (700, 5000):
        monkeypatch.setattr(_psc_lines, "PIECE_BYTES", size)
        again = read(ID, zipped(LINES), tmp_path / str(size), WHOLE)
        assert again.snapshot.content_hash == whole.snapshot.content_hash
        assert again.rows == whole.rows


def test_an_unknown_field_is_drift(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_psc_lines, "_SAMPLED", 100)
    data = LINES.replace(b'"notified_on":"2016-07-01"', b'"something_new":1')
    assert read(ID, data, tmp_path, "some.jsonl").issue("unknown-field")["field"] == "something_new"


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (LINES.replace(b'"company_number"', b'"number"'), "no company_number"),
        (LINES.replace(b'"kind"', b'"type"'), "no JSON object with data and a kind"),
        (b"company_number,name\n1,x\n", "not PSC records"),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, data: bytes, complaint: str) -> None:
    with pytest.raises(BadInput, match=complaint):
        read(ID, data, tmp_path, "some.jsonl")


@pytest.mark.corpus
def test_every_published_code_is_known(corpus: Path) -> None:
    folder = corpus / "companies_house" / "enumerations"
    text = (folder / "psc_descriptions.yml").read_text(encoding="utf-8")
    codes = next(iter(yaml.safe_load_all(text)))
    unknown = [one for one in codes["description"] if not re.fullmatch(_psc_words.NATURES, one)]
    assert unknown == []
    statements = codes["statement_description"]
    assert [x for x in statements if not re.fullmatch(_psc_words.STATEMENT_CODES, x)] == []


@pytest.mark.corpus
def test_real_lines_and_events(corpus: Path, tmp_path: Path) -> None:
    folder = corpus / "companies_house"
    lines = (folder / "psc" / "psc-snapshot-lines.jsonl").read_text(encoding="utf-8").splitlines()
    for event in map(json.loads, (folder / "stream" / "events.jsonl").open(encoding="utf-8")):
        if "psc" in event["resource_kind"]:
            number = event["resource_uri"].split("/")[2]
            lines.append(json.dumps({"company_number": number, "data": event["data"]}))
    result = read(ID, "\n".join(lines).encode(), tmp_path, "events.jsonl")
    assert result.issues == []
    # A private individual who was filed as a legal person: her name is not kept.
    assert [(row["company_number"], row["name"]) for row in result.rows] == [
        ("14146468", None),
        ("14273658", "Battersea Pictures Holdings Limited"),
    ]
    assert len(dataset(result, "companies_house_psc_individuals")) == 1


def publisher_of(loopback: Loopback, *files: tuple[str, bytes]) -> None:
    loopback.route(PAGE, page(*(name for name, _ in files)), content_type="text/html")
    for name, body in files:
        loopback.route(f"/{name}", body, headers={"ETag": f'"{name}"'})


def test_parts_land_once_and_make_one_whole(home: Settings) -> None:
    with Loopback() as publisher:
        publisher_of(publisher, part(2, 1), part(2, 2), (WHOLE, b"never asked for"))
        first = refresh(ID, home, publisher)
        assert (len(first.new), first.problem) == (2, "")
        again = refresh(ID, home, publisher)
        assert (again.landed, again.changed) == ([], False)
        assert publisher.asked(f"/{WHOLE}") == []
        publisher_of(publisher, part(2, 1, "2026-11-29"), part(2, 2, "2026-11-29"))
        assert refresh(ID, home, publisher).new == []
    (snapshot,) = first.read
    assert str(snapshot.scope) == "whole"
    rows = table(snapshot.parquet(ID))
    assert [row["locator"] for row in rows][:6] == [
        "part 1 of 2 line 4",
        "part 1 of 2 line 5",
        "part 1 of 2 line 6",
        "part 1 of 2 line 7",
        "part 1 of 2 line 8",
        "part 2 of 2 line 1",
    ]
    assert not [one for one in table(snapshot.folder / "issues.parquet") if "total" in one["kind"]]


def test_a_week_later_the_next_one_lands(home: Settings) -> None:
    with Loopback() as publisher:
        publisher_of(publisher, (WHOLE, zipped(LINES)))
        assert len(refresh(ID, home, publisher).new) == 1
        changed = LINES.replace(b"Fictional Parent Holdings", b"Fictional Other Holdings")
        later = WHOLE.replace("11-23", "11-30")
        publisher_of(publisher, (later, zipped(changed)))
        turn = refresh(ID, home, publisher)
        assert (len(turn.new), turn.changed) == (1, True)
        assert refresh(ID, home, publisher).landed == []


@pytest.mark.parametrize(("answer", "says"), faults(part(2, 2)[1]), ids=lambda one: str(one)[:12])
def test_a_broken_night_goes_on_with_the_missing_part(
    home: Settings, answer: Answer, says: str, unhurried: None
) -> None:
    with Loopback() as publisher:
        (one, first), (two, second) = part(2, 1), part(2, 2)
        publisher_of(publisher, (one, first), (two, second))
        publisher.sequence(f"/{two}", [answer])
        turn = refresh(ID, home, publisher)
        assert says in str(failure(turn))
        assert (len(turn.new), turn.read) == (1, [])
        publisher.route(f"/{two}", second)
        assert len(refresh(ID, home, publisher).read) == 1
        assert len(publisher.asked(f"/{one}")) == 1


@pytest.mark.parametrize("busy", BUSY, ids=("429", "503", "reset"))
def test_a_busy_publisher_is_asked_again(home: Settings, busy: Answer, unhurried: None) -> None:
    with Loopback() as publisher:
        publisher_of(publisher, (WHOLE, zipped(LINES)))
        publisher.sequence(f"/{WHOLE}", [busy, Answer(zipped(LINES))])
        assert len(refresh(ID, home, publisher).new) == 1


def test_a_page_in_place_of_the_file_is_refused(home: Settings) -> None:
    with Loopback() as publisher:
        publisher_of(publisher, (WHOLE, SORRY))
        turn = refresh(ID, home, publisher)
        assert "HTML page" in str(failure(turn))
        assert turn.landed == []


@pytest.mark.parametrize("names", [("psc-snapshot-2026-11-23_1of2.zip",), ()])
def test_a_page_without_the_files_says_so(home: Settings, names: tuple[str, ...]) -> None:
    with Loopback() as publisher:
        publisher.route(PAGE, page(*names), content_type="text/html")
        assert isinstance(failure(refresh(ID, home, publisher)), BadInput)
