"""What publishers do wrong on the wire, for every live reader alike.

What belongs here: answers that lose nothing and are worth a sentence. What does not: any source.
"""

from __future__ import annotations

from tests.loopback import Answer

PAGE = b"<!DOCTYPE html><html><head><title>Sorry</title></head><body>Back soon</body></html>"
BUSY = (
    Answer(b"slow down", 429, {"Retry-After": "0"}),
    Answer(b"out of order", 503, {"Retry-After": "0"}),
    Answer(reset=True),
)


def faults(good: bytes) -> list[tuple[Answer, str]]:
    """Answers in place of ``good`` that do not pass by themselves, and what is said of each."""
    return [
        (Answer(b"forbidden", 403), "403"),
        (Answer(good, cut=len(good) // 2), "every time it was asked for"),
        (Answer(b"slow down", 429, {"Retry-After": "0"}), "429"),
        (Answer(b"out of order", 503, {"Retry-After": "0"}), "503"),
    ]
