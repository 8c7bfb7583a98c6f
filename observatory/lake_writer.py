"""How one snapshot's records and issues are written, before anybody can see them.

What belongs here: the writer that a source's reader is given, its checks against the
declaration, and the counting of issues. What does not: any source's format, and where the
finished folder goes (``lake.py``).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import duckdb

from observatory.errors import PermanentError
from observatory.lake_tables import (
    DATA_ISSUES,
    LOCATOR,
    UNREAD,
    Dataset,
    RecordRun,
    quoted,
    record_locator,
)
from observatory.landing.receipts import Snapshot

if TYPE_CHECKING:
    from observatory.watchlist import Watched

Severity = Literal["info", "repaired", "quarantined", "drift", "unmapped"]

# DuckDB's default. It is fixed here because the row groups decide the bytes, and with those
# whether the same snapshot read twice gives the same file.
ROW_GROUP_ROWS = 122_880
# With less, DuckDB 1.5.5 keeps threads waiting, at full speed, in the ordered COPY of a wide table:
# under 768 MiB 51 columns took 14 s of processor time a million rows on two threads, against 7.
MEMORY_LIMIT = "1GiB"
# Rows of one kind and field kept for a snapshot; beyond it they are only counted.
ISSUE_ROWS = 1_000

_IssueKey = tuple[str, str, str, str, str, str]


@dataclass(frozen=True)
class Written:
    """One dataset of a snapshot as written: rows, and the sum of their hashes, which does not
    depend on their order."""

    rows: int
    hash_sum: int
    runs: tuple[RecordRun, ...] = ()


@dataclass
class IssueLog:
    """Issues of one snapshot: counted where they have no place of their own, and cut at
    ``ISSUE_ROWS`` a kind and field, with a last row that says how many more there were."""

    _rows: Counter[_IssueKey] = field(default_factory=Counter)
    _kept: Counter[tuple[str, str]] = field(default_factory=Counter)
    _more: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    quarantined: int = 0

    def add(self, severity: str, key: _IssueKey, occurrences: int) -> None:
        """Count one issue; ``key`` is locator, kind, severity, field, value, detail."""
        _, kind, _, name, _, _ = key
        if severity == "quarantined":
            self.quarantined += occurrences
        if key not in self._rows:
            if self._kept[kind, name] >= ISSUE_ROWS:
                self._more[kind, severity, name] += occurrences
                return
            self._kept[kind, name] += 1
        self._rows[key] += occurrences

    def rows(self) -> list[tuple[str, str, str, str, str, str, int]]:
        """Return the issues in the order in which they were first reported."""
        found = [(*key, count) for key, count in self._rows.items()]
        for (kind, severity, name), count in self._more.items():
            detail = f"{count:,} more of this kind, counted but not listed"
            found.append(("", kind, severity, name, "", detail, count))
        return found


class SnapshotWriter:
    """Given to a source's ``read``: takes the records of one snapshot as SELECTs.

    ``con`` is an in-memory DuckDB with bounded memory that spills to ``temp_dir``, in which
    the reader may also keep files of its own; both go when the snapshot is done.
    """

    def __init__(
        self, snapshot: Snapshot, datasets: Sequence[Dataset], folder: Path, temp_dir: Path
    ) -> None:
        self.snapshot = snapshot
        self.temp_dir = temp_dir
        # Whom a reader that chooses among many is to read; None before the first release.
        self.watched: Watched | None = None
        self.written: dict[str, Written] = {}
        self.issues = IssueLog()
        self._unread: list[Dataset] = []
        self._datasets = {dataset.name: dataset for dataset in datasets}
        self._folder = folder
        self.con = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": MEMORY_LIMIT,
                "temp_directory": str(temp_dir / "spill"),
                "preserve_insertion_order": True,
                "autoinstall_known_extensions": False,
            },
        )

    def write(self, dataset: Dataset, select: str, params: Sequence[object] = ()) -> int:
        """Run ``select`` and write its rows, in their order, as the snapshot's ``dataset``.

        The SELECT gives the declared columns (in any order), and ``locator`` unless records
        are counted; ``snapshot_id`` is added here. Columns that begin with ``_`` stay in the
        file, out of the views; ``_unread`` (``lake_tables.UNREAD``) becomes issues. Returns
        the number of rows. Raises PermanentError, with the difference, when it gives other
        columns or types.
        """
        if self._datasets.get(dataset.name) != dataset:
            raise PermanentError(
                f"the source does not declare dataset {dataset.name!r}", where=self.snapshot.source
            )
        if dataset.name in self.written:
            raise PermanentError(f"dataset {dataset.name!r} was written twice")
        hidden = self._compare(dataset, select, params)
        target = self.parquet(dataset)
        names = [*(column.name for column in dataset.written_columns), *hidden]
        columns = ", ".join(f'"{name}"' for name in names)
        self.con.execute(
            f"copy (select {quoted(self.snapshot.snapshot_id)} as snapshot_id, {columns} "
            f"from ({select})) to {quoted(str(target))} "
            f"(format parquet, compression zstd, row_group_size {ROW_GROUP_ROWS})",
            list(params),
        )
        self.written[dataset.name] = self._measure(dataset, target)
        if UNREAD.name in hidden:
            self._unread.append(dataset)
        return self.written[dataset.name].rows

    def parquet(self, dataset: Dataset) -> Path:
        """Return the file of a written ``dataset``, to ask what was written."""
        return self._folder / f"{dataset.name}.parquet"

    def record_runs(self, dataset: Dataset, runs: Sequence[RecordRun]) -> None:
        """Say where the records of a written ``dataset`` stand in the published files, when
        they are not simply the records 1, 2, 3 ... of one file."""
        before = self.written[dataset.name]
        self.written[dataset.name] = Written(before.rows, before.hash_sum, tuple(runs))

    def issue(
        self,
        kind: str,
        *,
        severity: Severity,
        locator: str = "",
        field: str = "",
        value: str = "",
        detail: str,
        occurrences: int = 1,
    ) -> None:
        """Report something wrong or unknown in the input; ``detail`` says it in words.

        Without a ``locator``, equal issues are counted in one row.
        """
        if severity not in get_args(Severity):
            raise PermanentError(f"{severity!r} is not a severity of a data issue")
        self.issues.add(severity, (locator, kind, severity, field, value, detail), occurrences)

    def finish(self) -> str:
        """Write the issues, check that every declared dataset was written, close ``con`` and
        return the content hash of all datasets."""
        missing = sorted(self._datasets.keys() - self.written.keys())
        if missing:
            raise PermanentError(
                f"the reader wrote nothing for {', '.join(missing)}", where=self.snapshot.source
            )
        for dataset in self._unread:
            self._report_unread(dataset)
        self._write_issues()
        self.con.close()
        lines = [
            f"{name} {self.written[name].rows} {self.written[name].hash_sum}"
            for name in sorted(self.written)
        ]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def _compare(self, dataset: Dataset, select: str, params: Sequence[object]) -> list[str]:
        given = self._described(f"describe {select}", params)
        hidden = [name for name in given if name.startswith("_")]
        declared = self._described(
            "describe select "
            + ", ".join(f'null::{one.type} as "{one.name}"' for one in dataset.written_columns)
        )
        wrong = [f"lacks {name}" for name in declared if name not in given]
        wrong += [f"has undeclared {name}" for name in given if name not in [*declared, *hidden]]
        wrong += [
            f"gives {name} as {given[name]}, declared {kind}"
            for name, kind in declared.items()
            if name in given and given[name] != kind
        ]
        if wrong:
            raise PermanentError(
                f"what the reader writes differs from the declaration: {'; '.join(wrong)}",
                where=f"{self.snapshot.source}, dataset {dataset.name}",
                remedy="change the reader's SELECT or its declared columns",
            )
        return hidden

    def _described(self, query: str, params: Sequence[object] = ()) -> dict[str, str]:
        rows = self.con.execute(query, list(params)).fetchall()
        return {str(row[0]): str(row[1]) for row in rows}

    def _measure(self, dataset: Dataset, target: Path) -> Written:
        columns = ", ".join(f'"{column.name}"' for column in dataset.data_columns)
        row = self.con.execute(
            f"select count(*), coalesce(sum(hash({columns})), 0) "
            f"from read_parquet({quoted(str(target))})"
        ).fetchone()
        assert row is not None  # noqa: S101  an aggregate without GROUP BY gives one row
        return Written(int(row[0]), int(row[1]))

    def _report_unread(self, dataset: Dataset) -> None:
        locator = LOCATOR.name
        if dataset.record_locator:
            locator = record_locator(self.written[dataset.name].runs)
        file = quoted(str(self.parquet(dataset)))
        rows = self.con.execute(
            f"select {locator}, cell.field, cell.value from (select *, unnest({UNREAD.name}) as "
            f"cell from read_parquet({file}, file_row_number = true)) order by file_row_number"
        )
        while row := rows.fetchone():
            self.issue(
                "unreadable-value",
                severity="repaired",
                locator=row[0],
                field=row[1],
                value=row[2],
                detail="it cannot be read as what the column holds; the cell is null",
            )

    def _write_issues(self) -> None:
        # A file, because parameters cost a quarter of a second (see ``lake_tables.literal``).
        names = [column.name for column in DATA_ISSUES.columns[2:]]
        lines = self.temp_dir / "issues.jsonl"
        rows = (dict(zip(names, row, strict=True)) for row in self.issues.rows())
        lines.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        types = ", ".join(f"{one.name}: '{one.type}'" for one in DATA_ISSUES.columns[2:])
        selected = ", ".join(
            name if name == "occurrences" else f"nullif({name}, '') as {name}" for name in names
        )
        self.con.execute(
            f"copy (select {quoted(self.snapshot.source)} as source, "
            f"{quoted(self.snapshot.snapshot_id)} as snapshot_id, {selected} "
            f"from read_json({quoted(str(lines))}, columns = {{{types}}}, "
            "format = 'newline_delimited')) "
            f"to {quoted(str(self._folder / 'issues.parquet'))} "
            f"(format parquet, compression zstd, row_group_size {ROW_GROUP_ROWS})"
        )
