"""Contracts Finder: 10,000 releases to award rows in the lake, against DuckDB's bare read.

All sides are processes of their own over the same JSON Lines file, made from the corpus's real
releases with new ids: ours lands nothing, reads the file as the lake does (mending, screening,
issues, sorted Parquet) and counts award-supplier rows. The peer is ``read_json`` of the file as an
analyst types it, which finds the columns itself and keeps every field, unnested to the same rows.
Beside it stands what is faster still: ``read_json`` told our columns, which skips all other
fields. Median of five, alternating; the target is a ratio to the first.

    python -m bench.contracts_finder
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from bench.files import corpus, ingest

RELEASES = 10_000
RUNS = 5
TARGET = 3.0
PAIRS = (
    "select count(*) from (select unnest(award.suppliers) from "
    "(select unnest(awards) as award from {0}))"
)


def generate(target: Path) -> None:
    """Write ``RELEASES`` lines, cloned in turn from the real releases with ids of their own."""
    real = [
        line
        for path in sorted(corpus("procurement/contracts_finder").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    for path in sorted(corpus("procurement/contracts_finder").glob("*.json")):
        package = json.loads(path.read_text(encoding="utf-8"))
        real += [json.dumps(one, ensure_ascii=False) for one in package["releases"]]
    with target.open("w", encoding="utf-8") as lines:
        for number in range(RELEASES):
            release = json.loads(real[number % len(real)])
            for key in ("ocid", "id"):
                release[key] = f"{release[key]}-{number}"
            for award in release.get("awards", []):
                award["id"] = f"{award['id']}-{number}"
            lines.write(json.dumps(release, ensure_ascii=False) + "\n")


def ours(path: Path) -> int:
    """Read the file into a lake and return its award-supplier rows."""
    import duckdb

    from observatory.lake import Lake
    from observatory.sources.contracts_finder import SOURCE

    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        lake = Lake(Path(folder))
        ingest(lake, SOURCE, path, date(2026, 11, 23), "increment")
        con = duckdb.connect()
        lake.attach(con, {SOURCE.id: SOURCE})
        return _count(con.execute(PAIRS.format("lake.contracts_finder")))


def bare(path: Path) -> int:
    """Read the file with DuckDB alone and return the award-supplier rows."""
    return _read(path, "")


def told(path: Path) -> int:
    """Read the fields that we read, declared, with DuckDB alone and return the same."""
    from observatory.ocds_shape import STRUCTURE

    columns = ", ".join(f"'{name}': '{_type(kind)}'" for name, kind in STRUCTURE.items())
    return _read(path, f", columns = {{{columns}}}, format = 'newline_delimited'")


def _read(path: Path, told: str) -> int:
    import duckdb

    con = duckdb.connect()
    con.execute(f"create table releases as select * from read_json('{path}'{told})")
    return _count(con.execute(PAIRS.format("releases")))


def _type(kind: object) -> str:
    if isinstance(kind, list):
        return f"{_type(kind[0])}[]"
    if isinstance(kind, dict):
        return "STRUCT(" + ", ".join(f'"{k}" {_type(v)}' for k, v in kind.items()) + ")"
    return str(kind)


def _count(cursor: object) -> int:
    return int(cursor.fetchone()[0])  # type: ignore[attr-defined]


SIDES = {"ours": ours, "bare": bare, "told": told}


def measure(side: str, path: Path) -> tuple[float, float, int]:
    """Run one side in a process of its own; return wall seconds, peak RSS in MB and rows."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "bench.contracts_finder", side, str(path)],
        check=True,
        capture_output=True,
        text=True,
    )
    wall = time.perf_counter() - start
    rows, peak = done.stdout.split()
    return wall, float(peak), int(rows)


def main() -> int:
    """Print both sides and their ratio; return 1 when the target is missed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "releases.jsonl"
        generate(path)
        print(f"{RELEASES:,} releases, {path.stat().st_size / 1e6:.1f} MB, median of {RUNS}")
        results: dict[str, list[tuple[float, float, int]]] = {side: [] for side in SIDES}
        for _ in range(RUNS):
            for side, measured in results.items():
                measured.append(measure(side, path))
    walls = {}
    for side, measured in results.items():
        walls[side] = statistics.median(wall for wall, _, _ in measured)
        peak = max(peak for _, peak, _ in measured)
        print(f"{side:5} {walls[side]:6.2f} s  peak {peak:5.0f} MB  {measured[0][2]:,} award rows")
    ratio = walls["ours"] / walls["bare"]
    print(f"ratio to what is told our columns: {walls['ours'] / walls['told']:.2f}")
    same = {rows for measured in results.values() for _, _, rows in measured}
    print(
        f"ratio {ratio:.2f} (at most {TARGET:g}); same award rows on both sides: {len(same) == 1}"
    )
    return int(ratio > TARGET or len(same) != 1)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        counted = SIDES[sys.argv[1]](Path(sys.argv[2]))
        print(counted, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    else:
        sys.exit(main())
