"""The monthly file of companies with damaged lines: every lost record is accounted for."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from observatory.errors import BadInput
from observatory.lake import Lake
from observatory.landing.accept import land_file
from observatory.landing.store import Landing
from observatory.sources.base import get
from tests.sources.basic_files import (
    DATA,
    HEADER,
    ID,
    ONE,
    RECORDS,
    ZIP,
    by_number,
    lines,
    seen,
    zipped,
)
from tests.sources.reading import ingest, read


def test_what_cannot_be_split_is_quarantined_with_line_and_reason(tmp_path: Path) -> None:
    data = lines(
        RECORDS[0],
        RECORDS[1] + b',"one too many"',
        RECORDS[2],
        RECORDS[3].rsplit(b",", 2)[0],
        RECORDS[4].replace(b"FAMILY", b'FAM"ILY'),
        RECORDS[5],
    )
    result = read(ID, data, tmp_path, ONE)
    assert [row["company_number"] for row in result.rows] == ["11990344", "11501421", "08089376"]
    assert [(one["locator"], one["value"]) for one in result.issues] == [
        ("record 2", "CE001178"),
        ("record 4", "10227069"),
        ("record 5", "12548794"),
    ]
    assert all(one["severity"] == "quarantined" for one in result.issues)
    assert "line 3: it has more columns" in result.issues[0]["detail"]
    assert "line 5: it has fewer columns" in result.issues[1]["detail"]
    assert "line 6: a quotation mark" in result.issues[2]["detail"]
    assert result.snapshot.quarantined == 3
    assert seen(tmp_path, "locator") == [("record 1",), ("record 3",), ("record 6",)]


def test_a_record_cut_short_does_not_swallow_the_next(tmp_path: Path) -> None:
    cut = RECORDS[1][:100]
    assert cut.count(b'"') % 2
    result = read(ID, lines(RECORDS[0], cut, RECORDS[2]), tmp_path, ONE)
    assert [row["company_number"] for row in result.rows] == ["11990344", "11501421"]
    assert result.issue("unreadable-record")["locator"] == "record 2"
    assert result.issue("open-cell")["locator"] == "line 3"


def test_a_cell_may_hold_a_line_break_and_doubled_quotes(tmp_path: Path) -> None:
    data = lines(
        RECORDS[0].replace(b"UNIQ FINANCE GROUP LTD", b'""UNIQ"", FINANCE\r\nGROUP LTD'), RECORDS[1]
    )
    result = read(ID, data, tmp_path, ONE)
    assert result.rows[0]["company_name"] == '"UNIQ", FINANCE\r\nGROUP LTD'
    assert (len(result.rows), result.issues) == (2, [])


def test_bytes_of_an_older_encoding_are_repaired_in_their_line_only(tmp_path: Path) -> None:
    data = lines(
        RECORDS[0].replace(b"UNIQ", "CAFÉ’S".encode()),
        RECORDS[1].replace(b"URCHFONT", b"CAF\xc9 \x92S " + "É".encode()),
    )
    for name, body in ((ONE, data), (ZIP, zipped(data))):
        result = read(ID, body, tmp_path / name, name)
        assert result.rows[0]["company_name"].startswith("CAFÉ’S")
        assert result.rows[1]["company_name"].startswith("CAFÉ ’S É")
        issue = result.issue("encoding")
        assert (issue["locator"], issue["value"]) == ("line 3", "É’")


def test_a_file_that_cannot_be_split_for_the_most_part_is_refused(tmp_path: Path) -> None:
    path = tmp_path / ONE
    path.write_bytes(lines(RECORDS[0], *(one + b',"x"' for one in RECORDS)))
    landing, lake = Landing(tmp_path / "landing"), Lake(tmp_path / "lake")
    land_file(get(ID), path, landing, origin="command")
    with pytest.raises(BadInput, match="cannot be split"):
        ingest(ID, landing, lake)
    assert lake.snapshots(ID) == []


@pytest.mark.parametrize("zip_it", [False, True])
@pytest.mark.parametrize(
    "ends",
    [
        pytest.param(lambda place: b"\n" if place > 3 else b"\r\n", id="LF from the fifth line"),
        pytest.param(lambda place: b"\r\n" if place > 3 else b"\n", id="CR LF from the fifth"),
        pytest.param(lambda place: b"\n" if place % 2 else b"\r\n", id="in turns"),
        pytest.param(lambda place: b"\n" if place == 0 else b"\r\n", id="only the header in LF"),
    ],
)
def test_no_record_is_lost_where_lines_end_in_two_ways(
    ends: Callable[[int], bytes], zip_it: bool, tmp_path: Path
) -> None:
    mixed = b"".join(one + ends(place) for place, one in enumerate([HEADER, *RECORDS]))
    data, name = (zipped(mixed), ZIP) if zip_it else (mixed, ONE)
    result = read(ID, data, tmp_path, name)
    assert by_number(result) == {
        number: row | {"snapshot_id": result.snapshot.snapshot_id}
        for number, row in by_number(read(ID, DATA, tmp_path / "published", ONE)).items()
    }
    assert result.issue("mixed-line-ends")["severity"] == "repaired"


def test_records_that_another_one_swallows_are_counted(tmp_path: Path) -> None:
    odd = RECORDS[3].replace(b",", b',"never closed, ', 1)
    data = lines(*RECORDS[:3], odd, *RECORDS[4:])
    result = read(ID, data, tmp_path, ONE)
    quarantined = [one for one in result.issues if one["severity"] == "quarantined"]
    assert len(result.rows) + sum(one["occurrences"] for one in quarantined) == len(RECORDS)


def test_a_carriage_return_that_ends_no_line_costs_no_record(tmp_path: Path) -> None:
    stray = RECORDS[3].replace(b'","', b'",\r"', 1).replace(b'"', b"")
    data = lines(*RECORDS[:3], stray, *(one + b"\r" for one in RECORDS[4:]))
    result = read(ID, data, tmp_path, ONE)
    assert [row["company_number"] for row in result.rows] == [
        row["company_number"] for row in read(ID, DATA, tmp_path / "published", ONE).rows
    ]
    assert set(result.kinds()) == {"stray-return"}


def test_an_extract_laid_out_again_with_iso_dates_says_the_same(tmp_path: Path) -> None:
    """Programs that cut an extract out of the file write its dates their own way."""
    iso = re.sub(rb'"(\d\d)/(\d\d)/(\d{4})"', rb'"\3-\2-\1"', DATA)
    assert iso != DATA
    ours, again = read(ID, DATA, tmp_path / "a", ONE), read(ID, iso, tmp_path / "b", ONE)
    days = ("incorporated_on", "accounts_next_due_on", "previous_names")
    assert [[row.get(name) for name in days] for row in again.rows] == [
        [row.get(name) for name in days] for row in ours.rows
    ]
    assert again.kinds() == ours.kinds()
