"""How the observatory stands, for the person who runs it at night.

What belongs here: gathering it, and the table that programs read. What does not: the lines and
columns that a person reads (``status_text.py``), what holds for one source (``outlook.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from observatory import outlook
from observatory.alerts import open_incidents
from observatory.answers.tables import Table
from observatory.build import stale
from observatory.errors import PermanentError, TransientError
from observatory.intake import needs_key
from observatory.landing.inbox import strays
from observatory.landing.receipts import waiting
from observatory.landing.store import Landing
from observatory.release.versions import latest
from observatory.settings import Settings
from observatory.sources.base import Source, registry

Kind = Literal["about", "incident", "source", "broken", "needs a key", "waiting", "inbox", "disk"]


@dataclass(frozen=True)
class Line:
    """One thing that is told: a ``source`` is well, one that is ``broken`` or ``needs a key`` is
    not, an ``incident`` is something else that broke. ``said`` may have several lines, the last
    what to do. The times of a source are UTC, ISO 8601, empty when it never happened;
    ``lag_days`` is the age of its newest version, and ``late`` whether its publisher's rhythm
    lets us expect a newer one."""

    kind: Kind
    what: str
    said: str
    last_event: str = ""
    last_success: str = ""
    next_due: str = ""
    lag_days: int | None = None
    late: bool = False


def status(settings: Settings) -> list[Line]:
    """What is broken, and for each source its last event, last success, when it is due next and
    how old what we hold is; then what waits, and the disk in use."""
    return list(_lines(settings))


def as_rows(lines: list[Line]) -> Table:
    """The same as one table, whose first column names the kind before the thing where it is not
    a source that is well."""
    columns = ("what", "state", "last event", "last success", "next due", "lag days")
    return Table(columns, [_row(line) for line in lines])


def _row(line: Line) -> tuple[str | int | None, ...]:
    plain = line.kind in ("about", "source", "inbox")
    kind = "broken" if line.kind == "incident" else line.kind
    return (
        line.what if plain else f"{kind}: {line.what}",
        line.said + "; its newest version is old" * (line.late and line.kind == "source"),
        line.last_event or None,
        line.last_success or None,
        line.next_due or None,
        line.lag_days,
    )


def _lines(settings: Settings) -> Iterator[Line]:
    newest = latest(settings.releases)
    yield Line("about", "home", str(settings.home))
    built = (
        f"{newest.version}, built {newest.built_at:%Y-%m-%d %H:%M} UTC" if newest else "none yet"
    )
    yield Line("about", "latest release", built)
    yield Line("about", "stale models", _stale_models(settings))
    for name, since, problem in open_incidents(settings):
        if not name.startswith("source "):
            yield Line("incident", name, f"since {since}\n{problem}")
    for source_id, source in registry().items():
        try:
            yield _source(source, settings)
            for edition in waiting(Landing(settings.landing).receipts(source_id)):
                yield Line("waiting", source_id, edition)
        except PermanentError as error:
            yield Line("broken", source_id, str(error))
    for stray in strays(settings, set(registry())):
        yield Line("inbox", "inbox", str(stray))
    for room in ("landing", "lake", "warehouse", "releases", "dagster"):
        yield Line("disk", room, f"{_megabytes(settings.home / room):,.1f} MB")


def _source(source: Source, settings: Settings) -> Line:
    seen = outlook.of(source, settings)
    kind: Kind = "source"
    said = f"well at {seen.last_success}" if seen.last_success else "never tried"
    if seen.problem:
        kind, said = "broken", f"since {seen.broken_since}\n{seen.problem}"
    elif lacking := needs_key(source):
        kind, said = "needs a key", lacking
    return Line(
        kind,
        source.id,
        said,
        seen.last_event,
        seen.last_success,
        seen.next_due,
        seen.lag_days,
        seen.late,
    )


def _stale_models(settings: Settings) -> str:
    try:
        names = stale(settings, wait_seconds=1.0).models
    except TransientError:
        return "not known: another run is building them now"
    listed = f": {', '.join(names[:8])}" + (", …" if len(names) > 8 else "") if names else ""
    return f"{len(names)}{listed}"


def _megabytes(folder: Path) -> float:
    """Disk used below a folder, each hard-linked file once."""
    seen: dict[tuple[int, int], int] = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            found = path.stat()
            seen[found.st_dev, found.st_ino] = found.st_size
    return sum(seen.values()) / 1e6
