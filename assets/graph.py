"""The whole graph: the sources, the models, the release, and what starts them."""

from __future__ import annotations

import dagster as dg

from assets.automation import (
    inbox,
    listeners,
    nightly,
    once_more,
    prompted,
    staleness,
    weekly_pruning,
)
from assets.backfills import backfill_assets
from assets.instance import POOL
from assets.jobs import everything_job, prune_job, sources_job
from assets.models import model_assets, published
from assets.release import release_asset
from assets.sources import source_assets
from assets.watchers import watchers
from observatory.build import load_project
from observatory.settings import from_environment


def make(*, for_ui: bool) -> dg.Definitions:
    """Return the graph. For the UI each column is led back to its origins, which takes a second,
    and runs wait for each other in a pool; the command does without."""
    project = load_project(from_environment())
    pool = POOL if for_ui else None
    return dg.Definitions(
        assets=[
            *source_assets(),
            *(backfill_assets() if for_ui else ()),
            model_assets(project, lineage=for_ui, pool=pool),
            release_asset(published(project), pool=pool),
        ],
        jobs=[sources_job, everything_job, prune_job],
        schedules=[nightly, weekly_pruning, *listeners()],
        sensors=[inbox, staleness, once_more, prompted, *watchers()],
    )
