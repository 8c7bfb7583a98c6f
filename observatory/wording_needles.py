"""Words that a text must have before a pattern can match it: a cheap question before a dear one.

Python's ``re`` tries a pattern that begins with alternatives at every letter, and most sentences
have none of the words that any rule needs: without this question the text rules took two thirds of
the reading of a filing (17 filings of 2024-25: 0.71 s of processor time in all, 0.23 s with it).

What belongs here: reading a pattern's parse tree. What does not: any rule.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import Any, Final

# The parser that ``re`` itself uses (``sre_parse`` until Python 3.10); its tree is what the
# standard library's own tests print. A tree of another form only gives fewer words.
_PARSER: Final[Any] = importlib.import_module("re._parser")
_SHORTEST: Final = 3

Needles = tuple[tuple[str, ...], ...]


def needles(pattern: str) -> Needles:
    """Return groups of words: a text that matches ``pattern`` has at least one word of each group.

    ``pattern`` is one for text in a known case: with flags of its own it gives no groups, which
    asks nothing. Raises re.error for a broken pattern.
    """
    tree = _PARSER.parse(pattern)
    if "(?" in pattern.replace("(?:", "").replace("(?!", "").replace("(?<", "").replace("(?=", ""):
        return ()
    return tuple(dict.fromkeys(_groups(tree)))


def may_match(text: str, needed: Needles) -> bool:
    """Say whether ``text`` has a word of each group."""
    return all(any(word in text for word in group) for group in needed)


def _groups(sequence: Iterable[Any]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    run = ""
    for what, value in (*sequence, (None, None)):
        name = str(what)
        if name == "LITERAL":
            run += chr(value)
            continue
        if len(run) >= _SHORTEST:
            found.append((run,))
        run = ""
        repeated = name in ("MAX_REPEAT", "MIN_REPEAT") and value[0] > 0
        if name == "SUBPATTERN" or repeated:
            found += _groups(value[-1])
        elif name == "BRANCH":
            found += _of_branches(value[1])
    return found


def _of_branches(branches: Iterable[Any]) -> list[tuple[str, ...]]:
    """One group for alternatives: of each the group whose shortest word is longest."""
    words: list[str] = []
    for branch in branches:
        groups = _groups(branch)
        if not groups:
            return []
        words += max(groups, key=lambda group: min(map(len, group)))
    return [tuple(dict.fromkeys(words))]
