"""PSC: two million lines of a snapshot into the lake, against a plain ``json.loads`` loop.

Both sides are processes of their own over the same zip. Its lines are made from the corpus's real
shapes (an individual, a corporate entity, a legal person) and the documented ones (statement,
exemption), in about the proportions of the totals line of June 2022. Ours reads the archive into
the lake: allow-listed columns, screened names, counts of individuals, issues, the totals checked.
The peer unpacks the same member line by line, parses each line and counts kinds; it writes nothing.
Median of three, alternating.

    python -m bench.psc
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from bench.files import corpus, ingest

LINES = 2_000_000
RUNS = 3
MOST_MEGABYTES = 500.0
# Of 10.4 million lines of June 2022, 94 % are controllers and 6 % statements; how many of the
# controllers are corporate is not told: one in ten is assumed.
STATEMENT_EVERY, CORPORATE_EVERY, LEGAL_EVERY, EXEMPTION_EVERY = 17, 10, 1_000, 150_000


def shapes() -> dict[str, dict[str, Any]]:
    """Return one line of each kind; raises SystemExit where the corpus is absent."""
    folder = corpus("companies_house")
    snapshot = (folder / "psc" / "psc-snapshot-lines.jsonl").read_text().splitlines()
    events = [json.loads(one) for one in (folder / "stream/events.jsonl").read_text().splitlines()]
    kinds = {one["resource_kind"]: one["data"] for one in events}
    individual = json.loads(snapshot[0])["data"]
    individual |= {
        "address": kinds["company-psc-corporate"]["address"],
        "name": "Mrs Fictional Person",
        "name_elements": {"forename": "Fictional", "surname": "Person", "title": "Mrs"},
        "nationality": "British",
        "country_of_residence": "England",
    }
    statement = {
        "etag": individual["etag"],
        "kind": "persons-with-significant-control-statement",
        "links": {"self": "/company/00000000/persons-with-significant-control-statements/x"},
        "notified_on": "2016-07-01",
        "statement": "no-individual-or-entity-with-signficant-control",
    }
    listed = {"exemption_type": "psc-exempt-as-shares-admitted-on-market"}
    exempt = {"psc_exempt_as_shares_admitted_on_market": {**listed, "items": [{}]}}
    return {
        "individual": individual,
        "corporate": kinds["company-psc-corporate"],
        "legal": kinds["company-psc-legal"],
        "statement": statement,
        "exemption": {"kind": "exemptions", "exemptions": exempt},
    }


def generate(target: Path) -> None:
    """Write the zip: ``LINES`` lines, each with a company number of its own or its neighbour's,
    and a totals line that counts them."""
    texts = {name: json.dumps(data, separators=(",", ":")) for name, data in shapes().items()}
    counts: Counter[str] = Counter()
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("persons-with-significant-control-snapshot.txt", "w") as file,
    ):
        for start in range(0, LINES, 10_000):
            lines = []
            for number in range(start, min(start + 10_000, LINES)):
                name = _shape(number)
                counts[name] += 1
                lines.append(f'{{"company_number":"{number * 2 // 3:08}","data":{texts[name]}}}\n')
            file.write("".join(lines).encode())
        people = counts["individual"] + counts["corporate"] + counts["legal"]
        totals = {
            "kind": "totals#persons-of-significant-control-snapshot",
            "persons_of_significant_control_count": people,
            "statements_count": counts["statement"],
            "exemptions_count": counts["exemption"],
            "generated_at": "2026-11-23T03:40:50+00:00",
        }
        file.write(json.dumps({"data": totals}).encode() + b"\n")


def _shape(number: int) -> str:
    if number % EXEMPTION_EVERY == 1:
        return "exemption"
    if number % STATEMENT_EVERY == 1:
        return "statement"
    if number % LEGAL_EVERY == 1:
        return "legal"
    return "corporate" if number % CORPORATE_EVERY == 1 else "individual"


def ours(path: Path) -> int:
    """Read the zip into a lake; return the lines that its rows and counts stand for."""
    import duckdb

    from observatory.lake import Lake
    from observatory.sources.companies_house_psc import SOURCE

    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        lake = Lake(Path(folder))
        name = "persons-with-significant-control-snapshot-2026-11-23.zip"
        held = ingest(lake, SOURCE, path, date(2026, 11, 23), "whole", name)
        names = [one.name for one in SOURCE.datasets]
        con = duckdb.connect()
        counts = [
            con.execute(
                f"select {'sum(individuals)' if name.endswith('individuals') else 'count(*)'} "
                f"from read_parquet('{held.parquet(name)}')"
            ).fetchall()[0][0]
            for name in names
        ]
        issues = con.execute(
            f"select count(*) from read_parquet('{held.folder / 'issues.parquet'}')"
        ).fetchall()[0][0]
        if issues:
            raise SystemExit(f"{issues} issues where the file is whole and sound")
    return int(sum(counts))


def plain(path: Path) -> int:
    """Parse every line with the standard library and count kinds; return the lines counted."""
    kinds: Counter[str] = Counter()
    with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as file:
        for line in file:
            kinds[json.loads(line)["data"]["kind"]] += 1
    return sum(count for kind, count in kinds.items() if not kind.startswith("totals"))


def measure(side: str, path: Path) -> tuple[float, float, float, int]:
    """Run one side in a process of its own; return wall and processor seconds, peak RSS in MB
    and lines. On a busy machine the processor seconds are the ones to compare."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "bench.psc", side, str(path)],
        check=True,
        capture_output=True,
        text=True,
    )
    wall = time.perf_counter() - start
    lines, cpu, peak = done.stdout.split()
    return wall, float(cpu), float(peak), int(lines)


def main() -> int:
    """Print both sides; return 1 when ours takes too much memory or counts otherwise."""
    results: dict[str, list[tuple[float, float, float, int]]] = {"ours": [], "plain": []}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "snapshot.zip"
        generate(path)
        with zipfile.ZipFile(path) as archive:
            size = archive.infolist()[0].file_size
        print(f"{LINES:,} lines, {size / 1e6:,.0f} MB unpacked, median of {RUNS}")
        for _ in range(RUNS):
            for side, measured in results.items():
                measured.append(measure(side, path))
    walls, cpus, peaks = {}, {}, {}
    for side, measured in results.items():
        walls[side] = statistics.median(one[0] for one in measured)
        cpus[side] = statistics.median(one[1] for one in measured)
        peaks[side] = max(one[2] for one in measured)
        print(
            f"{side:5} {walls[side]:6.1f} s  {LINES / walls[side]:>9,.0f} lines/s  "
            f"processor {cpus[side]:5.1f} s  peak {peaks[side]:4.0f} MB"
        )
    same = len({one[3] for measured in results.values() for one in measured}) == 1
    small = peaks["ours"] < MOST_MEGABYTES
    print(
        f"{walls['plain'] / walls['ours']:.1f} times a plain json.loads loop by the clock, "
        f"{cpus['plain'] / cpus['ours']:.1f} by the processor; peak below {MOST_MEGABYTES:g} MB: "
        f"{small}; same lines on both sides: {same}"
    )
    return int(not small or not same)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        counted = {"ours": ours, "plain": plain}[sys.argv[1]](Path(sys.argv[2]))
        used = resource.getrusage(resource.RUSAGE_SELF)
        print(counted, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
    else:
        sys.exit(main())
