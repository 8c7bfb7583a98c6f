"""What is asked of every source that is fetched: it lands once, and no fault of the wire lands."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from observatory.errors import BadInput, ObservatoryError, PermanentError, TransientError
from observatory.intake import Intake
from observatory.landing import waits
from observatory.landing.store import Landing
from observatory.settings import Settings
from observatory.sources.base import get, registry
from tests.loopback import Answer, Loopback
from tests.sources.publishers import PUBLISHERS, STREAMED
from tests.sources.reading import failure, refresh, table

LATER = {"Retry-After": "86400"}  # longer than anybody waits in one run
SORRY = b"<!DOCTYPE html><html><title>Sorry</title></html>"
FAULTS: dict[str, tuple[Answer, tuple[type[ObservatoryError], ...], str]] = {
    "refused": (Answer(b"no", 403), (PermanentError, TransientError), "403"),
    "gone": (Answer(b"no", 404), (PermanentError, BadInput), "404"),
    "too many": (Answer(b"slow down", 429, LATER), (TransientError,), "429"),
    "unavailable": (Answer(b"busy", 503, LATER), (TransientError,), "503"),
    "cut": (Answer(b"x" * 5000, cut=700), (BadInput,), "every time"),
    "empty": (Answer(b""), (BadInput,), "0 bytes"),
    "page": (Answer(SORRY, content_type="text/html"), (BadInput,), "HTML page"),
    "other": (Answer(b'{"error": "not today"}\n'), (BadInput,), ""),
}
CASES = [
    pytest.param(source_id, fault, id=f"{source_id}-{fault}")
    for source_id, publisher in PUBLISHERS.items()
    for fault in FAULTS
    if fault not in publisher.bears
]
RENAMED = [source_id for source_id, publisher in PUBLISHERS.items() if publisher.renamed]


def test_no_source_that_is_fetched_is_left_out() -> None:
    fetched = {one.id for one in registry().values() if one.is_live and not one.local}
    assert fetched == PUBLISHERS.keys() | STREAMED
    assert all(get(source_id).limits.evidence for source_id in fetched)


def keys(turn: Intake) -> list[tuple[str, object]]:
    """What the records that a turn read are known by: their dataset and place."""
    return [
        (dataset.name, row.get("locator", place))
        for snapshot in turn.read
        for dataset in get(turn.source_id).datasets
        for place, row in enumerate(table(snapshot.parquet(dataset.name)))
    ]


@pytest.mark.parametrize("source_id", PUBLISHERS)
def test_what_is_read_twice_lands_once_and_has_the_same_keys(
    source_id: str,
    home: Settings,
    loopback: Loopback,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publisher, elsewhere = PUBLISHERS[source_id], replace(home, home=tmp_path / "elsewhere")
    turns = []
    for one in (home, elsewhere):
        publisher.ready(one, monkeypatch)
        publisher.serve(loopback)
        turns.append(refresh(source_id, one, loopback))
    first, other = turns
    assert (first.problem, other.problem) == ("", "")
    assert keys(first)
    assert keys(first) == keys(other)
    assert [one.content_hash for one in first.read] == [one.content_hash for one in other.read]
    receipts = Landing(home.landing).receipts(source_id)
    again = refresh(source_id, home, loopback)
    assert (again.new, again.read, again.changed, again.problem) == ([], [], False, "")
    assert Landing(home.landing).receipts(source_id) == receipts


@pytest.mark.parametrize(("source_id", "fault"), CASES)
def test_a_fault_is_named_and_nothing_lands(
    source_id: str,
    fault: str,
    home: Settings,
    loopback: Loopback,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(waits, "_BACKOFF", lambda state: 0.0)
    publisher, (answer, kinds, says) = PUBLISHERS[source_id], FAULTS[fault]
    publisher.ready(home, monkeypatch)
    publisher.serve(loopback)
    for path in publisher.files:
        loopback.sequence(path, [answer])
    intake = refresh(source_id, home, loopback)
    assert isinstance(failure(intake), kinds)
    assert publisher.says.get(fault, says) in str(failure(intake))
    assert (intake.new, intake.read) == ([], [])
    assert loopback.asked(publisher.files[0])


@pytest.mark.parametrize("source_id", RENAMED)
def test_a_column_under_another_name_is_refused(
    source_id: str, home: Settings, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher = PUBLISHERS[source_id]
    assert publisher.renamed != publisher.body
    publisher.ready(home, monkeypatch)
    publisher.serve(loopback)
    for path in publisher.files:
        loopback.route(path, publisher.renamed)
    intake = refresh(source_id, home, loopback)
    assert isinstance(failure(intake), BadInput)
    assert failure(intake).remedy
    assert (intake.new, intake.read) == ([], [])
