"""Bounds per source, through the command: too little ends that source alone, too much warns.

That a bound carries its reason in its own line is asked in ``tests/test_outlook.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from assets.run import Outcome, refresh
from observatory.lake import Lake
from observatory.landing.http import Publisher
from observatory.landing.receipts import Receipt, Scope
from observatory.release.query import query
from observatory.sources.base import Bounds, Download, get, registry
from tests.faults import world
from tests.faults.conftest import NEXT
from tests.faults.home import Before, Home, check

Tried = Callable[[int], None]


def _bounded(patch: pytest.MonkeyPatch, folder: Path, source: str, bounds: Bounds) -> None:
    """Have a source's publisher serve the next night's file, judged by these bounds."""

    def fetch(_: Publisher, __: Sequence[Receipt]) -> Iterator[Download]:
        path = folder / Path(world.FILES[source]).name
        path.write_bytes(NEXT.body(source))
        url = f"https://files.example{world.FILES[source]}"
        yield Download(path, path.name, url, {}, NEXT.day, scope=Scope("whole"))

    # The registry is one mapping for the whole process.
    patch.setitem(registry(), source, replace(get(source), fetch=fetch, bounds=bounds))


def _refreshed(home: Home, patch: pytest.MonkeyPatch) -> Outcome:
    """What ``observatory refresh --source`` does for the two; bounds hold where nobody stands in
    for a publisher."""
    patch.setenv("OBSERVATORY_HOME", str(home.folder))
    settings = replace(home.settings, origin_overrides={})
    return refresh(settings, [world.SOCIETIES, world.PAIRS], offline=False)


def test_too_little_ends_one_source_and_too_much_warns_of_another(
    home: Home, fault: Tried, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault(2)
    before = Before.of(home)
    monkeypatch.setenv("OBSERVATORY_NOW", "2026-11-24T02:30:00+00:00")
    _bounded(monkeypatch, tmp_path, world.SOCIETIES, Bounds(100, 200))
    _bounded(monkeypatch, tmp_path, world.PAIRS, Bounds(1, 2))
    outcome = _refreshed(home, monkeypatch)
    assert not outcome.ok  # the command ends with 1
    assert outcome.failures == []
    problems = {one.source_id: one.problem for one in outcome.intakes}
    assert problems[world.PAIRS] == ""
    assert "where at least 100 are expected" in problems[world.SOCIETIES]
    remedy = f"move the bound in observatory/sources/{world.SOCIETIES}.py, with the reason in the"
    assert remedy in problems[world.SOCIETIES]

    # The other went on, and was published; the society of the short list was not.
    check(home, before)
    assert str(home.release().version) > before.version
    shown = home.release().path
    assert query(shown, "select count(*) from organisations").rows == [(8,)]
    assert query(shown, "select count(*) from identifiers").rows == [(3,)]
    failing = "select source from sources where failing_since is not null"
    assert query(shown, failing).rows == [(world.SOCIETIES,)]
    with duckdb.connect() as con:
        Lake(home.settings.lake).attach(con, {world.PAIRS: get(world.PAIRS)})
        said = con.sql("select kind, severity, value from lake.data_issues").fetchall()
    assert ("more-than-expected", "drift", "3") in said

    # A bound that is moved lets the same file in: nothing has to be fetched again.
    _bounded(monkeypatch, tmp_path, world.SOCIETIES, Bounds(5, 200))
    assert _refreshed(home, monkeypatch).ok
    assert query(home.release().path, "select count(*) from organisations").rows == [(9,)]
