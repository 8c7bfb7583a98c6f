"""A release of fictional organisations, made from the real contracts.

Every published table has its real columns, so a page that reads a column which no contract has
fails here. The rules (definitions, criteria, signals, sectors) are the real seeds.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from observatory.build import load_project
from observatory.dashboard import companion
from observatory.release.connections import literal, quoted
from observatory.release.contracts import ReleaseTable, published_tables
from observatory.release.publish import publish
from observatory.settings import Settings
from tests.dashboard.fictional_rows import Row, rows


def release(home: Path, many: int = 0) -> Settings:
    """Publish a release of these rows, with its site, below ``home``; return the settings."""
    settings = Settings(home=home, contact="objections@example.org")
    project = load_project(settings)
    settings.warehouse.mkdir(parents=True)
    with duckdb.connect(str(settings.build_database)) as con:
        held = rows(many)
        for table in published_tables(project):
            _fill(con, table, settings.models / "seeds", held.get(table.name, []))
    publish(
        settings.build_database,
        project,
        settings.releases,
        companions=(companion.writer(settings),),
    )
    return settings


def _fill(
    con: duckdb.DuckDBPyConnection, table: ReleaseTable, seeds: Path, held: Sequence[Row]
) -> None:
    columns = ", ".join(f"{quoted(one.name)} {one.type}" for one in table.columns)
    con.execute(f"create table {quoted(table.name)} ({columns})")
    seed = seeds / f"{table.name}.csv"
    if seed.is_file():
        con.execute(
            f"insert into {quoted(table.name)} by name "
            f"select * from read_csv({literal(seed)}, all_varchar = true)"
        )
    for given in held:
        row = {**dict.fromkeys(table.key, ""), **given}  # a text of the key that nobody named
        names = ", ".join(quoted(name) for name in row)
        marks = ", ".join("?" for _ in row)
        con.execute(
            f"insert into {quoted(table.name)} ({names}) values ({marks})", list(row.values())
        )
