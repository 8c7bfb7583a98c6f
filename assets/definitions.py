"""Everything Dagster sees of the observatory; ``workspace.yaml`` loads this module."""

from __future__ import annotations

import dagster as dg

from assets.automation import everything_job, inbox, nightly, sources_job, staleness
from assets.models import model_assets, published
from assets.release import release_asset
from assets.sources import source_assets
from observatory.build import load_project
from observatory.settings import from_environment

_project = load_project(from_environment())

definitions = dg.Definitions(
    assets=[*source_assets(), model_assets(_project), release_asset(published(_project))],
    jobs=[sources_job, everything_job],
    schedules=[nightly],
    sensors=[inbox, staleness],
)
