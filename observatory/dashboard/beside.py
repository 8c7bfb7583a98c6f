"""The pages of organisations, written by a second process while the first draws the figures.

Both are work of one core: 7,000 pages take ten seconds, and so does the rest of the site. What does
not belong here: what a page says (``pages/organisation.py``).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

import observatory
from observatory.dashboard import files
from observatory.dashboard.reader import Reader
from observatory.errors import ObservatoryError, PermanentError, unforeseen

# A process takes half a second of its own to start: less than these pages are not worth it.
WORTH_PAGES = 1_000


def worth_it(reader: Reader) -> bool:
    """Whether the release has enough candidates for a process of their own."""
    if not reader.has("organisations", "is_candidate"):
        return False
    found = reader.one("select count(*) as n from organisations where is_candidate")
    return int(found["n"]) >= WORTH_PAGES


@contextmanager
def organisation_pages(folder: Path, contact: str) -> Iterator[None]:
    """Write the pages of the organisations of the release in ``folder`` while the block runs; all
    are there after it. Raises PermanentError with what the other process said when it fails."""
    order = {"folder": str(folder), "contact": contact}
    with subprocess.Popen(
        # -P: a folder of the reader's that happens to be called observatory is not this one
        [sys.executable, "-P", "-m", __spec__.name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(observatory.__file__).parents[1])},
    ) as process:
        ask, answer = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)
        try:
            ask.write(json.dumps(order) + "\n")
            ask.flush()
            yield
            said = answer.read()
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise _failure(said, process.returncode, folder)


def _failure(said: str, code: int, folder: Path) -> PermanentError:
    try:
        return PermanentError(**json.loads(said.splitlines()[-1]))
    except (IndexError, TypeError, ValueError):
        return PermanentError(
            f"the process that writes the pages of organisations ended with {code}",
            where=str(folder),
            remedy="run again; its own words, if it had any, stand above",
        )


def _end_with_parent() -> None:
    """End this process when standard input ends: whoever asked for the pages is gone, and the next
    run may be writing to the same folder."""
    while os.read(0, 1):
        pass
    os._exit(1)


def main() -> None:
    """Write the pages that a line of JSON on standard input asks for."""
    order = json.loads(_line())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    code = 0
    try:
        files.write_organisations(Path(order["folder"]), order["contact"])
    except Exception as error:
        told = error if isinstance(error, ObservatoryError) else unforeseen(error)
        sys.stdout.write(
            json.dumps({"what": told.what, "where": told.where, "remedy": told.remedy}) + "\n"
        )
        code = 1
    sys.stdout.flush()
    # not sys.exit: the thread that waits for the end of standard input holds it
    os._exit(code)


def _line() -> bytes:
    """The first line of standard input, byte by byte: what follows is for the thread."""
    read = bytearray()
    while not read.endswith(b"\n"):
        read += os.read(0, 1) or b"\n"
    return bytes(read)


if __name__ == "__main__":
    main()
