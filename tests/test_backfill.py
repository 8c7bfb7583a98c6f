"""Backfill: in any order, resumable, and without moving the place where the nights go on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import dagster as dg
import pytest
from click.testing import CliRunner

from observatory.backfill import backfill
from observatory.cli import main
from observatory.errors import BadInput, TransientError
from observatory.intake import take_in
from observatory.lake import Lake
from observatory.landing.http import Publisher
from observatory.landing.receipts import Receipt
from observatory.landing.store import Landing
from observatory.settings import Settings
from observatory.sources.base import Download, Past, get, registry
from tests.loopback import Loopback
from tests.sources.reading import quick

SEARCH = "/Published/Notices/OCDS/Search"


@pytest.fixture
def home(tmp_path: Path, loopback: Loopback) -> Settings:
    return Settings(home=tmp_path / "home", origin_overrides={"*": loopback.origin})


def _package(day: str) -> str:
    release = {
        "ocid": f"ocds-b5fd17-fictional-{day}",
        "id": f"fictional-{day}",
        "date": f"{day}T10:00:00Z",
        "tag": ["award"],
        "parties": [],
    }
    return json.dumps(
        {"version": "1.1", "publishedDate": f"{day}T10:00:00Z", "releases": [release]}
    )


def _serve(loopback: Loopback, *days: int) -> None:
    for day in days:
        query = (
            f"?publishedFrom=2026-10-{day:02}T00:00:00&publishedTo=2026-10-{day + 1:02}T00:00:00"
            "&limit=100"
        )
        loopback.route(SEARCH + query, _package(f"2026-10-{day:02}"))


def _days(loopback: Loopback) -> list[str]:
    return [one.query["publishedFrom"][0][8:10] for one in loopback.asked(SEARCH)]


def test_days_are_fetched_in_any_order_and_each_once(home: Settings, loopback: Loopback) -> None:
    source = quick("contracts_finder")
    _serve(loopback, 1, 2, 3, 4)
    backfill(source, home, date(2026, 10, 3), date(2026, 10, 4))
    done = backfill(source, home, date(2026, 10, 1), date(2026, 10, 4))
    assert _days(loopback) == ["03", "04", "01", "02"]
    assert done.done_before == ["2026-10-03", "2026-10-04"]
    held = Lake(home.lake).snapshots(source.id, source.reader_version)
    assert [one.rows for one in held] == [1, 1, 1, 1]


def test_it_goes_on_where_it_broke_off(home: Settings, loopback: Loopback) -> None:
    source = quick("contracts_finder")
    _serve(loopback, 1, 3)
    loopback.route(
        SEARCH + "?publishedFrom=2026-10-02T00:00:00&publishedTo=2026-10-03T00:00:00&limit=100",
        status=429,
        headers={"Retry-After": "3600"},
    )
    with pytest.raises(TransientError, match="3600"):
        backfill(source, home, date(2026, 10, 1), date(2026, 10, 3))
    assert len(Lake(home.lake).snapshots(source.id)) == 1  # what came before is read
    with pytest.raises(TransientError, match="stay away"):  # by any later process, too
        backfill(source, home, date(2026, 10, 1), date(2026, 10, 3))
    for path in (home.landing / "pace").iterdir():
        path.unlink()
    _serve(loopback, 2)
    backfill(source, home, date(2026, 10, 1), date(2026, 10, 3))
    assert _days(loopback) == ["01", "02", "02", "03"]


def test_the_nights_go_on_where_they_were(home: Settings, loopback: Loopback) -> None:
    source = quick("contracts_finder")
    _serve(loopback, 1)
    backfill(source, home, date(2026, 10, 1), date(2026, 10, 1))
    loopback.route(SEARCH, json.dumps({"version": "1.1", "releases": []}))
    take_in(source, home, offline=False)
    # The first walk begins 30 days back, and not where the backfill ended.
    assert loopback.asked(SEARCH)[1].query["publishedFrom"][0].startswith("2026-10-24")


def test_the_same_package_of_a_night_and_a_backfill_lands_once(
    home: Settings, loopback: Loopback
) -> None:
    source = quick("contracts_finder")
    loopback.route(SEARCH, _package("2026-11-20"))
    take_in(source, home, offline=False)
    backfill(source, home, date(2026, 11, 20), date(2026, 11, 20))
    assert len(Landing(home.landing).receipts(source.id)) == 1


def test_a_day_that_is_not_over_is_asked_for_again(home: Settings, loopback: Loopback) -> None:
    source = quick("contracts_finder")
    loopback.route(SEARCH, _package("2026-11-23"))
    for _ in range(2):
        backfill(source, home, date(2026, 11, 23), date(2026, 12, 24))
    assert _days(loopback) == ["23", "23"]


def test_find_a_tender_and_the_months_and_years_cut_their_own_parts(
    home: Settings, loopback: Loopback
) -> None:
    empty = json.dumps({"version": "1.1", "publishedDate": "x", "releases": []})
    loopback.route("/api/1.0/ocdsReleasePackages", empty)
    loopback.route("/v1/Notices", empty)
    loopback.route("/en/publication/41/download", status=404)
    loopback.route("/en/publication/128/download", status=404)
    days = backfill(quick("find_a_tender"), home, date(2026, 10, 1), date(2026, 10, 1))
    months = backfill(quick("sell2wales"), home, date(2026, 9, 20), date(2026, 10, 2))
    years = backfill(quick("ocp_registry"), home, date(2025, 6, 1), date(2026, 1, 1))
    assert days.asked == ["2026-10-01"]
    assert months.asked == ["2026-09-01", "2026-10-01"]
    assert years.asked == ["2025-01-01", "2026-01-01"]
    asked = loopback.asked("/api/1.0/ocdsReleasePackages")
    assert [one.query["updatedFrom"][0][11:13] for one in asked] == ["00", "06", "12", "18"]


def test_what_cannot_be_is_refused_with_what_to_do(home: Settings) -> None:
    with pytest.raises(BadInput, match="only the newest") as refused:
        backfill(get("fca_societies"), home, date(2026, 1, 1), date(2026, 1, 2))
    assert "observatory land fca_societies" in refused.value.remedy
    with pytest.raises(BadInput, match="nothing from"):
        backfill(get("contracts_finder"), home, date(2026, 1, 2), date(2026, 1, 1))


def test_the_command_and_dagsters_backfill_do_the_same(
    tmp_path: Path, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assets.backfills import backfill_assets

    asked: list[tuple[date, date]] = []

    def between(_: Publisher, __: Sequence[Receipt], first: date, last: date) -> Iterator[Download]:
        asked.append((first, last))
        yield from ()

    source = replace(get("contracts_finder"), past=Past("day", date(2014, 1, 1), between))
    monkeypatch.setattr("assets.backfills.registry", lambda: {source.id: source})
    monkeypatch.setattr("observatory.sources.base.get", lambda _: source)
    monkeypatch.setenv("OBSERVATORY_HOME", str(tmp_path / "a"))
    said = CliRunner().invoke(main, ["backfill", source.id, "2026-10-01", "2026-10-03"])
    assert said.exit_code == 0, said.output
    by_command, asked[:] = list(asked), []
    monkeypatch.setenv("OBSERVATORY_HOME", str(tmp_path / "b"))
    result = dg.materialize(
        backfill_assets(),
        instance=dg.DagsterInstance.ephemeral(),
        tags={
            "dagster/asset_partition_range_start": "2026-10-01",
            "dagster/asset_partition_range_end": "2026-10-03",
        },
    )
    assert result.success
    assert asked == by_command
    assert len(asked) == 3


def test_what_has_partitions_is_in_no_job_of_the_night() -> None:
    from assets.graph import make

    graph = make(for_ui=True)
    for job in ("take_in_sources", "refresh"):
        names = {key.path[-1] for key in graph.resolve_job_def(job).asset_layer.selected_asset_keys}
        assert not any(name.startswith("past_") for name in names)
    keys = {key.path[-1] for key in graph.resolve_all_asset_keys()}
    assert {f"past_{one.id}" for one in registry().values() if one.past} <= keys
