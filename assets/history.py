"""How long Dagster's history of runs is kept: long enough to look back a quarter, and no longer.

Each run leaves some megabytes of events (docs/operations.md has the measure), so that a history
without an end fills the disk. No data of ours lies there. What does not belong here: the history
of releases (``observatory/release/``), the ends of sensors' ticks (``instance.py``).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import dagster as dg

from observatory import clock

KEPT: Final = timedelta(days=90)


def forget(instance: dg.DagsterInstance) -> int:
    """Delete the runs that are older than ``KEPT``, and return how many. The run in which an asset
    was last made stays, since the UI tells from it how the asset stands."""
    # Dagster dates runs by the machine's own clock, whatever night is being rebuilt.
    border = datetime.fromtimestamp(clock.ticks(), UTC) - KEPT
    old = instance.get_run_records(dg.RunsFilter(created_before=border))
    if not old:
        return 0
    records = instance.get_asset_records(instance.all_asset_keys())
    last = {one.asset_entry.last_run_id for one in records}
    gone = [one.dagster_run for one in old if one.dagster_run.run_id not in last]
    gone = [one for one in gone if one.is_finished]
    for run in gone:
        instance.delete_run(run.run_id)
        instance.compute_log_manager.delete_logs(prefix=[run.run_id])
    return len(gone)
