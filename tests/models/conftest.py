"""A small model project that each test writes for itself."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from observatory.lake_tables import Column
from observatory.models.project import Project, load

LAKE = {
    "societies": (
        Column("snapshot_id", "VARCHAR", "the snapshot"),
        Column("locator", "VARCHAR", "the place"),
        Column("number", "VARCHAR", "the number"),
        Column("registered_on", "DATE", "the date"),
        Column("awards", "STRUCT(id VARCHAR, amount DOUBLE)[]", "nested values"),
    )
}


class Files:
    """Writes models and contracts below a temporary folder."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "dbt_like_models"
        self.macros = root / "sql" / "macros"
        self.database = root / "warehouse" / "build.duckdb"
        self.folder.mkdir()

    def model(self, name: str, sql: str, contract: str = "", layer: str = "staging") -> Path:
        """Write a SQL model; the default contract is one VARCHAR column ``id``, the grain."""
        path = self.folder / layer / f"{name}.sql"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"-- {name}\n{textwrap.dedent(sql)}\n")
        self.contract(name, contract, layer)
        return path

    def contract(self, name: str, contract: str = "", layer: str = "staging") -> None:
        path = self.folder / layer / f"{name}.yml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(ID_CONTRACT + textwrap.dedent(contract) if _adds(contract) else contract)

    def seed(self, name: str, text: str, contract: str = "") -> Path:
        self.contract(name, contract, "seeds")
        path = self.folder / "seeds" / f"{name}.csv"
        path.write_text(textwrap.dedent(text))
        return path

    def load(self) -> Project:
        return load(self.folder, LAKE)


def _adds(contract: str) -> bool:
    return "columns:" not in contract


ID_CONTRACT = """\
description: One row a thing.
grain: [id]
columns:
  - {name: id, type: VARCHAR, description: The id.}
"""


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


@pytest.fixture
def attach() -> Callable[[duckdb.DuckDBPyConnection], None]:
    """A lake with one view of three rows."""

    def run(con: duckdb.DuckDBPyConnection) -> None:
        con.execute(
            """
            create schema if not exists lake;
            create or replace view lake.societies as
            select 's-1' as snapshot_id, 'record ' || range as locator, 'N' || range as number,
                   date '2020-01-01' as registered_on,
                   [{'id': 'a', 'amount': 1.5}]::struct(id varchar, amount double)[] as awards
            from range(1, 4)
            """
        )

    return run
