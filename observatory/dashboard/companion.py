"""The site as a part of every release: what ``observatory.release.stage`` calls to write it.

The drawing libraries are imported only when a release is staged, so that whoever merely names this
module (Dagster's definitions, every verb of the command) starts as fast as before.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from observatory.settings import Settings


def writer(settings: Settings) -> Callable[[Path, Callable[[], object]], None]:
    """Return what writes the site into a staged release's folder, while its files are written."""

    def write(folder: Path, downloads: Callable[[], object]) -> None:
        from observatory.dashboard.build import build

        build(
            folder,
            contact=settings.contact,
            docs=settings.project_root / "docs" / "methodology",
            cookbook=settings.sql / "queries",
            base_url=settings.base_url,
            downloads=downloads,
        )

    return write
