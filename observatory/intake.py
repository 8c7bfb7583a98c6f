"""Taking a source in: the inbox, the publisher, the landing, then the lake.

One call does for one source all that a night does for it, in an order that loses nothing:
what people dropped is landed even when the publisher cannot be reached, and what landed is
read into the lake even when a later file is refused. Publishers' quirks live in the source
modules; scheduling lives in ``assets/``.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from observatory import alerts, lake_kept, live_status, standing
from observatory.errors import (
    ObservatoryError,
    PermanentError,
    TransientError,
    in_words,
    no_room,
    unforeseen,
)
from observatory.lake import Lake, LakeSnapshot
from observatory.landing import asked, cursors, events, tombstones
from observatory.landing.accept import Landed, land_file
from observatory.landing.http import Publisher
from observatory.landing.inbox import scan_inbox
from observatory.landing.receipts import Receipt
from observatory.landing.store import Landing
from observatory.looked_for import LookedFor
from observatory.settings import Settings, secret
from observatory.sources.base import Body, Download, Source, Watch
from observatory.watchlist import last_published

log = logging.getLogger(__name__)


@dataclass
class Intake:
    """What one source's turn brought: bodies landed (new or known), files refused, snapshots
    read into the lake, and the failures on the way (none when all went well)."""

    source_id: str
    landed: list[Landed] = field(default_factory=list)
    rejected: list[ObservatoryError] = field(default_factory=list)
    read: list[LakeSnapshot] = field(default_factory=list)
    failures: list[ObservatoryError] = field(default_factory=list)
    data_version: str = ""
    changed: bool = False

    @property
    def new(self) -> list[Landed]:
        """The bodies that had not landed before."""
        return [one for one in self.landed if one.new]

    @property
    def may_pass(self) -> bool:
        """Whether all that went wrong may pass by itself."""
        wrong = [*self.failures, *self.rejected]
        return bool(wrong) and all(isinstance(one, TransientError) for one in wrong)

    @property
    def problem(self) -> str:
        """What went wrong, in words; empty when nothing did."""
        return "\n".join(str(error) for error in [*self.failures, *self.rejected])


def standing_folder(settings: Settings) -> Path:
    """Where the standing of every source is kept."""
    return settings.landing / "standing"


def take_in(source: Source, settings: Settings, *, offline: bool, event: str = "command") -> Intake:
    """Land what is new of one source and read it into the lake.

    With ``offline`` the publisher is not asked, nor without the key that it hands out; the
    inbox and packaged seeds still are. ``event`` is what started it, for the release that comes of
    it. Never raises for a failure of the source: it is in
    ``Intake.failures`` and in its standing.
    """
    landing, lake = Landing(settings.landing), Lake(settings.lake)
    intake = Intake(source.id)
    with _noting(intake):
        before = lake.data_version(source.id, source.reader_version)
        with _noting(intake):
            for outcome in scan_inbox(source, settings, landing):
                if isinstance(outcome, ObservatoryError):
                    intake.rejected.append(outcome)
                else:
                    intake.landed.append(outcome)
        if source.is_live and (source.local or not (offline or needs_key(source))):
            with _noting(intake):
                shown = cursors.load(settings.landing, source.id).changes
                receipts = landing.receipts(source.id)
                ask = partial(_downloads, source, settings=settings, receipts=receipts)
                for landed in land_downloads(source, settings, landing, ask):
                    intake.landed.append(landed)
                cursors.taken(settings.landing, source.id, shown)
        _read_into(intake, source, landing, lake, settings)
        if source.reads_watched:
            _search_again(intake, source, landing, lake, settings)
        intake.data_version = lake.data_version(source.id, source.reader_version)
        intake.changed = intake.data_version != before
        if intake.changed:
            events.note(settings.landing, source.id, _event(intake, event), intake.data_version)
    _record(intake, settings)
    return intake


def _event(intake: Intake, event: str) -> str:
    """What changed a source's data: its inbox or a packaged file by themselves, else ``event``."""
    origins = {one.receipt.origin for one in intake.new}
    if origins == {"inbox"}:
        return "inbox"
    return "project file" if origins == {"seed"} else event


def needs_key(source: Source) -> str:
    """Say which key a source lacks, and how to get it; empty when it lacks none."""
    if source.key is None or secret(source.key.variable):
        return ""
    return (
        f"not configured: it needs a key in {source.key.variable}; get one (free) at "
        f"{source.key.obtain}"
    )


@contextmanager
def _noting(intake: Intake) -> Iterator[None]:
    """Note a failure and go on: what comes after does not depend on it. One that nobody foresaw
    is the source's failure like any other, and does not end the night for the others."""
    try:
        yield
    except ObservatoryError as error:
        intake.failures.append(in_words(error))
    except Exception as error:
        log.debug("%s: unforeseen", intake.source_id, exc_info=True)
        intake.failures.append(_unforeseen(intake.source_id, error))


def _unforeseen(source_id: str, error: Exception) -> ObservatoryError:
    if no_room(error) or (isinstance(error, OSError) and error.errno is not None):
        return unforeseen(error)
    said = str(error).strip().partition("\n")[0] or "no message"
    return PermanentError(
        f"could not be read: {type(error).__name__}: {said}",
        where=source_id,
        remedy="nothing of it was kept half; compare the newest file with its publisher's own, "
        f"and if they agree, observatory/sources/{source_id}.py must learn its form",
    )


def _read_into(
    intake: Intake, source: Source, landing: Landing, lake: Lake, settings: Settings
) -> None:
    """Read every landed snapshot that the present reader has not read yet; one that cannot be
    read does not keep the others out."""
    known = {one.snapshot_id for one in lake.snapshots(source.id, source.reader_version)}
    removed = tombstones.read(settings.landing, source.id)
    kept = lake_kept.on_shelf(settings.landing, source.id)
    for snapshot in landing.snapshots(source.id):
        if snapshot.snapshot_id in known or tombstones.withdrawn(snapshot, removed):
            continue
        with _noting(intake):
            if snapshot.snapshot_id in kept and not landing.holds(snapshot):
                lake.give_back(source.id, kept[snapshot.snapshot_id])
                continue
            bodies = [Body(landing.sound_body(one), one) for one in snapshot.receipts]
            names = ", ".join(one.receipt.file_name for one in bodies)
            log.info("%s: reading %s", source.id, names)
            watched = last_published(settings.releases) if source.reads_watched else None
            bounded = not settings.origin_overrides  # a stand-in's list may be short
            found = lake.ingest(source, snapshot, bodies, watched, removed, bounded=bounded)
            intake.read.append(found)
            _prompt(source, bodies, settings)
            if watched:
                numbers = watched.company_numbers
                everybody = not numbers and found.rows > 0
                _memory(source, lake).note(snapshot.snapshot_id, numbers, everybody=everybody)


def _prompt(source: Source, bodies: Sequence[Body], settings: Settings) -> None:
    """Have another source asked about what this one has just heard of. Where that is lost (the
    process dies first), the night asks about everybody anyway."""
    if source.names:
        heard = frozenset().union(*map(source.names, bodies))
        asked.of(settings.landing, source.prompts).hear(heard)


def _search_again(
    intake: Intake, source: Source, landing: Landing, lake: Lake, settings: Settings
) -> None:
    """Read what landed before once more for organisations that are watched since."""
    watched = last_published(settings.releases)
    memory, removed = _memory(source, lake), tombstones.read(settings.landing, source.id)
    read = {one.snapshot_id for one in lake.snapshots(source.id, source.reader_version)}
    for snapshot in landing.snapshots(source.id):
        new = memory.new(snapshot.snapshot_id, watched.company_numbers)
        unread = snapshot.snapshot_id not in read or not landing.holds(snapshot)
        if not new or unread or tombstones.withdrawn(snapshot, removed):
            continue
        with _noting(intake):
            bodies = [Body(landing.sound_body(one), one) for one in snapshot.receipts]
            everyone = watched.and_also(memory.before(snapshot.snapshot_id))
            if source.mentions is None or source.mentions(bodies, new):
                log.info("%s: reading %s again", source.id, snapshot.snapshot_id)
                found = lake.ingest(source, snapshot, bodies, everyone, removed, again=True)
                intake.read.append(found)
            memory.note(snapshot.snapshot_id, everyone.company_numbers)


def _memory(source: Source, lake: Lake) -> LookedFor:
    return LookedFor(lake.root, source.id, source.reader_version)


def land_downloads(
    source: Source,
    settings: Settings,
    landing: Landing,
    ask: Callable[[Publisher], Iterator[Download]],
) -> Iterator[Landed]:
    """Land each body that ``ask`` brings from the source's publisher, as it comes.

    Raises whatever ``ask`` and the landing raise, once what came before has landed.
    """
    with ExitStack() as stack:
        folder = stack.enter_context(_scratch(settings))
        keys = {source.key.host: secret(source.key.variable)} if source.key else {}
        publisher = Publisher(source.limits, settings, folder, credentials=keys)
        stack.callback(publisher.close)
        for download in ask(publisher):
            yield land_file(
                source,
                download.path,
                landing,
                origin="seed" if source.local else "download",
                file_name=download.file_name,
                published_on=download.published_on,
                published_basis=download.published_basis if download.published_on else None,
                scope=download.scope,
                url=download.url,
                headers=download.headers,
            )


def _downloads(
    source: Source, publisher: Publisher, settings: Settings, receipts: Sequence[Receipt]
) -> Iterator[Download]:
    if source.fetch is not None:
        yield from source.fetch(publisher, receipts)
    if source.fetch_watched is not None:
        memory = asked.of(settings.landing, source.id)
        watch = Watch(last_published(settings.releases), memory)
        yield from source.fetch_watched(publisher, receipts, watch)


@contextmanager
def _scratch(settings: Settings) -> Iterator[Path]:
    settings.landing.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.landing, prefix=".fetch-") as folder:
        yield Path(folder)


def _record(intake: Intake, settings: Settings) -> None:
    folder = standing_folder(settings)
    landed, rejected = len(intake.new), len(intake.rejected)
    alerts.settle(settings, f"source {intake.source_id}", intake.problem)
    if intake.problem:
        standing.failed(
            folder,
            intake.source_id,
            intake.problem,
            landed=landed,
            rejected=rejected,
            transient=intake.may_pass,
        )
    else:
        standing.succeeded(folder, intake.source_id, landed=landed, rejected=rejected)
    live_status.write(settings, standing.everyone(folder))
