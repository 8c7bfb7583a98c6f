"""The one place where the time of day enters the observatory.

``OBSERVATORY_NOW`` (ISO 8601, UTC when it names no zone) fixes the clock, for tests and for
rebuilding a past night; nothing else in the code may ask for the time.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime

from observatory.errors import PermanentError


def now() -> datetime:
    """Return the present moment in UTC, to the second.

    Raises PermanentError when ``OBSERVATORY_NOW`` is set but is not an ISO 8601 time.
    """
    fixed = os.environ.get("OBSERVATORY_NOW")
    if not fixed:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        moment = datetime.fromisoformat(fixed)
    except ValueError as error:
        raise PermanentError(
            f"OBSERVATORY_NOW={fixed!r} is not an ISO 8601 time",
            remedy="write it as 2026-11-23T02:30:00+00:00, or unset it",
        ) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).replace(microsecond=0)


def ticks() -> float:
    """Return seconds since 1970 as the machine counts them, for pacing requests only.

    ``OBSERVATORY_NOW`` does not fix it, since waiting really takes time; it decides when
    something is asked for, never what any row says.
    """
    return time.time()
