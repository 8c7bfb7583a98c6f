"""What is stale, and building it: the one answer that Dagster and the command both ask for.

What belongs here: putting the models, the lake and the release together for one home folder.
What does not: how each of them works.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

import duckdb

from observatory import causes, standing
from observatory.errors import PermanentError
from observatory.lake import Lake, table_columns
from observatory.lake_tables import OWN_TABLES, RECORDS, families
from observatory.landing import tombstones
from observatory.landing.store import Landing
from observatory.models import run
from observatory.models.engine import WAIT_SECONDS
from observatory.models.project import LakeTables, Project, load
from observatory.release.connections import reading
from observatory.release.database import DATABASE
from observatory.release.versions import POINTER, history
from observatory.settings import Settings
from observatory.sources.base import registry


@dataclass(frozen=True)
class Stale:
    """What a night has to do: the models whose SQL, contract, seeds or data changed since
    they were built, in build order, and whether a release may be due."""

    models: tuple[str, ...]
    release: bool
    # Identifies the answer: it differs whenever code or data differ.
    state: str

    def __bool__(self) -> bool:
        return bool(self.models) or self.release


def load_project(settings: Settings, problems: list[PermanentError] | None = None) -> Project:
    """Load the models with the lake's tables as the registry declares them; ``problems`` is as
    in ``observatory.models.project.load``. The project is parsed again only when a file of it
    changed, since one refresh asks for it several times."""
    if problems is not None:
        return load(settings.models, _lake_tables(), settings.sql / "macros", problems)
    return _loaded(settings.models, settings.sql / "macros", _touched(settings))


@lru_cache(maxsize=2)
def _loaded(models: Path, macros: Path, _touched: tuple[tuple[str, int, int], ...]) -> Project:
    return load(models, _lake_tables(), macros)


def _lake_tables() -> LakeTables:
    return table_columns([one for source in registry().values() for one in source.datasets])


def _touched(settings: Settings) -> tuple[tuple[str, int, int], ...]:
    """The files of the project with their sizes and times."""
    found = []
    for folder in (settings.models, settings.sql / "macros"):
        for path in sorted(folder.rglob("*")):
            stat = path.stat()
            found.append((str(path), stat.st_size, stat.st_mtime_ns))
    return tuple(found)


def lake_versions(settings: Settings) -> dict[str, str]:
    """The data version of each dataset in the lake, by its view's name.

    The lake's own tables change with any of them, and with nothing else: a version that only
    repeats the records of the one before makes nothing stale, and neither does a source that
    fails (``sources`` tells of it once some source has brought something new).
    """
    lake = Lake(settings.lake)
    versions = {
        source.id: lake.data_version(source.id, source.reader_version)
        for source in registry().values()
    }
    together = hashlib.sha256(repr(sorted(versions.items())).encode()).hexdigest()
    seen = {own.name: together for own in OWN_TABLES} | {
        view: " ".join(versions[one] for one in owners) for view, owners in lake_owners().items()
    }
    # What makes a version of a record is declared by its dataset, not by a model.
    declared = [
        (one.name, one.history) for source in registry().values() for one in source.datasets
    ]
    seen[RECORDS.name] += hashlib.sha256(repr(declared).encode()).hexdigest()
    return seen


def failing(settings: Settings) -> dict[str, date]:
    """Since which day the tries of a source fail, of those whose last one did."""
    found = {one: standing.load(settings.landing / "standing", one) for one in registry()}
    return {
        source_id: datetime.fromisoformat(one.broken_since).date()
        for source_id, one in found.items()
        if one.problem and one.broken_since
    }


def lake_owners() -> dict[str, tuple[str, ...]]:
    """The sources whose records each view of the lake shows, by the view's name; the lake's own
    tables describe every source and are left out, but for its list of records."""
    owners = {
        dataset.name: (source.id,) for source in registry().values() for dataset in source.datasets
    }
    datasets = [one for source in registry().values() for one in source.datasets]
    together = {
        name: tuple(dict.fromkeys(owners[one.name][0] for one in members))
        for name, members in families(datasets).items()
    }
    followed = dict.fromkeys(owners[one.name][0] for one in datasets if one.history)
    return owners | together | {RECORDS.name: tuple(followed)}


def stale(settings: Settings, *, wait_seconds: float = WAIT_SECONDS) -> Stale:
    """Return what is stale in this home folder. Raises TransientError when another run writes the
    build database for longer than ``wait_seconds``."""
    project, versions = load_project(settings), lake_versions(settings)
    models = run.plan(project, settings.build_database, versions, wait_seconds=wait_seconds)
    built = _built(settings)
    state = f"{built} {project.fingerprint} {sorted(versions.items())}"
    # Without a pointer that leads somewhere there is no release, whatever was once offered.
    due = causes.offered(settings) != built or not (settings.releases / POINTER).exists()
    return Stale(tuple(models), bool(models) or due, f"{state} {due}")


def publishers_have_landed(settings: Settings) -> bool:
    """True when something landed, and is complete, that did not come with the project: a release
    of packaged seeds alone would pass for an observatory that has read the registers."""
    landing = Landing(settings.landing)
    return any(
        receipt.origin != "seed"
        for source_id in registry()
        for snapshot in landing.snapshots(source_id)
        for receipt in snapshot.receipts
    )


def lost(settings: Settings) -> list[str]:
    """Name the snapshots on which the latest release was built, that still are in the landing,
    and that the lake does not hold: without them the next release would pass for a world in
    which their records ended. One that somebody took out of the landing is not among them.

    Raises PermanentError when a receipt or the release cannot be read.
    """
    published = history(settings.releases)
    if not published:
        return []
    landing, lake = Landing(settings.landing), Lake(settings.lake)
    with reading(published[-1].path / DATABASE) as con:
        built_on = {row[0] for row in con.execute("select snapshot_id from snapshots").fetchall()}
    return [
        f"{snapshot.snapshot_id} ({', '.join(one.file_name for one in snapshot.receipts)})"
        for source in registry().values()
        for held in [{one.snapshot_id for one in lake.snapshots(source.id, source.reader_version)}]
        for removed in [tombstones.read(settings.landing, source.id)]
        for snapshot in landing.snapshots(source.id)
        if snapshot.snapshot_id in built_on and snapshot.snapshot_id not in held
        # a body that was taken out on purpose cannot be read again by a changed reader
        if not tombstones.withdrawn(snapshot, removed)
    ]


def attach(settings: Settings) -> Callable[[duckdb.DuckDBPyConnection], None]:
    """Return what puts the lake's views into a connection."""
    return lambda con: Lake(settings.lake).attach(con, registry(), failing(settings))


def build_models(
    settings: Settings,
    select: Iterable[str] | None = None,
    on_model: Callable[[run.ModelResult], None] | None = None,
) -> list[run.ModelResult]:
    """Build the stale models among ``select`` (all when None) into the build database."""
    settings.warehouse.mkdir(parents=True, exist_ok=True)
    return run.build(
        load_project(settings),
        settings.build_database,
        attach(settings),
        lake_versions=lake_versions(settings),
        select=select,
        on_model=on_model,
    )


def mark_released(settings: Settings) -> None:
    """Remember that the build as it stands has been offered for release."""
    causes.mark(settings, _built(settings))


def cause(settings: Settings) -> str:
    """Say which events and edited rules led to the build as it stands, since one was offered."""
    return causes.told(settings, _built(settings))


def _built(settings: Settings) -> str:
    return run.built_fingerprint(settings.build_database)
