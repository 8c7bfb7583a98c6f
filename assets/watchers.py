"""A sensor a watched source, made from the registry: it looks, and asks for a run once a change.

What does not belong here: how a publisher is watched (``observatory/watching.py``).
"""

import dagster as dg

from assets.jobs import sources_job
from assets.live import kept_offline
from assets.sources import EVENT, asset_name
from observatory.settings import from_environment
from observatory.sources.base import Source, registry
from observatory.watching import look


def watchers() -> list[dg.SensorDefinition]:
    """Return the sensors of all sources that can be watched."""
    return [_sensor(one) for one in registry().values() if one.watcher.look is not None]


def _sensor(source: Source) -> dg.SensorDefinition:
    every = int(source.watcher.every.total_seconds())

    @dg.sensor(
        name=f"watch_{source.id}",
        job=sources_job,
        minimum_interval_seconds=every,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=f"Looks at {source.watcher.sees}; reads the source once a change.",
    )
    def watch(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        if not source.local and (reason := kept_offline()):
            return dg.SkipReason(reason)
        sighting = look(source, from_environment())
        if sighting.problem:
            return dg.SkipReason(f"could not look: {sighting.problem}")
        if not sighting.run_key:
            return dg.SkipReason(f"{sighting.outcome}: nothing is pending")
        request = dg.RunRequest(
            run_key=sighting.run_key,
            asset_selection=[dg.AssetKey(asset_name(source.id))],
            tags={EVENT: "watcher"},
        )
        return dg.SensorResult(run_requests=[request])

    return watch
