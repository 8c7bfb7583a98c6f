"""The jobs that sensors and schedules start.

What does not belong here: when they start (``automation.py``, ``watchers.py``).
"""

import dagster as dg

from assets.backfills import GROUP as BACKFILL
from assets.history import forget
from assets.sources import GROUP
from observatory.pruning import prune
from observatory.settings import from_environment

SOURCES_JOB = "take_in_sources"

sources_job = dg.define_asset_job(
    SOURCES_JOB,
    selection=dg.AssetSelection.groups(GROUP),
    description="Ask every publisher and inbox for what is new.",
)
everything_job = dg.define_asset_job(
    "refresh",
    # What has partitions is fetched by a backfill: the night knows of no partition.
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups(BACKFILL),
    description="Sources, models and release.",
)


@dg.op(description="Throws away what may go, by the rule in docs/operations.md.")
def prune_op(context: dg.OpExecutionContext) -> None:
    """Prune this home, and say how much went."""
    gone = prune(from_environment())
    freed = sum(one.size_bytes for one in gone) / 1e6
    forgotten = forget(context.instance)
    context.log.info(f"freed {freed:,.1f} MB in {len(gone)} places, and forgot {forgotten} runs")


@dg.job(name="prune", description="Old bodies, old readings, old nightly releases, scratch.")
def prune_job() -> None:
    """Prune once."""
    prune_op()
