"""What differs between two releases, by table and cause: verdicts first, then every cell.

Of a release and the one before it the published table ``changes`` is read. Over several versions
the two ends are compared, and each cell takes the cause of its last change in between. What belongs
here: comparing. What does not: how it is shown (``commands/diff.py``), and which record or line of
a rule moved a verdict (``verdict_changes.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from observatory.answers import verdict_changes
from observatory.answers.tables import Table
from observatory.answers.verdict_changes import VerdictChange
from observatory.errors import BadInput
from observatory.release import cells, change_causes, change_stage, changes, records
from observatory.release.cells import ROW
from observatory.release.connections import attach, quoted, reading
from observatory.release.versions import DATABASE, ReleaseRef, find, history, latest

PREVIOUS: Final = "previous"
COLUMNS: Final = (
    "table_name", "key", "column_name", "kind", "org_id", "old_value", "new_value", "cause",
    "behind",
)  # fmt: skip
_BEFORE, _AFTER = "before", "observatory"
_LINES = "diff_lines"


@dataclass(frozen=True)
class Comparison:
    """Two releases side by side; ``counts`` has one row a table and cause. ``con`` holds the lines
    for as long as the comparison is open."""

    before: ReleaseRef
    after: ReleaseRef
    verdicts: list[VerdictChange]
    counts: Table
    con: duckdb.DuckDBPyConnection

    def lines(self, table: str | None = None, limit: int | None = None) -> Table:
        """The differing cells, of one table or of all. Raises BadInput for a table that neither
        release holds as facts."""
        held = {
            entry.table.name
            for one in (self.before, self.after)
            for entry in one.manifest.tables
            if entry.table.kind == "facts"
        }
        if table is not None and table not in held:
            raise BadInput(
                f"there is no fact table {table}",
                where="--table",
                remedy=f"one of: {', '.join(sorted(held))}",
            )
        chosen = self.con.execute(
            f"select {', '.join(COLUMNS)} from {_LINES} where $1 is null or table_name = $1 "
            "order by table_name, key, column_name limit $2",
            [table, limit if limit is not None else 2**62],
        )
        return Table(COLUMNS, chosen.fetchall())


def named(releases: Path, name: str) -> ReleaseRef:
    """Return the release called ``name``: a version, ``latest``, or ``previous`` (the one that the
    latest was compared with). Raises PermanentError or BadInput that says which there are."""
    if name != PREVIOUS:
        return find(releases, name)
    newest = latest(releases)
    withdrawn = records.withdrawn(releases)
    older = [
        one
        for one in history(releases)
        if newest and one.version < newest.version and one.version not in withdrawn
    ]
    if not older:
        raise BadInput(
            "there is no release before the latest",
            where=str(releases),
            remedy="name two versions; `observatory releases` lists them",
        )
    return older[-1]


@contextmanager
def compared(releases: Path, before: str, after: str) -> Iterator[Comparison]:
    """Open the comparison of two releases by their names. Raises BadInput when they are in the
    wrong order, and PermanentError for one that is not there or whose files were pruned."""
    old, new = named(releases, before), named(releases, after)
    if old.version > new.version:
        raise BadInput(
            f"{old.version} is newer than {new.version}: a cause leads from the older to the newer",
            where="observatory diff",
            remedy=f"ask `observatory diff {after} {before}`",
        )
    verdicts = verdict_changes.between(old.path, new.path) if old.version < new.version else []
    with reading(new.path / DATABASE) as con:
        attach(con, old.path / DATABASE, _BEFORE)
        _gather(con, releases, old, new)
        yield Comparison(old, new, verdicts, _counts(con), con)


def _gather(
    con: duckdb.DuckDBPyConnection, releases: Path, old: ReleaseRef, new: ReleaseRef
) -> None:
    """Make the temporary table of lines."""
    published = f"{_AFTER}.main.{changes.CHANGES_TABLE}"
    columns = ", ".join(COLUMNS)
    if _follows(old, new):
        con.execute(f"create temp table {_LINES} as select {columns} from {published}")
        return
    sides = [
        cells.side_of(catalogue, ref.manifest) for catalogue, ref in ((_BEFORE, old), (_AFTER, new))
    ]
    stands = [
        change_stage.behind(con, side.catalogue, changes.code_of(con, side.catalogue))
        for side in sides
    ]
    cells.find(con, *sides)
    change_causes.attribute(con, sides[1], change_stage.between(*stands))
    _chain(con, _between(releases, old, new))
    con.execute(
        f"create temp table {_LINES} as select c.* replace ("
        "coalesce(chain.cause, c.cause) as cause, coalesce(chain.behind, c.behind) as behind) "
        f"from (select {columns} from {change_causes.CAUSED}) as c "
        "left join chain using (table_name, key, column_name)"
    )


def _follows(old: ReleaseRef, new: ReleaseRef) -> bool:
    held = new.manifest.rows(changes.CHANGES_TABLE) is not None
    return held and new.manifest.previous_version == str(old.version)


def _between(releases: Path, old: ReleaseRef, new: ReleaseRef) -> list[ReleaseRef]:
    """The releases after ``old`` up to ``new``; none where one of them is missing."""
    steps = [one for one in history(releases) if old.version < one.version <= new.version]
    whole = all(_follows(*pair) for pair in zip([old, *steps], steps, strict=False))
    return steps if whole else []


def _chain(con: duckdb.DuckDBPyConnection, steps: Sequence[ReleaseRef]) -> None:
    """Make the temporary table ``chain``: the cause of each cell's last change in ``steps``."""
    con.execute(
        "create temp table steps (step integer, table_name varchar, key varchar, "
        "column_name varchar, cause varchar, behind varchar[])"
    )
    for place, step in enumerate(steps):
        attach(con, step.path / DATABASE, "step")
        con.execute(
            "insert into steps select ?, table_name, key, column_name, cause, behind "
            f"from step.main.{quoted(changes.CHANGES_TABLE)}",
            [place],
        )
        con.execute("detach step")
    con.execute(
        "create temp table chain as select table_name, key, column_name, "
        "arg_max(cause, step) as cause, arg_max(behind, step) as behind from steps group by all"
    )


def _counts(con: duckdb.DuckDBPyConnection) -> Table:
    row = f"column_name = '{ROW}'"
    answer = con.execute(
        f"select table_name, cause, count(*) filter ({row} and kind = 'added') as added, "
        f"count(*) filter ({row} and kind = 'removed') as removed, "
        "count(*) filter (kind = 'changed') as cells, "
        "list_sort(list_distinct(flatten(list(behind)))) as behind "
        f"from {_LINES} group by table_name, cause order by table_name, cause"
    )
    names = ("table", "cause", "rows added", "rows removed", "cells changed", "behind")
    return Table(names, answer.fetchall())


def as_dict(comparison: Comparison, table: str | None) -> dict[str, Any]:
    """The comparison for a program, every line of it (or of one table)."""
    lines = comparison.lines(table)
    return {
        "before": str(comparison.before.version),
        "after": str(comparison.after.version),
        "verdict_changes": [one.as_dict() for one in comparison.verdicts],
        "counts": [
            dict(zip(comparison.counts.columns, row, strict=True)) for row in comparison.counts.rows
        ],
        "changes": [dict(zip(lines.columns, row, strict=True)) for row in lines.rows],
    }
