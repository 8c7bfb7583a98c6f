"""Taking records out of a snapshot: gone, the others in place, and gone when it is read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.lake import Lake, LakeSnapshot, RecordRun, SnapshotWriter, history
from observatory.lake_redaction import without
from observatory.landing.tombstones import Tombstone, hash_key
from observatory.sources.base import Body, Source
from tests.lake.conftest import PEOPLE, Shelf, source

KEYED = replace(PEOPLE, history=history("upper(name)", "born_on"))
TEXT = (
    "name,born_on\nFictional Ann,2001-01-01\nFictional Bob,2002-02-02\nFictional Cid,2003-03-03\n"
)


def register() -> Source:
    """The fictional register, whose people are told apart by their names."""

    def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
        writer.write(
            KEYED,
            "select name, try_cast(born_on as date) as born_on from read_csv(?, header = true, "
            "columns = {'name': 'VARCHAR', 'born_on': 'VARCHAR'})",
            [[str(body.path) for body in bodies]],
        )
        writer.issue(
            "unreadable-value", severity="repaired", locator="record 2", value="Bob's", detail="odd"
        )

    return source(read, KEYED)


BY_KEY = Tombstone("fictional_register", "asked for", "2026-11-23", hash_key("FICTIONAL BOB"))


def rows(lake: Lake, of: Source) -> list[tuple[str, str]]:
    with duckdb.connect() as con:
        lake.attach(con, {of.id: of})
        return con.execute(
            "select locator, name from lake.fictional_people order by locator"
        ).fetchall()


def issues(lake: Lake, of: Source) -> list[tuple[str, str, str | None]]:
    with duckdb.connect() as con:
        lake.attach(con, {of.id: of})
        return con.execute(
            "select kind, locator, value from lake.data_issues order by kind"
        ).fetchall()


def landed(shelf: Shelf, lake: Lake, tombstones: Sequence[Tombstone] = ()) -> LakeSnapshot:
    return lake.ingest(register(), *shelf.snapshot(TEXT), tombstones=tombstones)


LEFT = [("record 1", "Fictional Ann"), ("record 3", "Fictional Cid")]


def test_a_record_goes_and_the_others_keep_their_places(shelf: Shelf, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    before = landed(shelf, lake)
    version = lake.data_version("fictional_register")
    (struck,) = lake.redact(register(), [BY_KEY])
    assert (struck.snapshot_id, struck.locator) == (before.snapshot_id, "record 2")
    assert rows(lake, register()) == LEFT
    assert issues(lake, register()) == [
        ("redacted", "record 2", None),
        ("unreadable-value", "record 2", None),
    ]
    assert lake.data_version("fictional_register") != version
    for file in (tmp_path / "lake").rglob("*"):
        assert b"Bob" not in (file.read_bytes() if file.is_file() else b""), file


def test_a_later_reading_does_not_bring_it_back(shelf: Shelf, tmp_path: Path) -> None:
    struck, read = Lake(tmp_path / "a"), Lake(tmp_path / "b")
    landed(shelf, struck)
    struck.redact(register(), [BY_KEY])
    landed(shelf, read, [BY_KEY])
    assert rows(read, register()) == LEFT
    assert read.data_version("fictional_register") == struck.data_version("fictional_register")


def test_a_place_is_of_one_snapshot_only(shelf: Shelf, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    snapshot = landed(shelf, lake)
    place = Tombstone("fictional_register", "r", "2026-11-23", "", snapshot.snapshot_id, "record 1")
    assert lake.redact(register(), [replace(place, snapshot_id="another")]) == []
    assert [one.locator for one in lake.redact(register(), [place])] == ["record 1"]
    assert [name for _, name in rows(lake, register())] == ["Fictional Bob", "Fictional Cid"]
    assert lake.redact(register(), [place]) == []


@given(
    gaps=st.sets(st.integers(0, 11)),
    gone=st.sets(st.integers(0, 11)),
)
def test_runs_step_over_what_is_gone(gaps: set[int], gone: set[int]) -> None:
    """Records 1 to 12 of a file, of which some were never read; then some rows are taken out."""
    left = [number for number in range(1, 13) if number - 1 not in gaps]
    runs = [
        RecordRun(row, number)
        for row, number in enumerate(left)
        if row == 0 or number != left[row - 1] + 1
    ]
    rows_gone = [row for row in sorted(gone) if row < len(left)]
    found = without(runs, rows_gone)
    kept = [number for row, number in enumerate(left) if row not in rows_gone]
    assert [_number(found, row) for row in range(len(kept))] == kept


def _number(runs: Sequence[RecordRun], row: int) -> int:
    run = max((one for one in runs if one.first_row <= row), key=lambda one: one.first_row)
    return run.first_record + row - run.first_row


def test_two_runs_of_two_files_keep_their_names() -> None:
    runs = [RecordRun(0, 1, "a.csv"), RecordRun(2, 1, "b.csv")]
    assert without(runs, [1, 2]) == [RecordRun(0, 1, "a.csv"), RecordRun(1, 2, "b.csv")]


@pytest.mark.parametrize("gone", [[0], [0, 1, 2]])
def test_a_file_may_lose_its_first_rows(gone: list[int]) -> None:
    assert without([], gone)[-1] == RecordRun(0, len(gone) + 1)
