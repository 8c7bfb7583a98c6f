"""Files that are on the disk, and not only on their way there, when a function returns."""

from __future__ import annotations

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Wait until a file's or a folder's content is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Wait until a folder and the files in it are on the disk."""
    for child in folder.iterdir():
        sync(child)
    sync(folder)
