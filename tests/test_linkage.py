"""Who is meant by a name: the tiers, the doubts, and what must hold whatever is asked."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.identifiers import normalise_name
from observatory.linkage import Asker, Held, Match, decide
from observatory.linkage_names import letters_of, read_name, readings
from observatory.linkage_scoring import Weights, compare

WEIGHTS = Weights(100_000, {"care": 3_000, "health": 2_500, "centre": 2_000, "services": 8_000})


def asked(*names: str, **facts: object) -> Asker:
    return Asker("key", names, **facts)  # type: ignore[arg-type]


def told(asker: Asker, *held: Held, complete: bool = True) -> list[tuple[str, str, str]]:
    found = decide(asker, held, WEIGHTS, complete=complete)
    return [(one.org_id, one.tier, one.decision) for one in found]


@pytest.mark.parametrize(
    ("string", "registered", "tier"),
    [
        ("Fictional Heron Care C.I.C.", "FICTIONAL HERON CARE COMMUNITY INTEREST COMPANY", "name"),
        ("FICTIONAL HERON CARE LTD", "THE FICTIONAL HERON CARE LIMITED", "name"),
        ("FICTIONAL HERON & WREN", "FICTIONAL HERON AND WREN", "name"),
        ("FICTIONAL HERON CARE", "FICTIONAL HERON CARE CIC", "name without legal form"),
        ("FICTIONAL HERON CARE LTD", "FICTIONAL HERON CARE CIC", "name without legal form"),
        ("FICTIONAL IN HERON LTD", "FICTIONAL INHERON LIMITED", "name without legal form"),
        ("FICTIONAL HERON ASSOC", "FICTIONAL HERON ASSOCIATION", "name without legal form"),
        ("ACME LTD T/A FICTIONAL HERON", "FICTIONAL HERON LIMITED", "name without legal form"),
        ("FICTIONALAA HERONAA CARE", "FICTIONAL HERON CARE LIMITED", "name without legal form"),
        ("FICTIONAL HERON (WELLS)", "FICTIONAL HERON LIMITED", "name without legal form"),
        ("HERON FICTIONAL WREN", "FICTIONAL WREN HERON", "same words"),
        ("FHWT", "FICTIONAL HERON AND WREN TRUST", "initials"),
        ("FICTIONAL HERONS WREN TRUST", "FICTIONAL HERON WREN TRUST", "likeness"),
    ],
)
def test_a_name_alone_in_its_tier_is_matched(string: str, registered: str, tier: str) -> None:
    assert told(asked(string), Held("GB-COH-99000001", registered)) == [
        ("GB-COH-99000001", tier, "match")
    ]


@pytest.mark.parametrize(
    ("string", "registered"),
    [
        ("FICTIONAL HERON LLP", "FICTIONAL HERON LIMITED"),
        ("FICTIONAL HERON CIC", "FICTIONAL HERON LIMITED"),
        ("FICTIONAL MEDICAL PRACTICE", "THE FICTIONAL MEDICAL PRACTICE C.I.C."),
        ("HERON INV 12345678", "HERON LIMITED"),
        ("FICTIONAL HERON", "FICTIONAL HERON VENTURES LIMITED"),
    ],
)
def test_what_may_be_another_is_never_matched(string: str, registered: str) -> None:
    found = told(asked(string), Held("GB-COH-99000001", registered))
    assert all(decision == "review" for _, _, decision in found)


def test_two_of_one_name_are_a_doubt_unless_the_postcode_tells() -> None:
    twins = (
        Held("GB-COH-99000001", "FICTIONAL TWIN LIMITED", postcode="ZZ1 1AA"),
        Held("GB-COH-99000002", "FICTIONAL TWIN LTD", postcode="ZZ2 2AA"),
    )
    assert [one[2] for one in told(asked("Fictional Twin Ltd"), *twins)] == ["review", "review"]
    found = told(asked("Fictional Twin Ltd", postcode="ZZ2 2AA"), *twins)
    assert found == [("GB-COH-99000002", "name and postcode", "match")]


def test_real_twins_are_found_by_their_full_names_and_by_no_less() -> None:
    twins = (
        Held("GB-COH-07584107", "LIVEWELL SOUTHWEST CIC"),
        Held("GB-COH-09944115", "LIVEWELL SOUTHWEST LTD"),
        Held("GB-COH-07585003", "SIRONA CARE & HEALTH C.I.C."),
        Held("GB-COH-08275256", "SIRONA CARE SERVICES LIMITED"),
    )

    def match(name: str) -> str | None:
        found = decide(asked(name), twins, WEIGHTS)
        return next((one.org_id for one in found if one.decision == "match"), None)

    assert match("Livewell Southwest C.I.C.") == "GB-COH-07584107"
    assert match("LIVEWELL SOUTHWEST LIMITED") == "GB-COH-09944115"
    assert match("Livewell Southwest") is None
    assert match("Sirona Care and Health CIC") == "GB-COH-07585003"
    assert match("SIRONA CARE SERVICES LTD") == "GB-COH-08275256"
    assert match("Sirona Care") is None


def test_the_older_bearer_of_a_name_and_the_newer_are_told_apart_by_the_day_only() -> None:
    older = Held("GB-COH-99000001", "FICTIONAL LARK LIMITED", "previous", until=date(2016, 8, 4))
    newer = Held("GB-COH-99000002", "FICTIONAL LARK LIMITED", since=date(2017, 1, 1))
    early = asked("FICTIONAL LARK LTD", seen_from=date(2014, 1, 1), seen_to=date(2014, 1, 1))
    late = asked("FICTIONAL LARK LTD", seen_from=date(2018, 1, 1), seen_to=date(2018, 1, 1))
    assert told(early, older, newer) == [("GB-COH-99000001", "previous name", "match")]
    assert told(late, older, newer) == [("GB-COH-99000002", "name", "match")]
    assert {one[2] for one in told(asked("FICTIONAL LARK LTD"), older, newer)} == {"review"}


def test_nobody_is_matched_who_was_not_there() -> None:
    asker = asked("FICTIONAL LARK LTD", seen_from=date(2014, 1, 1), seen_to=date(2015, 1, 1))
    name = "FICTIONAL LARK LIMITED"
    assert told(asker, Held("GB-COH-99000001", name, registered_on=date(2024, 1, 2))) == []
    assert told(asker, Held("GB-COH-99000002", name, ended_on=date(2013, 1, 2))) == []


def test_names_of_different_legal_forms_are_a_predecessor_and_a_successor() -> None:
    entry = asked("Fictional Lark CIC", "Fictional Lark Community Benefit Society")
    found = told(entry, Held("GB-COH-99000001", "FICTIONAL LARK C.I.C."))
    assert found == [("GB-COH-99000001", "name", "review")]


def test_two_names_of_one_asker_that_are_two_organisations_decide_nothing() -> None:
    entry = asked("Fictional Lark Limited", "Fictional Wren Limited")
    held = (
        Held("GB-COH-99000001", "FICTIONAL LARK LTD"),
        Held("GB-COH-99000002", "FICTIONAL WREN LTD"),
    )
    assert {one[2] for one in told(entry, *held)} == {"review"}


def test_in_part_of_a_register_only_a_full_name_decides() -> None:
    held = Held("GB-COH-99000001", "FICTIONAL HERON CARE LIMITED")
    assert told(asked("FICTIONAL HERON CARE"), held, complete=False)[0][2] == "review"
    assert told(asked("FICTIONAL HERON CARE LTD"), held, complete=False)[0][2] == "match"


def test_a_notices_own_number_speaks_for_its_name_only_at_the_same_postcode() -> None:
    held = Held("GB-COH-99000001", "Fictional Heron Ltd", "notice", postcode="ZZ1 1AA")
    assert told(asked("Fictional Heron Ltd", postcode="ZZ2 2AA"), held) == []
    assert told(asked("Fictional Heron Ltd", postcode="ZZ1 1AA"), held)[0][1:] == (
        "name and postcode",
        "match",
    )


def test_a_match_says_why_and_a_review_says_what_is_in_doubt() -> None:
    twins = Held("GB-COH-99000001", "FICTIONAL TWIN LTD"), Held("GB-COH-99000002", "FICTIONAL TWIN")
    (match,) = decide(asked("FICTIONAL TWIN LTD"), twins[:1], WEIGHTS)
    assert match.explanation == "the same name: FICTIONAL TWIN LTD"
    assert 0.9 <= match.score <= 1
    reviews = decide(asked("FICTIONAL TWINS TRUST"), twins, WEIGHTS)
    assert reviews
    assert all("not decided" in one.explanation and one.score < 0.9 for one in reviews)


_WORDS = """
    heron lark wren care health centre services trust of the and limited ltd cic c.i.c. & co-op t/a
    plc llp (uk) st saint assoc association fictional fiction herons inv12345
"""
WORD = st.sampled_from(_WORDS.split())
NAME = st.lists(WORD, min_size=1, max_size=6).map(" ".join)
HELD = st.builds(
    Held,
    st.sampled_from(["GB-COH-99000001", "GB-COH-99000002", "GB-COH-99000003"]),
    NAME,
    st.sampled_from(["current", "previous", "trading"]),
    st.sampled_from([None, "ZZ1 1AA", "ZZ2 2AA"]),
    st.sampled_from([None, date(2015, 1, 1)]),
    st.sampled_from([None, date(2016, 1, 1)]),
    st.sampled_from([None, date(2012, 1, 1), date(2020, 1, 1)]),
    st.sampled_from([None, date(2018, 1, 1)]),
)
ASKER = st.builds(
    Asker,
    st.just("key"),
    st.lists(NAME, min_size=1, max_size=2).map(tuple),
    st.sampled_from([None, "ZZ1 1AA", "ZZ2 2AA"]),
    st.sampled_from([None, date(2014, 6, 1)]),
    st.sampled_from([None, date(2017, 6, 1)]),
)


@given(st.text(max_size=60) | NAME)
@settings(max_examples=150)
def test_normalising_twice_is_normalising_once(name: str) -> None:
    once = normalise_name(name)
    assert once is None or normalise_name(once) == once


@given(st.text(max_size=60) | NAME)
@settings(max_examples=80)
def test_a_name_is_read_whole_or_not_at_all(name: str) -> None:
    form = read_name(name)
    assert (form is None) == (normalise_name(name) is None)
    if form:
        assert form.words
        assert form.letters == letters_of(form.normalised)
        assert readings(name)
        alike = compare(form, form, WEIGHTS)
        assert alike.asked == alike.held == pytest.approx(1.0)


@given(ASKER, st.lists(HELD, max_size=6), st.randoms(use_true_random=False), st.booleans())
@settings(max_examples=80)
def test_the_order_and_repetition_of_names_are_irrelevant(
    asker: Asker, names: list[Held], shuffle: random.Random, complete: bool
) -> None:
    mixed = [*names, *names[:2]]
    shuffle.shuffle(mixed)
    assert decide(asker, mixed, WEIGHTS, complete=complete) == decide(
        asker, names, WEIGHTS, complete=complete
    )


@given(ASKER, st.lists(HELD, max_size=5), HELD)
@settings(max_examples=150)
def test_a_longer_register_never_turns_a_doubt_into_a_match_with_one_who_was_in_doubt(
    asker: Asker, names: list[Held], more: Held
) -> None:
    before = decide(asker, names, WEIGHTS)
    added = Held("GB-COH-99000009", more.name, more.kind, more.postcode)
    after = decide(asker, [*names, added], WEIGHTS)
    doubted = {one.org_id for one in before if one.decision == "review"}
    assert not {one.org_id for one in after if one.decision == "match"} & doubted


@given(ASKER, st.lists(HELD, max_size=6), st.booleans())
@settings(max_examples=80)
def test_one_match_or_reviews_never_both(asker: Asker, names: list[Held], complete: bool) -> None:
    found: list[Match] = decide(asker, names, WEIGHTS, complete=complete)
    matches = [one for one in found if one.decision == "match"]
    assert len(matches) <= 1
    assert not matches or len(found) == 1
    assert all(0 <= one.score <= 1 for one in found)
    assert len({one.org_id for one in found}) == len(found)
