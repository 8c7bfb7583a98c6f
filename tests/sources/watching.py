"""A release with candidates in it, for readers that ask about watched organisations only.

What belongs here: the least of a release that the watch list reads. What does not: publishing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from observatory.release.database import DATABASE
from observatory.release.manifest import Manifest, write_manifest
from observatory.release.versions import POINTER

VERSION = "v2026.11.23.1"


def publish(
    releases: Path,
    organisations: Iterable[tuple[str, bool]],
    identifiers: Iterable[tuple[str, str, str, str]],
    tables: Sequence[str] = ("organisations", "identifiers"),
) -> None:
    """Write a release whose organisations (id, candidate) have these identifiers (id, scheme,
    identifier, confidence), and point ``latest`` at it."""
    folder = releases / VERSION
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DATABASE).unlink(missing_ok=True)
    with duckdb.connect(str(folder / DATABASE)) as con:
        if "organisations" in tables:
            con.execute("create table organisations (org_id varchar, is_candidate boolean)")
            _fill(con, "organisations", 2, organisations)
        if "identifiers" in tables:
            con.execute(
                "create table identifiers "
                "(org_id varchar, scheme varchar, identifier varchar, confidence varchar)"
            )
            _fill(con, "identifiers", 4, identifiers)
    built_at = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
    write_manifest(folder, Manifest(VERSION, built_at, "", "", (), (), ()))
    pointer = releases / POINTER
    pointer.unlink(missing_ok=True)
    pointer.symlink_to(folder.name)


def watch(releases: Path, *, companies: Iterable[str] = (), societies: Iterable[str] = ()) -> None:
    """Publish a release whose candidates have just these numbers."""
    numbers = [("GB-COH", one) for one in companies] + [("GB-MPR", one) for one in societies]
    publish(
        releases,
        [(f"{scheme}-{number}", True) for scheme, number in numbers],
        [(f"{scheme}-{number}", scheme, number, "exact") for scheme, number in numbers],
    )


def _fill(
    con: duckdb.DuckDBPyConnection, table: str, width: int, rows: Iterable[Sequence[object]]
) -> None:
    for row in rows:
        con.execute(f"insert into {table} values ({', '.join('?' * width)})", list(row))
