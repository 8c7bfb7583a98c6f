"""The renderings of one text, made ready to be asked many times.

A filing is asked for some forty phrases and thirty terms, and has hardly any of them. So words
are looked for among the distinct words of the text first (a sixth of it, in real filings),
sentences are cut only when a phrase may stand in one of them, and each word is looked for in the
sentences at most once. (17 real filings: 2.4 ms of processor time each, 7.4 ms when each sentence
was asked for each phrase.)

What belongs here: the form that texts are compared in, sentences, and which of them have which
words. What does not: patterns (``wording_needles.py``), rules (``wording_rules*.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

# Groups of words in plain form: of each group a text must have at least one.
Needles = tuple[tuple[str, ...], ...]

_BETWEEN: Final = re.compile(r"[.;!?](\s+)(?=[A-Z0-9•(“\"])")


def plain(text: str) -> str:
    """Return a text for comparison: lower case, one apostrophe, and spaces for hyphens."""
    folded = text.lower().replace("’", "'").replace("-", " ")
    return folded.replace("\u2010", " ").replace("\u2011", " ")


class Texts:
    """The renderings of one text, whose white space has been made single; ``plain`` are they in
    plain form."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = tuple(texts)
        self.plain = tuple(plain(one) for one in self._texts)
        self._known: dict[str, bool] = {}
        self._places: dict[str, list[int]] = {}

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The distinct sentences of all renderings in their order, as they are written."""
        return tuple(self._both)

    @cached_property
    def plain_sentences(self) -> tuple[str, ...]:
        """The same sentences in plain form."""
        return tuple(self._both.values())

    @cached_property
    def _both(self) -> dict[str, str]:
        """Each distinct sentence with its plain form."""
        both: dict[str, str] = {}
        for text, folded in zip(self._texts, self.plain, strict=True):
            # Lower case may be longer (of one Turkish letter it is), never shorter.
            aligned = len(text) == len(folded)
            for start, end in _bounds(text):
                sentence = text[start:end]
                if sentence not in both:
                    both[sentence] = folded[start:end] if aligned else plain(sentence)
        return both

    @cached_property
    def _vocabulary(self) -> str:
        return " ".join(set(" ".join(self.plain).split()))

    def has(self, word: str) -> bool:
        """Say whether a rendering has this word or words, given in plain form."""
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._has(word)
        return known

    def _has(self, word: str) -> bool:
        parts = word.split()
        for part in parts:
            if part not in self._vocabulary:
                return False
        return parts == [word] or any(word in text for text in self.plain)

    def may_match(self, needed: Needles) -> bool:
        """Say whether the renderings have a word of each group."""
        for group in needed:
            for word in group:
                if self.has(word):
                    break
            else:
                return False
        return True

    def where(self, needed: Needles) -> list[int]:
        """Return the places of the sentences that have a word of each group, in order."""
        if not self.may_match(needed):
            return []
        found = None
        for group in needed:
            here = set().union(*[self._where(word) for word in group if self.has(word)])
            found = here if found is None else found & here
            if not found:
                return []
        return list(range(len(self.sentences))) if found is None else sorted(found)

    def _where(self, word: str) -> list[int]:
        places = self._places.get(word)
        if places is None:
            every = enumerate(self.plain_sentences)
            places = self._places[word] = [place for place, one in every if word in one]
        return places


def _bounds(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _BETWEEN.finditer(text):
        yield start, match.start(1)
        start = match.end()
    yield start, len(text)
