"""Releases without an id, and fields whose names are broken.

What belongs here: two quirks of the software behind Public Contracts Scotland and Sell2Wales, as
seen in 90 releases of each. What does not: anything that needs the text of a body
(``ocds_text.py``).
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

# Free text and contact points take no part in a made id: they are not kept, a person's data must
# not lie in a hash, and a repeat with other line ends is the same release.
_PASSED_OVER = frozenset(
    {"contactPoint", "description", "rationale", "links", "language"}
    | {"minimum", "reviewDetails", "performanceTerms", "awardCriteriaDetails"}
)

# Real releases have a dozen levels; Python takes about a thousand.
LEVELS = 200
TOO_DEEP = "it is nested far too deeply"


def release_name(release: dict[str, Any]) -> str:
    """Return an id for a release without one: its ocid, its day, and a hash of what it says.

    The same release gives the same id in every package, whatever the order of its fields and its
    spacing; it is ours, not the publisher's, and says so by the word ``made``.
    """
    content = json.dumps(_plain(release), sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:12]
    return f"{release['ocid']}-made-{str(release.get('date') or '')[:10]}-{digest}"


def broken_name(node: object, levels: int = LEVELS) -> str:
    """Return the first field name with a space in it (real: ``contactP    oint``), or ''.

    Such a release was damaged on its way: it may lack a buyer, a role or a supplier, and which
    other values were torn apart cannot be told. Raises ValueError below so many ``levels``.
    """
    if not levels:
        raise ValueError(TOO_DEEP)
    if isinstance(node, dict):
        for key in map(str, node):
            if not key.isalnum() and (" " in key or key.strip() != key):
                return key[:60]
        node = list(node.values())
    for one in node if isinstance(node, list) else ():
        if isinstance(one, dict | list) and (found := broken_name(one, levels - 1)):
            return found
    return ""


def _plain(node: object) -> object:
    """Return what a made id depends on: no empty values, no free text, single spaces."""
    if isinstance(node, dict):
        kept = {key: _plain(value) for key, value in node.items() if key not in _PASSED_OVER}
        return {key: value for key, value in kept.items() if value not in (None, "", [], {})}
    if isinstance(node, list):
        return [_plain(one) for one in node]
    return " ".join(node.split()) if isinstance(node, str) else node
