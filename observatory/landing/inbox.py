"""The inbox: files that people drop below a folder named for their source.

A file that is being copied should be called ``<name>.partial`` and renamed when complete. What
does not belong here: what makes a file acceptable (``accept.py``).
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from observatory.errors import BadInput, TransientError
from observatory.landing.accept import Landed, land_file
from observatory.landing.store import Landing
from observatory.settings import Settings

if TYPE_CHECKING:
    from observatory.sources.base import Source

LANDED: Final = ".landed"
REJECTED: Final = ".rejected"
# What browsers and download tools call a file that is not complete yet.
_INCOMPLETE: Final = (".partial", ".part", ".crdownload", ".download", ".tmp")


def waiting(settings: Settings, source_id: str) -> list[Path]:
    """Return what lies in a source's inbox, in name order: not hidden, not incomplete. The
    inbox itself may be a symbolic link to a folder. Raises BadInput when it is not a folder."""
    folder = settings.inbox / source_id
    if not os.path.lexists(folder):
        return []
    if not folder.is_dir():
        raise BadInput(
            "is not a folder",
            where=str(folder),
            remedy="make it a folder and put the files of that source into it",
        )
    return sorted(
        path
        for path in folder.iterdir()
        if not path.name.startswith(".") and not path.name.lower().endswith(_INCOMPLETE)
    )


def scan_inbox(source: Source, settings: Settings, landing: Landing) -> list[Landed | BadInput]:
    """Land every regular file of a source's inbox and say what became of each.

    Landed files go to ``.landed/``; refused ones to ``.rejected/``, beside a
    ``<name>.reason.txt``. Folders are reported and stay. Raises PermanentError when the landing
    cannot store anything (the file stays where it is).
    """
    try:
        paths = waiting(settings, source.id)
    except BadInput as error:
        return [error]
    return [_take(source, path, landing) for path in paths]


def strays(settings: Settings, known: Collection[str]) -> Iterator[BadInput]:
    """Yield what lies in the inbox where no source will ever look for it: a loose file, or a
    folder that is not named for one of the ``known`` sources and holds something."""
    if not settings.inbox.is_dir():
        return
    for path in sorted(settings.inbox.iterdir()):
        loose = not path.is_dir()
        if (
            path.name.startswith(".")
            or path.name in known
            or (not loose and not any(path.iterdir()))
        ):
            continue
        yield BadInput(
            "belongs to no source" if loose else "is not named for a source",
            where=str(path),
            remedy=f"put it into {settings.inbox}/<source>/, one of: {', '.join(sorted(known))}",
        )


def _take(source: Source, path: Path, landing: Landing) -> Landed | BadInput:
    if path.is_dir() and not path.is_symlink():
        return BadInput(
            "is a folder; only files are landed",
            where=str(path),
            remedy=f"put its files into {path.parent} themselves",
        )
    try:
        if path.is_symlink() or not path.is_file():
            raise BadInput(
                "is not a regular file", where=str(path), remedy="put a copy of the file there"
            )
        landed = land_file(source, path, landing, origin="inbox")
    except TransientError as error:  # still being written: it stays for the next look
        return BadInput(error.what, where=error.where, remedy=error.remedy)
    except BadInput as error:
        _reject(path, error)
        return error
    _away(path, LANDED)
    return landed


def _reject(path: Path, error: BadInput) -> None:
    moved = _away(path, REJECTED)
    if moved:
        moved.with_name(f"{moved.name}.reason.txt").write_text(f"{error}\n", encoding="utf-8")


def _away(path: Path, folder_name: str) -> Path | None:
    """Move a file into a hidden folder beside it, under a free name; None when that folder
    cannot be written (the file then stays, and is recognised by its hash the next time)."""
    folder = path.parent / folder_name
    try:
        folder.mkdir(exist_ok=True)
        target, number = folder / path.name, 1
        while os.path.lexists(target):
            number += 1
            target = folder / f"{path.stem} ({number}){path.suffix}"
        return path.rename(target)
    except OSError:
        return None
