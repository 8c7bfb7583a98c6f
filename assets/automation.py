"""What starts a run: the night, a file dropped in an inbox, and whatever is stale. What a watcher
sees starts one too (``watchers.py``).

A source whose normalised content did not change leaves nothing stale, so the sensor that asks
``observatory.build.stale`` starts nothing after it.
"""

import hashlib

import dagster as dg

from assets.jobs import EVENT, everything_job, prune_job, sources_job
from assets.release import NAME as RELEASE
from assets.sources import asset_name
from observatory.build import stale
from observatory.errors import TransientError
from observatory.landing.inbox import waiting
from observatory.settings import Settings, from_environment
from observatory.sources.base import registry


@dg.schedule(
    cron_schedule="30 2 * * *",
    execution_timezone="Europe/London",
    job=sources_job,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="The event of last resort: every source, every night at 02:30 in London.",
)
def nightly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Ask for every source; what they bring is built by the staleness sensor."""
    night = context.scheduled_execution_time.date().isoformat()
    return dg.RunRequest(run_key=f"nightly-{night}", tags={EVENT: f"night of {night}"})


weekly_pruning = dg.ScheduleDefinition(
    name="weekly_pruning",
    job=prune_job,
    cron_schedule="0 5 * * 0",
    execution_timezone="Europe/London",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Sundays at 05:00: throws away what may go.",
)


@dg.sensor(
    job=sources_job,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Reads a source when a file was dropped into its inbox.",
)
def inbox(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    """Ask for each source with files waiting, once for one set of files."""
    settings = from_environment()
    requests = []
    for source_id in registry():
        files = _waiting(settings, source_id)
        if files:
            requests.append(
                dg.RunRequest(
                    run_key=f"inbox-{source_id}-{files}",
                    asset_selection=[dg.AssetKey(asset_name(source_id))],
                    run_config=_offline(source_id),
                    tags={EVENT: "inbox"},
                )
            )
    return dg.SensorResult(run_requests=requests)


@dg.sensor(
    job=everything_job,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Builds the models that are stale, and the release when one may be due.",
)
def staleness(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Ask the library what is stale; one run request for one answer."""
    try:
        answer = stale(from_environment(), wait_seconds=1.0)
    except TransientError as error:
        return dg.SkipReason(error.what)  # asked again at the next tick
    if not answer:
        return dg.SkipReason("nothing is stale")
    keys = [*answer.models, RELEASE]
    digest = hashlib.sha256("\n".join([answer.state, *keys]).encode()).hexdigest()[:16]
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(
                run_key=f"stale-{digest}", asset_selection=[dg.AssetKey(key) for key in keys]
            )
        ]
    )


def _waiting(settings: Settings, source_id: str) -> str:
    """A digest of the files that wait in an inbox (names, sizes, times); empty when none do."""
    files = [
        (one.name, one.stat().st_size, one.stat().st_mtime_ns)
        for one in waiting(settings, source_id)
    ]
    return hashlib.sha256(repr(files).encode()).hexdigest()[:16] if files else ""


def _offline(source_id: str) -> dg.RunConfig:
    return dg.RunConfig(ops={asset_name(source_id): {"config": {"offline": True}}})
