"""``python -m assets.dev``: open the Dagster UI on the observatory's own state.

Every schedule and sensor is on; with ``--live`` they also ask publishers by themselves.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from assets.instance import prepare
from assets.live import AUTOMATION, OFFLINE, kept_offline
from observatory.settings import from_environment


def main() -> None:
    """Replace this process by ``dagster dev`` on ``workspace.yaml``."""
    arguments = sys.argv[1:]
    if "--live" in arguments:
        arguments.remove("--live")
    else:
        os.environ[AUTOMATION] = OFFLINE
        sys.stderr.write(f"Schedules and sensors are on; {kept_offline()}.\n")
    settings = from_environment()
    os.environ["DAGSTER_HOME"] = str(prepare(settings))
    os.environ["OBSERVATORY_HOME"] = str(settings.home)
    dagster = Path(sys.executable).parent / "dagster"
    workspace = settings.project_root / "workspace.yaml"
    command = [str(dagster), "dev", "-w", str(workspace), *arguments]
    os.execv(str(dagster), command)  # noqa: S606 - our own virtual environment's program


if __name__ == "__main__":
    main()
