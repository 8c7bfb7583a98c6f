"""Reading a stream that never ends: for as long as something comes, then leaving.

What belongs here: lines, silence and heartbeats. What does not: which events are kept (the source
module), pace and statuses (``http.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import requests
import urllib3

from observatory import clock
from observatory.landing.http import Publisher
from observatory.landing.pace import Ticks

_LONGEST_LINE = 8 << 20
_AT_MOST = 1 << 16  # of what has come: nothing waits until there is as much


@dataclass(frozen=True)
class Patience:
    """When a reader leaves: after ``idle`` seconds without an event (blank lines are heartbeats
    and count for nothing), and after ``longest`` seconds or ``most`` events at any rate."""

    idle: float = 60.0
    longest: float = 600.0
    most: int = 100_000


def events(
    publisher: Publisher, url: str, patience: Patience, ticks: Ticks = clock.ticks
) -> Iterator[bytes]:
    """Yield the lines of a stream that are no heartbeats, until it is time to leave.

    A publisher that closes the connection ends it like silence: what was read is good, since a
    line counts only once its end has come. Raises OutOfRange (416), TransientError (429, 5xx: the
    pace file keeps later readers away as long as it asks), PermanentError (401, 403).
    """
    began = last = ticks()
    number, rest = 0, b""
    with publisher.stream(url, patience.idle) as answer:
        try:
            while chunk := answer.raw.read1(_AT_MOST, decode_content=True):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    if line.strip():
                        number, last = number + 1, ticks()
                        yield line
                now = ticks()
                late = now - last > patience.idle or now - began > patience.longest
                if late or number >= patience.most or len(rest) > _LONGEST_LINE:
                    return
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError):
            return
