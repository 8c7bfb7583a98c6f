"""Filed accounts: our reading of real filings against stream-read-xbrl's and ixbrlparse's.

Each side is a process of its own that reads every accounts document of the corpus, in turn with
the others; importing is not counted. Ours is the whole way from a document's bytes to a row:
parsing, period, figures, wording, names. The peers' is their parse, of which stream-read-xbrl
gets the employees of three filings wrong (shown). Seconds are of CPU: every side works in one
thread and in memory, and wall time on a shared machine measures the others. Each process gives
the best of some passes; of the processes the median counts.

Then an archive of 10,000 filings of which 50 are watched is landed and read into a lake.

    python -m bench.accounts [--rounds 3] [--members 10000] [--peer PYTHON]

``--peer`` is a Python with stream-read-xbrl 0.1.5, which is none of our dependencies:
``uv venv /tmp/peer && uv pip install --python /tmp/peer/bin/python stream-read-xbrl==0.1.5``.
It fails on import of ``mypy_boto3_s3``, for which an empty module stands in here.
"""

from __future__ import annotations

import argparse
import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
import types
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.files import corpus

ROUNDS, PASSES, MEMBERS, WATCHED = 3, 3, 10_000, 50
SECONDS, TIMES_IXBRLPARSE = 5.0, 10.0
TRUTHS = {"00045611": 339.0, "08241548": 14.0, "08241288": 1.0}


def documents() -> Iterator[tuple[str, bytes]]:
    """Yield every accounts document with its filing's name; packages are opened."""
    for path in sorted(corpus("companies_house/accounts").iterdir()):
        if path.suffix != ".zip":
            yield path.name, path.read_bytes()
            continue
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.startswith("__MACOSX"):
                    continue
                data = archive.read(name)
                if name.endswith(".zip"):
                    with zipfile.ZipFile(io.BytesIO(data)) as package:
                        inner = [one for one in package.namelist() if "accounts/" in one]
                        data = package.read(inner[-1])
                    name = name.replace("_CIC.zip", ".html")
                yield name, data


def ours() -> Callable[[str, bytes], float | None]:
    """Return our reader: a filing's name and bytes to its employees."""
    from observatory.sources._accounts_columns import made_up_to
    from observatory.sources._accounts_members import Member
    from observatory.sources._accounts_rows import outcome

    def read(name: str, data: bytes) -> float | None:
        number = name.split("_")[2]
        row = outcome(Member(name, number, made_up_to(name), "", lambda: data)).row
        assert row is not None  # noqa: S101 - every filing of the corpus is readable
        value: float | None = row["employees"]
        return value

    return read


def ixbrlparse() -> Callable[[str, bytes], float | None]:
    """Return ixbrlparse's parse; which context counts is left to its caller."""
    import warnings

    from ixbrlparse import IXBRL  # type: ignore[import-untyped, unused-ignore]

    warnings.simplefilter("ignore")

    def read(name: str, data: bytes) -> float | None:
        IXBRL(io.BytesIO(data), raise_on_error=False)
        return None

    return read


def stream_read_xbrl() -> Callable[[str, bytes], float | None]:
    """Return stream-read-xbrl's parse of one member, as its own archives' reader calls it."""
    stand_in: Any = types.ModuleType("mypy_boto3_s3")
    stand_in.S3Client = object
    sys.modules["mypy_boto3_s3"] = stand_in
    import stream_read_xbrl as peer  # type: ignore[import-not-found, unused-ignore]

    place = peer._COLUMNS.index("average_number_employees_during_period")

    def read(name: str, data: bytes) -> float | None:
        rows = peer._xbrl_to_rows((name, data))
        value = rows[0][place] if rows else None
        return None if value is None else float(value)

    return read


SIDES = {"ours": ours, "stream-read-xbrl": stream_read_xbrl, "ixbrlparse": ixbrlparse}


def side(name: str) -> None:
    """Print one side's seconds of CPU for all documents and its employees, as JSON."""
    read, found = SIDES[name](), list(documents())
    employees = {one.split("_")[2]: read(one, data) for one, data in found}  # warms up
    seconds = []
    for _ in range(PASSES):
        began = time.process_time()
        for one, data in found:
            read(one, data)
        seconds.append(time.process_time() - began)
    print(json.dumps({"seconds": min(seconds), "employees": employees}))


def measure(python: str, name: str) -> dict[str, Any]:
    """Run one side once in a process of its own."""
    done = subprocess.run(
        [python, "-m", "bench.accounts", "--side", name],
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def archive(path: Path, members: int) -> frozenset[str]:
    """Write an archive of the corpus's filings under numbers of their own, and return the
    numbers that are watched (their documents name them, as real ones do)."""
    real = [(name, data) for name, data in documents() if name.endswith(".html")]
    watched = frozenset(f"{n * (members // WATCHED):08}" for n in range(1, WATCHED + 1))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for n in range(1, members + 1):
            name, data = real[n % len(real)]
            old, new = name.split("_")[2], f"{n:08}"
            target.writestr(
                f"Prod223_4320_{new}_{name.split('_')[3]}", data.replace(old.encode(), new.encode())
            )
    return watched


def ingest(folder: Path, members: int) -> tuple[int, float, float]:
    """Land and read the archive; return its rows, seconds to land and seconds to read."""
    from observatory.lake import Lake
    from observatory.landing.accept import land_file
    from observatory.landing.store import Landing
    from observatory.sources.base import Body, get
    from observatory.watchlist import WatchList

    path = folder / "Accounts_Bulk_Data-2026-11-20.zip"
    watched = archive(path, members)
    landing, source = Landing(folder / "landing"), get("companies_house_accounts")
    began = time.perf_counter()
    land_file(source, path, landing, origin="command")
    landed = time.perf_counter() - began
    (snapshot,) = landing.snapshots(source.id)
    bodies = [Body(landing.body(receipt), receipt) for receipt in snapshot.receipts]
    began = time.perf_counter()
    read = Lake(folder / "lake").ingest(source, snapshot, bodies, WatchList("v1", watched))
    print(
        f"archive: {members:,} filings, {path.stat().st_size / 1e6:.0f} MB; "
        f"{read.rows} of {len(watched)} watched read, {read.quarantined} quarantined"
    )
    return read.rows, landed, time.perf_counter() - began


def compare(peer: str, rounds: int, members: int) -> int:
    """Print all sides; return 1 when a target is missed."""
    pythons = {"ours": sys.executable, "ixbrlparse": sys.executable}
    pythons |= {"stream-read-xbrl": peer} if peer else {}
    measured: dict[str, list[dict[str, Any]]] = {name: [] for name in pythons}
    for _ in range(rounds):
        for name, python in pythons.items():
            measured[name].append(measure(python, name))
    medians, missed = {}, []
    for name, runs in measured.items():
        medians[name] = statistics.median(run["seconds"] for run in runs)
        told = {number: runs[0]["employees"][number] for number in TRUTHS}
        each = medians[name] / len(runs[0]["employees"]) * 1000
        print(f"{name:16} {medians[name]:7.3f} s of CPU in all, {each:6.1f} ms a filing, {told}")
        if name == "ours" and told != TRUTHS:
            missed.append("employees")
    for name, least in (("stream-read-xbrl", 1.0), ("ixbrlparse", TIMES_IXBRLPARSE)):
        if name in medians:
            times = medians[name] / medians["ours"]
            print(f"{times:.1f} times as fast as {name} (at least {least:g})")
            missed += [name] if times < least else []
    with tempfile.TemporaryDirectory() as folder:
        rows, landed, seconds = ingest(Path(folder), members)
    print(f"landed in {landed:.2f} s, read in {seconds:.2f} s (under {SECONDS:g})")
    missed += ["archive"] if seconds >= SECONDS or rows != WATCHED else []
    print(f"missed: {', '.join(missed)}" if missed else "all targets met")
    return int(bool(missed))


def main(arguments: list[str] | None = None) -> int:
    """Compare all sides that can be run here."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--members", type=int, default=MEMBERS)
    parser.add_argument("--peer", default="", help="a Python that has stream-read-xbrl")
    parser.add_argument("--side", choices=sorted(SIDES), help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.side:
        side(given.side)
        return 0
    return compare(given.peer, given.rounds, given.members)


if __name__ == "__main__":
    sys.exit(main())
