"""Everything Dagster sees of the observatory; ``workspace.yaml`` loads this module."""

from __future__ import annotations

from assets.graph import make

definitions = make(for_ui=True)
