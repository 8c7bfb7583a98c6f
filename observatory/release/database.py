"""The DuckDB file of a release: every published table, with keys and comments.

What belongs here: what the file holds and in which order it is written. What does not: the
other formats (``formats.py``), which are written from this file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from observatory.errors import PermanentError
from observatory.release import change_stage, changes, cookbook, macros, recorded, register
from observatory.release.connections import abreast, attach, literal, quoted
from observatory.release.contracts import PARENT, ReleaseTable
from observatory.release.evolution import Evolution
from observatory.release.facts import FactsHash, hash_tables
from observatory.release.recorded import Recorded
from observatory.release.records import Past
from observatory.release.versions import DATABASE, METADATA_TABLE, ReleaseRef, Version

__all__ = ["DATABASE", "METADATA_TABLE", "Plan", "write_database"]


@dataclass(frozen=True)
class Plan:
    """What goes into one release."""

    database: Path
    folder: Path
    version: Version
    built_at: datetime
    earlier: Sequence[ReleaseRef]
    tables: tuple[ReleaseTable, ...]
    recorded: tuple[Recorded, ...] = ()
    # Every version before this one, those too whose files were pruned.
    past: Sequence[Past] = ()
    evolution: Evolution = Evolution("first")  # noqa: RUF009 - it is frozen
    # Names the code of the models; empty where nobody says.
    code: str = ""
    # The events and edited rules that led to it.
    cause: str = ""

    @property
    def previous(self) -> ReleaseRef | None:
        """The release before this one."""
        return self.earlier[-1] if self.earlier else None


def write_database(
    con: duckdb.DuckDBPyConnection, plan: Plan
) -> tuple[FactsHash, Mapping[str, Any]]:
    """Fill the fresh file behind ``con`` from the build database and the releases before; return
    its facts hash, and how much it changes (``changes.COUNTS``).

    Raises PermanentError that names a table whose rows do not keep its contract.
    """
    own_work = (*register.OWN_NAMES, *(one.history.name for one in plan.recorded))
    attach(con, plan.database, "build")
    for table in plan.tables:
        con.execute(_create(table))
    copied = [table for table in plan.tables if table.name not in own_work]
    for _ in abreast(con, _copy_rows, copied):
        pass
    recorded.write_histories(con, plan.recorded, plan.earlier, plan.version, plan.built_at)
    macros.create(con, {table.name for table in plan.tables})
    cookbook.create_macros(con)
    facts = hash_tables(con, plan.tables)
    base = None
    if plan.previous:
        base = change_stage.remembered(plan.database, str(plan.previous.version))
    counted = changes.write(con, plan.tables, plan.previous, base, plan.code, "build")
    con.execute("detach build")
    own = _own_row(plan, facts, counted)
    register.write_releases(con, [*register.earlier_rows(plan.past), own])
    _write_metadata(con, plan, facts)
    con.execute("checkpoint")
    return facts, counted


def _own_row(plan: Plan, facts: FactsHash, counted: Mapping[str, Any]) -> register.Row:
    fact_tables = [table for table in plan.tables if table.kind == "facts"]
    return (
        str(plan.version),
        register.naive(plan.built_at),
        str(plan.previous.version) if plan.previous else None,
        facts.overall,
        len(fact_tables),
        sum(content.rows for content in facts.tables.values()),
        facts.tables[PARENT].rows if PARENT in facts.tables else None,
        plan.cause or None,
        plan.evolution.kind,
        [str(change) for change in plan.evolution.changes],
        "published",
        None,
        None,
        *register.counts(counted),
    )


def _create(table: ReleaseTable) -> str:
    columns = ", ".join(f"{quoted(column.name)} {column.type}" for column in table.columns)
    key = f", primary key ({', '.join(map(quoted, table.key))})" if table.key else ""
    name = quoted(table.name)
    comments = "".join(
        f"; comment on column {name}.{quoted(column.name)} is {literal(column.description)}"
        for column in table.columns
    )
    return (
        f"create table {name} ({columns}{key}); "
        f"comment on table {name} is {literal(table.description)}{comments}"
    )


def _copy_rows(con: duckdb.DuckDBPyConnection, table: ReleaseTable) -> None:
    names = ", ".join(map(quoted, table.column_names))
    order = ", ".join(f"{quoted(name)} asc nulls last" for name in table.total_order)
    try:
        con.execute(
            f"insert into {quoted(table.name)} "
            f"select {names} from build.main.{quoted(table.name)} order by {order}"
        )
    except duckdb.Error as error:
        raise PermanentError(
            f"the table does not keep its contract ({error})",
            where=table.name,
            remedy="build the models again; if it persists, correct the model or its contract",
        ) from error


def _write_metadata(con: duckdb.DuckDBPyConnection, plan: Plan, facts: FactsHash) -> None:
    con.execute(
        f"create table {METADATA_TABLE} (key varchar primary key, value varchar); "
        f"comment on table {METADATA_TABLE} is 'What this file is: one row a property.'"
    )
    con.executemany(
        f"insert into {METADATA_TABLE} values (?, ?)",
        [
            ("built_at", plan.built_at.isoformat()),
            ("code", plan.code),
            ("duckdb_version", duckdb.__version__),
            ("facts_hash", facts.overall),
            ("previous_version", str(plan.previous.version) if plan.previous else None),
            ("version", str(plan.version)),
        ],
    )
