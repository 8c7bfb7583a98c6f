"""Whether schedules and sensors may ask publishers by themselves.

``make dev`` opens the whole graph with every switch on, and says no: whoever looks at it on a bare
clone means to read, not to ask forty publishers. A run that somebody starts by hand asks as it is
told to. What does not belong here: what a single run asks (``sources.py``).
"""

from __future__ import annotations

from collections.abc import Iterable

import dagster as dg

from assets.sources import asset_name
from observatory.settings import secret

AUTOMATION = "OBSERVATORY_AUTOMATION"
OFFLINE = "offline"


def kept_offline() -> str:
    """Say why no publisher is asked by itself here; empty where it may be."""
    if secret(AUTOMATION) == OFFLINE:
        return f"no publisher is asked here ({AUTOMATION}={OFFLINE}); `make dev LIVE=1` asks"
    return ""


def offline(source_ids: Iterable[str]) -> dg.RunConfig:
    """The configuration of a run that leaves the publishers of these sources alone."""
    return dg.RunConfig(ops={asset_name(one): {"config": {"offline": True}} for one in source_ids})
