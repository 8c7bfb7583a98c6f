"""How long to wait before another try: as the publisher asks, else longer each time, with jitter.

What does not belong here: what is tried again, and how often (``http.py``).
"""

from __future__ import annotations

from tenacity import RetryCallState, wait_random_exponential

from observatory.errors import TransientError, Unreachable

_BACKOFF = wait_random_exponential(multiplier=1, min=1, max=30)


def seconds(state: RetryCallState) -> float:
    """Return the seconds to wait after a failed attempt."""
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, Unreachable):
        return 0.5
    if isinstance(error, TransientError) and error.retry_after is not None:
        return error.retry_after
    return float(_BACKOFF(state))
