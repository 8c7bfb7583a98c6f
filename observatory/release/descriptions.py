"""The files that describe a release to programs and people, and whether they tell the truth.

What belongs here: which describing files a release holds, when they are written, and the check
that they declare the columns that the release has. What does not: the wording of each format
(``datapackage.py``, ``csv_metadata.py``, ``dcat.py``, ``dictionary.py``, ``changelog.py``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from observatory.release import changelog, csv_metadata, datapackage, dcat, dictionary
from observatory.release.manifest import Manifest
from observatory.release.versions import ReleaseRef

# Two builds of the same landing differ in these files, and in no other: each carries the moment of
# the build, or the hash of a file that does. Verdicts that a release says for the first time are
# known from its moment. The DuckDB file may differ in bytes alone, and is compared by its tables.
CARRY_TIME_OR_HASH = (
    "SHA256SUMS",
    "datapackage.json",
    "dcat.jsonld",
    "manifest.json",
    "observatory.duckdb",
    "*/assessments_history.*",
    "*/classifications_history.*",
    "*/evidence_history.*",
    "*/releases.*",
    "*/rules_history.*",
    "*/seed_versions_history.*",
    "site/feed.xml",
)


def write(folder: Path, manifest: Manifest, previous: ReleaseRef | None = None) -> None:
    """Write every describing file into the staged ``folder``. ``manifest`` names the files of
    data alone: the tables in each format, the organisations, the DuckDB file; ``previous`` is the
    release before, whose changelog is carried on."""
    texts = {
        changelog.FILE: changelog.describe(
            manifest,
            previous.manifest if previous else None,
            changelog.before(previous.path) if previous else "",
        ),
        datapackage.FILE: _json(datapackage.describe(manifest)),
        csv_metadata.FILE: _json(csv_metadata.describe(manifest)),
        dcat.FILE: _json(dcat.describe(manifest)),
        dictionary.FILE: dictionary.describe(
            [entry.table for entry in manifest.tables],
            {one["source"]: one["licence"] for one in manifest.sources},
        ),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def problems(folder: Path, manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Yield where and how a describing file differs from ``manifest``: a table that it lacks, or
    other columns, key, size or hash. A release from before there were such files has none."""
    promised = {entry.path for entry in manifest.files}
    if datapackage.FILE in promised:
        held = _read(folder / datapackage.FILE)
        yield from _differences(datapackage.FILE, datapackage.declared(held), manifest)
        yield from _other_files(held, manifest)
    if csv_metadata.FILE in promised:
        held = _read(folder / csv_metadata.FILE)
        yield from _differences(csv_metadata.FILE, csv_metadata.declared(held), manifest)


Declared = Mapping[str, tuple[list[str], list[str]]]


def _differences(where: str, declared: Declared, manifest: Manifest) -> Iterator[tuple[str, str]]:
    wanted = {
        f"csv/{entry.table.name}.csv": (list(entry.table.column_names), list(entry.table.key))
        for entry in manifest.tables
    }
    for path in sorted(wanted.keys() | declared.keys()):
        if path not in wanted:
            yield where, f"describes {path}, which the release does not declare"
        elif path not in declared:
            yield where, f"does not describe {path}"
        elif declared[path] != wanted[path]:
            yield where, f"declares other columns or another key of {path} than the manifest"


def _other_files(package: Any, manifest: Manifest) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    sums = {entry.path: entry.sha256 for entry in manifest.files}
    for resource in package["resources"]:
        digest = str(resource.get("hash", "")).removeprefix("sha256:")
        if resource["path"] not in sums:
            yield datapackage.FILE, f"names {resource['path']}, which is not in the manifest"
        elif digest and digest != sums[resource["path"]]:
            yield datapackage.FILE, f"gives another hash of {resource['path']} than the manifest"


def _read(path: Path) -> Any:  # noqa: ANN401 - whatever JSON holds
    return json.loads(path.read_text(encoding="utf-8"))


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
