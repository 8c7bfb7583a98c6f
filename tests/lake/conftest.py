"""A fictional source whose records come from small CSV bodies."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from observatory.lake import Column, Dataset, Lake, SnapshotWriter
from observatory.landing.receipts import Receipt, Scope, Snapshot
from observatory.sources.base import Body, Limits, Promise, Source

PEOPLE = Dataset(
    "fictional_people",
    (Column("name", "VARCHAR", "the name"), Column("born_on", "DATE", "the date")),
    record_locator=True,
)
PETS = Dataset(
    "fictional_pets",
    (Column("names", "VARCHAR[]", "the names"), Column("legs", "STRUCT(n SMALLINT)[]", "legs")),
)


def read_people(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
    writer.write(
        PEOPLE,
        "select trim(name) as name, try_cast(born_on as date) as born_on from read_csv(?, "
        "header = true, delim = ',', columns = {'name': 'VARCHAR', 'born_on': 'VARCHAR'})",
        [[str(body.path) for body in bodies]],
    )


def read_pets(bodies: Sequence[Body], writer: SnapshotWriter) -> None:
    writer.write(
        PETS,
        "select [{'n': 4::smallint}] as legs, '/pets/' || i as locator, "
        "['Fictional Rex ' || i] as names from range(3) as t(i)",
    )


def check(path: Path, file_name: str) -> Promise:
    return Promise()


def source(
    read: Callable[[Sequence[Body], SnapshotWriter], None] = read_people,
    dataset: Dataset = PEOPLE,
    *,
    source_id: str = "fictional_register",
    reader_version: int = 1,
) -> Source:
    return Source(
        id=source_id,
        title="Fictional register",
        publisher="Fictional Registrar",
        homepage="https://example.org/",
        licence="none",
        licence_url="https://example.org/licence",
        attribution="Fictional Registrar",
        republish="none",
        keeps="bytes",
        cadence="monthly",
        freshness_days=40,
        limits=Limits(),
        default_scope=Scope("whole"),
        datasets=(dataset,),
        reader_version=reader_version,
        check=check,
        read=read,
        fetch=None,
    )


@dataclass
class Shelf:
    """Makes snapshots with their bodies, as the landing would hand them over."""

    folder: Path
    made: list[Path] = field(default_factory=list)

    def snapshot(
        self, text: str, published: str = "2024-11-01", scope: str = "whole"
    ) -> tuple[Snapshot, list[Body]]:
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        path = self.folder / sha256
        path.write_text(text, encoding="utf-8")
        receipt = Receipt(
            source="fictional_register",
            sha256=sha256,
            size_bytes=len(text),
            file_name=f"people-{published}.csv",
            origin="command",
            fetched_at=datetime(2026, 11, 23, 2, 30, tzinfo=UTC),
            published_on=date.fromisoformat(published),
            published_basis="given",
            scope=Scope.parse(scope),
        )
        return Snapshot("fictional_register", (receipt,)), [Body(path, receipt)]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    folder = tmp_path / "bodies"
    folder.mkdir()
    return Shelf(folder)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")
