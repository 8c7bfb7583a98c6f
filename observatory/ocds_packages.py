"""Where the releases of an Open Contracting body lie, whatever they are wrapped in.

Publishers give a release by itself, a package of releases, a list of either, or a package of
records (Find a Tender gives a process that way: its releases, and one compiled of them). What
belongs here: JSON as Python objects. What does not: text (``ocds_text.py``), reading (``ocds.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

Inside = list[tuple[str, Any]]
# A package that announces itself but lists nothing: "some responses are a package without a list
# of releases" (Kingfisher Collect on Public Contracts Scotland and Sell2Wales).
_EMPTY: Final = ("version", "publishedDate", "publisher", "uri")
_ABOUT_ITSELF: Final = frozenset(
    {*_EMPTY, "extensions", "license", "publicationPolicy", "links", "packages"}
)
_PACKAGE_KEYS: Final = {"releases", "records", "publishedDate", "version", "uri"}


def inside(found: Any) -> Inside | None:  # noqa: ANN401  JSON may be anything
    """Return what a list, a package or a record holds, each with its JSON pointer; None for
    anything else, such as a release by itself."""
    if isinstance(found, list) and any(isinstance(one, dict) for one in found):
        return [
            (f"/{place}{pointer}", release)
            for place, one in enumerate(found)
            for pointer, release in _wrapped(one) or [("", one)]
        ]
    return _wrapped(found)


def is_empty(found: dict[str, Any]) -> bool:
    """Say whether a package tells of itself alone, and lists nothing under whatever name."""
    others = (value for name, value in found.items() if name not in _ABOUT_ITSELF)
    listed = any(isinstance(value, list | dict) and value for value in others)
    return not listed and any(one in found for one in _EMPTY)


def _wrapped(found: Any) -> Inside | None:  # noqa: ANN401
    if not isinstance(found, dict):
        return None
    if _is_record(found):
        return list(_of_record(found, ""))
    if "ocid" in found or not found.keys() & _PACKAGE_KEYS:
        return None
    releases = [(f"/releases/{n}", one) for n, one in enumerate(_listed(found, "releases"))]
    for place, record in enumerate(_listed(found, "records")):
        releases += _of_record(record, f"/records/{place}")
    return releases


def _is_record(found: dict[str, Any]) -> bool:
    return "ocid" in found and (
        "compiledRelease" in found or isinstance(found.get("releases"), list)
    )


def _of_record(record: Any, pointer: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Yield a record's own releases, or the compiled one where it only links them: evidence is
    taken over every release, and a compiled one forgets what a later notice left out."""
    whole = [
        (f"{pointer}/releases/{place}", one)
        for place, one in enumerate(_listed(record, "releases"))
        if isinstance(one, dict) and "id" in one
    ]
    if whole:
        yield from whole
    elif isinstance(record, dict) and record.get("compiledRelease"):
        yield f"{pointer}/compiledRelease", record["compiledRelease"]


def _listed(found: Any, name: str) -> list[Any]:  # noqa: ANN401
    value = found.get(name) if isinstance(found, dict) else None
    return value if isinstance(value, list) else []
