"""Which versions are being read at this moment.

DuckDB holds a shared lock on a file that it has open, and ``hold`` takes one on the manifest for
programs that read other files of a version (the site's server). What belongs here: taking and
seeing such holds. What does not: what follows from them (``retention.py``).
"""

from __future__ import annotations

import fcntl
import os
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from observatory.release.database import DATABASE
from observatory.release.manifest import MANIFEST

# `struct flock` of Linux: l_type, l_whence, l_start, l_len, l_pid.
_FLOCK = "hhqqi"


@contextmanager
def hold(release: Path) -> Iterator[None]:
    """Tell others that the version in the folder ``release`` is being read."""
    with (release / MANIFEST).open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_SH)
        yield


def in_use(release: Path) -> bool:
    """Say whether another program reads the version in the folder ``release``."""
    return _is_held(release / MANIFEST) or _is_open_in_duckdb(release / DATABASE)


def _is_held(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _is_open_in_duckdb(path: Path) -> bool:
    """Ask who holds a lock against writing. Other systems lay the question out in another way; an
    open file can be read to its end there too once its name is gone."""
    if sys.platform != "linux" or not path.is_file():
        return False
    descriptor = os.open(path, os.O_RDONLY)
    try:
        question = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        answer = fcntl.fcntl(descriptor, fcntl.F_GETLK, question)
        return int(struct.unpack(_FLOCK, answer)[0]) != fcntl.F_UNLCK
    finally:
        os.close(descriptor)
