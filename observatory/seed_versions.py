"""Which version of each rule file a build used: the seeds as they lie in the project, by hash.

What belongs here: counting and hashing files. What does not: what their lines mean (the models).
The files are landed too (``sources/rules.py``), so that ``rule_history`` knows since when a line
holds.
"""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path
from typing import Final

import duckdb

from observatory.settings import PROJECT_ROOT

SEEDS: Final = PROJECT_ROOT / "dbt_like_models" / "seeds"


def record(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``seed_versions``: one row a seed with its number of lines and its SHA-256."""
    con.execute(
        "create or replace table seed_versions (seed varchar, lines bigint, sha256 varchar)"
    )
    for path in seeds():
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = sum(1 for _ in csv.DictReader(file))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        con.execute("insert into seed_versions values (?, ?, ?)", [path.stem, lines, digest])


def seeds() -> list[Path]:
    """Return the seeds that are tables of the project: those with a contract beside them."""
    return [path for path in sorted(SEEDS.glob("*.csv")) if path.with_suffix(".yml").is_file()]
