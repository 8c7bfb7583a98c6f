"""A bulk CSV on its way into DuckDB: unpacked and mended in a thread while DuckDB reads it.

A named pipe stands between the two, so that nothing is written to disk in between, unpacking
costs no time of its own on a second core, and a file of any size takes the memory of a few pieces.

What belongs here: threads and pipes. What does not: the bytes (``_bulk_bytes.py``) and their
repair (``_bulk_mending.py``).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from observatory.errors import ObservatoryError, PermanentError
from observatory.sources._bulk_bytes import pieces
from observatory.sources._bulk_mending import Mender


@dataclass(frozen=True)
class Stream:
    """One body: where its bytes are (``path``, shown as ``where``), and who mends them on the
    way into the ``pipe``."""

    path: Path
    where: str
    mender: Mender
    pipe: Path

    def pour(self) -> None:
        """Write the whole file into the pipe, once somebody has opened its other end."""
        with self.pipe.open("wb") as out:
            for piece in pieces(self.path, self.where):
                out.write(self.mender.take(piece))
            out.write(self.mender.finish())


@contextmanager
def pipe_folder() -> Iterator[Path]:
    """Yield a folder for named pipes: the system's own, since not every disk can hold them."""
    with tempfile.TemporaryDirectory(prefix="observatory-") as folder:
        yield Path(folder)


@contextmanager
def poured(streams: Sequence[Stream]) -> Iterator[None]:
    """Pour the streams while the caller reads every pipe to its end, each once.

    Raises what went wrong with the bytes (BadInput) rather than what it led to, and
    PermanentError when a pipe was not read to its end.
    """
    for stream in streams:
        os.mkfifo(stream.pipe)
    with ThreadPoolExecutor(len(streams)) as pool:
        running = [pool.submit(stream.pour) for stream in streams]
        try:
            yield
        finally:
            for stream, future in zip(streams, running, strict=True):
                _let_go(stream, future)
            for future in running:
                if isinstance(future.exception(), ObservatoryError):
                    future.result()
    for stream, future in zip(streams, running, strict=True):
        try:
            future.result()
        except BrokenPipeError as error:
            raise PermanentError("it was not read to its end", where=stream.where) from error


def _let_go(stream: Stream, future: Future[None]) -> None:
    """Free a thread that waits for a reader: it is given one that goes away at once."""
    while not future.done():
        os.close(os.open(stream.pipe, os.O_RDONLY | os.O_NONBLOCK))
        wait([future], timeout=0.05)
