"""Words that a text must have before a pattern can match it: a cheap question before a dear one.

Python's ``re`` tries a pattern that begins with alternatives at every letter, and most sentences
have none of the words that any rule needs. Words are in the form that ``plain`` gives a text, so
that one text in lower case answers for patterns of any case.

What belongs here: reading a pattern's parse tree. What does not: any rule, and asking texts
(``wording_texts.py``).
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable
from typing import Any, Final

from observatory.wording_texts import Needles, plain

# The parser that ``re`` itself uses (``sre_parse`` until Python 3.10); its tree is what the
# standard library's own tests print. A tree of another form only gives fewer words.
_PARSER: Final[Any] = importlib.import_module("re._parser")
_SHORTEST: Final = 3


def needles(pattern: str) -> Needles:
    """Return groups of words: a text that matches ``pattern`` has in its ``plain`` form at least
    one word of each group.

    What ignores case beyond ASCII (where ``s`` is also ``\u017f``) is not asked. Raises re.error
    for a broken pattern.
    """
    tree = _PARSER.parse(pattern)
    if _folds_unicode(tree.state.flags):
        return ()
    return tuple(dict.fromkeys(_groups(tree)))


def _folds_unicode(flags: int) -> bool:
    return bool(flags & re.IGNORECASE) and not flags & re.ASCII


def _groups(sequence: Iterable[Any]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    run = ""
    for what, value in (*sequence, (None, None)):
        name = str(what)
        if name == "LITERAL":
            run += chr(value)
            continue
        if len(run) >= _SHORTEST:
            found.append((plain(run),))
        run = ""
        if name == "SUBPATTERN":
            found += [] if _folds_unicode(value[1]) else _groups(value[-1])
        elif name in ("MAX_REPEAT", "MIN_REPEAT") and value[0] > 0:
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
