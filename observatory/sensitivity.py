"""Which rule moves the count most? Every rule left out once, and the real SQL run again.

The counterfactuals are judged in two runs: an organisation without one reading is written as
an organisation of its own (``GB-COH-1 without register: form=x``), a definition without one line
as a definition of its own, and the models of ``dbt_like_models/classification/`` judge them like
any other. What is left out is a reading with all the signals that it raises (a label, an ownership
class): the record says it once. Only organisations that hold it are judged without it, since no
other can move.

What belongs here: laying out the counterfactuals and counting. What does not: judging (the SQL).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

from observatory.settings import PROJECT_ROOT

CLASSIFICATION: Final = PROJECT_ROOT / "dbt_like_models" / "classification"
# In the order in which they read each other, from the evidence to the verdict.
JUDGING: Final = (
    "cls_evidence",
    "cls_spans",
    "cls_states",
    "cls_span_verdicts",
    "cls_intervals",
    "cls_citations",
    "cls_verdicts",
)
# What the judging models read and no counterfactual changes.
_UNCHANGED: Final = ("evidence_sources", "signals")


def measure(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``rule_sensitivity``: one row a definition and rule whose removal moves a count.

    Reads evidence, ent_published, definitions, definition_criteria, signals, evidence_sources,
    cls_ends, cls_nations and cls_verdicts of ``con``; writes nothing else into it. Counts are of
    organisations, by strictness, whatever the basis.
    """
    with duckdb.connect(":memory:", config={"threads": 2}) as scratch:
        scratch.execute("set enable_progress_bar = false")
        _copy(con, scratch)
        for statements, results in (
            (_WITHOUT_READINGS, _READING_RESULTS),
            (_WITHOUT_LINES, _LINE_RESULTS),
        ):
            for statement in statements:
                scratch.execute(statement)
            judge(scratch, CLASSIFICATION)
            scratch.execute(results)
        moved = scratch.execute(_MOVED).fetchall()
    con.execute(
        "create or replace table rule_sensitivity (definition_id varchar, rule_kind varchar,"
        " rule_id varchar, mutual_moves_by bigint, probable_moves_by bigint,"
        " possible_moves_by bigint, organisations_moved bigint)"
    )
    if moved:
        con.executemany("insert into rule_sensitivity values (?, ?, ?, ?, ?, ?, ?)", moved)


def judge(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Run the judging models in ``folder`` over the tables that they read, as ``con`` has them."""
    for name in JUDGING:
        text = (folder / f"{name}.sql").read_text(encoding="utf-8").strip().rstrip(";")
        con.execute(f"create or replace table {name} as {text}")


def _copy(con: duckdb.DuckDBPyConnection, scratch: duckdb.DuckDBPyConnection) -> None:
    """Carry what is read into ``scratch``, the tables to be varied under the prefix ``real_``."""
    for name, select in _READS.items():
        frame = con.execute(select).df()
        types = con.execute(f"describe {select}").fetchall()
        columns = ", ".join(f"cast({row[0]} as {row[1]}) as {row[0]}" for row in types)
        target = name if name in _UNCHANGED else f"real_{name}"
        scratch.register("carried", frame)
        scratch.execute(f"create table {target} as select {columns} from carried")
        scratch.unregister("carried")


_READS: Final = {
    "evidence": (
        "select evidence_id, org_id, signal_id, criterion_id, direction, strength, source, url,"
        " valid_from, valid_to from evidence"
    ),
    "ent_published": "select org_id from ent_published",
    "definitions": (
        "select definition_id, kind, nations, dates_bind, in_force_from, in_force_to"
        " from definitions"
    ),
    "definition_criteria": (
        "select definition_id, criterion_id, role, is_key, met_at, corroborated_by, refuted_at,"
        " refutation_is_final from definition_criteria"
    ),
    "cls_ends": "select org_id, registered_on, spun_out_on, ended_on from cls_ends",
    "cls_nations": "select org_id, nation from cls_nations",
    "cls_verdicts": "select org_id, definition_id, verdict from cls_verdicts",
    "evidence_sources": "select source, origin, dates_are, knows_since from evidence_sources",
    "signals": "select signal_id, source, reads from signals",
}

# Without each reading: a counterfactual organisation is named by the real one and what is left out.
_WITHOUT_READINGS: Final = (
    """
    create table variants as
    select distinct e.org_id, s.source || ': ' || s.reads as reading,
        e.org_id || ' without ' || s.source || ': ' || s.reads as variant
    from real_evidence e inner join signals s using (signal_id)
    """,
    """
    create table evidence as
    select e.evidence_id || '#' || v.reading as evidence_id, v.variant as org_id, e.signal_id,
        e.criterion_id, e.direction, e.strength, e.source, e.url, e.valid_from, e.valid_to
    from real_evidence e inner join signals s using (signal_id)
    inner join variants v on e.org_id = v.org_id
    where s.source || ': ' || s.reads <> v.reading
    """,
    "create table ent_published as select variant as org_id from variants",
    """
    create table cls_ends as
    select v.variant as org_id, e.registered_on, e.spun_out_on, e.ended_on
    from real_cls_ends e inner join variants v on e.org_id = v.org_id
    """,
    """
    create table cls_nations as
    select v.variant as org_id, n.nation
    from real_cls_nations n inner join variants v on n.org_id = v.org_id
    """,
    "create table definitions as from real_definitions",
    "create table definition_criteria as from real_definition_criteria",
)
_READING_RESULTS: Final = """
    create table results as
    select v.org_id, c.definition_id, 'reading' as rule_kind, v.reading as rule_id, c.verdict
    from cls_verdicts c inner join variants v on c.org_id = v.variant
"""

# Without each line: the same with definitions, over the organisations as they are.
_WITHOUT_LINES: Final = (
    "create or replace table evidence as from real_evidence",
    "create or replace table ent_published as from real_ent_published",
    "create or replace table cls_ends as from real_cls_ends",
    "create or replace table cls_nations as from real_cls_nations",
    """
    create or replace table definitions as
    select d.definition_id || ' without ' || c.criterion_id as definition_id, d.kind, d.nations,
        d.dates_bind, d.in_force_from, d.in_force_to
    from real_definitions d inner join real_definition_criteria c using (definition_id)
    """,
    """
    create or replace table definition_criteria as
    select kept.definition_id || ' without ' || dropped.criterion_id as definition_id,
        kept.criterion_id, kept.role, kept.is_key, kept.met_at, kept.corroborated_by,
        kept.refuted_at, kept.refutation_is_final
    from real_definition_criteria kept inner join real_definition_criteria dropped
        on kept.definition_id = dropped.definition_id and kept.criterion_id <> dropped.criterion_id
    """,
)
_LINE_RESULTS: Final = """
    insert into results
    select v.org_id, c.definition_id, 'definition line', c.criterion_id, v.verdict
    from cls_verdicts v inner join real_definition_criteria c
        on v.definition_id = c.definition_id || ' without ' || c.criterion_id
"""

_MOVED: Final = """
with judged as (
    select results.*, real.verdict as before, results.verdict as after
    from results inner join real_cls_verdicts real
        on results.org_id = real.org_id and results.definition_id = real.definition_id
),
stepped as (
    select *,
        coalesce(list_position(['mutual', 'probable', 'possible'], before), 9) as was,
        coalesce(list_position(['mutual', 'probable', 'possible'], after), 9) as becomes
    from judged
    where before <> after
)
select definition_id, rule_kind, rule_id,
    count(*) filter (where becomes <= 1) - count(*) filter (where was <= 1),
    count(*) filter (where becomes <= 2) - count(*) filter (where was <= 2),
    count(*) filter (where becomes <= 3) - count(*) filter (where was <= 3),
    count(*)
from stepped
where least(was, becomes) <= 3
group by definition_id, rule_kind, rule_id
order by definition_id, rule_kind, rule_id
"""
