"""``CHANGELOG.md`` of a release: what each version changed, for people, newest first.

What belongs here: the words. What does not: finding the differences (``evolution.py``), or every
changed cell (the table ``changes``).
"""

from __future__ import annotations

from pathlib import Path

from observatory.release.changes import CAUSES
from observatory.release.manifest import Manifest

FILE = "CHANGELOG.md"
_HEAD = """\
# Changelog of the data

What changed from version to version, newest first. A version is major when something that readers
rely on is gone or means something else, minor when something was added, a patch when only the data
differ.
"""
_KINDS = {
    "first": "the first version",
    "major": "major: read the list before you move on to it",
    "minor": "minor: something was added",
    "patch": "patch: only the data differ",
}


def describe(manifest: Manifest, previous: Manifest | None, before: str) -> str:
    """Return the changelog of the release of ``manifest``: its own section, then those of
    ``before``, the changelog of the release ``previous`` (empty: it had none)."""
    earlier = before.partition("\n## ")[2]
    sections = [_section(manifest, previous), *([f"## {earlier}"] if earlier else [])]
    return "\n".join([_HEAD, *sections])


def before(release: Path) -> str:
    """Return the changelog in the folder ``release``; an empty text when it has none."""
    path = release / FILE
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _section(manifest: Manifest, previous: Manifest | None) -> str:
    day = manifest.built_at
    lines = [f"## {manifest.version}", "", f"{day:%-d %B %Y}. {_kind(manifest, previous)}.", ""]
    if manifest.schema_changes:
        lines += ["Tables and columns:", ""]
        lines += [f"- {_code(change)}" for change in manifest.schema_changes]
        lines.append("")
    lines += [*_rows(manifest, previous), *_causes(manifest)]
    return "\n".join([*lines, ""])


def _kind(manifest: Manifest, previous: Manifest | None) -> str:
    told = _KINDS.get(manifest.kind, "its kind was not recorded")
    told = told[0].upper() + told[1:]
    return f"{told} (after {previous.version})" if previous else told


def _rows(manifest: Manifest, previous: Manifest | None) -> list[str]:
    if previous is None:
        count = sum(entry.table.kind == "facts" for entry in manifest.tables)
        return [f"It holds {manifest.fact_rows:,} rows of facts in {count} tables."]
    hashes = {entry.table.name: entry.content_hash for entry in previous.tables}
    changed = [
        f"- `{entry.table.name}`: {_difference(entry.rows, previous.rows(entry.table.name))}"
        for entry in manifest.tables
        if entry.table.kind == "facts" and entry.content_hash != hashes.get(entry.table.name)
    ]
    if not changed:
        return ["No row of a fact table differs."]
    return ["Fact tables whose rows differ:", "", *changed]


def _causes(manifest: Manifest) -> list[str]:
    """How much changed and why, as the release counted it; nothing where it did not count."""
    counts = manifest.changes
    if "cells_changed" not in counts:
        return []
    causes = [f"{cause} {counts[f'by_{cause}']:,}" for cause in CAUSES if counts[f"by_{cause}"]]
    return [
        "",
        f"{counts['rows_added']:,} rows came, {counts['rows_removed']:,} went and "
        f"{counts['cells_changed']:,} cells changed. Causes, in lines of the table `changes`: "
        f"{', '.join(causes) or 'none'}.",
    ]


def _difference(rows: int, was: int | None) -> str:
    if was is None:
        return f"new, with {rows:,} rows"
    if was == rows:
        return f"other values in some of its {rows:,} rows"
    return f"{was:,} rows before, {rows:,} now"


def _code(change: str) -> str:
    where, _, what = change.partition(": ")
    return f"`{where}`: {what}"
