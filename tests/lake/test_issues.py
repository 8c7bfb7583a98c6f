"""Issues are counted, cut and kept with the snapshot that showed them."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pytest

from observatory.errors import PermanentError
from observatory.lake import Lake, SnapshotWriter
from observatory.lake_writer import ISSUE_ROWS
from observatory.sources.base import Body
from tests.lake.conftest import Shelf, read_people, source

TEXT = "name,born_on\nAda Fictional,1815-12-10\n"


def issues(lake: Lake) -> list[tuple[object, ...]]:
    con = duckdb.connect()
    lake.attach(con, {"fictional_register": source()})
    return con.execute(
        "select kind, severity, locator, value, occurrences from lake.data_issues"
    ).fetchall()


def test_equal_issues_without_a_place_are_counted_in_one_row(lake: Lake, shelf: Shelf) -> None:
    def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
        read_people(bodies, writer)
        for _ in range(3):
            writer.issue("unmapped", severity="unmapped", field="f", value="v", detail="d")
        writer.issue("cut", severity="quarantined", locator="line 7", detail="d")
        writer.issue("cut", severity="quarantined", locator="line 9", detail="d", occurrences=2)

    found = lake.ingest(source(read), *shelf.snapshot(TEXT))
    assert found.quarantined == 3
    assert issues(lake) == [
        ("unmapped", "unmapped", None, "v", 3),
        ("cut", "quarantined", "line 7", None, 1),
        ("cut", "quarantined", "line 9", None, 2),
    ]


def test_beyond_the_limit_issues_are_only_counted(lake: Lake, shelf: Shelf) -> None:
    def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
        read_people(bodies, writer)
        for number in range(ISSUE_ROWS + 5):
            writer.issue("bad-date", severity="repaired", locator=f"record {number}", detail="d")

    lake.ingest(source(read), *shelf.snapshot(TEXT))
    found = issues(lake)
    assert len(found) == ISSUE_ROWS + 1
    assert found[-1] == ("bad-date", "repaired", None, None, 5)


def test_an_unknown_severity_is_refused(lake: Lake, shelf: Shelf) -> None:
    def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
        writer.issue("x", severity="fatal", detail="d")  # type: ignore[arg-type]

    with pytest.raises(PermanentError, match="fatal"):
        lake.ingest(source(read), *shelf.snapshot(TEXT))
