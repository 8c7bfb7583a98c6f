"""How the release opens DuckDB files: read-only, bounded, and locked where others write the SQL.

What belongs here: connections and the quoting of names. What does not: any query.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import duckdb

from observatory.errors import PermanentError

# Two such connections (a build and a reader) fit beside each other on a small machine.
_MEMORY_LIMIT = "1GB"
_AT_ONCE = 2

One = TypeVar("One")
Result = TypeVar("Result")


def quoted(name: str) -> str:
    """Return ``name`` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str | Path) -> str:
    """Return ``text`` as an SQL string literal."""
    return "'" + str(text).replace("'", "''") + "'"


@contextmanager
def writing(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open (or make) the DuckDB file ``path`` for writing; it spills to a folder of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="observatory-") as spill,
        duckdb.connect(str(path), config=_bounds(spill)) as con,
    ):
        yield con


@contextmanager
def reading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open ``path`` read-only, with its tables in reach by their bare names.

    The file is attached to a connection in memory: readers of one process that open it with
    other settings do not get in each other's way. Raises PermanentError when it is missing.
    """
    if not path.is_file():
        raise PermanentError(
            "there is no such database", where=str(path), remedy="run `observatory refresh`"
        )
    with (
        tempfile.TemporaryDirectory(prefix="observatory-") as spill,
        duckdb.connect(":memory:", config=_bounds(spill)) as con,
    ):
        attach(con, path, "observatory")
        con.execute("use observatory")
        yield con


def attach(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Attach the DuckDB file ``path`` read-only as ``name``. Raises PermanentError when it is
    damaged."""
    try:
        con.execute(f"attach {literal(path)} as {quoted(name)} (read_only)")
    except duckdb.Error as error:
        raise PermanentError(
            f"cannot be opened: {str(error).partition(chr(10))[0]}",
            where=str(path),
            remedy="restore it from a copy, or move its folder away: the next refresh makes a "
            "release that is missing again",
        ) from error


def abreast(
    con: duckdb.DuckDBPyConnection,
    work: Callable[[duckdb.DuckDBPyConnection, One], Result],
    items: Iterable[One],
) -> Iterator[Result]:
    """Call ``work`` for each of ``items``, two at a time, each on a connection of its own to the
    databases of ``con``; give the results in order. Most tables are too small for DuckDB to use
    two cores on one of them.

    What ``work`` raises is raised here. Temporary tables of ``con`` are out of its reach.
    """
    held = str(con.execute("select current_database()").fetchall()[0][0])
    chosen = list(items)
    cursors = [con.cursor().execute(f"use {quoted(held)}") for _ in chosen]
    pool = ThreadPoolExecutor(max_workers=_AT_ONCE)
    try:
        yield from pool.map(work, cursors, chosen)
    finally:
        pool.shutdown(cancel_futures=True)
        for cursor in cursors:
            cursor.close()


def lock(con: duckdb.DuckDBPyConnection) -> None:
    """Shut ``con`` off from files, network and extensions, for good: from here on it can
    only read what is attached. For SQL that somebody else wrote."""
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")


def _bounds(spill: str) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "memory_limit": _MEMORY_LIMIT,
        "temp_directory": spill,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
