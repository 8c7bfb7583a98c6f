"""Which models are stale: decided by what went into them, never by the clock.

A fingerprint covers a model's code, contract, seeds and macros, DuckDB's version, the
fingerprints of what was built before it, and the versions of the lake data that it reads.
What does not belong here: building (``run.py``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import duckdb

from observatory.models import engine
from observatory.models.project import Model, Project

# Raise it when the runner itself starts to make other rows out of the same SQL.
RUNNER_VERSION = 1
RECORD = "_observatory_models"


def fingerprint(
    project: Project, model: Model, before: Mapping[str, str], lake_versions: Mapping[str, str]
) -> str:
    """Return the model's fingerprint, given those of the models before it and the version of
    each lake view (by its name without the schema).

    Empty, which is never fresh, when one of these is not known.
    """
    ingredients = [str(RUNNER_VERSION), duckdb.__version__, model.code_hash()]
    ingredients += [f"{name}={text}" for name, text in sorted(project.macros.items())]
    for name in model.before:
        ingredients.append(before.get(name, ""))
    for view in model.reads_lake:
        ingredients.append(lake_versions.get(view, ""))
    if not all(ingredients):
        return ""
    return hashlib.sha256("\n\0".join(ingredients).encode()).hexdigest()


def plan(
    project: Project,
    database: Path,
    lake_versions: Mapping[str, str],
    *,
    wait_seconds: float = engine.WAIT_SECONDS,
) -> list[str]:
    """Return the names of the stale models, in build order.

    A model is stale when its table is missing, failed its last build, or was made from other
    ingredients than today's. Raises TransientError when a writer has the database open for longer
    than ``wait_seconds``.
    """
    if not database.exists():
        return list(project.models)
    with engine.reader(database, wait_seconds=wait_seconds) as con:
        built = recorded(con)
    current: dict[str, str] = {}
    for name, model in project.models.items():
        current[name] = fingerprint(project, model, current, lake_versions)
    return [
        name for name in project.models if not current[name] or current[name] != built.get(name)
    ]


def built_fingerprint(database: Path) -> str:
    """Return one hash over all that stands in the database (empty when there is none):
    the same ingredients give the same hash, wherever and whenever they were built."""
    if not database.exists():
        return ""
    with engine.reader(database) as con:
        lines = [f"{name} {print_}" for name, print_ in sorted(recorded(con).items())]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest() if lines else ""


def recorded(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the fingerprints of the tables that stand in the database."""
    tables = {
        str(row[0]) for row in con.execute("select table_name from duckdb_tables()").fetchall()
    }
    if RECORD not in tables:
        return {}
    rows = con.execute(f"select model, fingerprint from {RECORD}").fetchall()
    return {str(name): str(print_) for name, print_ in rows if name in tables}


def recorded_rows(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return the numbers of rows of the tables, as counted when they were made."""
    rows = con.execute(f"select model, row_count from {RECORD}").fetchall()
    return {str(name): int(count) for name, count in rows}


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Create the table that remembers the fingerprints."""
    con.execute(
        f"create table if not exists {RECORD}"
        " (model varchar primary key, fingerprint varchar, row_count bigint)"
    )


def record(con: duckdb.DuckDBPyConnection, name: str, value: str, rows: int) -> None:
    """Remember the fingerprint and the number of rows of a table that was just made."""
    con.execute(f"insert or replace into {RECORD} values (?, ?, ?)", [name, value, rows])


def distrust(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Make a standing table stale: its last build failed."""
    con.execute(f"update {RECORD} set fingerprint = '' where model = ?", [name])


def forget(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Forget a table that is no more."""
    con.execute(f"delete from {RECORD} where model = ?", [name])
