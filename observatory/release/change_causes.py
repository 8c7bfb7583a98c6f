"""Why each cell changed: one cause, and the snapshot, seed or code behind it.

A refresh builds what had landed with changed rules first, so nearly always only rules differ
between two releases, or only data, and then the cause is plain. The order in which a cause is
looked for, and what happens where both differ, is in docs/methodology/changes.md; this module is
that page in SQL. What does not belong here: finding the cells (``cells.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import duckdb

from observatory.release.cells import CELLS, ROW, Side
from observatory.release.change_stage import Difference
from observatory.release.connections import literal, quoted
from observatory.release.contracts import ReleaseTable

CAUSED = "caused_cells"
# Columns that say whom a record is about, not what it says.
_LINKS: Final = ("org_id", "match_basis", "match_confidence", "match_score", "candidate_id")
# Which cause an organisation's derived cells take when its records have several.
_BEFORE: Final = ("correction", "linkage", "source", "disappearance")


def attribute(
    con: duckdb.DuckDBPyConnection, new: Side, stage: Difference, build: str = ""
) -> None:
    """Make the temporary table ``caused_cells``: the cells of ``changed_cells``, each with its
    ``cause`` and ``behind`` (a list of snapshots, seeds or code). ``build`` is the catalogue of
    the build database, which knows of records that left their register."""
    _load(con, new.tables, stage)
    con.execute(
        "create or replace temp table vanished_organisations (org_id varchar, behind varchar[])"
    )
    if build and _holds_records(con, build):
        con.execute(_VANISHED.format(build=quoted(build), **_NAMES))
    records = [
        f"{new.relation(name)}"
        for name, table in new.tables.items()
        if {"source", "record_key"} <= set(table.column_names)
    ]
    present = " union all ".join(
        f"select source, cast(record_key as varchar) as record_key from {one}" for one in records
    )
    con.execute(
        "create or replace temp table present_records as select distinct source, record_key from "
        f"({present or 'select null as source, null as record_key'}) "
        f"where (source, record_key) in (select (source, record_key) from {CELLS})"
    )
    con.execute(_ROWS)
    con.execute(_own(stage))
    con.execute(_BY_ORGANISATION)
    con.execute(_final(stage))


def _load(
    con: duckdb.DuckDBPyConnection, tables: Mapping[str, ReleaseTable], stage: Difference
) -> None:
    """Bring what happened into the reach of SQL."""
    con.execute(
        "create or replace temp table arrivals "
        "(source varchar, snapshot_id varchar, behind varchar, takes_away boolean)"
    )
    for one in stage.arrivals:
        con.execute(
            "insert into arrivals values (?, ?, ?, ?)",
            [one.source, one.snapshot_id, one.behind, one.takes_away],
        )
    con.execute(
        "create or replace temp table column_arrivals (table_name varchar, column_name varchar, "
        "behind varchar[])"
    )
    rows = []
    for table in tables.values():
        whole: dict[str, None] = {}
        for column in table.columns:
            mine = [one.behind for one in stage.arrivals if one.source in column.sources]
            whole.update(dict.fromkeys(mine))
            if mine:
                rows.append((table.name, column.name, mine))
        if whole:
            rows.append((table.name, ROW, list(whole)))
    if rows:
        con.executemany("insert into column_arrivals values (?, ?, ?)", rows)


_ROWS: Final = f"""
create or replace temp table changed_rows as
with lines as (
    select table_name, key, any_value(kind) as kind, any_value(org_id) as org_id,
        any_value(old_org_id) as old_org_id, any_value(source) as source,
        any_value(record_key) as record_key, any_value(snapshot_id) as snapshot_id,
        bool_or(kind = 'changed' and column_name in {_LINKS}) as links_differ
    from {CELLS} group by table_name, key
),
-- a record that left one organisation and came to another in the same table
moved as (
    select table_name, source, record_key from lines
    where kind <> 'changed' and source is not null and record_key is not null
    group by all
    having bool_or(kind = 'added') and bool_or(kind = 'removed')
        and count(distinct org_id) > 1
)
select lines.*, links_differ or moved.record_key is not null as is_moved,
    present.record_key is not null as is_present
from lines
left join moved using (table_name, source, record_key)
left join present_records as present using (source, record_key)
"""


def _own(stage: Difference) -> str:
    """The cause of each row that its own record tells."""
    listed = "(select list(a.behind order by a.behind) from arrivals a where a.source = r.source)"
    every = "(select list(behind order by behind) from arrivals)"
    of_source = "r.source in (select source from arrivals)"
    vanished = (
        "r.kind = 'removed' and not r.is_present "
        "and r.source in (select source from arrivals where takes_away)"
    )
    new_snapshot = "r.snapshot_id in (select snapshot_id from arrivals)"
    corrected = "(r.table_name = 'corrections' or r.org_id in (select org_id from corrected))"
    cases: list[tuple[str, str, str]] = []
    if stage.corrections:
        cases.append((corrected, "correction", _array(stage.corrections)))
    if stage.judgements:
        cases.append(("r.is_moved", "linkage", _array(stage.judgements)))
    if stage.arrivals:
        if not stage.rules:
            cases.append((f"r.is_moved and not ({new_snapshot})", "linkage",
                          f"coalesce({listed}, {every})"))  # fmt: skip
        cases.append((new_snapshot, "source", "[(select any_value(a.behind) from arrivals a "
                      "where a.snapshot_id = r.snapshot_id)]"))  # fmt: skip
        cases.append((vanished, "disappearance", listed))
        if not stage.rules:
            cases.append((of_source, "source", listed))
    cause = "".join(f" when {test} then '{name}'" for test, name, _ in cases)
    behind = "".join(f" when {test} then {told}" for test, _, told in cases)
    return (
        "create or replace temp table own_causes as "
        f"with corrected as (select distinct org_id from {CELLS} where table_name = 'corrections') "
        f"select r.*, {f'case{cause} end' if cases else 'null::varchar'} as cause, "
        f"{f'case{behind} end' if cases else 'null::varchar[]'} as behind from changed_rows as r"
    )


# The tables of the build that follow each record and its organisation.
_NAMES: Final = {"versions": "stg_record_versions", "about": "ent_record_organisations"}
# A record that the newest whole version of its source leaves out, and no whole version before did.
_VANISHED: Final = """
insert into vanished_organisations
with known_whole as (
    select source, max(published_on) as published_on from {build}.main.snapshots
    where scope = 'whole' and snapshot_id not in (select snapshot_id from arrivals)
    group by source
),
taking as (
    select source, list(behind order by behind) as behind
    from arrivals where takes_away group by source
)
select about.org_id, any_value(taking.behind)
from {build}.main.{versions} as versions
join taking using (source)
join {build}.main.{about} as about using (source, record_key)
left join known_whole using (source)
where versions.is_present and versions.is_absent
    and versions.last_seen_on >= coalesce(known_whole.published_on, '-infinity')
group by about.org_id
"""


def _holds_records(con: duckdb.DuckDBPyConnection, build: str) -> bool:
    held = con.execute(
        "select count(*) from duckdb_tables() where database_name = ? and table_name in (?, ?)",
        [build, *_NAMES.values()],
    ).fetchone()
    return held == (len(_NAMES),)


_BY_ORGANISATION: Final = f"""
create or replace temp table organisation_causes as
with told as (
    select org_id, cause, behind from own_causes where cause is not null and org_id is not null
    union all
    select org_id, 'disappearance', behind from vanished_organisations
    union all
    -- what a record no longer says of one organisation is as much a reason for the other
    select old_org_id, cause, behind from own_causes
    where cause is not null and old_org_id <> org_id
),
causes as (
    select org_id, cause, list_sort(list_distinct(flatten(list(behind)))) as behind,
        list_position({list(_BEFORE)}, cause) as place
    from told group by org_id, cause
)
select org_id, arg_min(cause, place) as cause, arg_min(behind, place) as behind
from causes group by org_id
"""


def _final(stage: Difference) -> str:
    """Each cell with the cause of its row, else of its organisation, else of the stage."""
    if stage.arrivals and not stage.rules:
        # Nothing but data differs. Where all records tell one cause, so do the sums over them.
        other = (
            "(select case when count(distinct cause) = 1 then any_value(cause) else 'source' end "
            "from (select cause from own_causes union all select cause from organisation_causes))"
        )
        told = "coalesce(by_column.behind, (select list(behind order by behind) from arrivals))"
    else:
        other, told = "'rule'", _array(stage.rules or ("code",))
        seeds = stage.judgements + stage.corrections
        if seeds and not stage.rules and not stage.arrivals:
            other, told = literal("linkage" if stage.judgements else "correction"), _array(seeds)
    return (
        f"create or replace temp table {CAUSED} as "
        "select c.table_name, c.key, c.column_name, c.kind, c.org_id, c.old_value, c.new_value, "
        f"coalesce(own.cause, org.cause, {other}) as cause, "
        "case when own.cause is not null then own.behind when org.cause is not null "
        f"then org.behind else {told} end as behind "
        f"from {CELLS} as c join own_causes as own using (table_name, key) "
        "left join organisation_causes as org on org.org_id = c.org_id "
        "left join column_arrivals as by_column "
        "on by_column.table_name = c.table_name and by_column.column_name = c.column_name"
    )


def _array(texts: tuple[str, ...]) -> str:
    return "[" + ", ".join(literal(one) for one in texts) + "]"
