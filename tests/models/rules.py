"""The evidence and classification models alone, over tables that a test gives.

The tables they read from other rooms are stood in for by empty ones with the same columns, so
that a rule can be tried without any published file.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import ClassVar

from observatory.models import contracts, engine, tables
from observatory.models.contracts import ColumnContract
from observatory.models.project import Project, load
from observatory.models.reads import tables_read
from observatory.settings import PROJECT_ROOT

MODELS = PROJECT_ROOT / "dbt_like_models"

ROOMS = ("seeds", "evidence", "classification")


def project(folder: Path) -> Project:
    """Return a project of the real rules over stand-ins, put together in ``folder``."""
    for layer in ROOMS:
        shutil.copytree(MODELS / layer, folder / layer)
    (folder / "given").mkdir()
    for table in sorted(_read_from_elsewhere()):
        _stand_in(folder / "given", table)
    return load(folder, {}, PROJECT_ROOT / "sql" / "macros")


def _read_from_elsewhere() -> set[str]:
    made, read = set(), set()
    for layer in ROOMS:
        for path in (MODELS / layer).glob("*.yml"):
            contract = contracts.read(path)
            made.add(contract.name)
            read |= {*contract.depends_on}
            read |= {one.references.split(".")[0] for one in contract.columns if one.references}
            for test in contract.tests:
                read |= tables_read(test.sql, where=str(path))
        for path in (MODELS / layer).glob("*.sql"):
            read |= tables_read(path.read_text(encoding="utf-8"), where=str(path))
    return read - made


def _stand_in(folder: Path, table: str) -> None:
    columns = contracts.read(next(MODELS.glob(f"*/{table}.yml"))).columns
    select = ", ".join(f"null::{one.type} as {one.name}" for one in columns)
    (folder / f"{table}.sql").write_text(f"select {select} where false\n")
    (folder / f"{table}.yml").write_text(
        f"description: given\ngrain: [{columns[0].name}]\ncolumns:\n"
        + "".join(_column(one) for one in columns)
    )


def _column(column: ColumnContract) -> str:
    kind = column.type.replace("'", "''")
    return f"  - {{name: {column.name}, type: '{kind}', description: given}}\n"


def seed(name: str) -> list[dict[str, str]]:
    """Return the rows of a seed as text."""
    path = MODELS / "seeds" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


SIGNALS = {row["signal_id"]: row for row in seed("signals")}

Row = Mapping[str, object]


class Judge:
    """Runs the judging models, as they stand, over evidence that a test gives.

    ``seeds`` may be changed through ``con`` between two runs: they are made once.
    """

    GIVEN: ClassVar[dict[str, str]] = {
        "ent_published": "org_id",
        "ent_organisations": "org_id legal_form",
        "cls_nations": "org_id nation",
        "cls_ends": "org_id registered_on:DATE spun_out_on:DATE spun_out_precision ended_on:DATE"
        " ended_precision end_kind",
        "evidence": "evidence_id org_id signal_id criterion_id direction strength source url"
        " valid_from:DATE valid_to:DATE",
    }
    SEEDS = ("definitions", "criteria", "definition_criteria", "signals", "evidence_sources",
             "corrections")  # fmt: skip

    def __init__(self, project: Project) -> None:
        self.con = engine.in_memory()
        engine.load_macros(self.con, project.macros)
        for name in self.SEEDS:
            tables.make(self.con, project.model(name))
        for name, columns in self.GIVEN.items():
            pairs = [column.partition(":")[::2] for column in columns.split()]
            typed = ", ".join(f"{column} {kind or 'varchar'}" for column, kind in pairs)
            self.con.execute(f"create table {name} ({typed})")
        self.chain = [
            project.model(name)
            for name in project.upstream(["classifications"])
            if project.model(name).layer == "classification" and name not in self.GIVEN
        ]

    def judge(
        self,
        evidence: Mapping[str, Iterable[Row]],
        lives: Mapping[str, Row] | None = None,
        nations: Mapping[str, str] | None = None,
        forms: Mapping[str, str] | None = None,
    ) -> None:
        """Judge organisations by their evidence (org_id → pieces as ``piece`` makes them)."""
        given: dict[str, list[Row]] = {name: [] for name in self.GIVEN}
        for org_id, pieces in evidence.items():
            form = (forms or {}).get(org_id, "cic")
            given["ent_published"].append({"org_id": org_id})
            given["ent_organisations"].append({"org_id": org_id, "legal_form": form})
            given["cls_nations"].append({"org_id": org_id, "nation": (nations or {}).get(org_id)})
            given["cls_ends"].append({"org_id": org_id, **(lives or {}).get(org_id, {})})
            for number, one in enumerate(pieces):
                named = {"evidence_id": f"{org_id}-e{number}", "org_id": org_id}
                given["evidence"].append({**named, **one})
        for name, rows in given.items():
            self._put(name, rows)
        for model in self.chain:
            tables.make(self.con, model)

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        """Return the rows of a question to the tables that were made."""
        return self.con.execute(sql).fetchall()

    def verdicts(self, column: str = "verdict") -> dict[tuple[str, str], str]:
        """Return a column of classifications by organisation and definition."""
        rows = self.ask(f"select org_id, definition_id, {column} from classifications")
        return {(str(org_id), str(definition)): str(value) for org_id, definition, value in rows}

    def _put(self, table: str, rows: list[Row]) -> None:
        names = [column.partition(":")[0] for column in self.GIVEN[table].split()]
        marks = ", ".join("?" for _ in names)
        self.con.execute(f"delete from {table}")
        if rows:
            values = [[row.get(name) for name in names] for row in rows]
            self.con.executemany(f"insert into {table} values ({marks})", values)


def piece(
    signal_id: str, valid_from: date | None = None, valid_to: date | None = None, **changes: object
) -> dict[str, object]:
    """Return evidence as a signal of the seed gives it, with what a test wants otherwise."""
    row = SIGNALS[signal_id]
    kept = ("signal_id", "criterion_id", "direction", "strength", "source")
    first = {"source": row["source"].split("|")[0]}  # the first of the sources that raise it
    dates = {"valid_from": valid_from, "valid_to": valid_to}
    return {**{name: row[name] for name in kept}, **first, **dates, **changes}
