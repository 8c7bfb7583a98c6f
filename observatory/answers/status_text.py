"""``observatory status`` as a person reads it: first what is broken, then every source in a line.

What does not belong here: finding out (``status.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from observatory.answers.status import Kind, Line
from observatory.answers.tables import Table, as_table

_MINUTES = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d\+00:00")


def as_text(lines: Sequence[Line]) -> Iterator[RenderableType]:
    """Yield what to print, in order."""
    for line in lines:
        if line.kind == "about":
            yield Text(f"{line.what}: {line.said}")
    sizes = [f"{line.what} {line.said}" for line in lines if line.kind == "disk"]
    yield Text(f"disk: {', '.join(sizes)}")
    broken = list(_told(lines, ("incident", "broken"), "Broken"))
    yield from broken or [Text("\nNothing is broken.")]
    yield from _told(lines, ("waiting",), "Waiting for more")
    yield from _told(lines, ("inbox",), "In the inbox, and not read")
    yield as_table(_sources(lines))
    yield from _told(lines, ("needs a key",), "Not asked, for want of a key")


def _told(lines: Sequence[Line], kinds: Sequence[Kind], title: str) -> Iterator[Text]:
    """What is told of these kinds, indented below its title; nothing where nothing is."""
    found = [line for line in lines if line.kind in kinds]
    if found:
        yield Text(f"\n{title}:", style="bold")
    for line in found:
        named = line.said if line.kind == "inbox" else f"{line.what}: {line.said}"
        named = named.replace(": not configured: ", ": ", 1)
        yield Text("  " + _minutes(named).replace("\n", "\n    "))


def _sources(lines: Sequence[Line]) -> Table:
    """Every source in a line; one whose receipts cannot be read has only its state."""
    columns = (
        "source (times in UTC)",
        "state",
        "last event",
        "last success",
        "next due",
        "days old",
    )
    return Table(
        columns,
        [
            (
                line.what,
                _state(line),
                _minutes(line.last_event).replace(" at ", " ") or None,
                _minutes(line.last_success) or None,
                _minutes(line.next_due) or None,
                line.lag_days,
            )
            for line in lines
            if line.kind in ("source", "broken", "needs a key")
        ],
    )


def _state(line: Line) -> str:
    if line.kind != "source":
        return line.kind
    if not line.last_success:
        return line.said
    if line.lag_days is None:
        return "well, holds nothing"
    return "well, but old" if line.late else "well"


def _minutes(text: str) -> str:
    """Times to the minute, without their zone."""
    return _MINUTES.sub(r"\1 \2", text)
