from __future__ import annotations

import pytest

from observatory.models.unit_tests import run_unit_tests
from tests.models.conftest import ID_CONTRACT, Files

SQL = """
select number as id, registered_on as c, list_sum(awards.list_transform(lambda a: a.amount)) as d
from lake.societies where number not in (select id from codes)
"""
CONTRACT = (
    ID_CONTRACT
    + """\
  - {name: c, type: DATE, description: The date.}
  - {name: d, type: DOUBLE, description: The sum.}
unit_tests:
  - name: the test
"""
)


def messages(files: Files, test: str) -> list[str]:
    lines = "\n".join(f"    {line}" for line in test.splitlines())
    files.model("a", SQL, f"{CONTRACT}{lines}\n")
    files.seed("codes", "id\nseeded\n")
    return [one.message for one in run_unit_tests(files.load(), "a")]


@pytest.mark.parametrize(
    "test",
    [
        "expect: []",
        "given: {lake.societies: [{number: x}]}\nexpect: [{id: x, c: ~}]",
        "given: {lake.societies: [{number: x}, {number: y}]}\nexpect: [{id: y}, {id: x}]",
        "given: {lake.societies: [{number: x}, {number: y}]}\n"
        "expect: [{id: x}, {id: y}]\nordered: true",
        "given: {lake.societies: [{number: x}], codes: [{id: x}]}\nexpect: []",
        "given: {lake.societies: [{number: seeded}]}\nexpect: [{id: seeded}]",
        "given: {lake.societies: [{number: seeded}], codes: seed}\nexpect: []",
        "given: {lake.societies: [{number: 0123, registered_on: 2024-02-29}]}\n"
        "expect: [{id: 0123, c: 2024-02-29}]",
        "given: {lake.societies: [{number: x, awards: [{id: k, amount: 0.1}, {amount: 0.2}]}]}\n"
        "expect: [{id: x, d: 0.3}]",
    ],
)
def test_what_holds_passes(files: Files, test: str) -> None:
    assert messages(files, test) == []


@pytest.mark.parametrize(
    ("test", "complaint"),
    [
        ("given: {lake.societies: [{number: x}]}\nexpect: []", "not expected  id='x'"),
        ("expect: [{id: x}]", "missing  id='x'"),
        (
            "given: {lake.societies: [{number: x}, {number: x}]}\nexpect: [{id: x}]",
            "not expected  id='x'",
        ),
        (
            "given: {lake.societies: [{number: x}, {number: y}]}\n"
            "expect: [{id: y}, {id: x}]\nordered: true",
            "another order",
        ),
        ("given: {lake.societies: [{nobody: x}]}\nexpect: []", "lake.societies.nobody"),
        ("expect: [{nobody: x}]", "nobody, which is not a column"),
        ("given: {lake.others: []}\nexpect: []", "'lake.others', which the model does not read"),
        ("given: {lake.societies: seed}\nexpect: []", "as a seed, which it is not"),
        (
            "given: {lake.societies: [{awards: [{nobody: 1}]}]}\nexpect: []",
            "lake.societies.awards.nobody, which is not a field",
        ),
        ("given: {lake.societies: [{awards: {id: k}}]}\nexpect: []", "gives {'id': 'k'} for"),
        ("given: {lake.societies: [{registered_on: soon}]}\nexpect: []", "soon"),
        ("given: {lake.societies: [{number: x}]}\nexpect: [{id: x, c: soon}]", "soon"),
    ],
)
def test_what_does_not_hold_is_told(files: Files, test: str, complaint: str) -> None:
    (message,) = messages(files, test)
    assert complaint in message


def test_a_model_that_breaks_its_contract_fails_its_unit_tests(files: Files) -> None:
    files.model("a", "select 1 as id", ID_CONTRACT + "unit_tests: [{name: t, expect: []}]\n")
    (failure,) = run_unit_tests(files.load(), "a")
    assert "id is INTEGER, not VARCHAR" in str(failure)
