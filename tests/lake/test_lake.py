"""The lake shows a snapshot whole or not at all, and the same one always in the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import duckdb
import pytest

from observatory.errors import PermanentError
from observatory.lake import Column, Dataset, Lake, RecordRun, SnapshotWriter
from observatory.sources.base import Body
from tests.lake.conftest import PEOPLE, PETS, Shelf, read_people, read_pets, source

ONE = "name,born_on\nAda Fictional,1815-12-10\nBo Fictional,1900-01-01\n"
ONE_TURNED = "name,born_on\nBo Fictional,1900-01-01\nAda Fictional,1815-12-10\n"
TWO = "name,born_on\nAda Fictional,1815-12-10\nCy Fictional,1950-05-05\n"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def attached(lake: Lake, *sources_: object) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    register = source()
    lake.attach(con, {register.id: register})
    return con


def test_the_same_snapshot_read_twice_gives_identical_bytes(tmp_path: Path, shelf: Shelf) -> None:
    def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
        writer.issue("odd-name", severity="info", field="name", value="Bo", detail="is short")
        writer.write(
            PEOPLE,
            "select 'Fictional ' || md5(i::varchar) as name, "
            "date '2000-01-01' + (i % 900)::integer as born_on from range(300000) as t(i)",
        )

    snapshot, bodies = shelf.snapshot(ONE)
    first = Lake(tmp_path / "a").ingest(source(read), snapshot, bodies)
    second = Lake(tmp_path / "b").ingest(source(read), snapshot, bodies)
    assert set(contents(first.folder)) == {
        "fictional_people.parquet",
        "issues.parquet",
        "manifest.json",
    }
    assert contents(first.folder) == contents(second.folder)


def test_ingesting_again_does_nothing(lake: Lake, shelf: Shelf) -> None:
    snapshot, bodies = shelf.snapshot(ONE)
    first = lake.ingest(source(), snapshot, bodies)

    def must_not_read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
        raise AssertionError("read again")

    assert lake.ingest(source(must_not_read), snapshot, bodies) == first


def test_the_content_hash_ignores_the_order_of_rows_and_nothing_else(
    lake: Lake, shelf: Shelf
) -> None:
    hashes = [
        lake.ingest(source(), *shelf.snapshot(text)).content_hash
        for text in (ONE, ONE_TURNED, TWO, ONE + "Bo Fictional,1900-01-01\n")
    ]
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 3


def test_a_killed_ingest_leaves_nothing_visible(lake: Lake, shelf: Shelf) -> None:
    class Killed(BaseException):
        pass

    def die_late(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
        read_people(bodies, writer)
        raise Killed

    snapshot, bodies = shelf.snapshot(ONE)
    with pytest.raises(Killed):
        lake.ingest(source(die_late), snapshot, bodies)
    assert lake.snapshots("fictional_register") == []
    assert lake.ingest(source(), snapshot, bodies).rows == 2


def test_what_a_killed_process_left_behind_is_not_seen_and_is_cleared(
    lake: Lake, shelf: Shelf
) -> None:
    left = lake.root / "fictional_register" / ".staging" / "out"
    left.mkdir(parents=True)
    (left / "fictional_people.parquet").write_bytes(b"half")
    half = lake.root / "fictional_register" / "fictional_register-0123456789ab.r1"
    half.mkdir()  # no manifest: never finished
    assert lake.snapshots("fictional_register") == []
    lake.ingest(source(), *shelf.snapshot(ONE))
    assert not left.exists()
    assert len(lake.snapshots("fictional_register")) == 1


@pytest.mark.parametrize(
    ("select", "difference"),
    [
        ("select 'x' as name", "lacks born_on"),
        ("select 'x' as name, null::date as born_on, 1 as age", "has undeclared age"),
        ("select 'x' as name, '1' as born_on", "gives born_on as VARCHAR, declared DATE"),
    ],
)
def test_other_columns_than_declared_fail_with_the_difference(
    lake: Lake, shelf: Shelf, select: str, difference: str
) -> None:
    def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
        writer.write(PEOPLE, select)

    with pytest.raises(PermanentError, match=difference):
        lake.ingest(source(read), *shelf.snapshot(ONE))
    assert lake.snapshots("fictional_register") == []


def test_a_reader_that_forgets_a_dataset_fails(lake: Lake, shelf: Shelf) -> None:
    with pytest.raises(PermanentError, match="wrote nothing for fictional_people"):
        lake.ingest(source(lambda bodies, writer: None), *shelf.snapshot(ONE))


def test_with_no_snapshot_every_table_is_there_typed_and_empty(lake: Lake) -> None:
    con = duckdb.connect()
    pets = source(read_pets, PETS, source_id="fictional_pets")
    lake.attach(con, {"fictional_register": source(), pets.id: pets})
    described = con.execute("describe lake.fictional_people").fetchall()
    assert [row[:2] for row in described] == [
        ("snapshot_id", "VARCHAR"),
        ("locator", "VARCHAR"),
        ("name", "VARCHAR"),
        ("born_on", "DATE"),
    ]
    assert con.execute("select typeof(legs) from lake.fictional_pets").fetchall() == []
    for table in ("snapshots", "data_issues", "fictional_people", "fictional_pets"):
        assert con.execute(f"select count(*) from lake.{table}").fetchone() == (0,)
    assert con.execute(
        "select source, newest_published_on, snapshots from lake.sources order by source"
    ).fetchall() == [("fictional_pets", None, 0), ("fictional_register", None, 0)]


def test_a_dataset_with_its_own_locator_keeps_it(lake: Lake, shelf: Shelf) -> None:
    pets = source(read_pets, PETS)
    lake.ingest(pets, *shelf.snapshot(ONE))
    con = duckdb.connect()
    lake.attach(con, {pets.id: pets})
    assert con.execute("select locator, names[1] from lake.fictional_pets").fetchall() == [
        (f"/pets/{i}", f"Fictional Rex {i}") for i in range(3)
    ]


def test_a_counted_record_is_traced_over_gaps_and_parts(lake: Lake, shelf: Shelf) -> None:
    def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
        writer.write(PEOPLE, "select i::varchar as name, null::date as born_on from range(5) t(i)")
        writer.record_runs(
            PEOPLE,
            [RecordRun(0, 1, "a.csv"), RecordRun(2, 4, "a.csv"), RecordRun(3, 1, "b 'part'.csv")],
        )

    lake.ingest(source(read), *shelf.snapshot(ONE))
    lake.ingest(source(), *shelf.snapshot(TWO, "2024-12-01"))
    con = attached(lake)
    assert con.execute("select locator from lake.fictional_people order by name").fetchall() == [
        ("a.csv record 1",),
        ("a.csv record 2",),
        ("a.csv record 4",),
        ("b 'part'.csv record 1",),
        ("b 'part'.csv record 2",),
        ("record 1",),
        ("record 2",),
    ]


def test_snapshots_show_the_same_whatever_their_order_of_arrival(
    tmp_path: Path, shelf: Shelf
) -> None:
    made = [
        shelf.snapshot(TWO, "2024-12-01"),
        shelf.snapshot(ONE, "2024-11-01"),
        shelf.snapshot(ONE_TURNED, "2024-11-02"),
    ]
    seen = set()
    for number, order in enumerate(permutations(made)):
        lake = Lake(tmp_path / f"lake{number}")
        for snapshot, bodies in order:
            lake.ingest(source(), snapshot, bodies)
        con = attached(lake)
        rows = con.execute("select published_on, same_as from lake.snapshots").fetchall()
        people = con.execute("select * from lake.fictional_people order by all").fetchall()
        seen.add((str(rows), str(people), lake.data_version("fictional_register")))
    assert len(seen) == 1
    listed = lake.snapshots("fictional_register")
    assert [one.published_on.isoformat() for one in listed] == [
        "2024-11-01",
        "2024-11-02",
        "2024-12-01",
    ]
    assert [one.same_as for one in listed] == ["", listed[0].snapshot_id, ""]
    assert con.execute("select count(*) from lake.fictional_people").fetchone() == (4,)


def test_records_that_come_back_after_a_change_are_not_left_out(lake: Lake, shelf: Shelf) -> None:
    for text, published in ((ONE, "2024-01-01"), (TWO, "2024-02-01"), (ONE_TURNED, "2024-03-01")):
        lake.ingest(source(), *shelf.snapshot(text, published))
    assert [one.same_as for one in lake.snapshots("fictional_register")] == ["", "", ""]


def test_the_data_version_follows_records_and_not_bytes(lake: Lake, shelf: Shelf) -> None:
    lake.ingest(source(), *shelf.snapshot(ONE))
    before = lake.data_version("fictional_register")
    lake.ingest(source(), *shelf.snapshot(ONE_TURNED, "2024-12-01"))
    assert lake.data_version("fictional_register") == before
    lake.ingest(source(), *shelf.snapshot(TWO, "2025-01-01"))
    assert lake.data_version("fictional_register") != before


def test_an_extract_is_never_the_same_as_a_whole(lake: Lake, shelf: Shelf) -> None:
    lake.ingest(source(), *shelf.snapshot(ONE))
    lake.ingest(source(), *shelf.snapshot(ONE_TURNED, "2024-12-01", "extract"))
    assert [one.same_as for one in lake.snapshots("fictional_register")] == ["", ""]


def test_a_new_reader_version_reads_again_and_hides_the_old(lake: Lake, shelf: Shelf) -> None:
    snapshot, bodies = shelf.snapshot(ONE)
    wider = Dataset("fictional_people", (*PEOPLE.columns, Column("age", "INTEGER", "years")), True)

    def read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
        writer.write(wider, "select 'x' as name, null::date as born_on, 3 as age")

    lake.ingest(source(), snapshot, bodies)
    newer = source(read, wider, reader_version=2)
    lake.ingest(newer, snapshot, bodies)
    con = duckdb.connect()
    lake.attach(con, {newer.id: newer})
    assert con.execute("select name, age from lake.fictional_people").fetchall() == [("x", 3)]
    assert [one.reader_version for one in lake.snapshots("fictional_register")] == [2]
    assert [one.reader_version for one in lake.snapshots("fictional_register", 1)] == [1]
