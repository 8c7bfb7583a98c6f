"""One answer of an OCDS service: is it a release package, and what is in it.

What belongs here: what every walk asks of an answer. What does not: windows and months
(``_ocds_walk.py``, ``_ocds_windows.py``, ``_ocds_months.py``), and the reading of releases
(``ocds.py``).
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from observatory import ocds_text
from observatory.errors import BadInput
from observatory.ocds_packages import is_empty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from observatory.landing.receipts import Receipt

_CONTENT = re.compile(r".*_([0-9a-f]{12})\.json")


def package(path: Path, search: str, *, may_be_empty: bool = False) -> dict[str, Any]:
    """Return the package in a file, or what can be cut out of one that is damaged.

    With ``may_be_empty`` a package that tells of itself alone is one without any release; one
    that lists something under another name is none. Raises BadInput for anything else, such as a
    page in HTML or a message.
    """
    text, _ = ocds_text.decode(path.read_bytes())
    try:
        found = json.loads(text)
    except ValueError:
        # The door keeps the damaged page as it is; here only its releases and cursor count.
        link = re.search(r'"next"\s*:\s*"([^"\s]+)"', text)
        lines, _ = ocds_text.split(text) if '"releases"' in text else ([], [])
        releases = [json.loads(line.text) for line in lines]
        found = {"releases": releases, "links": {"next": link[1] if link else ""}}
        found = found if releases else None
    if may_be_empty and isinstance(found, dict) and is_empty(found):
        found.setdefault("releases", [])
    if not isinstance(found, dict) or "releases" not in found:
        raise BadInput(
            "the answer is not a release package",
            where=search,
            remedy="what landed stays; look at the answer and refresh again later",
        )
    return found


def known(receipts: Sequence[Receipt]) -> set[str]:
    """Return the content hashes of the packages that landed, whichever walk brought them."""
    found = (_CONTENT.fullmatch(one.file_name) for one in receipts)
    return {one[1] for one in found if one}


def content(found: dict[str, Any]) -> str:
    """Return a hash of the releases, whatever their order and whenever they were packaged."""
    lines = sorted(json.dumps(one, sort_keys=True) for one in found.get("releases") or [])
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
