"""Zips whose bytes depend on their members alone.

A member that is given by name only holds the second in which it was written: two archives of the
same members are then the same bytes, or not, as the clock would have it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Final

WRITTEN: Final = (2026, 11, 20, 4, 0, 0)


def zipped(members: Mapping[str, bytes], target: io.BytesIO | None = None) -> bytes:
    """A deflated zip of these members, written to ``target`` where one is given."""
    target = target or io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            member = zipfile.ZipInfo(name, WRITTEN)
            archive.writestr(member, body, zipfile.ZIP_DEFLATED)
    return target.getvalue()
