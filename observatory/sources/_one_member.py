"""The one file of a landed body: the body itself, or what its zip holds.

What does not belong here: whether an archive is safe (``landing/archives.py`` decides that at the
door), and archives of many files.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from observatory.errors import BadInput


@contextmanager
def opened(path: Path, where: str, ending: str = "") -> Iterator[IO[bytes]]:
    """Open a file, or the one file inside a zip whose name ends so (in any case).

    Raises BadInput when a zip is damaged or does not hold just one such file."""
    if not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            yield file
        return
    try:
        with zipfile.ZipFile(path) as archive:
            members = [
                one
                for one in archive.infolist()
                if not one.is_dir() and one.filename.lower().endswith(ending)
            ]
            if len(members) != 1:
                kind = f"{ending[1:].upper()} files" if ending else "files"
                names = ", ".join(one.filename for one in members[:5]) or "none"
                raise BadInput(
                    f"holds {len(members)} {kind} where one is expected ({names})",
                    where=where,
                    remedy="land the archive as its publisher made it, or its one file by itself",
                )
            with archive.open(members[0]) as file:
                yield file
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise BadInput(
            f"its archive is damaged ({error})", where=where, remedy="download it again"
        ) from error
