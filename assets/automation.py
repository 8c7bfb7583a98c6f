"""What starts a run: the night, a file dropped in an inbox, and whatever is stale. What a watcher
sees starts one too (``watchers.py``).

A source whose normalised content did not change leaves nothing stale, so the sensor that asks
``observatory.build.stale`` starts nothing after it.
"""

import hashlib
from datetime import datetime, timedelta

import dagster as dg

from assets.jobs import everything_job, prune_job, sources_job
from assets.live import kept_offline, offline
from assets.release import NAME as RELEASE
from assets.sources import EVENT, asset_name
from observatory import clock, standing
from observatory.build import publishers_have_landed, stale
from observatory.errors import TransientError
from observatory.intake import needs_key, standing_folder
from observatory.landing import asked
from observatory.landing.inbox import waiting
from observatory.release.versions import versions
from observatory.settings import Settings, from_environment
from observatory.sources.base import Source, get, registry
from observatory.watchlist import last_published

AGAIN_AFTER = timedelta(hours=1)


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
    return dg.RunRequest(
        run_key=f"nightly-{night}",
        run_config=offline(registry()) if kept_offline() else None,
        tags={EVENT: f"night of {night}"},
    )


def listeners() -> list[dg.ScheduleDefinition]:
    """A schedule for each source that is asked between the nights without a watcher."""
    return [_listener(one) for one in registry().values() if one.every is not None]


def _listener(source: Source) -> dg.ScheduleDefinition:
    assert source.every is not None  # noqa: S101 - its caller has looked
    minutes = int(source.every.total_seconds() // 60)

    @dg.schedule(
        name=f"listen_{source.id}",
        cron_schedule=f"*/{minutes} * * * *",
        job=sources_job,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=f"{source.title}: {source.cadence}. Skipped without its key.",
    )
    def listen(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        if reason := kept_offline() or needs_key(source):
            return dg.SkipReason(reason)
        return dg.RunRequest(
            run_key=f"listen-{source.id}-{context.scheduled_execution_time:%Y%m%dT%H%M}",
            asset_selection=[dg.AssetKey(asset_name(source.id))],
            tags={EVENT: "stream"},
        )

    return listen


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
                    run_config=offline([source_id]),
                    tags={EVENT: "inbox"},
                )
            )
    return dg.SensorResult(run_requests=requests)


@dg.sensor(
    job=sources_job,
    minimum_interval_seconds=600,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Asks a source once more, an hour after it failed in a way that may pass.",
)
def once_more(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Ask again for each source whose failure may pass: one run for one time that it broke. After
    that the night asks, as it does for what cannot pass by itself."""
    if reason := kept_offline():
        return dg.SkipReason(reason)
    settings = from_environment()
    requests = []
    for source_id in registry():
        stands = standing.load(standing_folder(settings), source_id)
        if not stands.problem or not stands.transient:
            continue
        if clock.now() - datetime.fromisoformat(stands.broken_since) >= AGAIN_AFTER:
            requests.append(
                dg.RunRequest(
                    run_key=f"again-{source_id}-{stands.broken_since}",
                    asset_selection=[dg.AssetKey(asset_name(source_id))],
                    tags={EVENT: "once more"},
                )
            )
    return dg.SensorResult(run_requests=requests)


@dg.sensor(
    job=sources_job,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Asks a source about the watched organisations that another one has heard of.",
)
def prompted(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Ask once for what was heard; where that fails, ``once_more`` and the night ask again."""
    if reason := kept_offline():
        return dg.SkipReason(reason)
    settings, requests = from_environment(), []
    for target in {one.prompts for one in registry().values() if one.prompts}:
        if needs_key(get(target)):
            continue
        watched = last_published(settings.releases).company_numbers
        heard = asked.of(settings.landing, target).heard(watched)
        if heard:
            digest = hashlib.sha256(repr(sorted(heard.items())).encode()).hexdigest()[:16]
            requests.append(
                dg.RunRequest(
                    run_key=f"prompted-{target}-{digest}",
                    asset_selection=[dg.AssetKey(asset_name(target))],
                    tags={EVENT: "stream"},
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
    """Ask the library what is stale; one run request for one answer. On a home where nothing ever
    landed there is nothing to build, and a run could only fail."""
    settings = from_environment()
    if not (versions(settings.releases) or publishers_have_landed(settings)):
        return dg.SkipReason("nothing complete has landed from any publisher yet")
    try:
        answer = stale(settings, wait_seconds=1.0)
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
