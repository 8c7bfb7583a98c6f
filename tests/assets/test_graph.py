"""What Dagster sees: every source and model, the night in London, and nothing started in vain."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest
from dagster._utils.schedules import schedule_execution_time_iterator

from assets.automation import inbox, nightly, once_more, prompted, staleness
from assets.graph import make
from assets.history import forget
from assets.instance import POOL, open_instance
from assets.live import AUTOMATION, OFFLINE
from assets.sources import asset_name
from observatory import sample, standing
from observatory.build import load_project
from observatory.intake import standing_folder
from observatory.landing import asked
from observatory.landing.accept import land_file
from observatory.landing.store import Landing
from observatory.settings import Settings, from_environment
from observatory.sources.base import get, registry
from tests.loopback import Loopback
from tests.sources.watching import watch


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home that the environment names."""
    monkeypatch.setenv("OBSERVATORY_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def graph() -> dg.Definitions:
    """The graph as the UI loads it."""
    return make(for_ui=True)


def _keys(graph: dg.Definitions) -> set[str]:
    return {key.path[-1] for key in graph.resolve_all_asset_keys()}


def test_every_source_every_model_and_the_release_are_assets(graph: dg.Definitions) -> None:
    models = set(load_project(from_environment()).models)
    sources = {asset_name(source) for source in registry()}
    past = {f"past_{one.id}" for one in registry().values() if one.past}
    assert _keys(graph) == models | sources | past | {"release"}


def test_each_asset_says_what_it_is_and_whose(graph: dg.Definitions) -> None:
    for spec in graph.resolve_all_asset_specs():
        assert spec.description, spec.key
        assert spec.owners, spec.key
        assert spec.group_name not in (None, "default"), spec.key


def test_the_release_depends_on_every_published_table(graph: dg.Definitions) -> None:
    (release,) = [one for one in graph.resolve_all_asset_specs() if one.key.path[-1] == "release"]
    published = {model.name for model in load_project(from_environment()).published()}
    assert {dep.asset_key.path[-1] for dep in release.deps} == published


def test_columns_are_led_back_to_the_lake(graph: dg.Definitions) -> None:
    (spec,) = [
        one for one in graph.resolve_all_asset_specs() if one.key.path[-1] == "stg_fca_societies"
    ]
    lineage = spec.metadata["dagster/column_lineage"]
    origins = {dep.asset_key.path[-1] for deps in lineage.deps_by_column.values() for dep in deps}
    assert asset_name("fca_societies") in origins
    # the UI of open-source Dagster hides that, and shows the descriptions of columns
    columns = {one.name: one.description for one in spec.metadata["dagster/column_schema"].columns}
    assert columns["society_name"].endswith(f"From {asset_name('fca_societies')}.society_name.")


def test_the_night_is_half_past_two_in_london_summer_and_winter(home: Path) -> None:
    assert nightly.execution_timezone == "Europe/London"
    assert _first_night_after(datetime(2026, 7, 1, 12, tzinfo=UTC)) == (1, 30)
    assert _first_night_after(datetime(2026, 12, 1, 12, tzinfo=UTC)) == (2, 30)


def _first_night_after(moment: datetime) -> tuple[int, int]:
    """The hour and minute in UTC at which the schedule next runs."""
    ticks = schedule_execution_time_iterator(
        moment.timestamp(), nightly.cron_schedule, nightly.execution_timezone, ascending=True
    )
    first = next(iter(ticks)).astimezone(UTC)
    return first.hour, first.minute


def test_a_file_in_an_inbox_asks_for_its_source_once(home: Path, graph: dg.Definitions) -> None:
    folder = home / "inbox" / "mutual_companies"
    folder.mkdir(parents=True)
    with dg.instance_for_test() as instance:
        assert _requests(inbox, instance, graph) == []
        (folder / "given.csv").write_text("org_id_a\n", encoding="utf-8")
        (first,) = _requests(inbox, instance, graph)
        (again,) = _requests(inbox, instance, graph)
    assert first.asset_selection == [dg.AssetKey(asset_name("mutual_companies"))]
    # The same key: Dagster starts no second run for the same waiting files.
    assert first.run_key == again.run_key


def test_a_sensor_a_watched_source_asks_for_it_once_a_change(
    home: Path,
    graph: dg.Definitions,
    loopback: Loopback,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sensors = {one.name: one for one in graph.sensors or []}
    watched = {f"watch_{one.id}" for one in registry().values() if one.watcher.look}
    assert watched == {name for name in sensors if name.startswith("watch_")}
    monkeypatch.setenv("OBSERVATORY_ORIGIN_OVERRIDES", f"*={loopback.origin}")
    sensor = sensors["watch_mutual_companies"]
    path = "/drkane/charity-lookups/main/relationships/mutual-companies.csv"
    with dg.instance_for_test() as instance:
        found = []
        for day, tag in enumerate(("v1", "v1", "v2", "v2"), start=1):
            monkeypatch.setenv("OBSERVATORY_NOW", f"2026-11-{day:02}T12:00:00+00:00")
            loopback.route(path, headers={"ETag": tag})
            found.append(_requests(sensor, instance, graph))
    assert found[0] == found[1] == []
    assert [one.run_key for one in found[2] + found[3]] == ["watch-mutual_companies-1"] * 2
    assert found[2][0].asset_selection == [dg.AssetKey(asset_name("mutual_companies"))]


def test_a_failure_that_may_pass_is_tried_once_more_and_no_other(
    home: Path, graph: dg.Definitions, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = standing_folder(from_environment())
    standing.failed(folder, "mutual_companies", "503", landed=0, rejected=0, transient=True)
    standing.failed(folder, "fca_societies", "no such column", landed=0, rejected=0)
    with dg.instance_for_test() as instance:
        assert _requests(once_more, instance, graph) == []
        keys = set()
        for hour in (4, 5, 6):
            monkeypatch.setenv("OBSERVATORY_NOW", f"2026-11-23T0{hour}:30:00+00:00")
            standing.failed(folder, "mutual_companies", "503", landed=0, rejected=0, transient=True)
            (asked,) = _requests(once_more, instance, graph)
            keys.add(asked.run_key)
    assert keys == {"again-mutual_companies-2026-11-23T02:30:00+00:00"}
    assert asked.asset_selection == [dg.AssetKey(asset_name("mutual_companies"))]


def test_what_the_stream_heard_of_is_asked_about_once(
    home: Path, graph: dg.Definitions, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = from_environment()
    watch(settings.releases, companies=["99000001"])
    memory = asked.of(settings.landing, "companies_house_profile")
    with dg.instance_for_test() as instance:
        memory.hear(["99000001", "99000002"])
        assert _requests(prompted, instance, graph) == []  # no key, no asking
        monkeypatch.setenv("OBSERVATORY_COMPANIES_HOUSE_KEY", "fictional")
        (first,) = _requests(prompted, instance, graph)
        (again,) = _requests(prompted, instance, graph)
        assert first.run_key == again.run_key
        assert first.asset_selection == [dg.AssetKey(asset_name("companies_house_profile"))]
        monkeypatch.setenv("OBSERVATORY_NOW", "2026-11-23T02:40:00+00:00")
        memory.note({"99000001": "answer"})
        assert _requests(prompted, instance, graph) == []


def test_every_source_is_checked_for_freshness_and_standing(
    home: Path, graph: dg.Definitions
) -> None:
    wanted = {(asset_name(one), name) for one in registry() for name in ("fresh", "standing")}
    assert wanted <= _check_keys(graph)
    result = graph.resolve_job_def("take_in_sources").execute_in_process(
        asset_selection=[dg.AssetKey(asset_name("local_authorities"))],
        instance=dg.DagsterInstance.ephemeral(),
    )
    found = {one.check_name: one for one in result.get_asset_check_evaluations()}
    assert {name for name, one in found.items() if one.passed} == {"fresh", "standing"}


def test_a_developers_graph_asks_no_publisher_by_itself(
    home: Path, graph: dg.Definitions, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(AUTOMATION, OFFLINE)
    monkeypatch.setenv("OBSERVATORY_ORIGIN_OVERRIDES", f"*={loopback.origin}")
    key = get("companies_house_stream").key
    assert key is not None
    monkeypatch.setenv(key.variable, "fictional")
    folder = standing_folder(from_environment())
    standing.failed(folder, "mutual_companies", "503", landed=0, rejected=0, transient=True)
    monkeypatch.setenv("OBSERVATORY_NOW", "2026-11-23T09:30:00+00:00")
    with dg.instance_for_test() as instance:
        for sensor in graph.sensors or []:
            assert sensor.default_status is dg.DefaultSensorStatus.RUNNING
            assert _requests(sensor, instance, graph) == []
        for schedule in graph.schedules or []:
            assert isinstance(schedule, dg.ScheduleDefinition)
            assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
            if schedule.job_name != "take_in_sources":
                continue
            with dg.build_schedule_context(
                instance=instance, scheduled_execution_time=datetime(2026, 11, 24, tzinfo=UTC)
            ) as context:
                requests = schedule.evaluate_tick(context).run_requests or []
            for request in requests:
                asked = request.run_config["ops"]
                assert asked.keys() == {asset_name(one) for one in registry()}
                assert all(one["config"] == {"offline": True} for one in asked.values())
    assert loopback.requests == []


def _check_keys(graph: dg.Definitions) -> set[tuple[str, str]]:
    """Asset and name of every check of the graph."""
    return {
        (key.asset_key.path[-1], key.name)
        for assets in graph.assets or []
        if isinstance(assets, dg.AssetsDefinition)
        for key in assets.check_keys
    }


def test_what_is_stale_is_asked_for_with_one_key_until_it_changes(
    home: Path, graph: dg.Definitions
) -> None:
    with dg.instance_for_test() as instance:
        # Nothing ever landed: there is nothing to build, and a run could only fail.
        assert _requests(staleness, instance, graph) == []
        _land_pairs(from_environment())
        (first,) = _requests(staleness, instance, graph)
        (again,) = _requests(staleness, instance, graph)
    assert first.run_key == again.run_key
    asked = {key.path[-1] for key in first.asset_selection or []}
    assert {"release", "organisations"} <= asked


def _land_pairs(settings: Settings) -> None:
    (pairs,) = [one for one in sample.files() if one.source == "mutual_companies"]
    source, landing = get(pairs.source), Landing(settings.landing)
    land_file(source, pairs.path, landing, origin="sample", published_on=pairs.published_on)


def test_models_and_release_share_a_pool_of_one(home: Path, graph: dg.Definitions) -> None:
    pools = {
        op.pool
        for assets in graph.assets or []
        if isinstance(assets, dg.AssetsDefinition)
        for op in [assets.op]
        if op.name in ("models", "release")
    }
    assert pools == {POOL}
    with open_instance(from_environment()) as instance:
        config = instance.get_concurrency_config()
    assert config.pool_config.default_pool_limit == 1


def _requests(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, graph: dg.Definitions
) -> list[dg.RunRequest]:
    with dg.build_sensor_context(instance=instance, definitions=graph) as context:
        return list(sensor.evaluate_tick(context).run_requests or [])


def test_the_sample_names_sources_that_exist() -> None:
    assert {one.source for one in sample.files()} <= set(registry())


def test_processes_that_open_a_new_home_at_once_do_not_trip_over_each_other(home: Path) -> None:
    opening = (
        "from assets.instance import open_instance\n"
        "from observatory.settings import from_environment\n"
        "with open_instance(from_environment()) as instance:\n"
        "    instance.get_runs_count()\n"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", opening], stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = [one.communicate(timeout=120)[1] for one in started]
    assert [one.returncode for one in started] == [0, 0, 0], said


def test_old_runs_are_forgotten_but_for_what_the_ui_still_tells(
    home: Path, graph: dg.Definitions, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = graph.resolve_job_def("take_in_sources")
    with open_instance(from_environment()) as instance:
        for name in ("local_authorities", "local_authorities", "public_bodies"):
            job.execute_in_process(
                asset_selection=[dg.AssetKey(asset_name(name))], instance=instance
            )
        assert forget(instance) == 0
        before = {run.run_id for run in instance.get_runs()}
        monkeypatch.setattr("observatory.clock.ticks", lambda: time.time() + 91 * 86_400)
        assert forget(instance) == 1
        left = {run.run_id for run in instance.get_runs()}
        (gone,) = before - left
        assert instance.all_logs(gone) == []
        for name in ("local_authorities", "public_bodies"):
            made = instance.get_latest_materialization_event(dg.AssetKey(asset_name(name)))
            assert made is not None
            assert made.run_id in left
        assert forget(instance) == 0
