"""Words asked before patterns: never of a text that the pattern matches and the words do not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.wording import ALL_RULES
from observatory.wording_needles import needles
from observatory.wording_texts import Texts

PHRASES = sorted({phrase for rule in ALL_RULES for phrase in rule.phrases})


@given(st.data())
@settings(max_examples=300)
def test_what_a_phrase_matches_has_its_words(data: st.DataObject) -> None:
    phrase = data.draw(st.sampled_from(PHRASES))
    text = data.draw(st.from_regex(phrase))
    assert Texts([text]).may_match(needles(phrase))


def test_every_phrase_of_the_rules_needs_words() -> None:
    assert [phrase for phrase in PHRASES if not needles(phrase)] == []


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("staff council", (("staff council",),)),
        (r"\b(?:staff|employees)\b.{0,9}?elect", (("staff", "employees"), ("elect",))),
        ("(?:our )?members", (("members",),)),  # what may be missing is not asked
        ("(?:staff|[ab]c)", ()),  # one way needs no word
        ("(?:our staff)+ own", (("our staff",), (" own",))),
        ("(?<!no )(?=staff)tupe(?! none)", (("tupe",),)),  # what stands around is not asked
        ("(?i:STAFF) council", ((" council",),)),  # beyond ASCII case says too little
        ("(?ai:STAFF) (?P<body>Council|NHS-Trust)", (("staff",), ("council", "nhs trust"))),
        ("(?i)staff", ()),
        ("(?ai)STAFF", (("staff",),)),
        ("ab", ()),
    ],
)
def test_words_of_a_pattern(pattern: str, expected: tuple[tuple[str, ...], ...]) -> None:
    assert needles(pattern) == expected


def test_a_broken_pattern_is_refused() -> None:
    with pytest.raises(re.error):
        needles("(staff")
