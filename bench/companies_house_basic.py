"""Companies House: 5.7 million companies from the zip into the lake, against DuckDB's bare COPY.

Each side is a process of its own. Ours is the whole ingest: out of the zip, bytes checked,
header checked, cells typed, unreadable ones and unknown words reported, locators, content hash,
durable Parquet. The peer is DuckDB alone, ``COPY`` of the same 55 columns as text to zstd Parquet,
from the CSV that lies there unpacked. We unpack while DuckDB reads, so our time and the ratio hold
the unpacking too; what it takes by itself (Python's ``zipfile``, written nowhere) is shown apart.
Median of the runs, in turns.

    python -m bench.companies_house_basic [--runs 5] [--rows 5700000] [--keep FOLDER]

The rows are the corpus's real ones, repeated with company numbers of their own, and cells that
the extract lacks filled from the verbatim file, so that a row is as long as a published one.
"""

from __future__ import annotations

import argparse
import csv
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import date
from io import TextIOWrapper
from pathlib import Path

from bench.files import corpus, ingest

ROWS, RUNS = 5_700_000, 5
RATIO, PEAK_MB = 1.5, 1_500
STEM = "BasicCompanyDataAsOneFile-2026-11-01"
_NUMBER, _URI = 1, 32


def generate(folder: Path, rows: int) -> tuple[Path, Path]:
    """Write the CSV and its zip, unless they are there from before; return both paths."""
    plain = folder / f"{STEM}-{rows}.csv"
    packed = plain.with_suffix(".zip")
    if packed.is_file() and plain.is_file():
        return plain, packed
    header, templates = _templates()
    with plain.open("wb") as file:
        file.write(header)
        for start in range(0, rows, len(templates)):
            block: list[bytes] = []
            for number, (before, between, after) in enumerate(templates[: rows - start], start):
                block += (before, b"%08d" % number, between, b"%08d" % number, after)
            file.write(b"".join(block))
    half = packed.with_suffix(".partial")
    with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(plain, f"{STEM}.csv")
    half.replace(packed)
    return plain, packed


def _templates() -> tuple[bytes, list[tuple[bytes, bytes, bytes]]]:
    """Return the verbatim header, and each real row cut at the two places of its number."""
    (verbatim,) = corpus("companies_house/basic").glob("BasicCompanyData-*.csv")
    (extract,) = corpus("companies_house/basic").glob("BasicCompanyDataAsOneFile-*.zip")
    with verbatim.open("rb") as file:
        header = file.readline()
    with verbatim.open(encoding="utf-8", newline="") as text:
        full = list(_records(text))
    with zipfile.ZipFile(extract) as archive, archive.open(archive.namelist()[0]) as member:
        real = list(_records(TextIOWrapper(member, encoding="utf-8", newline="")))
    templates = []
    for place, record in enumerate(real):
        cells = [mine or other for mine, other in zip(record, full[place % len(full)], strict=True)]
        cells[_NUMBER] = "\0"
        cells[_URI] = "http://business.data.gov.uk/id/company/\0"
        quoted = ('"' + cell.replace('"', '""') + '"' for cell in cells)
        before, between, after = (",".join(quoted) + "\r\n").encode().split(b"\0")
        templates.append((before, between, after))
    return header, templates


def _records(text: Iterator[str]) -> Iterator[list[str]]:
    rows = csv.reader(text)
    next(rows)
    return rows


def ours(path: Path) -> tuple[int, float]:
    """Ingest the zip into a lake; return its rows and the seconds in all."""
    from observatory.lake import Lake
    from observatory.sources.companies_house_basic import SOURCE

    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        began = time.perf_counter()
        found = ingest(Lake(Path(folder)), SOURCE, path, date(2026, 11, 1), "whole")
        return found.rows, time.perf_counter() - began


def unzip(path: Path) -> tuple[int, float]:
    """Unpack the zip's one member into nowhere; return its lines but one, and the seconds."""
    began, lines = time.perf_counter(), 0
    with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as member:
        while piece := member.read(1 << 20):
            lines += piece.count(b"\n")
    return lines - 1, time.perf_counter() - began


def bare(path: Path) -> tuple[int, float]:
    """Copy the CSV's 55 columns as text to Parquet with DuckDB alone."""
    import duckdb

    with tempfile.TemporaryDirectory(dir=path.parent) as folder, duckdb.connect() as con:
        began = time.perf_counter()
        row = con.execute(
            f"copy (select * from read_csv('{path}', header = true, all_varchar = true, "
            "delim = ',', quote = '\"', escape = '\"')) "
            f"to '{folder}/bare.parquet' (format parquet, compression zstd)"
        ).fetchone()
        return int(row[0]) if row else 0, time.perf_counter() - began


SIDES = {"ours": ours, "bare": bare, "unzip": unzip}


def measure(side: str, path: Path) -> dict[str, float]:
    """Run one side in a process of its own; return rows, wall and processor time (s)
    and peak (MB)."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.companies_house_basic", "--side", side, "--file", str(path)],
        check=True,
        capture_output=True,
        text=True,
    )
    names = ("rows", "wall", "peak", "cpu")
    return dict(zip(names, map(float, done.stdout.split()), strict=True))


def compare(folder: Path, rows: int, runs: int) -> int:
    """Print both sides and their ratio; return 1 when a target is missed."""
    plain, packed = generate(folder, rows)
    size = plain.stat().st_size / 1e9
    print(f"{rows:,} companies, {size:.2f} GB, zip {packed.stat().st_size / 1e6:.0f} MB, {runs=}")
    results: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
    for _ in range(runs):
        for side, measured in results.items():
            measured.append(measure(side, plain if side == "bare" else packed))
    wall = {}
    for side, measured in results.items():
        wall[side] = statistics.median(one["wall"] for one in measured)
        peak = max(one["peak"] for one in measured)
        each = ", ".join(f"{one['wall']:.1f}" for one in measured)
        cpu = statistics.median(one["cpu"] for one in measured)
        print(f"{side:5} {wall[side]:6.1f} s ({each})  CPU {cpu:6.1f} s  peak {peak:5.0f} MB")
    ratio = wall["ours"] / wall["bare"]
    peak = max(one["peak"] for one in results["ours"])
    complete = all(one["rows"] == rows for measured in results.values() for one in measured)
    print(
        f"ratio, unzip and all, {ratio:.2f} (at most {RATIO:g}), "
        f"peak {peak:.0f} MB (under {PEAK_MB}), {complete=}"
    )
    return int(ratio > RATIO or peak >= PEAK_MB or not complete)


def main(arguments: list[str] | None = None) -> int:
    """Measure in a temporary folder, or in one whose files are kept for the next run."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--keep", type=Path, help="folder in which the generated files stay")
    parser.add_argument("--side", choices=tuple(SIDES), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.side:
        rows, wall = SIDES[given.side](given.file)
        used = resource.getrusage(resource.RUSAGE_SELF)
        print(rows, wall, used.ru_maxrss / 1024, used.ru_utime + used.ru_stime)
        return 0
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
        return compare(given.keep, given.rows, given.runs)
    with tempfile.TemporaryDirectory() as folder:
        return compare(Path(folder), given.rows, given.runs)


if __name__ == "__main__":
    sys.exit(main())
