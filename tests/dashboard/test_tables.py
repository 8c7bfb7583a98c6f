"""What a table of a page says, and how each cell stands and wraps."""

from __future__ import annotations

from datetime import date

import pytest

from observatory.dashboard import markdown, tables, words
from observatory.dashboard.pages.organisation import other_names
from observatory.dashboard.tables import Cell


def _cells(*values: object, name: str = "x") -> list[Cell]:
    return [row[0] for row in tables.table({name: "X"}, [{name: one} for one in values]).rows]


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ((1, 2000, -3), ["1", "2,000", "−3"]),
        ((92.9, 63.0, None), ["92.9", "63.0", "–"]),
        ((0.714, 1.0), ["0.71", "1.00"]),
        ((1234.5, 2.5), ["1,234", "2"]),
    ],
)
def test_numbers_of_a_column_have_the_same_decimals_and_stand_at_the_right(
    values: tuple[object, ...], shown: list[str]
) -> None:
    cells = _cells(*values)
    assert [cell.text for cell in cells] == shown
    assert {cell.kind for cell in cells} == {tables.NUMBER}


def test_a_date_a_code_and_a_year_are_never_broken_and_a_hash_anywhere() -> None:
    (day,), (code,), (hashed,) = _cells(date(2026, 11, 23)), _cells("source-1a2b"), _cells("0" * 64)
    assert [day, code] == [Cell("2026-11-23", tables.WHOLE), Cell("source-1a2b", tables.WHOLE)]
    assert _cells("93% (61 to 99)")[0].kind == tables.WHOLE
    assert hashed.kind == tables.HASH
    assert _cells(2011, name="first_year") == [Cell("2011", tables.WHOLE)]
    assert _cells("a long text " * 5)[0].kind == tables.LONG


def test_only_a_web_address_leads_somewhere() -> None:
    web, script = _cells("https://www.example.org/a", "javascript:alert(1)")
    assert web == Cell("example.org", tables.PLAIN, "https://www.example.org/a")
    assert script.link == ""


def test_a_column_of_blanks_stands_as_its_neighbour() -> None:
    made = tables.table({"a": "A", "b": "B"}, [{"a": 1, "b": None}])
    assert [cell.kind for cell in made.rows[0]] == [tables.NUMBER, tables.NUMBER]
    assert [head.kind for head in made.heads] == [tables.NUMBER, tables.NUMBER]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("label: psm", "cited as: public service mutual"),
        ("spun_out_on: 2016-09", "left the public sector: September 2016"),
        ("contract of 2024-12-17", "contract of 17 December 2024"),
        ("public_parent: Fictional: Council", "public parent: Fictional: Council"),
        ("contract awarded by A: B", "contract awarded by A: B"),
        (None, ""),
    ],
)
def test_what_was_seen_is_said_in_words(value: str | None, said: str) -> None:
    assert words.seen(value) == said


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("2017-06-01", "1 June 2017"),
        ("2016-09", "September 2016"),
        ("2021/22", "2021/22"),
        ("99990-13-01", "99990-13-01"),
        ("2017-13-01", "2017-13-01"),
        (None, ""),
    ],
)
def test_a_date_within_a_text_is_said_in_words(told: str | None, said: str) -> None:
    assert words.dated(told) == said


def test_a_return_due_is_told_once_with_its_day() -> None:
    told = words.happened("annual return due 2016-10-31: worked out (record of 2016-06-01)")
    assert told == "worked out (record of 1 June 2016)"


def test_what_has_ended_is_said_of_the_past_and_a_refusal_is_not() -> None:
    assert words.verdict("mutual", True) == "Met"
    assert words.verdict("mutual") == "Meets"
    assert words.verdict("not_mutual", True) == "Does not meet"


def test_a_summary_marks_names_of_tables_and_escapes_the_rest() -> None:
    told = markdown.summary("# Head\n\nThe table `ends` < [others](x.md).\n\nMore.")
    assert told == "The table <code>ends</code> &lt; others."


def test_what_would_change_a_verdict_names_no_ids_of_sources() -> None:
    told = "Left the public sector: strong evidence (read from one_source, another); Staff: any."
    assert words.without_sources(told) == "Left the public sector: strong evidence; Staff: any."
    assert words.without_sources(None) == ""


def test_a_name_that_differs_in_letter_case_alone_is_not_told_again() -> None:
    rows = [
        {"name": "Fictional Vale Limited", "name_type": "curated"},
        {"name": "FICTIONAL OLD NAME", "name_type": "previous"},
        {"name": "Fictional Old Name", "name_type": "curated"},
        {"name": "Fictional Cited Name", "name_type": "curated"},
    ]
    told = other_names("FICTIONAL VALE LIMITED", rows)
    assert [(one["name"], one["name_type"]) for one in told] == [
        ("FICTIONAL OLD NAME", "previous"),
        ("Fictional Cited Name", "as cited"),
    ]


@pytest.mark.parametrize(
    ("row", "stacks"),
    [
        (["a name", "a long text " * 5, 1], True),
        (["a long text " * 5, 1, 2], False),  # its first column has the room
        (["a name", "legal end", 1, 2, 3, 4], True),
        (["a name", 1, 2, 3, 4, 5], False),  # numbers are compared down their column
        (["a name", "legal end", 1], False),
    ],
)
def test_a_table_stacks_on_a_phone_where_words_would_be_cut(
    row: list[object], stacks: bool
) -> None:
    columns = {f"c{at}": "" for at in range(len(row))}
    assert tables.table(columns, [dict(zip(columns, row, strict=True))]).stacks is stacks


def test_a_verdict_is_of_the_past_where_its_organisation_ended() -> None:
    assert words.verdict("mutual", has_ended=True) == "Met"
    assert words.verdict("mutual", has_ended=False) == "Meets"
    assert words.verdict("undetermined", has_ended=True) == "Not shown to meet"
    assert words.words("co-operative-society") == "Co-operative society"
