"""The bundled sample: few real records in the publishers' own formats, landed by ``--sample``.

What belongs here: the files, what the manifest says of them, and nothing made up. What does not:
fixtures for tests, which hold damaged and fictional records. README.md says where each file comes
from and how its rows were chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from observatory.errors import PermanentError
from observatory.landing.receipts import Scope

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class SampleFile:
    """One bundled file: where it lies, which source's format it has, and what is said of it.

    ``rows`` counts published records, ``citation`` and ``licence`` are for people.
    """

    path: Path
    source: str
    published_on: date
    scope: Scope
    rows: int
    licence: str
    citation: str


def files() -> list[SampleFile]:
    """Return the bundled files in the manifest's order.

    Raises PermanentError when the manifest names a file that is not there.
    """
    manifest = yaml.safe_load((FOLDER / "manifest.yml").read_text(encoding="utf-8"))
    found = [
        SampleFile(
            path=FOLDER / entry["path"],
            source=entry["source"],
            published_on=entry["published_on"],
            scope=Scope.parse(entry["scope"]),
            rows=entry["rows"],
            licence=entry["licence"],
            citation=entry["citation"].strip(),
        )
        for entry in manifest["files"]
    ]
    missing = [one.path.name for one in found if not one.path.is_file()]
    if missing:
        raise PermanentError(
            f"the sample lacks {', '.join(missing)}",
            where=str(FOLDER / "manifest.yml"),
            remedy="restore the files from the repository, or install the project again",
        )
    return found
