"""``python -m assets.serve daemon|webserver``: Dagster on a real machine, a process each.

The daemon ticks schedules and sensors and starts runs; the web server shows them, on this machine
only. Both work on the observatory's own state, which lies on disk below ``OBSERVATORY_HOME``.
``deploy/`` has the systemd units that run these.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from assets.instance import prepare
from observatory.settings import from_environment

COMMANDS = {
    "daemon": ("dagster-daemon", "run"),
    "webserver": ("dagster-webserver", "--host", "127.0.0.1"),
}


def main(arguments: list[str]) -> None:
    """Replace this process by Dagster's daemon or web server on ``workspace.yaml``; what follows
    the name goes to it. Exits with 2 for another name."""
    if not arguments or arguments[0] not in COMMANDS:
        sys.exit(f"usage: python -m assets.serve {'|'.join(COMMANDS)} [option ...]")
    settings = from_environment()
    os.environ["DAGSTER_HOME"] = str(prepare(settings))
    os.environ["OBSERVATORY_HOME"] = str(settings.home)
    program, *fixed = COMMANDS[arguments[0]]
    path = Path(sys.executable).parent / program
    workspace = settings.project_root / "workspace.yaml"
    command = [str(path), *fixed, "-w", str(workspace), *arguments[1:]]
    os.execv(str(path), command)  # noqa: S606 - our own virtual environment's program


if __name__ == "__main__":
    main(sys.argv[1:])
