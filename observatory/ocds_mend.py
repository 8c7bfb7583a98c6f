"""One release, mended: entities, parties listed twice, and what has another shape than in OCDS.

What belongs here: changes to a release as Python objects, each reported. What does not: bodies and
lines (``ocds_text.py``), and names that cannot be mended (``ocds_names.py``).
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from observatory.ocds_shape import STRUCTURE
from observatory.ocds_text import Problem

_UNESCAPED = {"name", "legalName", "title", "streetAddress", "locality"}


def mend_release(release: dict[str, Any], locator: str, problems: list[Problem]) -> None:
    """Mend, in place: HTML entities in names and titles, what is no list or no object although
    OCDS says so, and parties listed twice."""
    if _unescape(release):
        detail = "HTML entities in names and titles were turned into letters"
        problems.append(Problem("html-entity", "repaired", locator, "", "", detail))
    for field, detail in dict(_reshape(release, STRUCTURE, "")).items():
        problems.append(Problem("wrong-shape", "drift", locator, field, "", detail))
    parties: dict[str, dict[str, Any]] = {}
    for number, party in enumerate(release.get("parties") or []):
        key = str(party.get("id") or f"#{number}")
        if key in parties:
            roles = [*(parties[key].get("roles") or []), *(party.get("roles") or [])]
            parties[key] = {**party, **parties[key], "roles": list(dict.fromkeys(roles))}
            detail = "the party is listed more than once; the entries were taken together"
            problems.append(Problem("duplicate-party", "repaired", locator, "parties", key, detail))
        else:
            parties[key] = party
    release["parties"] = list(parties.values())


def _reshape(
    node: dict[str, Any], structure: Mapping[str, object], path: str
) -> list[tuple[str, str]]:
    """Take out of ``node`` what has not the shape of ``structure``; return field and detail."""
    wrong: list[tuple[str, str]] = []
    for name, shape in structure.items():
        value, field = node.get(name), f"{path}{name}"
        if value is None or not isinstance(shape, list | dict):
            continue
        if not isinstance(value, type(shape)):
            kind = "a list" if isinstance(shape, list) else "an object"
            wrong.append((field, f"it is not {kind} as OCDS has it, and was left out"))
            del node[name]
        elif isinstance(value, dict) and isinstance(shape, dict):
            wrong += _reshape(value, shape, f"{field}.")
        elif isinstance(shape, list) and isinstance(shape[0], dict):
            node[name] = [one for one in value if isinstance(one, dict)]
            if any(not isinstance(one, dict | None) for one in value):
                detail = "entries that are not objects as OCDS has them were left out"
                wrong.append((field, detail))
            for one in node[name]:
                wrong += _reshape(one, shape[0], f"{field}.")
    return wrong


def _unescape(node: object) -> bool:
    """Turn entities into letters in the kept texts below ``node``; say whether any changed."""
    changed = False
    if isinstance(node, dict):
        for key in _UNESCAPED & node.keys():
            value = node[key]
            if isinstance(value, str) and "&" in value:
                node[key] = html.unescape(value)
                changed |= node[key] != value
        node = list(node.values())
    for one in node if isinstance(node, list) else ():
        if isinstance(one, dict | list):
            changed |= _unescape(one)
    return changed
