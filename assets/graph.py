"""The whole graph: the sources, the models, the release, and what starts them."""

from __future__ import annotations

import dagster as dg

from assets.automation import everything_job, inbox, nightly, sources_job, staleness
from assets.models import model_assets, published
from assets.release import release_asset
from assets.sources import source_assets
from observatory.build import load_project
from observatory.settings import from_environment


def make(*, lineage: bool) -> dg.Definitions:
    """Return the graph. ``lineage`` leads each column back to its origins, for the UI; it takes
    a second, so the command does without."""
    project = load_project(from_environment())
    return dg.Definitions(
        assets=[
            *source_assets(),
            model_assets(project, lineage=lineage),
            release_asset(published(project)),
        ],
        jobs=[sources_job, everything_job],
        schedules=[nightly],
        sensors=[inbox, staleness],
    )
