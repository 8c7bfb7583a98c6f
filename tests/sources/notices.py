"""What the tests of every source of notices ask alike: nothing personal kept, no field lost.

What belongs here: checks over rows, issues and files of the lake. What does not: one publisher.
"""

from __future__ import annotations

import json
from typing import Any

from tests.sources.reading import Result

CANARIES = ("canary", "01632 960123", "1632 960123", "Contactname")
Row = dict[str, Any]


def leaks(result: Result) -> list[str]:
    """The canaries that reached rows, issues or any file of the snapshot."""
    kept = json.dumps([result.rows, result.issues], default=str).lower()
    files = b"".join(path.read_bytes().lower() for path in result.snapshot.folder.iterdir())
    return [one for one in CANARIES if one.lower() in kept or one.lower().encode() in files]


def paths(node: object, path: str = "") -> set[str]:
    """Every path of fields below a node."""
    if isinstance(node, dict):
        return {path}.union(*(paths(value, f"{path}.{key}") for key, value in node.items()))
    if isinstance(node, list):
        return {path}.union(*(paths(one, f"{path}[]") for one in node))
    return {path}


def package(number: int, releases: int = 1, stamp: str = "2026-11-22T10:00:00Z") -> bytes:
    """A package of that many fictional releases, each with an ocid of its own."""
    found = [
        {"ocid": f"ocds-fictional-{number}-{one}", "id": f"f-{number}-{one}", "date": stamp}
        for one in range(releases)
    ]
    return json.dumps({"version": "1.1", "publishedDate": stamp, "releases": found}).encode()
