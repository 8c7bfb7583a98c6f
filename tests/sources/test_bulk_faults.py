"""Faults in the bytes of a bulk register: each record is read, or quarantined with its place.

The monthly file of Companies House stands for every bulk CSV; its real rows are broken here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from observatory.errors import BadInput, PermanentError
from observatory.lake import Lake
from observatory.landing.accept import land_file
from observatory.landing.store import Landing
from observatory.sources import _bulk_bytes
from observatory.sources._bulk_mending import Mender
from observatory.sources._bulk_stream import Stream, poured
from observatory.sources.base import get
from tests import archives
from tests.sources.reading import Result, fixture, ingest, read

ID = "companies_house_basic"
ONE = "BasicCompanyDataAsOneFile-2020-06-01.csv"
ZIP = "BasicCompanyDataAsOneFile-2020-06-01.zip"
HEADER, *RECORDS = (
    fixture(ID, "BasicCompanyData-2020-06-01-part6_7.csv").rstrip(b"\r\n").split(b"\r\n")
)
NUMBERS = [record.split(b'","')[1].decode() for record in RECORDS]
BROKEN = RECORDS[5] + b',"one too many"'


def lines(*records: bytes) -> bytes:
    return b"\r\n".join([HEADER, *records]) + b"\r\n"


def zipped(data: bytes) -> bytes:
    return archives.zipped({ONE: data})


def numbers(result: Result) -> list[str]:
    return [row["company_number"] for row in result.rows]


def places(result: Result) -> list[tuple[str, str, str]]:
    return [(one["kind"], one["locator"], one["detail"]) for one in result.issues]


@pytest.mark.parametrize("size", [1 << 20, 3 << 20, 6 << 20])
@pytest.mark.parametrize("pack", [zipped, bytes])
def test_a_line_of_more_than_a_megabyte_is_quarantined_with_its_place(
    size: int, pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    long = RECORDS[2].replace(b'"United Kingdom"', b'"' + b"x" * size + b'"')
    data = lines(*RECORDS[:2], long, *RECORDS[3:5], BROKEN, *RECORDS[6:])
    result = read(ID, pack(data), tmp_path, ZIP if pack is zipped else ONE)
    assert numbers(result) == [*NUMBERS[:2], *NUMBERS[3:5], *NUMBERS[6:]]
    assert places(result) == [
        ("unreadable-record", "record 3", "line 4: it is too long for a record"),
        ("unreadable-record", "record 6", "line 7: it has more columns than the header"),
    ]
    assert [one["value"] for one in result.issues] == [NUMBERS[2], NUMBERS[5]]
    assert result.snapshot.quarantined == 2


@pytest.mark.parametrize(
    "long",
    [
        pytest.param(b"x" * (2 << 20), id="no cell ends in it"),
        pytest.param(b'"' + b"\0\xc9" * (1 << 20), id="not even text"),
        pytest.param(b'a"\r' * (1 << 20), id="marks and returns"),
        pytest.param(b'"",' * (1 << 20), id="a million cells"),
    ],
)
@pytest.mark.parametrize("place", [0, 7, 14])
def test_whatever_the_long_line_is_the_others_are_read(
    long: bytes, place: int, tmp_path: Path
) -> None:
    result = read(ID, lines(*RECORDS[:place], long, *RECORDS[place:]), tmp_path, ONE)
    assert numbers(result) == NUMBERS
    assert [one["locator"] for one in result.issues] == [f"record {place + 1}"]


def test_a_long_line_inside_a_cell_takes_its_record_with_it(tmp_path: Path) -> None:
    opened = RECORDS[2].replace(b'"United Kingdom"', b'"open\r\n' + b"x" * (2 << 20) + b'"')
    result = read(ID, lines(*RECORDS[:2], opened, *RECORDS[3:]), tmp_path, ONE)
    assert numbers(result) == [*NUMBERS[:2], *NUMBERS[3:]]
    assert places(result) == [
        ("unreadable-record", "record 3", "line 4: it is too long for a record")
    ]


def test_a_long_cell_is_kept_and_can_follow_a_line_cut_short(tmp_path: Path) -> None:
    # Python's csv takes no cell above 128 KiB: such a line must not end the reading.
    long = RECORDS[2].replace(b'"United Kingdom"', b'"' + b"x" * 200_000 + b'"')
    result = read(ID, lines(*RECORDS[:2], long, *RECORDS[3:]), tmp_path / "a", ONE)
    assert (numbers(result), result.issues) == (NUMBERS, [])
    cut = lines(RECORDS[0], RECORDS[1][:100], long, *RECORDS[3:])
    result = read(ID, cut, tmp_path / "b", ONE)
    assert numbers(result) == [NUMBERS[0], *NUMBERS[2:]]
    assert result.kinds() == ["open-cell", "unreadable-record"]


def test_nul_bytes_are_dropped_and_reported(tmp_path: Path) -> None:
    marked = RECORDS[1].replace(b'"United Kingdom"', b'"United\0 King\0dom"')
    assert marked != RECORDS[1]
    result = read(ID, lines(RECORDS[0], marked, *RECORDS[2:]), tmp_path, ONE)
    assert numbers(result) == NUMBERS
    assert result.rows[1]["country_of_origin"] == "United Kingdom"
    assert places(result) == [("nul-byte", "line 3", "NUL bytes (2) were dropped")]
    assert result.issues[0]["severity"] == "repaired"


@pytest.mark.parametrize(
    "header",
    [
        HEADER,
        b"\xef\xbb\xbf" + HEADER,
        b",".join(b'"' + name.strip() + b'"' for name in HEADER.split(b",")),
    ],
    ids=["as published", "with a BOM", "in quotation marks"],
)
def test_a_header_in_the_middle_is_no_record(header: bytes, tmp_path: Path) -> None:
    data = lines(*RECORDS[:4], header, RECORDS[4], BROKEN, *RECORDS[6:])
    result = read(ID, data, tmp_path, ONE)
    assert numbers(result) == [*NUMBERS[:5], *NUMBERS[6:]]
    repeated, broken = places(result)
    assert repeated[:2] == ("repeated-header", "line 6")
    assert broken[1:] == ("record 6", "line 8: it has more columns than the header")


def test_the_line_of_a_broken_record_is_true_after_cells_with_line_breaks(tmp_path: Path) -> None:
    spread = RECORDS[1].replace(b'"United Kingdom"', b'"United\r\n\r\nKingdom"')
    result = read(ID, lines(RECORDS[0], spread, BROKEN, *RECORDS[2:]), tmp_path, ONE)
    assert places(result) == [
        ("unreadable-record", "record 3", "line 6: it has more columns than the header")
    ]


def test_repairs_beyond_a_thousand_are_counted_not_listed(tmp_path: Path) -> None:
    data = lines(*RECORDS, *[b""] * 2_500)
    result = read(ID, data, tmp_path, ONE)
    blank = [one for one in result.issues if one["kind"] == "blank-line"]
    assert (len(blank), sum(one["occurrences"] for one in blank)) == (1_001, 2_500)
    assert numbers(result) == NUMBERS


@pytest.mark.parametrize("size", [61, 700, 1_500])
def test_where_a_piece_ends_makes_no_difference(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = lines(
        RECORDS[0],
        RECORDS[1][:100],
        RECORDS[2].replace(b'"United Kingdom"', b'"United\r\nKing\xc9dom"'),
        b"",
        HEADER,
        *RECORDS[3:5],
        BROKEN,
        RECORDS[6] + b"\n" + RECORDS[7],
        RECORDS[8].replace(b"England", b"Eng\0land"),
        *RECORDS[9:],
        RECORDS[2][:100],
    )
    usual = read(ID, data, tmp_path / "usual", ONE)
    assert len(usual.rows) == 12
    monkeypatch.setattr(_bulk_bytes, "_PIECE_BYTES", size)
    other = read(ID, data, tmp_path / "other", ONE)
    assert (other.rows, places(other)) == (usual.rows, places(usual))


def test_an_archive_damaged_in_the_middle_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    landing, lake = Landing(tmp_path / "landing"), Lake(tmp_path / "lake")
    path = tmp_path / ZIP
    path.write_bytes(zipped(lines(*RECORDS * 400)))
    receipt = land_file(get(ID), path, landing, origin="command").receipt
    body = landing.body(receipt)
    damaged = bytearray(body.read_bytes())
    damaged[len(damaged) * 3 // 4] ^= 0xFF
    body.chmod(0o600)
    body.write_bytes(damaged)
    with pytest.raises(BadInput, match="archive is damaged"):
        ingest(ID, landing, lake)
    assert lake.snapshots(ID) == []


class Reading(Exception):
    """The reader's own failure."""


def stream(tmp_path: Path) -> Stream:
    path = tmp_path / ONE
    path.write_bytes(lines(*RECORDS * 100))
    return Stream(path, ONE, Mender(HEADER.decode().split(",")), tmp_path / "pipe.csv")


def fail(pipe: Path | None) -> None:
    if pipe:
        with pipe.open("rb") as file:
            file.read(10)
    raise Reading


@pytest.mark.parametrize("begun", [False, True])
def test_a_reader_that_fails_frees_the_one_who_pours(begun: bool, tmp_path: Path) -> None:
    one, before = stream(tmp_path), threading.active_count()
    with pytest.raises(Reading), poured([one]):
        fail(one.pipe if begun else None)
    assert threading.active_count() == before


def test_a_stream_that_nobody_reads_to_its_end_is_an_error(tmp_path: Path) -> None:
    one = stream(tmp_path)
    with pytest.raises(PermanentError, match="not read to its end"), poured([one]):
        pass
