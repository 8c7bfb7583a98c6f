"""The Dagster instance: its folder is ``<home>/dagster``, shared by the command and the UI.

The consolidated SQLite event log costs less than the default one (6.6 against 9.5 s of bookkeeping
for 60 models, by the design), and one file is easier to keep than one a run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import yaml
from filelock import FileLock
from sqlalchemy.exc import DatabaseError, OperationalError

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
            "module": "dagster._core.storage.event_log",
            "class": "ConsolidatedSqliteEventLogStorage",
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
        with instance:
            yield instance
    except DatabaseError as error:
        shut = isinstance(error, OperationalError)  # no room, no right to write, locked
        raise PermanentError(
            f"Dagster's history of runs cannot be {'written' if shut else 'opened'} ({error.orig})",
            where=str(folder),
            remedy="see to the disk and its permissions, then run again"
            if shut
            else "move that folder away: it holds no data, and a new one is made",
        ) from error
