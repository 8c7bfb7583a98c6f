"""How the build database is opened: one writer, bounded memory, one place for both settings.

What does not belong here: what is written (``run.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import filelock

from observatory.errors import PermanentError, TransientError

# The machine to suit has two cores and shares its memory with Dagster; what does not fit in
# two gigabytes spills into a folder beside the database.
MEMORY_LIMIT = "2GB"
THREADS = 2
# A whole build takes a minute or two; a lock held longer than this means a stuck process.
WAIT_SECONDS = 600.0


@contextmanager
def writer(
    database: Path, *, wait_seconds: float = WAIT_SECONDS
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the build database for writing, alone, across threads and processes.

    Raises TransientError when another writer holds it for longer than ``wait_seconds``, or a
    reader has it open; PermanentError when the file is not a database that DuckDB reads.
    """
    with alone(database, wait_seconds), _open(database, read_only=False) as con:
        yield con


@contextmanager
def reader(
    database: Path, *, wait_seconds: float = WAIT_SECONDS
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the build database for reading, while nobody writes it. Raises as ``writer`` does."""
    with alone(database, wait_seconds), _open(database, read_only=True) as con:
        yield con


@contextmanager
def alone(database: Path, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Keep every other process and thread from the build database; a thread that has it already
    may ask again. A process that is killed lets go. Raises TransientError after the wait."""
    database.parent.mkdir(parents=True, exist_ok=True)
    path = database.resolve().with_name(database.name + ".lock")
    lock = filelock.FileLock(path, is_singleton=True)
    try:
        lock.acquire(timeout=wait_seconds)
    except filelock.Timeout as error:
        raise TransientError(
            "another run is writing the build database",
            where=str(database),
            remedy="wait for it to end, then try again",
        ) from error
    try:
        yield
    finally:
        lock.release()


def remedy(error: duckdb.Error) -> str:
    """Return a line that says what to do about damage on the disk; empty for other errors."""
    said = str(error)
    if "Corrupt database file" in said:
        return "\n  What to do: move the build database away; it is made anew from the lake"
    if ".parquet" in said and isinstance(error, duckdb.IOException | duckdb.InvalidInputException):
        return (
            "\n  What to do: move that file's folder away from the lake; the next refresh reads "
            "its snapshot again from the landing"
        )
    return ""


def in_memory() -> duckdb.DuckDBPyConnection:
    """Return a fresh database for unit tests; small data is faster on one thread."""
    return duckdb.connect(":memory:", config={"threads": 1})


def load_macros(con: duckdb.DuckDBPyConnection, macros: Mapping[str, str]) -> None:
    """Create the macros, given as file name → text. Raises PermanentError naming the file."""
    for file_name, text in macros.items():
        try:
            con.execute(text)
        except duckdb.Error as error:
            raise PermanentError(
                f"the macro cannot be created: {error}", where=file_name
            ) from error


@contextmanager
def _open(database: Path, *, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY_LIMIT,
        "threads": THREADS,
        "temp_directory": str(database.with_name(database.name + ".spill")),
        # Each model is a commit, and a checkpoint after each sixteen megabytes, DuckDB's own
        # pace, took 5 s of the corpus' 38; now the file is tidied once, when it is closed.
        "wal_autocheckpoint": "1GB",
    }
    try:
        con = duckdb.connect(str(database), read_only=read_only, config=config)
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise TransientError(
                "another process has the build database open",
                where=str(database),
                remedy="close it, then try again",
            ) from error
        raise PermanentError(
            f"cannot be opened: {error}",
            where=str(database),
            remedy="move the file away; the next build makes it anew from the lake",
        ) from error
    try:
        yield con
    finally:
        con.close()
