"""The files inside a published zip, copied out for a reader that takes a path.

What belongs here: opening and copying. What does not: whether an archive is safe
(``landing/archives.py`` has checked it), and what its members are called (the source modules).
"""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path, PurePosixPath

from observatory.errors import BadInput


def unpack(
    path: Path, file_name: str, folder: Path, wanted: re.Pattern[str], remedy: str
) -> list[tuple[Path, str]]:
    """Copy the members whose name matches ``wanted`` in full into ``folder``; return each copy
    with its member's name, in name order. A file that is no archive is returned as it is.

    Raises BadInput when an archive has no such member.
    """
    if not zipfile.is_zipfile(path):
        return [(path, file_name)]
    copies: list[tuple[Path, str]] = []
    with zipfile.ZipFile(path) as archive:
        for member in sorted(archive.infolist(), key=lambda one: one.filename):
            name = PurePosixPath(member.filename).name
            if member.is_dir() or not wanted.fullmatch(name):
                continue
            target = folder / f"{path.name[:16]}-{len(copies)}-{name}"
            with archive.open(member) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy)
            copies.append((target, name))
    if not copies:
        raise BadInput(
            f"it holds no file named like {wanted.pattern}", where=file_name, remedy=remedy
        )
    return copies
