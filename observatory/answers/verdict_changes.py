"""Whose verdict changed between two releases, and why: which line of a rule, or which record.

Where rules and data changed in one release, a verdict may have both causes, and both are told:
`refresh` therefore rebuilds what had landed with the new rules first, in a release of its own, so
that every change has one cause. What belongs here: comparing two releases. What does not: the table
`changes` (every cell), and how a summary words it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import duckdb

from observatory.answers import rule_lines
from observatory.answers.rule_lines import Line
from observatory.release.database import DATABASE

Cause = Literal["rule", "source", "disappearance", "linkage", "correction"]


@dataclass(frozen=True)
class VerdictChange:
    """One verdict before and after (None: not listed), with its causes and what was behind each."""

    org_id: str
    name: str
    definition_id: str
    is_headline: bool
    before: str | None
    after: str | None
    causes: tuple[Cause, ...]
    details: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The change for a program."""
        return dict(vars(self))

    def __str__(self) -> str:
        why = "; ".join(self.details) or "a fact of the organisation changed"
        return (
            f"{self.name} ({self.org_id}), {self.definition_id}: {self.before or 'not listed'} → "
            f"{self.after or 'no longer listed'} ({', '.join(self.causes)}: {why})"
        )


def between(before: Path, after: Path) -> list[VerdictChange]:
    """Compare the release folders ``before`` and ``after``: every verdict that is another one, the
    headline definition first, then by organisation. One that was not listed and is undetermined, or
    the reverse, is no change."""
    with duckdb.connect() as con:
        for name, folder in (("old_release", before), ("new_release", after)):
            path = str(folder / DATABASE).replace("'", "''")
            con.execute(f"attach '{path}' as {name} (read_only)")
        changed = _rows(con, _CHANGED)
        if not changed:
            return []
        lines = rule_lines.changed(con, "old_release", "new_release")
        con.execute("create temp table moved (org_id varchar)")
        ids = sorted({str(row["org_id"]) for row in changed})
        con.execute("insert into moved select unnest(?)", [ids])
        records = _by_organisation(_rows(con, _RECORDS))
        corrected = _by_organisation(_rows(con, _CORRECTED)) if _has_corrections(con) else {}
    return [_explained(row, lines, records, corrected) for row in changed]


def _explained(
    row: Mapping[str, Any],
    lines: Sequence[Line],
    records: Mapping[str, list[dict[str, Any]]],
    corrected: Mapping[str, list[dict[str, Any]]],
) -> VerdictChange:
    org_id, definition_id = str(row["org_id"]), str(row["definition_id"])
    mine = records.get(org_id, [])
    told: dict[str, Cause] = {}
    for one in corrected.get(org_id, []):
        told[f"{one['correction_id']} {one['status']}"] = "correction"
    held = {str(one["signal_id"]) for one in mine}
    held_sources = {str(one["source"]) for one in mine}
    for line in lines:
        if line.concerns(definition_id, held, held_sources):
            told[str(line)] = "rule"
    lined = {line.key for line in lines if line.table == "signals"}
    for one in mine:
        for cause, detail in _of_record(one, lined, bool(corrected.get(org_id))):
            told.setdefault(detail, cause)
    if not told:
        # Nothing that the verdict rests on differs: the organisation's own dates or seat do.
        told[f"rules {row['old_rules']} → {row['new_rules']}"] = "rule"
        if row["old_rules"] == row["new_rules"] or row["old_rules"] is None:
            told = {"what a register says of the organisation itself": "source"}
    return VerdictChange(
        org_id=org_id,
        name=str(row["name"]),
        definition_id=definition_id,
        is_headline=bool(row["is_headline"]),
        before=row["before"],
        after=row["after"],
        causes=tuple(dict.fromkeys(told.values())),
        details=tuple(told),
    )


def _of_record(
    one: Mapping[str, Any], changed_signals: set[str], is_corrected: bool
) -> Iterator[tuple[Cause, str]]:
    """Yield the cause when a piece of evidence came, went or says another thing."""
    piece = f"{one['signal_id']} in {one['source']} {one['record_key']}"
    if one["is_same"] or one["signal_id"] in changed_signals:
        return
    if one["moved_to"] or one["moved_from"]:
        yield "linkage", f"{piece} was taken for {one['moved_from'] or one['moved_to']}"
    elif one["is_new"]:
        # A record that had landed before is read by a rule that did not read it.
        yield (
            ("rule", f"{piece} is read now")
            if one["was_landed"]
            else ("source", f"{piece} is new, snapshot {one['snapshot_id']}")
        )
    elif one["is_gone"]:
        if not is_corrected and one["has_newer_snapshot"] and one["is_record_held"]:
            # The record is still there, and says another thing.
            yield "source", f"{piece} no longer says so"
        elif not is_corrected:
            cause: Cause = "disappearance" if one["has_newer_snapshot"] else "rule"
            yield cause, f"{piece} is no longer there"
    elif not is_corrected:
        yield "source", f"{piece} says another thing, snapshot {one['snapshot_id']}"


def _has_corrections(con: duckdb.DuckDBPyConnection) -> bool:
    held = con.execute(
        "select count(*) from duckdb_tables() where table_name = 'corrections'"
        " and database_name in ('old_release', 'new_release')"
    ).fetchone()
    return held == (2,)


def _by_organisation(rows: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(str(row["org_id"]), []).append(row)
    return found


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    cursor = con.execute(sql)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


_CHANGED: Final = """
with old as (
    select c.org_id, c.definition_id, c.verdict, c.rules_version, o.name
    from old_release.classifications c left join old_release.organisations o using (org_id)
),
new as (
    select c.org_id, c.definition_id, c.verdict, c.rules_version, o.name
    from new_release.classifications c left join new_release.organisations o using (org_id)
)
select org_id, definition_id, coalesce(new.name, old.name, org_id) as name,
    coalesce(d.is_headline, false) as is_headline, old.verdict as before, new.verdict as after,
    old.rules_version as old_rules, new.rules_version as new_rules
from old full join new using (org_id, definition_id)
left join new_release.definitions d using (definition_id)
where old.verdict is distinct from new.verdict
    and coalesce(new.verdict, 'undetermined') <> coalesce(old.verdict, 'undetermined')
order by is_headline desc, definition_id, org_id
"""

_RECORDS: Final = """
with pieces as (
    select coalesce(o.org_id, n.org_id) as org_id, coalesce(o.signal_id, n.signal_id) as signal_id,
        coalesce(n.source, o.source) as source, coalesce(n.record_key, o.record_key) as record_key,
        coalesce(n.snapshot_id, o.snapshot_id) as snapshot_id,
        o.evidence_id is null as is_new, n.evidence_id is null as is_gone,
        (o.value_seen, o.direction, o.strength, o.valid_from, o.valid_to)
            is not distinct from
            (n.value_seen, n.direction, n.strength, n.valid_from, n.valid_to) as is_same
    from (from old_release.evidence where org_id in (from moved)) o
    full join (from new_release.evidence where org_id in (from moved)) n using (evidence_id)
)
select pieces.*,
    (select min(e.org_id) from new_release.evidence e where pieces.is_gone
        and e.source = pieces.source and e.record_key = pieces.record_key
        and e.signal_id = pieces.signal_id and e.org_id <> pieces.org_id) as moved_to,
    (select min(e.org_id) from old_release.evidence e where pieces.is_new
        and e.source = pieces.source and e.record_key = pieces.record_key
        and e.signal_id = pieces.signal_id and e.org_id <> pieces.org_id) as moved_from,
    pieces.snapshot_id in (select snapshot_id from old_release.snapshots) as was_landed,
    (pieces.source, pieces.record_key) in
        (select (source, record_key) from new_release.evidence) as is_record_held,
    pieces.source in (
        select source from new_release.snapshots
        where snapshot_id not in (select snapshot_id from old_release.snapshots)
    ) as has_newer_snapshot
from pieces
"""

_CORRECTED: Final = """
select coalesce(n.org_id, o.org_id) as org_id, coalesce(n.correction_id, o.correction_id)
        as correction_id, coalesce(n.status, 'withdrawn') as status
from old_release.corrections o full join new_release.corrections n using (correction_id)
where o is distinct from n and 'note' <> coalesce(nullif(n.effect, 'note'), o.effect, 'note')
"""
