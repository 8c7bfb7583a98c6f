"""A body that comes too slowly: a publisher, or somebody on the way, that drips bytes.

Silence alone does not tell: a byte a minute is never silent, and would hold a night up for ever.
What does not belong here: silence and lengths (``wire.py``), what is done about it (``http.py``).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Final

from observatory.errors import TransientError
from observatory.landing.wire_failures import shown

# At least so many bytes in so many seconds: a hundredth of the slowest line we would run on. A body
# shorter than that may take as long.
LEAST: Final = (64 << 10, 120.0)
# The largest body (controllers, 2.2 GB) takes six hours at 100 kB a second.
LONGEST: Final = 6 * 3600.0


def steadily(chunks: Iterable[bytes], url: str) -> Iterator[bytes]:
    """Yield the chunks of a body. Raises TransientError when they come too slowly, or too long."""
    began = since = time.monotonic()
    came = 0
    for chunk in chunks:
        came, now = came + len(chunk), time.monotonic()
        least, seconds = LEAST
        if now - began > LONGEST:
            raise _slow(f"was not at its end after {LONGEST / 3600:.0f} hours", url)
        if now - since > seconds:
            if came < least:
                raise _slow(f"came too slowly: {came:,} bytes in {now - since:.0f} s", url)
            since, came = now, 0
        yield chunk


def _slow(said: str, url: str) -> TransientError:
    return TransientError(said, where=shown(url), remedy="refresh again later; nothing is lost")
