"""Reading gold folders: what each label is worth, its days, and files that are bad."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from observatory.answers.evaluate_labels import read
from observatory.answers.label_dates import Span, days, span_of
from observatory.errors import BadInput
from tests.answers.small_release import folder


def _groups(path: Path) -> dict[str, str]:
    return {row.name: row.group for row in read(path).rows}


def test_every_label_gets_what_the_corpus_says_it_is_worth(tmp_path: Path) -> None:
    positives = [
        {"name": "Fictional A"},
        {"name": "Fictional B", "label": "psm-probable"},
        {"name": "Fictional C", "label": "contested"},
        {"name": "Fictional D", "label": "psm-memory-unverified"},
        {"name": "Fictional E", "source_url": "memory-unverified"},
        {"name": "Fictional F", "note": "memory-unverified: PSM status, spun_out"},
        {"name": "Fictional G", "note": "memory-unverified: spun_out, status"},
    ]
    negatives = [
        {"name": "Fictional H"},
        {"name": "Fictional I", "borderline": "borderline"},
        {"name": "Fictional J", "source_url": "ids only; reason memory-unverified"},
    ]
    assert _groups(folder(tmp_path / "gold", positives, negatives)) == {
        "Fictional A": "positive",
        "Fictional B": "probable",
        "Fictional C": "contested",
        "Fictional D": "psm-memory-unverified",
        "Fictional E": "unsourced positive",
        "Fictional F": "unsourced positive",
        "Fictional G": "positive",
        "Fictional H": "negative",
        "Fictional I": "borderline",
        "Fictional J": "unsourced negative",
    }


def test_an_unknown_label_is_named_and_not_scored(tmp_path: Path) -> None:
    rows = [{"name": "Fictional A", "label": "maybe"}, {"name": "Fictional B", "label": ""}]
    labels = read(folder(tmp_path / "gold", rows, [{"name": "Fictional C"}]))
    assert [one.name for one in labels.rows] == ["Fictional C"]
    assert "positives.csv, line 2: the label 'maybe' is not known" in labels.remarks[0]
    assert "positives.csv, line 3: there is no label" in labels.remarks[1]


def test_a_byte_order_mark_extra_columns_and_several_numbers_do_no_harm(tmp_path: Path) -> None:
    row = {"name": "Fictional A", "gb_coh": "99000001; 99000002", "gb_mpr": "99001R", "why": "x"}
    path = folder(tmp_path / "gold", [row], [], extra=["why"], encoding="utf-8-sig")
    (one,) = read(path).rows
    assert one.identifiers == (
        ("GB-COH", "99000001"), ("GB-COH", "99000002"), ("GB-MPR", "99001R"),
    )  # fmt: skip


def test_headers_may_be_few_and_in_any_case_and_empty_lines_are_passed_over(
    tmp_path: Path,
) -> None:
    (tmp_path / "positives.csv").write_text(" Label ,NAME\n\npsm,Fictional A\n,,\npsm,B\n")
    (tmp_path / "negatives.csv").write_text("name\n")
    labels = read(tmp_path)
    assert [(one.name, one.place) for one in labels.rows] == [
        ("Fictional A", "positives.csv, line 3"),
        ("B", "positives.csv, line 5"),
    ]


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        (b"", "positives.csv", "empty"),
        (b"name;label\nA;psm\n", "positives.csv, line 1", "no column 'name'"),
        (b"name,gb_coh\nA,1\n", "positives.csv, line 1", "no column 'label'"),
        (b"name,label,name\nA,psm,B\n", "positives.csv, line 1", "two columns 'name'"),
        (b"name,label\nA,psm\nB, Ltd,psm\n", "positives.csv, line 3", "3 cells under 2"),
        (b"name,label\n,psm\n", "positives.csv, line 2", "neither a name nor a number"),
        (b'name,label\nA,psm\n"B,psm\n', "positives.csv, line 3", "not CSV"),
        (b"name,label\nA,psm\n\xffB,psm\n", "positives.csv, line 3", "not UTF-8"),
    ],
)
def test_a_bad_file_is_named_with_its_line_and_what_to_do(
    tmp_path: Path, text: bytes, where: str, what: str
) -> None:
    (tmp_path / "positives.csv").write_bytes(text)
    (tmp_path / "negatives.csv").write_text("name\n")
    with pytest.raises(BadInput) as caught:
        read(tmp_path)
    assert where in caught.value.where
    assert what in caught.value.what
    assert caught.value.remedy


def test_a_missing_file_and_a_folder_without_rows_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        read(tmp_path)
    folder(tmp_path / "gold", [], [])
    with pytest.raises(BadInput, match="neither file holds a row"):
        read(tmp_path / "gold")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2014", date(2014, 1, 1), date(2014, 12, 31)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2016-02-03", date(2016, 2, 3), date(2016, 2, 3)),
        ("2021-22 (reported pay gap)", date(2021, 4, 1), date(2022, 3, 31)),
        ("1999-00", date(1999, 4, 1), date(2000, 3, 31)),
    ],
)
def test_a_date_means_all_its_days(text: str, first: date, last: date) -> None:
    assert days(text) == (first, last)


@pytest.mark.parametrize("text", ["about 2014", "2014-02-30", "2014-99", "20145", ""])
def test_what_is_no_date_is_none(text: str) -> None:
    assert days(text) is None


def test_a_label_is_true_on_its_certain_days_only() -> None:
    span, odd = span_of({"spun_out": "2011", "status_date": "2016-10"})
    assert (span, odd) == (Span(date(2011, 12, 31), date(2016, 10, 1)), ())
    within, _ = span_of({"spun_out": "2012", "status_date": "2012"})
    assert within == Span(date(2012, 1, 1), date(2012, 12, 31))
    stated, _ = span_of({"valid_from": "2015-01-01", "spun_out": "2011", "valid_to": ""})
    assert stated == Span(date(2015, 1, 1), None)
    backwards, (said,) = span_of({"spun_out": "2016", "status_date": "2011"})
    assert backwards == Span()
    assert "before it begins" in said
    _, (unreadable,) = span_of({"spun_out": "when it left"})
    assert "'when it left' is no date" in unreadable
