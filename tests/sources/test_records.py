"""Bytes to text and text to records: places, encodings, and quotation marks gone wrong."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.errors import BadInput
from observatory.sources._records import decode, records

CELL = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
ROWS = st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1, max_size=8)


@given(ROWS)
def test_what_csv_writes_is_read_back_with_the_lines_it_stands_on(rows: list[list[str]]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    text = written.getvalue()
    found = list(records(text, "given"))
    assert [list(record.cells) for record in found] == rows
    lines = io.StringIO(text, newline="").readlines()
    again = ["".join(lines[one.line - 1 : one.last_line]) for one in found]
    assert "".join(again) == text
    assert not any(one.problem or one.repaired for one in found)


def test_blank_lines_are_no_records_but_count_as_lines() -> None:
    found = list(records('a,b\r\n\r\n"x\ny",1\r\n\r\nz,2\r\n', "given"))
    assert [(one.line, one.last_line, one.cells[0]) for one in found] == [
        (1, 1, "a"),
        (3, 4, "x\ny"),
        (6, 6, "z"),
    ]


def test_a_stray_mark_is_repaired_within_its_line() -> None:
    found = list(records('a,b\n"The "Fictional" Club",1\nnext,2\n', "given"))
    assert found[1].repaired
    assert len(found[1].cells) == 2
    assert found[2].cells == ("next", "2")


def test_a_mark_that_never_closes_costs_one_line_and_not_the_next() -> None:
    found = list(records('a,b\n"Fictional One,1\n"Fictional Two","2"\nThree,3\n', "given"))
    assert found[1].problem
    assert found[1].line == 2
    assert [one.cells for one in found[2:]] == [("Fictional Two", "2"), ("Three", "3")]


@pytest.mark.parametrize("rest", ["", "more,1\n" * 30_000])
def test_a_cell_that_is_cut_is_bad_input_that_names_its_line(rest: str) -> None:
    with pytest.raises(BadInput, match=r"given: .*begins on line 3 never closes"):
        list(records(f'a,b\nx,1\n"cut off here,2\n{rest}', "given"))


@given(st.text(max_size=40))
def test_utf_8_with_or_without_a_mark(text: str) -> None:
    assert decode(text.encode(), "given").text == text.removeprefix("\ufeff")
    assert decode(b"\xef\xbb\xbf" + text.encode(), "given").text == text
    assert not decode(text.encode(), "given").note


def test_windows_1252_is_read_by_line_and_said() -> None:
    data = "a\nSupporters\u2019\n".encode("cp1252") + "Caf\u00e9\n".encode()
    decoded = decode(data, "given")
    assert decoded.text == "a\nSupporters\u2019\nCaf\u00e9\n"
    assert "1 of 4 lines" in decoded.note
    assert "cp1252" in decoded.note
    assert "line 2" in decoded.note


def test_bytes_that_are_neither_are_bad_input() -> None:
    with pytest.raises(BadInput, match=r"line 2 is neither UTF-8 nor Windows-1252 \(byte 0x81\)"):
        decode(b"a\nb\x81\n", "given")
    with pytest.raises(BadInput, match="UTF-16"):
        decode("a,b\n".encode("utf-16"), "given")
