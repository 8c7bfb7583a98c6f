"""The OCP Data Registry: a file a year, opened with limits, asked for no oftener than needed."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from observatory import ocds
from observatory.errors import BadInput
from observatory.settings import Settings
from observatory.sources import _gzip
from observatory.sources.ocp_registry import SOURCE
from tests.loopback import Answer, Loopback
from tests.sources.notices import leaks, package
from tests.sources.reading import Result, fixture, read, refresh

FTS, CF = "/en/publication/41/download", "/en/publication/128/download"


def packed(data: bytes | None = None) -> bytes:
    return gzip.compress(data or fixture(SOURCE.id, "2026.jsonl"), mtime=0)


def line(number: int, year: int = 2026) -> bytes:
    ocid = f"ocds-h6vhtk-fic{number}"
    release = {"ocid": ocid, "id": f"{ocid}-{year}-01-01", "tag": ["compiled"]}
    return json.dumps(release | {"date": f"{year}-01-01T00:00:00Z"}).encode() + b"\n"


@pytest.fixture
def result(tmp_path: Path) -> Result:
    return read(SOURCE.id, packed(), tmp_path, "find-a-tender_2026.jsonl.gz")


def test_both_publications_come_in_one_shape(result: Result) -> None:
    assert {row["ocid"][:11] for row in result.rows} == {"ocds-h6vhtk", "ocds-b5fd17"}
    assert all(row["tags"] == ["compiled"] for row in result.rows)
    declared = {
        party["mutual_declared"]
        for row in result.rows
        for party in row["parties"] or []
        if party["roles"] == ["supplier"]
    }
    assert declared == {"absent", "null", "false", "true", "unreadable"}
    assert result.rows[0]["locator"] == "line 1"


def test_nothing_personal_is_kept(result: Result) -> None:
    assert leaks(result) == []


def test_lines_that_are_not_packed_are_read_too(tmp_path: Path, result: Result) -> None:
    plain = read(SOURCE.id, fixture(SOURCE.id, "2026.jsonl"), tmp_path / "plain", "2026.jsonl")
    assert plain.snapshot.content_hash == result.snapshot.content_hash


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (packed()[:-9], "to its end"),
        (packed()[:200] + b"\x00" * 40 + packed()[240:], "to its end"),
        (packed(b"main_ocid,id\n1,2\n"), "first line"),
        (packed(package(1)), "first line"),
        (packed(line(1) + b" " * (40 << 20)), "would unpack"),
    ],
    ids=["cut", "damaged", "csv", "package", "bomb"],
)
def test_another_file_is_refused(data: bytes, word: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=word):
        read(SOURCE.id, data, tmp_path, "2026.jsonl.gz")


def test_a_file_is_unpacked_up_to_its_limit_only(tmp_path: Path) -> None:
    path = tmp_path / "big.gz"
    path.write_bytes(packed(b"x" * 5_000_000))
    with pytest.raises(BadInput, match="would unpack"):
        _gzip.unpack(path, tmp_path / "out", "big.gz", max_bytes=1_000_000)


# The publisher


def serve(loopback: Loopback) -> None:
    loopback.route(f"{FTS}?name=2025.jsonl.gz", packed(line(1, 2025)))
    loopback.route(f"{FTS}?name=2026.jsonl.gz", packed(line(2)))
    loopback.route(f"{CF}?name=2026.jsonl.gz", packed(line(3)))


def asked(loopback: Loopback) -> list[str]:
    return [f"{one.path.split('/')[3]} {one.query['name'][0][:4]}" for one in loopback.requests]


def test_each_year_lands_once(
    loopback: Loopback, home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(loopback)
    first = refresh(SOURCE.id, home, loopback)
    assert not first.problem
    assert [one.receipt.file_name for one in first.new] == [
        "find-a-tender_2025.jsonl.gz",
        "find-a-tender_2026.jsonl.gz",
        "contracts-finder_2026.jsonl.gz",
    ]
    assert asked(loopback)[0] == "41 2021"
    loopback.requests.clear()
    again = refresh(SOURCE.id, home, loopback)
    assert (again.new, again.changed, again.problem) == ([], False, "")
    assert not {"41 2025", "41 2026", "128 2026"} & set(asked(loopback))
    monkeypatch.setenv("OBSERVATORY_NOW", "2026-12-28T02:30:00+00:00")
    loopback.requests.clear()
    loopback.route(f"{FTS}?name=2026.jsonl.gz", packed(line(2) + line(4)))
    later = refresh(SOURCE.id, home, loopback)
    assert len(later.new) == 1
    assert {"41 2026", "128 2026"} <= set(asked(loopback))
    assert "41 2025" not in asked(loopback)


def test_its_date_is_the_servers_or_today(loopback: Loopback, home: Settings) -> None:
    serve(loopback)
    stamp = {"Last-Modified": "Sun, 01 Nov 2026 10:00:00 GMT"}
    loopback.route(f"{FTS}?name=2026.jsonl.gz", packed(line(2)), headers=stamp)
    dates = [one.receipt.published_on for one in refresh(SOURCE.id, home, loopback).new]
    assert dates == [date(2026, 11, 23), date(2026, 11, 1), date(2026, 11, 23)]


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (Answer(b"<html>Sorry</html>"), "HTML page"),
        (Answer(b"{}", 403), "403"),
        (Answer(packed(line(1)), cut=20), "every time"),
        (Answer(b"no", 404), "under its number"),
    ],
)
def test_an_answer_that_is_no_file_ends_the_turn(
    answer: Answer, word: str, loopback: Loopback, home: Settings
) -> None:
    for path in (FTS, CF):
        loopback.sequence(path, [answer])
    intake = refresh(SOURCE.id, home, loopback)
    assert word in intake.problem
    assert intake.landed == []


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_publisher_is_waited_for(status: int, loopback: Loopback, home: Settings) -> None:
    serve(loopback)
    busy = Answer(b"", status, {"Retry-After": "0"})
    loopback.sequence(f"{FTS}?name=2025.jsonl.gz", [busy, Answer(packed(line(1, 2025)))])
    assert len(refresh(SOURCE.id, home, loopback).new) == 3


def test_a_year_is_read_in_pieces_with_the_same_result(
    tmp_path: Path, result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocds, "PIECE_BYTES", 9_000)
    pieces = read(SOURCE.id, packed(), tmp_path / "pieces", "2026.jsonl.gz")
    assert pieces.rows == [
        row | {"snapshot_id": pieces.rows[0]["snapshot_id"]} for row in result.rows
    ]
    assert pieces.kinds() == result.kinds()
