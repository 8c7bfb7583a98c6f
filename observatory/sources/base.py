"""What a source is: a registry entry, how its newest version is found, how one is read.

What belongs here: the shape that every source module fills, and the registry that finds them.
What does not: any publisher's quirk (its own module) and any business rule (the models).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from observatory.errors import PermanentError
from observatory.lake import Dataset, SnapshotWriter

if TYPE_CHECKING:
    from observatory.landing.asked import Asked
    from observatory.landing.http import Publisher
    from observatory.landing.receipts import PublishedBasis, Receipt, Scope
    from observatory.watchlist import Watched

Republish = Literal["rows", "derived facts", "none"]
Keeps = Literal["bytes", "derived"]
WatchKind = Literal["index page", "headers", "newest notice", "project file", "inbox", "night"]


@dataclass(frozen=True)
class Body:
    """One landed body as a reader sees it: the file, and what its receipt says of it."""

    path: Path
    receipt: Receipt


@dataclass(frozen=True)
class Promise:
    """What a file says of itself once its source has checked it."""

    published_on: date | None = None
    published_basis: PublishedBasis = "content"
    scope: Scope | None = None
    # The newest day in its records: a file without a date was not published before it.
    newest_record: date | None = None


@dataclass(frozen=True)
class Download:
    """One body fetched by a live reader, still outside the landing (``path`` is temporary)."""

    path: Path
    file_name: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    published_on: date | None = None
    published_basis: PublishedBasis = "last-modified"
    scope: Scope | None = None


@dataclass(frozen=True)
class Limits:
    """A publisher's limit, and the evidence for it. ``seconds_after_403`` is how long a 403
    asks us to stay away (0: a 403 is a refusal for good)."""

    seconds_between_requests: float = 1.0
    seconds_after_403: float = 0.0
    evidence: str = ""

    @property
    def pace(self) -> str:
        """The limit that we keep, in words."""
        return f"{self.seconds_between_requests:g} s between requests"


@dataclass(frozen=True)
class Bounds:
    """How many records a whole version holds: fewer than ``least`` are refused, more than ``most``
    are reported. The reason stands in the line that sets them (a test sees to it)."""

    least: int
    most: int


@dataclass(frozen=True)
class Key:
    """A key that a publisher hands out: the environment variable that holds it, the one host
    that it is sent to (HTTP Basic, as the user name), and where a person gets one."""

    variable: str
    host: str
    obtain: str


@dataclass(frozen=True)
class Watch:
    """What a live reader of single organisations is given: whom to ask about, and whom it asked
    about before."""

    watched: Watched
    asked: Asked


# What a publisher shows now, in a few words, given what landed before: it differs when there is
# something new. An empty answer says that there is nothing new; None, that it was not time to ask.
Look = Callable[["Publisher", Sequence["Receipt"]], str | None]


@dataclass(frozen=True)
class Watcher:
    """The cheapest way that a publisher offers to see that something changed: ``look`` costs one
    small request at most, and is taken ``every`` so often. Without ``look`` there is no cheap
    way, for the reason in ``sees``, and the night does the watching."""

    kind: WatchKind
    sees: str
    look: Look | None = None
    every: timedelta = timedelta(hours=1)


# A live reader: given the polite HTTP client and the receipts of what landed before (oldest
# first), yields the bodies that are new. It raises Unreachable, TransientError or BadInput.
Fetch = Callable[["Publisher", Sequence["Receipt"]], Iterator[Download]]
# The same for a source that is asked about watched organisations only.
FetchWatched = Callable[["Publisher", Sequence["Receipt"], Watch], Iterator[Download]]
# The same for what a publisher published from one day to another, both included.
FetchBetween = Callable[["Publisher", Sequence["Receipt"], date, date], Iterator[Download]]


@dataclass(frozen=True)
class Past:
    """How what was published before is fetched: ``between`` is asked for one ``unit`` after the
    other (``range``: for all of it at once, what the publisher's page still offers), from the day
    ``first`` on. What it yields must not move the place where the nights go on."""

    unit: Literal["day", "month", "year", "range"]
    first: date
    between: FetchBetween


# A snapshot reader: writes one snapshot's records and issues to the lake.
Read = Callable[[Sequence[Body], SnapshotWriter], None]
# The header (or shape) that the source promises: raises BadInput when a file breaks it.
Check = Callable[[Path, str], Promise]


@dataclass(frozen=True)
class Source:
    """The registry entry of one published dataset."""

    id: str
    title: str
    publisher: str
    homepage: str
    licence: str
    licence_url: str
    attribution: str
    republish: Republish
    keeps: Keeps
    cadence: str
    freshness_days: int
    limits: Limits
    default_scope: Scope
    datasets: tuple[Dataset, ...]
    reader_version: int
    check: Check
    read: Read
    fetch: Fetch | None
    # True when ``fetch`` reads a file packaged with the project and needs no network.
    local: bool = False
    # Set in place of ``fetch`` by a source that is asked about watched organisations only.
    fetch_watched: FetchWatched | None = None
    # True when its reader opens few members of an archive and quarantines one that is damaged;
    # else the landing reads every member through and refuses the whole archive.
    checks_members: bool = False
    # Its bodies may be compressed with gzip, and its check opens them.
    reads_gzip: bool = False
    # True when its reader keeps only watched organisations (``SnapshotWriter.watched``).
    reads_watched: bool = False
    # Whether bodies hold a record of one of these company numbers, told at little cost: only then
    # are they read again when those are newly watched.
    mentions: Callable[[Sequence[Body], frozenset[str]], bool] | None = None
    # Without this key the publisher is not asked; that is a setting, not a failure.
    key: Key | None = None
    # How a change at the publisher is noticed between the nights; none for the inbox alone.
    watcher: Watcher = Watcher("inbox", "a file in its inbox")
    # The source that is asked about an organisation sooner when this one has heard of it, and what
    # a body names in that source's keys.
    prompts: str = ""
    names: Callable[[Body], frozenset[str]] | None = None
    # Asked so often between the nights, where no watcher could tell that it is time.
    every: timedelta | None = None
    # How older versions or days are fetched; none where the publisher offers only the newest.
    past: Past | None = None
    # Of a source that publishes whole versions.
    bounds: Bounds | None = None
    # Of a source that keeps ``derived``: days after which a body that has been read may go.
    body_days: int = 0
    notes: str = ""

    @property
    def is_live(self) -> bool:
        """Whether the observatory fetches it itself (else it comes through the inbox)."""
        return self.fetch is not None or self.fetch_watched is not None


@cache
def registry() -> Mapping[str, Source]:
    """Return every source by id, in alphabetical order, found by importing this package's
    modules. Raises PermanentError when two modules claim one id."""
    import observatory.sources as package

    found: dict[str, Source] = {}
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda one: one.name):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        source = getattr(module, "SOURCE", None)
        if not isinstance(source, Source):
            continue
        if source.id in found:
            raise PermanentError(f"two source modules claim the id {source.id!r}")
        found[source.id] = source
    return found


def get(source_id: str) -> Source:
    """Return the source with this id. Raises PermanentError that lists the known ids."""
    sources = registry()
    if source_id not in sources:
        raise PermanentError(
            f"there is no source {source_id!r}",
            remedy=f"use one of: {', '.join(sources)}",
        )
    return sources[source_id]
