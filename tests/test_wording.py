"""Text rules: what is affirmed, what only seems to be, and that no passage is kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.wording import ALL_RULES as RULES
from observatory.wording import MOST_BODIES, affirmed, origins
from observatory.wording_texts import Texts

BY_ID = {rule.id: rule for rule in RULES}
EXAMPLES = [(rule.id, text) for rule in RULES for text in rule.examples]
COUNTER_EXAMPLES = [(rule.id, text) for rule in RULES for text in rule.counter_examples]


def ids(text: str) -> list[str]:
    return [hit.rule_id for hit in affirmed(Texts([text]))]


@pytest.mark.parametrize(("rule", "text"), EXAMPLES)
def test_a_rule_affirms_its_examples(rule: str, text: str) -> None:
    assert rule in ids(text)
    assert rule in ids(f"Directors' report For the year. {text} The company has no debts.")


@pytest.mark.parametrize(("rule", "text"), COUNTER_EXAMPLES)
def test_a_rule_leaves_its_counter_examples_alone(rule: str, text: str) -> None:
    assert rule not in ids(text)


def test_every_rule_has_examples_of_both_kinds() -> None:
    assert [rule.id for rule in RULES if not (rule.examples and rule.counter_examples)] == []


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        (
            "On 1 April 2011 the staff and services were transferred to the company from "
            "Fictional Vale Primary Care Trust.",
            ["Fictional Vale Primary Care Trust"],
        ),
        (
            "On that day the charity acquired the business and net assets of the libraries from "
            "the London Borough of Fictional Vale.",
            ["London Borough of Fictional Vale"],
        ),
        (
            "The society was spun out of Fictional County Council in 2012.",
            ["Fictional County Council"],
        ),
        (
            "It runs services previously provided by Fictional Health and Care NHS Trust.",
            ["Fictional Health and Care NHS Trust"],
        ),
        (
            "Staff of Fictional County Council transferred under TUPE on 1 April 2016.",
            ["Fictional County Council"],
        ),
        (
            "214 staff transferred from Fictional City Council to Fictional Vale CIC.",
            ["Fictional City Council"],
        ),
        (
            "Staff transferred from Fictional City Council. Services were transferred in from "
            "Fictional County Council.",
            ["Fictional City Council", "Fictional County Council"],
        ),
    ],
)
def test_the_body_that_staff_or_services_came_from_is_named(text: str, bodies: list[str]) -> None:
    assert origins(Texts([text]), "FICTIONAL VALE CIC") == bodies


@pytest.mark.parametrize(
    "text",
    [
        "No staff were transferred from Fictional City Council.",
        "Staff may be transferred from Fictional City Council next year.",
        "Staff transferred from Fictional City Council to Fictional Rival Limited.",
        "The staff transferred from the company to Fictional City Council.",
        "Staff of Fictional City Council transferred to Fictional Rival Limited.",
        "A grant was received from Fictional City Council for services to young people.",
        "Assets were transferred from Fictional County Council Pension Fund.",
        "The centre is leased from Fictional City Council.",
        "The business was acquired from Fictional Council Services Limited.",
        "Services moved from Jane Canary of Fictional City Council.",
        "Staff transferred from Mrs Canary of Fictional City Council.",
        "The company acquired the freehold from Fictional City Council.",
        "Staff transferred from Fictional Voluntary Council Limited.",
    ],
)
def test_nothing_is_named_where_it_is_denied_or_said_of_others(text: str) -> None:
    assert origins(Texts([text]), "FICTIONAL VALE CIC") == []


def test_several_bodies_are_kept_up_to_a_few() -> None:
    text = " ".join(f"Staff transferred from {name} Council." for name in ("Aford", "Beford"))
    more = text + " " + " ".join(f"Staff came from {n} Council." for n in ("Ceford", "Deford"))
    assert len(origins(Texts([more]))) == MOST_BODIES


@given(st.text(max_size=300))
def test_a_hit_gives_our_own_words(text: str) -> None:
    for hit in affirmed(Texts([text])):
        assert hit.terms == (BY_ID[hit.rule_id].says,)


def test_a_long_text_without_full_stops_is_read_in_time() -> None:
    text = "staff " * 40_000 + "transferred from"
    assert affirmed(Texts([text])) == []
    assert origins(Texts([text])) == []
