"""The text of Open Contracting bodies: cut into releases, and mended where it must be.

What belongs here: JSON as text and as Python objects, for the few releases that SQL cannot read
as they are. What does not: DuckDB (``ocds.py``) and any one publisher.
"""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from observatory.errors import BadInput
from observatory.ocds_names import TOO_DEEP, broken_name, release_name
from observatory.ocds_packages import inside, is_empty

# No part of JSON text, and would cut the lines that DuckDB is given: they become spaces.
CUTTING = "\x00\x01\r"
_CHUNK_BYTES = 1 << 20
_RELEASES = re.compile(r'"releases"\s*:\s*\[')
_BRACES = re.compile(r'"(?:[^"\\]|\\.)*"|[{}]', re.DOTALL)
_PUBLISHED = re.compile(r'"publishedDate"\s*:\s*"([^"]+)"')
_LISTED = re.compile(r'"(?:releases|records)"\s*:\s*\[')


def _number(text: str) -> float | str:
    """Keep a number that is none (1e9999 has occurred) as its text, to be reported as such."""
    return float(text) if math.isfinite(float(text)) else text


_DECODER = json.JSONDecoder(parse_float=_number, parse_constant=str)


def _decode(text: str) -> Any:  # noqa: ANN401  JSON may be anything
    """Return JSON text as Python objects. Raises ValueError also where it is nested so deeply that
    Python gives up: one such release must not cost a whole body."""
    try:
        return _DECODER.decode(text)
    except RecursionError as error:
        raise ValueError(TOO_DEEP) from error


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
    """Say whether the text is one JSON value, such as a package (and not a release a line)."""
    text = text.lstrip()
    end = text.find("\n")
    first = text if end < 0 else text[:end]
    try:
        head = _decode(first)
    except ValueError:
        # Laid out over lines. A damaged release in the first of many lines is longer than that.
        return first.strip() in ("{", "[", "[{") or '"releases"' in text[:20_000]
    alone = not text[len(first) :].strip()
    return alone and (isinstance(head, list) or (isinstance(head, dict) and "ocid" not in head))


def published(text: str) -> str:
    """Return the newest date-time that the body gives for itself, as published; or ''.

    That is the package's ``publishedDate``, or the greatest ``date`` of the releases. Raises
    BadInput (without a place) when the body holds neither a package nor any release.
    """
    if not is_package(text):
        return _newest(_loads(line.text) for line in _lines(text))
    if not text.rstrip().endswith(("}", "]")):
        raise BadInput("it ends in the middle of a release: it was cut short")
    found = _PUBLISHED.search(text[:20_000])
    lists = _LISTED.search(text)
    if found and (lists or is_empty(_loads(text))):
        return found[1]
    releases = [_loads(one.text) for one in _package(text)[0]]
    return _newest(releases) if releases or not lists else ""


def _newest(values: Iterable[dict[str, Any]]) -> str:
    """Return the greatest date of releases, of which each value may hold several."""
    held = [[one for _, one in inside(value) or [("", value)]] for value in values]
    releases = [one for some in held for one in some if isinstance(one, dict) and one.get("ocid")]
    if not releases:
        raise BadInput("it is neither a release package nor releases, one a line")
    return max(str(one.get("date") or "") for one in releases)


def begins_with_release(path: Path) -> bool:
    """Say whether the first line of a body is a release: the body may be JSON Lines."""
    with path.open("rb") as file:
        return "ocid" in _loads(file.readline().decode("utf-8", "replace"))


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
    locator: str, text: str, problems: list[Problem], *, name_them: bool = False
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the releases in one line, each with its locator: one, those of a package, or none
    with the reason among ``problems``. With ``name_them`` a release without an id is given one
    made from what it says (``ocds_names.py``)."""
    try:
        found = _decode(text)
        broken = broken_name(found)
    except ValueError as error:
        problems.append(_quarantined(locator, _why_unread(error)))
        return
    held = inside(found)
    if held is None:
        yield from _release(locator, found, broken, problems, name_them)
        return
    if not held:
        detail = "it is a package that holds no release"
        problems.append(Problem("empty-package", "info", locator, "", "", detail))
    for pointer, one in held:
        yield from _release(f"{locator}{pointer}", one, broken_name(one), problems, name_them)


def _release(
    locator: str,
    found: Any,  # noqa: ANN401
    broken: str,
    problems: list[Problem],
    name_them: bool,
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield one release, or say among ``problems`` why it is none."""
    if isinstance(found, dict) and broken:
        problems.append(_quarantined(locator, f"its field {broken!r} is broken by spaces"))
        return
    if isinstance(found, dict) and name_them and found.get("ocid") and not found.get("id"):
        found["id"] = release_name(found)
        detail = "releases that the publisher gives no id; one was made from what they say"
        problems.append(Problem("made-id", "info", "", "id", "", detail))
    if not isinstance(found, dict) or not found.get("ocid") or not found.get("id"):
        problems.append(_quarantined(locator, "it is not a release with an ocid and an id"))
        return
    yield locator, found


def _package(text: str) -> tuple[list[Line], list[Problem]]:
    try:
        found = _decode(text)
    except ValueError:
        return _salvage(text)
    held = inside(found)
    whole = [("line 1", found)] if held is None else held
    return [Line(locator, json.dumps(one)) for locator, one in whole], []


def _salvage(text: str) -> tuple[list[Line], list[Problem]]:
    """Cut the readable releases out of a package that is not JSON as a whole: the objects of its
    list of releases, told apart by their braces, whatever field comes first in them."""
    lines: list[Line] = []
    problems: list[Problem] = []
    for number, (start, end) in enumerate(_objects(text)):
        locator = f"/releases/{number}"
        try:
            release = _decode(text[start:end])
        except json.JSONDecodeError as error:
            line = text.count("\n", 0, start + error.pos) + 1
            problems.append(_quarantined(locator, f"it is not JSON at line {line} of the body"))
        except ValueError as error:
            problems.append(_quarantined(locator, _why_unread(error)))
        else:
            lines.append(Line(locator, json.dumps(release)))
    return lines, problems


def _objects(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each object of the list of releases begins and ends; the last may be cut."""
    found = _RELEASES.search(text)
    depth, start = 0, 0
    for one in _BRACES.finditer(text, found.end() if found else len(text)):
        if one[0] == "{":
            start = start if depth else one.start()
            depth += 1
        elif one[0] == "}":
            depth -= 1
            if depth < 0:  # the package's own brace: the list ended before it
                return
            if depth == 0:
                yield start, one.end()
        elif depth == 0:  # a name after the list
            return
    if depth > 0:
        yield start, len(text)


def _lines(text: str) -> list[Line]:
    # Only "\n" ends a line: JSON strings may hold U+2028 and its like, which splitlines() cuts.
    numbered = enumerate(text.split("\n"), start=1)
    return [Line(f"line {number}", line) for number, line in numbered if line.strip()]


def _loads(text: str) -> dict[str, Any]:
    try:
        found = _decode(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _why_unread(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"it is not JSON at character {error.pos + 1}"
    return str(error)


def _quarantined(locator: str, detail: str) -> Problem:
    return Problem(
        "unreadable-release", "quarantined", locator, "", "", f"{detail}; it was left out"
    )
