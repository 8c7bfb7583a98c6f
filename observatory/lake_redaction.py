"""Taking records out of a snapshot's folder: the one thing that ever changes what the lake keeps.

The place of every other record stays true: where records are counted, the manifest's runs step
over the gap, as they do for a record that could not be read. The content hash changes, so that
all that was built on the record is built again.

What belongs here: one folder, in place (the caller swaps it in). What does not: which folders
there are (``lake.py``), who asks (``redaction.py``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from observatory.lake_tables import DATA_ISSUES, Dataset, RecordRun, quoted, record_locator
from observatory.landing.tombstones import Tombstone
from observatory.settings import PROJECT_ROOT

_MACROS = PROJECT_ROOT / "sql" / "macros" / "identifiers.sql"


@dataclass(frozen=True)
class Struck:
    """One record taken out: the snapshot and place where it stood, and by which tombstone."""

    snapshot_id: str
    locator: str
    dataset: str
    tombstone: Tombstone


def find(
    folder: Path, datasets: Sequence[Dataset], tombstones: Sequence[Tombstone]
) -> list[Struck]:
    """Return the records of a snapshot's folder that the tombstones name."""
    return [struck for _, _, struck in _found(folder, datasets, tombstones)]


def strike(
    folder: Path, datasets: Sequence[Dataset], tombstones: Sequence[Tombstone]
) -> list[Struck]:
    """Take the records that the tombstones name out of a folder's files, its manifest and the
    values of its issues; say so in an issue of each. Return what was taken out."""
    found = _found(folder, datasets, tombstones)
    if not found:
        return []
    path = folder / "manifest.json"
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    with duckdb.connect() as con:
        for dataset in datasets:
            gone = sorted(row for one, row, _ in found if one is dataset)
            if gone:
                _rewrite(con, folder / f"{dataset.name}.parquet", gone)
                if dataset.record_locator:
                    runs = [RecordRun(**run) for run in manifest["runs"][dataset.name]]
                    manifest["runs"][dataset.name] = [asdict(run) for run in without(runs, gone)]
        _tell(con, folder / "issues.parquet", manifest, [struck for _, _, struck in found])
    named = {f"{one.dataset} {''.join(one.tombstone.same_as)}" for _, _, one in found}
    told = "\n".join([str(manifest["content_hash"]), *sorted(named)])
    manifest["content_hash"] = hashlib.sha256(told.encode()).hexdigest()
    manifest["rows"] -= len(found)
    path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return [struck for _, _, struck in found]


def without(runs: Sequence[RecordRun], gone: Sequence[int]) -> list[RecordRun]:
    """Return the runs of a file that has lost the rows ``gone`` (counted from 0), so that each
    row that is left keeps its record's number."""
    left = list(runs) or [RecordRun(0, 1)]
    for row in sorted(gone, reverse=True):
        of_row = max((run for run in left if run.first_row <= row), key=lambda run: run.first_row)
        earlier = [run for run in left if run.first_row < row]
        later = [
            RecordRun(run.first_row - 1, run.first_record, run.file)
            for run in left
            if run.first_row > row
        ]
        number = of_row.first_record + row - of_row.first_row
        after = RecordRun(row, number + 1, of_row.file)
        taken = any(run.first_row == row for run in later)
        left = [*earlier, *([] if taken else [after]), *later]
    return left


def _found(
    folder: Path, datasets: Sequence[Dataset], tombstones: Sequence[Tombstone]
) -> list[tuple[Dataset, int, Struck]]:
    """Return dataset, row in its file and what is struck there, by row."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    snapshot_id = str(manifest["snapshot_id"])
    keys = {one.key_sha256: one for one in tombstones if one.key_sha256}
    places = {one.locator: one for one in tombstones if one.snapshot_id == snapshot_id}
    found: list[tuple[Dataset, int, Struck]] = []
    if not keys and not places:
        return found
    with duckdb.connect() as con:
        con.execute(_MACROS.read_text(encoding="utf-8"))
        for dataset in datasets:
            runs = [RecordRun(**run) for run in manifest["runs"].get(dataset.name, [])]
            locator = record_locator(runs) if dataset.record_locator else "locator"
            key = f"sha256(({dataset.history.key})::varchar)" if dataset.history else "null"
            rows = con.execute(
                f"select file_row_number, {locator} as place, {key} as key_sha256 "
                f"from read_parquet({quoted(str(folder / dataset.name))} || '.parquet', "
                "file_row_number = true) where list_contains(?, key_sha256) "
                "or list_contains(?, place) order by 1",
                [list(keys), list(places)],
            ).fetchall()
            for row, place, hashed in rows:
                by = keys.get(hashed) or places[place]
                found.append((dataset, int(row), Struck(snapshot_id, place, dataset.name, by)))
    return found


def _rewrite(con: duckdb.DuckDBPyConnection, file: Path, gone: Sequence[int]) -> None:
    staged = file.with_suffix(".left")
    con.execute(
        "copy (select * exclude (file_row_number) "
        f"from read_parquet({quoted(str(file))}, file_row_number = true) "
        f"where file_row_number not in ({', '.join(map(str, gone))}) order by file_row_number) "
        f"to {quoted(str(staged))} (format parquet, compression zstd)"
    )
    staged.replace(file)


def _tell(
    con: duckdb.DuckDBPyConnection, file: Path, manifest: dict[str, Any], struck: Sequence[Struck]
) -> None:
    """Leave the places of what went in the issues, without the values that stood there."""
    columns = ", ".join(f"{one.name} {one.type}" for one in DATA_ISSUES.columns)
    con.execute(f"create or replace temp table told ({columns})")
    con.execute(f"insert into told select * from read_parquet({quoted(str(file))})")
    for one in struck:
        con.execute("update told set value = null where locator = ?", [one.locator])
        con.execute(
            "insert into told values (?, ?, ?, 'redacted', 'info', null, null, ?, 1)",
            [
                manifest["source"],
                one.snapshot_id,
                one.locator,
                f"removed on {one.tombstone.redacted_on}: {one.tombstone.reason}",
            ],
        )
    staged = file.with_suffix(".left")
    con.execute(f"copy told to {quoted(str(staged))} (format parquet, compression zstd)")
    staged.replace(file)
