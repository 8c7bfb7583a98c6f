"""One source's turn: whatever goes wrong with it is told, and touches nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from observatory import standing
from observatory.intake import standing_folder, take_in
from observatory.lake import SnapshotWriter
from observatory.landing.accept import land_file
from observatory.landing.http import Publisher
from observatory.landing.receipts import Receipt
from observatory.landing.store import Landing
from observatory.settings import Settings
from observatory.sources.base import Body, Download, Source, get

SOURCE = get("mutual_companies")
CSV = "org_id_a,org_id_b,org_name,relationship,source\nGB-MPR-1R,GB-COH-IP00001R,{},sameas,x\n"


def _land(home: Settings, name: str = "Fictional Society") -> Path:
    given = home.home / f"{name}.csv"
    home.home.mkdir(exist_ok=True)
    given.write_text(CSV.format(name), encoding="utf-8")
    landing = Landing(home.landing)
    landed = land_file(SOURCE, given, landing, origin="command")
    return landing.body(landed.receipt)


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "home")


def test_a_body_that_rotted_on_the_disk_never_becomes_facts(home: Settings) -> None:
    rotten = _land(home)
    _land(home, "Another Fictional Society")
    data = rotten.read_bytes()
    rotten.chmod(0o644)
    rotten.write_bytes(data.replace(b"Fictional", b"Fictionel"))
    intake = take_in(SOURCE, home, offline=True)
    (failure,) = intake.failures
    assert "no longer holds the bytes that landed" in str(failure)
    assert str(rotten) in str(failure)
    assert len(intake.read) == 1  # the other one was read all the same


def _stumbling(_bodies: Sequence[Body], _writer: SnapshotWriter) -> None:
    raise ZeroDivisionError("fictional slip\nsecond line")


def _fetching(_publisher: Publisher, _known: Sequence[Receipt]) -> Iterator[Download]:
    raise KeyError("fictional key")


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (replace(SOURCE, fetch=None, read=_stumbling), "ZeroDivisionError: fictional slip"),
        (replace(SOURCE, fetch=_fetching), "KeyError"),
    ],
)
def test_what_nobody_foresaw_is_the_failure_of_that_source_alone(
    broken: Source, said: str, home: Settings
) -> None:
    _land(home)
    intake = take_in(broken, home, offline=False)
    (failure,) = intake.failures
    assert said in str(failure)
    assert "What to do" in str(failure)
    assert "second line" not in str(failure)
    assert standing.load(standing_folder(home), SOURCE.id).problem == intake.problem
