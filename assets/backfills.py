"""What was published before, as assets with partitions, so that Dagster's backfill can fetch it.

They stand beside the sources, not in their place: the night asks a source for what is new and
knows of no partition. What does not belong here: fetching (``observatory/backfill.py``).
"""

# No `from __future__ import annotations` here: Dagster reads annotations at run time.
import warnings
from datetime import timedelta

import dagster as dg

from assets.reports import in_words, report
from assets.sources import asset_name
from observatory.backfill import backfill
from observatory.settings import from_environment
from observatory.sources.base import Past, Source, registry

GROUP = "backfill"

# A single run for a span is what a backfill should be, and Dagster still calls that beta.
warnings.filterwarnings("ignore", category=dg.BetaWarning, message=".*backfill_policy.*")


def backfill_assets() -> list[dg.AssetsDefinition]:
    """One asset for each source whose publisher offers more than the newest."""
    return [_asset(one, one.past) for one in registry().values() if one.past is not None]


def _partitions(past: Past) -> dg.TimeWindowPartitionsDefinition:
    start = past.first.isoformat()
    if past.unit == "month":
        return dg.MonthlyPartitionsDefinition(start_date=start, end_offset=1)
    if past.unit == "year":
        return dg.TimeWindowPartitionsDefinition(
            start=start, fmt="%Y-%m-%d", cron_schedule="0 0 1 1 *", end_offset=1
        )
    return dg.DailyPartitionsDefinition(start_date=start, end_offset=1)


def _asset(source: Source, past: Past) -> dg.AssetsDefinition:
    @dg.asset(
        name=f"past_{source.id}",
        group_name=GROUP,
        description=f"{source.title}: what was published before, by "
        f"{'publication date' if past.unit == 'range' else past.unit}. Read into "
        f"{asset_name(source.id)} at once.",
        owners=["team:observatory"],
        partitions_def=_partitions(past),
        backfill_policy=dg.BackfillPolicy.single_run(),
    )
    def past_source(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        window = context.partition_time_window
        first, last = window.start.date(), window.end.date()
        with in_words():
            done = backfill(source, from_environment(), first, last - timedelta(days=1))
        if done.intake:
            report(done.intake)
            if done.intake.problem:
                raise dg.Failure(description=done.intake.problem, allow_retries=False)
        return dg.MaterializeResult(
            metadata={
                "parts_asked": len(done.asked),
                "parts_done_before": len(done.done_before),
                "new_bodies": sum(one.new for one in done.landed),
            }
        )

    return past_source
