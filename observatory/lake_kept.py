"""Derived records that outlive the body they were read from.

Two things worth knowing before you touch this. The records of a body that is gone cannot be made
again, so they lie in the landing (``landing/derived/``), which is never thrown away, and the lake
holds a copy by hard links. And a mark in the lake names each such snapshot: only of these does the
lake show what an older reader read, when there is a newer one.

What belongs here: those folders and marks. What does not: which bodies may go (``pruning.py``).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from observatory.durable import sync, sync_folder
from observatory.lake_snapshots import FOLDER, LakeSnapshot, load

_MARK: Final = ".kept"


def shelf(landing: Path) -> Path:
    """Where derived records lie in a landing, in folders as in a lake."""
    return landing / "derived"


def put_by(found: LakeSnapshot, landing: Path) -> Path:
    """Copy a snapshot's records to the shelf, and return where they lie there; they are on the
    disk when this returns. Raises OSError."""
    target = shelf(landing) / found.source / found.folder.name
    _copy(found.folder, target)
    return target


def on_shelf(landing: Path, source_id: str) -> dict[str, Path]:
    """Return the shelf's folder of each snapshot of a source, by its id: the newest reader's."""
    folder = shelf(landing) / source_id
    newest: dict[str, tuple[int, Path]] = {}
    for path in folder.iterdir() if folder.is_dir() else ():
        name = FOLDER.fullmatch(path.name)
        if name and load(path):
            one = (int(name["version"]), path)
            newest[name["snapshot"]] = max(newest.get(name["snapshot"], one), one)
    return {snapshot_id: path for snapshot_id, (_, path) in newest.items()}


def give_back(folder: Path, lake_source: Path) -> None:
    """Put a folder of the shelf into the lake where it is missing, and mark its snapshot. The
    caller holds the source's lock. Raises OSError."""
    target = lake_source / folder.name
    if not load(target):
        shutil.rmtree(target, ignore_errors=True)
        _copy(folder, target)
    name = FOLDER.fullmatch(folder.name)
    assert name is not None  # noqa: S101 - ``on_shelf`` gives no other folder
    (lake_source / f"{name['snapshot']}{_MARK}").touch()


def marked(lake_source: Path) -> frozenset[str]:
    """Return the ids of the snapshots whose bodies are gone."""
    return frozenset(path.stem for path in lake_source.glob(f"*{_MARK}"))


def _copy(source: Path, target: Path) -> None:
    if target.exists():
        return
    staged = target.parent / ".staged" / target.name
    shutil.rmtree(staged, ignore_errors=True)
    staged.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source, staged, copy_function=_link)
    sync_folder(staged)
    staged.replace(target)
    sync(target.parent)


def _link(source: str, target: str) -> None:
    """Link a file where the disk can: neither copy is ever written to."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
