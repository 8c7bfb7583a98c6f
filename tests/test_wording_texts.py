"""Texts made ready to be asked: the same answers as when every sentence is asked everything."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from observatory.ixbrl_words import RULES as TERMS
from observatory.ixbrl_words import STAKEHOLDER_RULES, Hit, hits
from observatory.wording import ALL_RULES, affirmed, origins
from observatory.wording_texts import Needles, Texts, plain

SAID = [
    *(text for rule in ALL_RULES for text in (*rule.examples, *rule.counter_examples)),
    "Staff transferred from Fictional City Council.",
    "THE STAFF AND SERVICES WERE TRANSFERRED from Fictional Vale Primary Care Trust",
    "the company was Spun-Out of the Department for Fictional Affairs",
    "services previously provided by the London Borough of Fictional Vale",
]
PIECES = st.one_of(
    st.sampled_from(SAID),
    st.sampled_from(SAID).map(str.upper),
    st.sampled_from([word for text in SAID for word in text.split()]),
    st.sampled_from([term for rule in (*TERMS, *STAKEHOLDER_RULES) for term in rule.terms]),
    st.sampled_from([". ", "; ", "? ", " ", "-", "\u2011", "’s ", "“", "İ ", "ſtaff ", "Σ"]),
    st.text(max_size=8),
)
RENDERED = st.lists(
    st.lists(PIECES, max_size=8).map(lambda one: " ".join("".join(one).split())),
    min_size=1,
    max_size=2,
)


class Patient(Texts):
    """Asks every sentence everything."""

    def has(self, word: str) -> bool:
        return True

    def where(self, needed: Needles) -> list[int]:
        return list(range(len(self.sentences)))


@given(RENDERED)
@settings(max_examples=400)
@example(["Staff transferred from Fictional A Council.", "Staff came from Fictional B Council."])
def test_what_is_not_asked_would_not_have_hit(texts: list[str]) -> None:
    assert affirmed(Texts(texts)) == affirmed(Patient(texts))
    assert origins(Texts(texts), "FICTIONAL") == origins(Patient(texts), "FICTIONAL")
    for rules in (TERMS, STAKEHOLDER_RULES):
        assert hits(Texts(texts), rules) == hits(Patient(texts), rules)


@given(RENDERED)
def test_sentences_are_the_distinct_ones_of_all_renderings(texts: list[str]) -> None:
    cut = [
        sentence
        for text in texts
        for sentence in re.split(r"(?<=[.;!?])\s+(?=[A-Z0-9•(“\"])", text)
    ]
    made = Texts(texts)
    assert made.sentences == tuple(dict.fromkeys(cut))
    assert len(made.plain_sentences) == len(made.sentences)


def test_a_letter_that_lower_case_makes_longer_shifts_no_sentence() -> None:
    made = Texts(["İstanbul. The Staff-council sits."])
    assert made.plain_sentences == ("i̇stanbul.", "the staff council sits.")
    assert made.where((("staff council",),)) == [1]


@given(st.lists(st.text(max_size=40), max_size=2), st.text(max_size=6))
def test_a_word_is_had_where_it_stands(texts: list[str], word: str) -> None:
    spaced = [" ".join(text.split()) for text in texts]
    for wanted in (plain(word), *(text[3:9] for text in map(plain, spaced))):
        assert Texts(spaced).has(wanted) == any(wanted in plain(text) for text in spaced)


def test_a_sentence_must_have_a_word_of_each_group() -> None:
    made = Texts(["Our staff vote. The council sits. Staff of the council vote.", "Nobody votes."])
    assert made.where((("staff", "colleagues"), ("vote",))) == [0, 2]
    assert made.where((("staff",), ("council",))) == [2]
    assert made.where((("staff",), ("tupe",))) == []
    assert made.where(()) == [0, 1, 2, 3]
    assert Texts([]).where(()) == []


def test_a_hit_names_the_rule() -> None:
    assert hits(Texts(["Members of the LGPS"])) == [Hit("pension-lgps", ("lgps",))]
