"""Landing and reading a file as the observatory does, for the tests of source modules.

What belongs here: the way from bytes to rows and issues. What does not: any source's format.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from observatory.errors import ObservatoryError
from observatory.intake import Intake, take_in
from observatory.lake import Lake, LakeSnapshot
from observatory.landing.accept import land_file
from observatory.landing.receipts import Receipt
from observatory.landing.store import Landing
from observatory.settings import Settings
from observatory.sources.base import Body, Limits, Source, get
from tests.loopback import Loopback

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"


@dataclass(frozen=True)
class Result:
    """What became of one file: its rows in the lake, its issues, and its snapshot."""

    receipt: Receipt
    snapshot: LakeSnapshot
    rows: list[dict[str, Any]]
    issues: list[dict[str, Any]]

    def kinds(self) -> list[str]:
        """The kinds of issue, in order."""
        return [issue["kind"] for issue in self.issues]

    def issue(self, kind: str) -> dict[str, Any]:
        """The one issue of a kind."""
        (found,) = [issue for issue in self.issues if issue["kind"] == kind]
        return found


def fixture(source_id: str, name: str) -> bytes:
    """The bytes of a fixture."""
    return (FIXTURES / source_id / name).read_bytes()


def read(source_id: str, data: bytes, folder: Path, name: str = "given.csv") -> Result:
    """Land bytes under a name and read them into a fresh lake below ``folder``."""
    source, home = get(source_id), folder / "home"
    given = folder / name
    folder.mkdir(exist_ok=True)
    given.write_bytes(data)
    landing, lake = Landing(home / "landing"), Lake(home / "lake")
    landed = land_file(source, given, landing, origin="command")
    snapshot = ingest(source_id, landing, lake)
    return Result(
        landed.receipt,
        snapshot,
        table(snapshot.folder / f"{source.datasets[0].name}.parquet"),
        table(snapshot.folder / "issues.parquet"),
    )


def ingest(source_id: str, landing: Landing, lake: Lake) -> LakeSnapshot:
    """Read the one snapshot that landed for a source."""
    (snapshot,) = landing.snapshots(source_id)
    bodies = [Body(landing.body(receipt), receipt) for receipt in snapshot.receipts]
    return lake.ingest(get(source_id), snapshot, bodies)


def quick(source_id: str) -> Source:
    """A source whose stand-in on this machine may be asked as often as the test likes."""
    source = get(source_id)
    return replace(source, limits=replace(source.limits, seconds_between_requests=0.0))


def refresh(source_id: str, home: Settings, publisher: Loopback) -> Intake:
    """Ask the publisher that stands in for the source's own, without its pace."""
    source = replace(get(source_id), limits=Limits(seconds_between_requests=0.0))
    settings = replace(home, origin_overrides={"*": publisher.origin})
    return take_in(source, settings, offline=False)


def failure(intake: Intake) -> ObservatoryError:
    """The one failure of a source's turn."""
    (found,) = intake.failures
    return found


def table(path: Path) -> list[dict[str, Any]]:
    """The rows of a Parquet file, in order."""
    with duckdb.connect() as con:
        found = con.execute("select * from read_parquet(?)", [str(path)])
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
