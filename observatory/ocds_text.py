"""The text of Open Contracting bodies: cut into releases, and mended where it must be.

What belongs here: JSON as text and as Python objects, for the few releases that SQL cannot read
as they are. What does not: DuckDB (``ocds.py``) and any one publisher.
"""

from __future__ import annotations

import codecs
import html
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from observatory.errors import BadInput

# No part of JSON text, and would cut the lines that DuckDB is given: they become spaces.
CUTTING = "\x00\x01\r"
_CHUNK_BYTES = 1 << 20
_RELEASE_START = re.compile(r'\{\s*"ocid"\s*:')
_PACKAGE_KEYS = {"releases", "publishedDate", "version", "uri"}
_UNESCAPED = ("name", "legalName", "title", "streetAddress", "locality")


def _number(text: str) -> float | str:
    """Keep a number that is none (1e9999 has occurred) as its text, to be reported as such."""
    return float(text) if math.isfinite(float(text)) else text


_DECODER = json.JSONDecoder(parse_float=_number, parse_constant=str)


class Problem(NamedTuple):
    """Something wrong in the input, in the words of ``data_issues``."""

    kind: str
    severity: str
    locator: str
    field: str
    value: str
    detail: str
    occurrences: int = 1


class Line(NamedTuple):
    """One release as text, and where it stands: ``line 12`` or ``/releases/3``."""

    locator: str
    text: str


def decode(body: bytes) -> tuple[str, bool]:
    """Return the text of a body, and whether it is the UTF-8 that OCDS asks for.

    A body that is not is read as Windows-1252, with a mark for each byte that has no meaning
    there: Contracts Finder has been seen to answer in ISO 8859-1.
    """
    try:
        return body.decode("utf-8-sig"), True
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace"), False


def split(text: str) -> tuple[list[Line], list[Problem]]:
    """Cut a package or JSON Lines into releases, and say which could not be cut out."""
    return _package(text) if is_package(text) else (_lines(text), [])


def is_package(text: str) -> bool:
    """Say whether the text is one release package (and not a release a line)."""
    text = text.lstrip()
    end = text.find("\n")
    first = text if end < 0 else text[:end]
    try:
        head = _DECODER.decode(first)
    except ValueError:
        return '"releases"' in text[:20_000]
    return isinstance(head, dict) and "ocid" not in head and not text[len(first) :].strip()


def published(text: str) -> str:
    """Return the newest date-time that the body gives for itself, as published; or ''.

    That is the package's ``publishedDate``, or the greatest ``date`` of the releases. Raises
    BadInput (without a place) when the body holds neither a package nor any release.
    """
    if is_package(text):
        if not text.rstrip().endswith("}"):
            raise BadInput("it ends in the middle of a release: it was cut short")
        found = re.search(r'"publishedDate"\s*:\s*"([^"]+)"', text[:20_000])
        if not found and '"releases"' not in text:
            raise BadInput("it is neither a release package nor releases, one a line")
        return found[1] if found else ""
    releases = [release for line in _lines(text) if (release := _loads(line.text))]
    dates = [str(one.get("date") or "") for one in releases if one.get("ocid")]
    if not dates:
        raise BadInput("it is neither a release package nor releases, one a line")
    return max(dates)


def begins_with_release(path: Path) -> bool:
    """Say whether the first line of a body is a release: the body may be JSON Lines."""
    with path.open("rb") as file:
        return "ocid" in _loads(file.readline().decode("utf-8", "replace"))


def count_lines(path: Path) -> int:
    """Return the number of lines in a body, empty ones too."""
    lines, last = 0, b"\n"
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            lines += chunk.count(b"\n")
            last = chunk[-1:]
    return lines + (last != b"\n")


def is_plain_lines(path: Path) -> bool:
    """Say whether a body is clean JSON Lines that DuckDB can read straight from its file: UTF-8,
    a release in the first line, no empty line and no character that would cut one."""
    if not begins_with_release(path):
        return False
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        last = b"\n"
        while chunk := file.read(_CHUNK_BYTES):
            seam = last + chunk[:1]
            if b"\n\n" in seam or b"\n\n" in chunk or any(one.encode() in chunk for one in CUTTING):
                return False
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return False
            last = chunk[-1:]
    return True


def releases_in(
    locator: str, text: str, problems: list[Problem]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the releases in one line, each with its locator: one, those of a package, or none
    with the reason among ``problems``."""
    try:
        found = _DECODER.decode(text)
    except ValueError as error:
        place = f" at character {error.pos + 1}" if isinstance(error, json.JSONDecodeError) else ""
        problems.append(_quarantined(locator, f"it is not JSON{place}"))
        return
    if isinstance(found, dict) and "ocid" not in found and found.keys() & _PACKAGE_KEYS:
        inside = found.get("releases") or []
        if not inside:
            detail = "it is a package that holds no release"
            problems.append(Problem("empty-package", "info", locator, "", "", detail))
        for number, release in enumerate(inside):
            yield from releases_in(f"{locator}/releases/{number}", json.dumps(release), problems)
        return
    if not isinstance(found, dict) or not found.get("ocid") or not found.get("id"):
        problems.append(_quarantined(locator, "it is not a release with an ocid and an id"))
        return
    yield locator, found


def mend_release(release: dict[str, Any], locator: str, problems: list[Problem]) -> None:
    """Mend, in place: HTML entities in names and titles, and parties listed twice."""
    if _unescape(release):
        detail = "HTML entities in names and titles were turned into letters"
        problems.append(Problem("html-entity", "repaired", locator, "", "", detail))
    for name in ("parties", "awards", "tag"):
        if name in release and not isinstance(release[name], list | None):
            del release[name]
            detail = "it is not a list as OCDS has it, and was left out"
            problems.append(Problem("wrong-shape", "drift", locator, name, "", detail))
    parties: dict[str, dict[str, Any]] = {}
    for number, party in enumerate(release.get("parties") or []):
        if not isinstance(party, dict):
            continue
        key = str(party.get("id") or f"#{number}")
        if key in parties:
            roles = [*(parties[key].get("roles") or []), *(party.get("roles") or [])]
            parties[key] = {**party, **parties[key], "roles": list(dict.fromkeys(roles))}
            detail = "the party is listed more than once; the entries were taken together"
            problems.append(Problem("duplicate-party", "repaired", locator, "parties", key, detail))
        else:
            parties[key] = party
    release["parties"] = list(parties.values())


def _unescape(node: object) -> bool:
    """Turn entities into letters in the kept texts below ``node``; say whether any changed."""
    if isinstance(node, list):
        return sum(_unescape(one) for one in node) > 0  # any() would stop at the first
    if not isinstance(node, dict):
        return False
    changed = False
    for key, value in node.items():
        if key in _UNESCAPED and isinstance(value, str) and "&" in value:
            node[key] = html.unescape(value)
            changed |= node[key] != value
        else:
            changed |= _unescape(value)
    return changed


def _package(text: str) -> tuple[list[Line], list[Problem]]:
    try:
        releases = _DECODER.decode(text).get("releases") or []
    except ValueError:
        return _salvage(text)
    return [Line(f"/releases/{n}", json.dumps(one)) for n, one in enumerate(releases)], []


def _salvage(text: str) -> tuple[list[Line], list[Problem]]:
    """Cut the readable releases out of a package that is not JSON as a whole.

    A release begins with its ocid in everything that Contracts Finder has published.
    """
    lines: list[Line] = []
    problems: list[Problem] = []
    for number, found in enumerate(_RELEASE_START.finditer(text)):
        locator = f"/releases/{number}"
        try:
            release, _ = _DECODER.raw_decode(text, found.start())
        except json.JSONDecodeError as error:
            place = f"it is not JSON at line {error.lineno} of the body"
            problems.append(_quarantined(locator, place))
        else:
            lines.append(Line(locator, json.dumps(release)))
    return lines, problems


def _lines(text: str) -> list[Line]:
    # Only "\n" ends a line: JSON strings may hold U+2028 and its like, which splitlines() cuts.
    numbered = enumerate(text.split("\n"), start=1)
    return [Line(f"line {number}", line) for number, line in numbered if line.strip()]


def _loads(text: str) -> dict[str, Any]:
    try:
        found = _DECODER.decode(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _quarantined(locator: str, detail: str) -> Problem:
    return Problem(
        "unreadable-release", "quarantined", locator, "", "", f"{detail}; it was left out"
    )
