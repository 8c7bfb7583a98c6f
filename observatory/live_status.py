"""``releases/status.json``: which sources can be read now, beside the releases that never change.

A release says how its sources stood when it was built, and no night makes another one for a source
that fails. This file is written at every try of a source, so that the site (``static/status.js``)
can say today what the release could not. It names no problem: what went wrong is for whoever runs
the observatory. What does not belong here: how a source stands (``standing.py``).
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable
from typing import Any, Final

from observatory import clock, standing
from observatory.settings import Settings

NAME: Final = "status.json"

log = logging.getLogger(__name__)


def write(settings: Settings, standings: Iterable[standing.Standing]) -> None:
    """Write the file in one step, once there is a release for it to stand beside. Never raises: a
    night does not fail for it, and the next try writes it again."""
    if not settings.releases.is_dir():
        return
    told = {
        "as_of": clock.now().isoformat(),
        "sources": {one.source: _told(one) for one in standings if one.tried_at},
    }
    target = settings.releases / NAME
    fresh = target.with_suffix(f".{os.getpid()}.tmp")
    try:
        fresh.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
        fresh.replace(target)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        log.warning("%s could not be written: %s", target, error.strerror)


def _told(one: standing.Standing) -> dict[str, Any]:
    return {"succeeded_at": one.succeeded_at or None, "failing_since": one.broken_since or None}
