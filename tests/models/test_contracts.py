from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.errors import PermanentError
from observatory.models import contracts, yamls
from tests.models.conftest import ID_CONTRACT


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "things.yml"
    path.write_text(text)
    return path


def test_a_minimal_contract_is_ordered_by_its_grain(tmp_path: Path) -> None:
    contract = contracts.read(write(tmp_path, ID_CONTRACT))
    assert (contract.name, contract.order_by, contract.published) == ("things", ("id",), "no")


def test_the_grain_breaks_ties_of_the_order(tmp_path: Path) -> None:
    text = ID_CONTRACT.replace("grain: [id]", "grain: [id, n]\norder_by: [n]")
    text += "  - {name: n, type: int, description: The number.}\n"
    contract = contracts.read(write(tmp_path, text))
    assert contract.order_by == ("n", "id")
    assert contract.columns[1].type == "INTEGER"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("description: One row a thing.\n", ""), "description must be text"),
        (("grain: [id]\n", ""), "needs columns and a grain"),
        (("grain: [id]", "grain: [nobody]"), "'nobody', which is not a column"),
        (("type: VARCHAR", "type: STRINGY"), "DuckDB has no type 'STRINGY'"),
        (("type: VARCHAR", "type: VARCHAR, licence: free"), "licence is 'free'"),
        (("type: VARCHAR", "type: VARCHAR, sort: x"), "unknown key 'sort'"),
        (("type: VARCHAR", "type: VARCHAR, tests: [tidy]"), "a test is 'tidy'"),
        (("type: VARCHAR", "type: VARCHAR, references: x"), "must be written table.column"),
        (("grain:", "published: facts\ngrain:"), "must say its licence"),
        (("grain:", "published: yes\ngrain:"), "published is 'yes'"),
        (("grain:", "grain: [id]\ngrain:"), "stands there twice"),
        (("grain:", "depends_on: [x]\ngrain:"), "depends_on is for Python models"),
        (("grain:", "python: module\ngrain:"), "package.module:function"),
        (("grain:", "unit_tests: [{name: a}]\ngrain:"), "expects nothing"),
        (("grain:", "tests: [{name: a}]\ngrain:"), "sql must be text"),
        (("grain:", "tests: 3\ngrain:"), "tests must be a list"),
        (("columns:", "columns:\n  - {name: id, type: DATE, description: x}"), "id is there twice"),
        (("columns:", "columns: ]"), "not readable YAML"),
    ],
)
def test_a_contract_that_does_not_hold_is_refused(
    tmp_path: Path, change: tuple[str, str], complaint: str
) -> None:
    path = write(tmp_path, ID_CONTRACT.replace(*change))
    with pytest.raises(PermanentError, match=complaint.replace("[", r"\[")) as raised:
        contracts.read(path)
    assert str(path) in str(raised.value)


def test_every_column_of_a_published_table_says_its_licence(tmp_path: Path) -> None:
    text = ID_CONTRACT.replace("VARCHAR,", "VARCHAR, licence: rows,")
    contract = contracts.read(write(tmp_path, text + "published: run\n"))
    assert (contract.published, contract.columns[0].licence) == ("run", "rows")


@given(st.from_regex(r"[0-9]{2,8}", fullmatch=True))
def test_digits_with_a_leading_zero_stay_text(tmp_path_factory: object, digits: str) -> None:
    path = tmp_path_factory.getbasetemp() / "digits.yml"  # type: ignore[attr-defined]
    path.write_text(f"number: {digits}\n")
    expected = digits if digits.startswith("0") else int(digits)
    assert yamls.read(path) == {"number": expected}


def test_codes_dates_and_times_stay_text(tmp_path: Path) -> None:
    path = write(tmp_path, "a: no\nb: 2024-01-02\nc: 12:30:45\nd: on\ne: 1_000\nf: true\ng:\n")
    assert yamls.read(path) == {
        "a": "no",
        "b": "2024-01-02",
        "c": "12:30:45",
        "d": "on",
        "e": "1_000",
        "f": True,
        "g": None,
    }


def test_a_contract_may_have_the_columns_of_the_one_beside_it(tmp_path: Path) -> None:
    write(tmp_path, ID_CONTRACT)
    like = tmp_path / "likewise.yml"
    like.write_text("description: One row a thing.\ngrain: [id]\ncolumns_like: things\n")
    assert [one.name for one in contracts.read(like).columns] == ["id"]


@pytest.mark.parametrize("other", ["nobody", "likewise"])
def test_columns_are_never_those_of_a_contract_without_any(tmp_path: Path, other: str) -> None:
    like = tmp_path / "likewise.yml"
    like.write_text(f"description: A thing.\ngrain: [id]\ncolumns_like: {other}\n")
    with pytest.raises(PermanentError, match="lists no columns"):
        contracts.read(like)
