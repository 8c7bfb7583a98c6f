"""Taking a source in: the inbox, the publisher, the landing, then the lake.

One call does for one source all that a night does for it, in an order that loses nothing:
what people dropped is landed even when the publisher cannot be reached, and what landed is
read into the lake even when a later file is refused. Publishers' quirks live in the source
modules; scheduling lives in ``assets/``.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from observatory import standing
from observatory.errors import ObservatoryError
from observatory.lake import Lake, LakeSnapshot
from observatory.landing.accept import Landed, land_file
from observatory.landing.http import Publisher
from observatory.landing.inbox import scan_inbox
from observatory.landing.store import Landing
from observatory.settings import Settings
from observatory.sources.base import Body, Source

log = logging.getLogger(__name__)


@dataclass
class Intake:
    """What one source's turn brought: bodies landed (new or known), files refused, snapshots
    read into the lake, and the failure that ended it early (None when all went well)."""

    source_id: str
    landed: list[Landed] = field(default_factory=list)
    rejected: list[ObservatoryError] = field(default_factory=list)
    read: list[LakeSnapshot] = field(default_factory=list)
    failure: ObservatoryError | None = None
    data_version: str = ""
    changed: bool = False

    @property
    def new(self) -> list[Landed]:
        """The bodies that had not landed before."""
        return [one for one in self.landed if one.new]

    @property
    def problem(self) -> str:
        """What went wrong, in words; empty when nothing did."""
        wrong = ([self.failure] if self.failure else []) + self.rejected
        return "\n".join(str(error) for error in wrong)


def standing_folder(settings: Settings) -> Path:
    """Where the standing of every source is kept."""
    return settings.landing / "standing"


def take_in(source: Source, settings: Settings, *, offline: bool) -> Intake:
    """Land what is new of one source and read it into the lake.

    With ``offline`` the publisher is not asked; the inbox and packaged seeds still are. Never
    raises for a failure of the source: it is in ``Intake.failure`` and in its standing.
    """
    landing, lake = Landing(settings.landing), Lake(settings.lake)
    intake = Intake(source.id)
    before = lake.data_version(source.id, source.reader_version)
    for outcome in scan_inbox(source, settings, landing):
        if isinstance(outcome, ObservatoryError):
            intake.rejected.append(outcome)
        else:
            intake.landed.append(outcome)
    try:
        if source.fetch is not None and (source.local or not offline):
            for landed in _fetch(source, settings, landing):
                intake.landed.append(landed)
    except ObservatoryError as error:
        intake.failure = error
    try:
        intake.read = list(read_landed(source, landing, lake))
    except ObservatoryError as error:
        intake.failure = intake.failure or error
    intake.data_version = lake.data_version(source.id, source.reader_version)
    intake.changed = intake.data_version != before
    _record(intake, settings)
    return intake


def read_landed(source: Source, landing: Landing, lake: Lake) -> Iterator[LakeSnapshot]:
    """Read into the lake every landed snapshot that its present reader has not read yet."""
    known = {one.snapshot_id for one in lake.snapshots(source.id, source.reader_version)}
    for snapshot in landing.snapshots(source.id):
        if snapshot.snapshot_id in known:
            continue
        bodies = [Body(landing.body(receipt), receipt) for receipt in snapshot.receipts]
        log.info("%s: reading %s", source.id, ", ".join(one.receipt.file_name for one in bodies))
        yield lake.ingest(source, snapshot, bodies)


def _fetch(source: Source, settings: Settings, landing: Landing) -> Iterator[Landed]:
    assert source.fetch is not None  # noqa: S101 - narrowed by the caller, for the type checker
    with _scratch(settings) as folder:
        publisher = Publisher(source.limits, settings, folder)
        for download in source.fetch(publisher, landing.receipts(source.id)):
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


@contextmanager
def _scratch(settings: Settings) -> Iterator[Path]:
    settings.landing.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.landing, prefix=".fetch-") as folder:
        yield Path(folder)


def _record(intake: Intake, settings: Settings) -> None:
    folder = standing_folder(settings)
    landed, rejected = len(intake.new), len(intake.rejected)
    if intake.problem:
        standing.failed(folder, intake.source_id, intake.problem, landed=landed, rejected=rejected)
    else:
        standing.succeeded(folder, intake.source_id, landed=landed, rejected=rejected)
