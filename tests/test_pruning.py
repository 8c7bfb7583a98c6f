"""Pruning: old bodies of derived sources go, their records stay, also for a newer reader."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from observatory import lake_kept, pruning
from observatory.intake import take_in
from observatory.lake import Column, Dataset, Lake, SnapshotWriter
from observatory.landing.accept import land_file
from observatory.landing.receipts import Scope
from observatory.landing.store import Landing
from observatory.pruning import plan, prune
from observatory.redaction import Asked, redact
from observatory.settings import Settings
from observatory.sources.base import Body, Limits, Promise, Source

LATER = "2027-06-01T02:30:00+00:00"
NAMES = (Column("name", "VARCHAR", "the name"),)
DATASET = Dataset("fictional_notices", NAMES, record_locator=True)
WIDER = Dataset(
    "fictional_notices", (*NAMES, Column("size", "INTEGER", "the size")), record_locator=True
)


def _read(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
    paths = [str(body.path) for body in bodies]
    writer.write(DATASET, "select name from read_csv(?, columns = {'name': 'VARCHAR'})", [paths])


def _read_wider(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
    paths = [str(body.path) for body in bodies]
    columns = "columns = {'name': 'VARCHAR'}"
    writer.write(WIDER, f"select name, 7::integer as size from read_csv(?, {columns})", [paths])


SOURCE = Source(
    id="fictional_notices",
    title="Fictional notices",
    publisher="Fictional Publisher",
    homepage="https://example.org/",
    licence="none",
    licence_url="",
    attribution="Fictional Publisher",
    republish="rows",
    keeps="derived",
    cadence="daily",
    freshness_days=1,
    limits=Limits(),
    default_scope=Scope("increment"),
    datasets=(DATASET,),
    reader_version=1,
    check=lambda path, name: Promise(),
    read=_read,
    fetch=None,
    body_days=100,
)
NEWER = replace(SOURCE, datasets=(WIDER,), reader_version=2, read=_read_wider)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings = Settings(home=tmp_path / "home")
    _register(monkeypatch, SOURCE)
    return settings


def _register(monkeypatch: pytest.MonkeyPatch, *sources: Source) -> None:
    monkeypatch.setattr(pruning, "registry", lambda: {one.id: one for one in sources})


def _take(home: Settings, name: str, source: Source = SOURCE, scope: str = "increment") -> Path:
    """Land one body with one record, and read it; return where the body lies."""
    given = home.home / f"{name}.csv"
    given.parent.mkdir(parents=True, exist_ok=True)
    given.write_text(f"name\nFictional {name}\n", encoding="utf-8")
    landing = Landing(home.landing)
    landed = land_file(
        source,
        given,
        landing,
        origin="command",
        published_on=date(2026, 11, 1 + ord(name[0]) - ord("A")),
        scope=Scope.parse(scope),
    )
    take_in(source, home, offline=True)
    return landing.body(landed.receipt)


def _names(home: Settings, source: Source) -> list[tuple[object, ...]]:
    with duckdb.connect() as con:
        Lake(home.lake).attach(con, {source.id: source})
        columns = ", ".join(one.name for one in source.datasets[0].data_columns)
        query = f'select {columns}, locator from lake."fictional_notices" order by name'
        return con.execute(query).fetchall()


def test_a_body_goes_after_its_period_and_not_before(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = _take(home, "A")
    assert prune(home) == []
    monkeypatch.setenv("OBSERVATORY_NOW", LATER)
    (gone,) = prune(home)
    assert (gone.kind, gone.path, gone.size_bytes) == ("body", body, 17)
    assert not body.exists()
    (receipt,) = Landing(home.landing).receipts(SOURCE.id)
    assert receipt.sha256 == body.name  # the receipt and the hash stay
    assert _names(home, SOURCE) == [("Fictional A", "record 1")]
    assert prune(home) == []
    intake = take_in(SOURCE, home, offline=True)
    assert (intake.problem, intake.read, intake.changed) == ("", [], False)


def test_a_newer_reader_takes_the_records_of_a_pruned_body_as_they_are(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    _take(home, "A")
    monkeypatch.setenv("OBSERVATORY_NOW", LATER)
    prune(home)
    _take(home, "B")
    intake = take_in(NEWER, home, offline=True)
    assert intake.problem == ""
    found = Lake(home.lake).snapshots(SOURCE.id, NEWER.reader_version)
    assert [one.reader_version for one in found] == [1, 2]
    assert _names(home, NEWER) == [
        ("Fictional A", None, "record 1"),  # what reader 1 did not read is unknown
        ("Fictional B", 7, "record 1"),
    ]


def test_a_lake_that_is_lost_gets_the_records_of_a_pruned_body_back(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    _take(home, "A")
    monkeypatch.setenv("OBSERVATORY_NOW", LATER)
    prune(home)
    before = Lake(home.lake).data_version(SOURCE.id, 1)
    shutil.rmtree(home.lake)
    assert take_in(SOURCE, home, offline=True).problem == ""
    assert Lake(home.lake).data_version(SOURCE.id, 1) == before
    shutil.rmtree(home.lake)
    assert take_in(NEWER, home, offline=True).problem == ""
    assert _names(home, NEWER) == [("Fictional A", None, "record 1")]


def test_a_prune_that_was_killed_is_completed_by_the_next(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = _take(home, "A")
    monkeypatch.setenv("OBSERVATORY_NOW", LATER)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(lake_kept, "put_by", killed)
    with pytest.raises(KeyboardInterrupt):
        prune(home)
    assert body.exists()  # its records were not put by yet
    monkeypatch.undo()
    monkeypatch.setenv("OBSERVATORY_NOW", LATER)
    _register(monkeypatch, SOURCE)
    monkeypatch.setattr(Lake, "give_back", killed)
    with pytest.raises(KeyboardInterrupt):
        prune(home)
    assert not body.exists()
    monkeypatch.undo()
    monkeypatch.setenv("OBSERVATORY_NOW", LATER)
    assert take_in(NEWER, home, offline=True).problem == ""
    assert _names(home, NEWER) == [("Fictional A", None, "record 1")]


def test_what_must_stay_stays(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = replace(SOURCE, id="fictional_kept", keeps="bytes")
    unread = replace(SOURCE, id="fictional_unread")
    _register(monkeypatch, SOURCE, kept, unread)
    only_whole = _take(home, "W", scope="whole")
    bytes_kept = _take(home, "K", kept)
    shared = _take(home, "S")
    given = home.home / "S.csv"
    land_file(unread, given, Landing(home.landing), origin="command")
    monkeypatch.setenv("OBSERVATORY_NOW", LATER)
    assert plan(home) == []
    assert all(path.exists() for path in (only_whole, bytes_kept, shared))
    newer_whole = _take(home, "X", scope="whole")
    assert [one.path for one in plan(home)] == [only_whole]
    assert newer_whole.exists()


def test_a_record_redacted_later_goes_from_what_was_put_by_too(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    _take(home, "A")
    monkeypatch.setenv("OBSERVATORY_NOW", LATER)
    prune(home)
    (held,) = Lake(home.lake).snapshots(SOURCE.id, 1)
    redact(SOURCE, Asked("", held.snapshot_id, "record 1", "asked for by its subject"), home)
    assert _names(home, SOURCE) == []
    shutil.rmtree(home.lake)
    take_in(SOURCE, home, offline=True)
    assert _names(home, SOURCE) == []


def test_an_older_reading_goes_once_the_newer_one_is_there(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    _take(home, "A")
    _register(monkeypatch, NEWER)
    assert plan(home) == []  # the newer reader has not read it yet
    take_in(NEWER, home, offline=True)
    (gone,) = prune(home)
    assert (gone.kind, gone.path.suffix) == ("older reading", ".r1")
    assert _names(home, NEWER) == [("Fictional A", 7, "record 1")]


def test_scratch_and_old_build_files_go_by_their_age(home: Settings) -> None:
    old = [home.landing / ".fetch-x", home.landing / "tmp" / "y", home.warehouse / "build.old"]
    young = [home.landing / ".fetch-z", home.warehouse / "build.older"]
    live = [home.warehouse / "build.duckdb", home.warehouse / "build.duckdb.wal"]
    for path in [*old, *young, *live]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    for path in [*old, *live]:
        os.utime(path, (0, 0))
    prune(home)
    assert not any(path.exists() for path in old)
    assert all(path.exists() for path in [*young, *live])


def test_every_derived_source_states_its_period_and_no_other_does() -> None:
    from observatory.sources.base import registry

    for source in registry().values():
        assert (source.keeps == "derived") == (source.body_days > 0), source.id
