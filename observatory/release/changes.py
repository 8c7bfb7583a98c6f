"""The published table ``changes``: every cell that differs from the version before, and why.

Written while a release is staged, since no model can know the version before it; with the tables
of that version it gives those of this one exactly, and ``verify`` proves it. What belongs here:
the table's contract and filling it. What does not: finding cells, causes, and the proof
(``cells.py``, ``change_causes.py``, ``change_apply.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import duckdb

from observatory.release import cells, change_apply, change_causes, change_stage
from observatory.release.cells import ROW
from observatory.release.change_apply import HASHED
from observatory.release.change_stage import Behind
from observatory.release.connections import attach, quoted
from observatory.release.contracts import ReleaseColumn, ReleaseTable
from observatory.release.manifest import Manifest
from observatory.release.versions import DATABASE, METADATA_TABLE, ReleaseRef

CHANGES_TABLE: Final = "changes"
CAUSES: Final = ("source", "disappearance", "rule", "linkage", "correction")
KINDS: Final = ("added", "removed", "changed")
# How the release before is attached while two are compared.
_BEFORE = "before"
# Records were removed on request: what they said is not said again here.
WITHHELD: Final = (
    "old values and the keys of removed rows are withheld: records were removed on request"
)
FIRST: Final = "the first release: there is nothing to compare it with"


def _own(name: str, kind: str, description: str, enum: tuple[str, ...] = ()) -> ReleaseColumn:
    return ReleaseColumn(name, kind, description, licence="rows", enum=enum)


CHANGES: Final = ReleaseTable(
    name=CHANGES_TABLE,
    description=(
        "Every cell of the fact tables that differs from the version before, with its cause. With "
        "the tables of that version it gives those of this one exactly. Empty in the first release."
    ),
    kind="run",
    key=("table_name", "key", "column_name"),
    order_by=("table_name", "key", "column_name"),
    columns=(
        _own("table_name", "VARCHAR", "The fact table."),
        _own(
            "key",
            "VARCHAR",
            "The row's key: a JSON object of the table's key columns, in their order. 'sha256:' "
            "and its hash for a row that was removed on request.",
        ),
        _own("column_name", "VARCHAR", "The column; * for the row itself, where it came or went."),
        _own("kind", "VARCHAR", "What happened to the row.", KINDS),
        _own("org_id", "VARCHAR", "The organisation that the row is about, where it has one."),
        _own(
            "old_value",
            "VARCHAR",
            "The value before, as text; a list or structure as JSON. Null for none.",
        ),
        _own("new_value", "VARCHAR", "The value now, in the same way."),
        _own("cause", "VARCHAR", "Why it changed; docs/methodology/changes.md says how.", CAUSES),
        _own(
            "behind",
            "VARCHAR[]",
            "What is behind it: snapshots (see `snapshots`), seeds with the first digits of their "
            "hash (see `seed_versions`), or the code of the models.",
        ),
        _own("is_withheld", "BOOLEAN", "Whether the old value is left out: removed on request."),
    ),
)


def contract(tables: Iterable[ReleaseTable]) -> ReleaseTable:
    """Return ``CHANGES`` with the sources of the fact ``tables`` behind its values: what it says
    again is theirs, and carries their terms."""
    drawn = {
        source
        for table in tables
        if table.kind == "facts"
        for column in table.columns
        for source in column.sources
    }
    columns = tuple(
        replace(one, licence="derived facts", sources=tuple(sorted(drawn)))
        if one.name in ("key", "org_id", "old_value", "new_value")
        else one
        for one in CHANGES.columns
    )
    return replace(CHANGES, columns=columns)


def write(
    con: duckdb.DuckDBPyConnection,
    tables: Iterable[ReleaseTable],
    before: ReleaseRef | None,
    base: Behind | None,
    code: str,
    build: str = "",
) -> dict[str, Any]:
    """Fill the (empty) table ``changes`` of the release that ``con`` writes, and count.

    ``before`` is the release before; ``base``, when known, is what last gave exactly its facts;
    ``code`` names the code of the models; ``build`` is the catalogue of the build database, which
    tells which records left their register. Returns the counts that ``releases`` holds (``COUNTS``
    and ``note``). Raises PermanentError for a fact table without a key.
    """
    facts = cells.fact_tables(tables)
    if before is None:
        return {"note": FIRST}
    attach(con, before.path / DATABASE, _BEFORE)
    here = str(con.sql("select current_database()").fetchall()[0][0])
    new = cells.Side(here, facts)
    old = cells.side_of(_BEFORE, before.manifest)
    stage = change_stage.between(
        base or change_stage.behind(con, _BEFORE, code_of(con, _BEFORE)),
        change_stage.behind(con, here, code),
    )
    cells.find(con, old, new)
    change_causes.attribute(con, new, stage, build)
    con.execute(_insert(stage.redacted))
    con.execute(f"detach {quoted(_BEFORE)}")
    return _counted(con, WITHHELD if stage.redacted else None)


def _insert(withhold: bool) -> str:
    key, org_id, old_value, is_withheld = "key", "org_id", "old_value", "false"
    if withhold:
        key = f"case when kind = 'removed' then '{HASHED}' || sha256(key) else key end"
        org_id = "case when kind <> 'removed' then org_id end"
        old_value, is_withheld = "null", "kind <> 'added'"
    return (
        f"insert into {CHANGES_TABLE} select table_name, {key} as key, column_name, kind, "
        f"{org_id}, {old_value}, new_value, cause, behind, {is_withheld} "
        f"from {change_causes.CAUSED} order by table_name, key, column_name"
    )


def problems(
    con: duckdb.DuckDBPyConnection, catalogue: str, manifest: Manifest, before: ReleaseRef
) -> Iterator[tuple[str, str]]:
    """Yield (table, what is wrong) where the release attached as ``catalogue`` is not what its
    changes make of the release ``before``."""
    attach(con, before.path / DATABASE, _BEFORE)
    old = cells.side_of(_BEFORE, before.manifest)
    new = cells.side_of(catalogue, manifest)
    yield from change_apply.differences(
        con,
        f"{quoted(catalogue)}.main.{CHANGES_TABLE}",
        old,
        new,
        _alike(before.manifest, manifest),
    )
    con.execute(f"detach {quoted(_BEFORE)}")


def _alike(before: Manifest, after: Manifest) -> frozenset[str]:
    """The tables whose content is equal by the hash of each manifest, every column counted."""
    held = {one.table.name: one.content_hash for one in before.tables}
    return frozenset(
        one.table.name
        for one in after.tables
        if held.get(one.table.name) == one.content_hash
        and not any(column.not_a_change for column in one.table.columns)
    )


def code_of(con: duckdb.DuckDBPyConnection, catalogue: str) -> str:
    """The code of the models with which the release attached as ``catalogue`` was made."""
    row = con.execute(
        f"select value from {quoted(catalogue)}.main.{METADATA_TABLE} where key = 'code'"
    ).fetchone()
    return str(row[0] or "") if row else ""


# The counts that `releases` holds: name → what is counted in `changes`.
COUNTS: Final[Mapping[str, tuple[str, str]]] = {
    "rows_added": (
        f"column_name = '{ROW}' and kind = 'added'",
        "Rows that came, in all fact tables.",
    ),
    "rows_removed": (f"column_name = '{ROW}' and kind = 'removed'", "Rows that went."),
    "cells_changed": ("kind = 'changed'", "Cells of rows that stayed."),
    "verdicts_changed": (
        "table_name = 'classifications' and column_name = 'verdict' "
        "and coalesce(old_value, 'undetermined') <> coalesce(new_value, 'undetermined')",
        "Verdicts that are other ones; not listed counts as undetermined.",
    ),
    **{
        f"by_{cause}": (f"cause = '{cause}'", f"Lines of `changes` with the cause {cause}.")
        for cause in CAUSES
    },
}


def _counted(con: duckdb.DuckDBPyConnection, note: str | None) -> dict[str, Any]:
    chosen = ", ".join(f"count(*) filter ({test})" for test, _ in COUNTS.values())
    row = con.sql(f"select {chosen} from {CHANGES_TABLE}").fetchall()[0]
    return {**dict(zip(COUNTS, row, strict=True)), "note": note}
