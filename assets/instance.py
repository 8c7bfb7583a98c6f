"""The Dagster instance: its folder is ``<home>/dagster``, shared by the command and the UI.

The consolidated SQLite event log costs less than the default one (6.6 against 9.5 s of bookkeeping
for 60 models, by the design), and one file is easier to keep than one a run.

Dagster opens its databases anew for every question. Whoever closes the last connection to one moves
its write-ahead log into it and removes the log, and every commit waits for the disk: together a
sixth of a refresh. So a connection of ours stays open beside them, and a commit waits no longer;
SQLite says that this loses, at worst, the last lines of the history when the power fails, and never
damages it (https://www.sqlite.org/pragma.html#pragma_synchronous). No data of ours lies there.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import dagster as dg
import yaml
from filelock import FileLock
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError

from assets.event_log import KeptSqliteEventLog
from observatory.errors import PermanentError
from observatory.settings import Settings

# One run at a time may write the build database: the daemon's runs wait for each other in this
# pool. The command's own run keeps out of it, since one that is killed would hold its place for
# ever; the file lock in observatory.models.engine holds the line for every process.
POOL = "build_database"


def prepare(settings: Settings) -> Path:
    """Create Dagster's folder with its configuration and return it."""
    folder = settings.dagster
    folder.mkdir(parents=True, exist_ok=True)
    config = {
        "telemetry": {"enabled": False},
        "nux": {"enabled": False},
        "concurrency": {"pools": {"default_limit": 1}},
        # Sensors tick every minute, and each tick is kept: without an end they fill the disk.
        "retention": {
            "schedule": {"purge_after_days": 90},
            "sensor": {
                "purge_after_days": {"skipped": 7, "failure": 30, "started": 90, "success": 90}
            },
        },
        # A run whose process was killed keeps its place in the pool until the daemon sees it.
        "run_monitoring": {"enabled": True, "free_slots_after_run_end_seconds": 60},
        "event_log_storage": {
            "module": KeptSqliteEventLog.__module__,
            "class": KeptSqliteEventLog.__name__,
            "config": {"base_dir": str(folder / "history")},
        },
    }
    text = yaml.safe_dump(config, sort_keys=True)
    target = folder / "dagster.yaml"
    if not target.exists() or target.read_text(encoding="utf-8") != text:
        temporary = target.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(target)
    return folder


@event.listens_for(Engine, "connect")
def _do_not_wait(connection: object, _record: object) -> None:
    """Let no commit to a history in SQLite wait for the disk."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("pragma synchronous = normal")


@contextmanager
def _kept_open(folder: Path) -> Iterator[None]:
    """Hold a connection to each of Dagster's databases that keeps a write-ahead log."""
    with ExitStack() as stack:
        for path in sorted(folder.rglob("*.db")):
            kept = stack.enter_context(closing(sqlite3.connect(path)))
            kept.execute("select count(*) from sqlite_schema").fetchone()  # opens its log
        yield


@contextmanager
def open_instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """Open the instance for the time of a ``with``. Raises PermanentError when its databases
    are damaged (they are opened when first asked) or cannot be written."""
    folder = prepare(settings)
    try:
        # Dagster makes its tables when they are not there, and two processes that do so at once
        # get in each other's way.
        with FileLock(folder / ".lock"):
            instance = dg.DagsterInstance.from_config(str(folder))
            _ = instance.run_storage, instance.event_log_storage, instance.schedule_storage
        with instance, _kept_open(folder):
            yield instance
    except (DatabaseError, sqlite3.DatabaseError) as error:
        cause = error.orig if isinstance(error, DatabaseError) else error
        shut = isinstance(cause, sqlite3.OperationalError)  # no room, no right to write, locked
        raise PermanentError(
            f"Dagster's history of runs cannot be {'written' if shut else 'opened'} ({cause})",
            where=str(folder),
            remedy="see to the disk and its permissions, then run again"
            if shut
            else "move that folder away: it holds no data, and a new one is made",
        ) from error
