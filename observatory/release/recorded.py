"""What releases said, kept from one to the next: the histories of tables that rules derive.

A fact's history can be made again from the landing; what we said of it cannot, because the rules of
that day are gone. So each release carries the record of the one before it on: the versions of rows
that still stand, those that were replaced or left out with the moment of it, and its own new ones.
The newest release therefore holds the whole record, and older ones may be thrown away.

What belongs here: which histories are kept so, and writing them. What does not: histories of facts
(models in ``dbt_like_models/lifecycle``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from observatory.release import register
from observatory.release.connections import attach, literal, quoted
from observatory.release.contracts import (
    ProjectLike,
    ReleaseColumn,
    ReleaseTable,
    published_tables,
)
from observatory.release.versions import DATABASE, ReleaseRef, Version

_KNOWN_FROM, _KNOWN_TO, _HASH, _SAID_IN = "known_from", "known_to", "row_hash", "said_in"
_OWN = (
    ReleaseColumn(
        _HASH,
        "VARCHAR",
        "First 16 hexadecimal digits of the MD5 of what the row says.",
        licence="rows",
    ),
    ReleaseColumn(
        _KNOWN_FROM,
        "TIMESTAMP",
        "From when we said so, UTC: the time of the first release that did; for a record received "
        "since the release before it, when that was received.",
        licence="rows",
        not_a_change=True,
    ),
    ReleaseColumn(
        _KNOWN_TO,
        "TIMESTAMP",
        "Until when we said so, UTC: known_from of what replaced it, or the time of the first "
        "release that left it out; null while we say it.",
        licence="rows",
        not_a_change=True,
    ),
    ReleaseColumn(_SAID_IN, "VARCHAR", "The first release that said so.", licence="rows"),
)


@dataclass(frozen=True)
class Recorded:
    """A published table, and the table of its versions."""

    table: ReleaseTable
    history: ReleaseTable


@dataclass(frozen=True)
class Moment:
    """One release: its version, its time, and the time of the one before it (None: the first)."""

    version: Version
    built_at: datetime
    before: datetime | None


def recorded_tables(project: ProjectLike) -> tuple[Recorded, ...]:
    """Return each table whose contract says ``recorded``, with the form of its history.

    The history has the table's columns as they were said, without known times of their own.
    Nothing in it refers to a present row: what is referred to may be gone.
    """
    return tuple(
        Recorded(table, _history(table))
        for table in published_tables(project)
        if project.models[table.name].contract.recorded
    )


def _history(table: ReleaseTable) -> ReleaseTable:
    said = [replace(column, references="") for column in table.columns]
    own = {column.name for column in _OWN}
    return ReleaseTable(
        name=f"{table.name}_history",
        description=(
            f"Every version of a row of {table.name} that a release said, from when to when: "
            "carried on from release to release."
        ),
        kind="run",
        key=(*table.key, _SAID_IN),
        order_by=(*table.order_by, _SAID_IN),
        columns=(*(column for column in said if column.name not in own), *_OWN),
    )


def write_histories(
    con: duckdb.DuckDBPyConnection,
    recorded: Sequence[Recorded],
    earlier: Sequence[ReleaseRef],
    version: Version,
    built_at: datetime,
) -> None:
    """Fill the (empty) history tables of the release that ``con`` writes, whose other tables are
    there already.

    ``earlier`` are the releases before it, oldest first; ``version`` and ``built_at`` (UTC) are its
    own. What the earlier ones said is taken from the newest that carries the record; the tables
    themselves are read of those that came after it, or of all where none carries one.
    """
    for one in recorded:
        name = one.history.name
        con.execute(f"create or replace temp table _held as from {quoted(name)}")
        carrying = [n for n, ref in enumerate(earlier) if ref.manifest.rows(name) is not None]
        first = carrying[-1] if carrying else 0
        for n, ref in enumerate(earlier[first:], first):
            attach(con, ref.path / DATABASE, "before")
            if n in carrying:
                con.execute(f"insert into _held by name {_shared(con, one.history)}")
            elif ref.manifest.rows(one.table.name) is not None:
                before = earlier[n - 1].built_at if n else None
                _absorb(con, one.table, "before", Moment(ref.version, ref.built_at, before))
            con.execute("detach before")
        last = earlier[-1].built_at if earlier else None
        _absorb(con, one.table, "", Moment(version, built_at, last))
        _strike(con, one.history)
        names = ", ".join(map(quoted, one.history.column_names))
        order = ", ".join(f"{quoted(key)} asc nulls last" for key in one.history.total_order)
        con.execute(f"insert into {quoted(name)} select {names} from _held order by {order}")
        con.execute("drop table _held")


def _shared(con: duckdb.DuckDBPyConnection, table: ReleaseTable) -> str:
    """Select what the attached release holds of the columns of ``table``."""
    held = _columns(con, "before", table.name)
    chosen = ", ".join(quoted(name) for name in table.column_names if name in held)
    return f"select {chosen} from before.main.{quoted(table.name)}"


def _absorb(
    con: duckdb.DuckDBPyConnection, table: ReleaseTable, database: str, moment: Moment
) -> None:
    """Take what one release says into the record: end what it no longer says, add what is new."""
    _say(con, table, database, moment)
    same_key = " and ".join(f"held.{quoted(key)} = said.{quoted(key)}" for key in table.key)
    at = f"timestamp {literal(register.naive(moment.built_at).isoformat(sep=' '))}"
    con.execute(
        f"""
        create or replace temp table _ended as
        select held.rowid as row_of_held, coalesce(said.{_KNOWN_FROM}, {at}) as ended_at
        from _held as held left join _said as said on {same_key}
        where held.{_KNOWN_TO} is null and held.{_HASH} is distinct from said.{_HASH};
        update _held set {_KNOWN_TO} = ended_at from _ended where _held.rowid = row_of_held;
        insert into _held by name
        select said.*, {literal(str(moment.version))} as {_SAID_IN}
        from _said as said
        anti join (from _held where {_KNOWN_TO} is null) as held on {same_key};
        drop table _ended; drop table _said
        """
    )


def _say(
    con: duckdb.DuckDBPyConnection, table: ReleaseTable, database: str, moment: Moment
) -> None:
    """Make ``_said``: the rows of ``table`` in a release, each with its hash and the moment from
    which it was said."""
    held = _columns(con, database, table.name)
    kept = [one for one in table.columns if one.name in held]
    said = [one for one in kept if one.name not in (_KNOWN_FROM, _KNOWN_TO)]
    content = ", ".join(
        f"{quoted(one.name)} := {quoted(one.name)}" for one in said if not one.not_a_change
    )
    at = f"timestamp {literal(register.naive(moment.built_at).isoformat(sep=' '))}"
    known = at
    if _KNOWN_FROM in held:
        since = moment.before and register.naive(moment.before).isoformat(sep=" ")
        newly = f"{_KNOWN_FROM} > timestamp {literal(since)}" if since else "true"
        known = f"case when {newly} then least({_KNOWN_FROM}, {at}) else {at} end"
    source = f"{quoted(database)}.main." if database else ""
    con.execute(
        f"create or replace temp table _said as select {', '.join(quoted(o.name) for o in said)}, "
        f"md5(cast(to_json(struct_pack({content})) as varchar))[1:16] as {_HASH}, "
        f"{known} as {_KNOWN_FROM} from {source}{quoted(table.name)}"
    )


def _strike(con: duckdb.DuckDBPyConnection, history: ReleaseTable) -> None:
    """Drop the versions that rest on a record which was redacted since: what had to go is not
    carried on. ``data_issues`` names the places."""
    place = {"snapshot_id", "locator"}
    if place <= set(history.column_names) and place <= _columns(con, "", "data_issues"):
        con.execute(
            "delete from _held where (snapshot_id, locator) in "
            "(select (snapshot_id, locator) from data_issues where kind = 'redacted')"
        )


def _columns(con: duckdb.DuckDBPyConnection, database: str, table: str) -> set[str]:
    """The columns of a table in an attached database (empty: the one being written)."""
    where = literal(database) if database else "current_database()"
    rows = con.execute(
        f"select column_name from duckdb_columns() where database_name = {where} "
        f"and schema_name = 'main' and table_name = {literal(table)}"
    ).fetchall()
    return {str(row[0]) for row in rows}
