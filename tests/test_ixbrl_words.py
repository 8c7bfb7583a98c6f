"""Texts of filings: what is kept of them, and that no person is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.ixbrl_words import (
    LONGEST_TEXT,
    RULES,
    STAKEHOLDER_RULES,
    activity,
    hits,
    organisation,
)
from observatory.wording_texts import Texts

NAMES = ("Jane Canary", "Dr J. Canary", "Mrs Canary", "John Henry Canary")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Fictional Holdings Limited", "Fictional Holdings Limited"),
        (
            "During the period, the company was under the control of Fictional City Holdings "
            "Limited.Consolidated accounts are available.",
            "Fictional City Holdings Limited",
        ),
        ("The ultimate parent is Fictional Borough Council.", "Fictional Borough Council"),
        ("controlled by Fictional (EOT) Trustees Ltd", "Fictional (EOT) Trustees Ltd"),
        ("FICTIONAL GROUP LIMITED", "FICTIONAL GROUP LIMITED"),
    ],
)
def test_of_a_sentence_the_organisations_name_is_kept(text: str, name: str) -> None:
    assert organisation(text).value == name


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("", "not-tagged"),
        ("The company is under the control of the directors.", "no-organisation-named"),
        ("Jane Canary", "no-organisation-named"),
        ("Mr John Canary, director", "no-organisation-named"),
        ("Jane Canary and Canary Care Limited", "may-name-a-person"),
        ("Jane Canary of Fictional Care Limited", "may-name-a-person"),
        ("Dr Canary Limited", "may-name-a-person"),
        ("Fictional Marks and Spencers plc", "may-name-a-person"),
        ("JANE CANARY & FICTIONAL CARE LIMITED", "may-name-a-person"),
        (
            "Its parent is Fictional A Limited and its ultimate parent Fictional B plc",
            "several-organisations-named",
        ),
    ],
)
def test_in_doubt_no_name_is_kept(text: str, missing: str) -> None:
    assert organisation(text) == (None, missing)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "text",
    [
        "Care for older people, founded by {}.",
        "{} runs a leisure centre.",
        "The principal activity is that of {}, a nurse; call 01904 123456 or a@example.org",
    ],
)
def test_an_activity_keeps_nobodys_name(text: str, name: str) -> None:
    kept = activity(text.format(name)).value or ""
    assert "Canary" not in kept
    assert "@" not in kept
    assert "123456" not in kept


def test_an_activity_is_kept_as_far_as_it_says_what_is_done() -> None:
    said = "The provision of community health services in the North of England."
    assert activity(said).value == said
    assert (
        activity("PROVISION OF SOCIAL CARE SERVICES").value == "Provision of social care services"
    )
    assert activity("CARE PROVIDED BY JANE CANARY").missing == "may-name-a-person"
    assert activity("Jane Canary, born 1 May 1961").missing == "may-name-a-person"
    assert activity("No description of principal activity").missing == "none-given"
    long = activity("to care and " * 100).value or ""
    assert len(long) <= LONGEST_TEXT
    assert long.endswith("…")


def test_rules_hit_whole_words_in_any_case_and_give_our_terms() -> None:
    said = ["Staff are in the LGPS.", "Staff are in the LGPS."]
    assert hits(Texts(said)) == [("pension-lgps", ("lgps",))]
    assert hits(Texts(["the 2TUPEx code; TUPELO"])) == []
    assert hits(Texts(["an Employee Ownership Trust; employee-owned"])) == [
        ("employee-ownership", ("employee ownership trust", "employee-owned", "employee owned"))
    ]
    assert hits(Texts(["The Teachers’ Pension Scheme"])) == [
        ("pension-teachers", ("teachers' pension scheme",))
    ]
    assert hits(Texts(["non-members of staff"]), STAKEHOLDER_RULES) == [
        ("staff", ("staff",)),
        ("members", ("members",)),
    ]


@given(st.text(max_size=200))
def test_a_hit_never_carries_the_text(text: str) -> None:
    terms = {term for rule in RULES for term in rule.terms}
    assert all(term in terms for hit in hits(Texts([text])) for term in hit.terms)
    for found in (activity(text), organisation(text)):
        assert (found.value is None) != (found.missing == "")
