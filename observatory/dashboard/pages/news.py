"""What changed: verdicts since the version before, and each version of the last month."""

from __future__ import annotations

from observatory.dashboard.figures import Plan
from observatory.dashboard.site import Site

_VERDICTS = """
-- Whose verdict under the definition differs from the version before, and why?
select
    coalesce(o.name, c.org_id) as organisation,
    c.org_id,
    coalesce(c.old_value, 'not listed') as verdict_before,
    coalesce(c.new_value, 'not listed') as verdict_now,
    c.cause
from changes as c
left join organisations as o on c.org_id = o.org_id
where c.table_name = 'classifications' and c.column_name = 'verdict'
    and json_extract_string(c.key, '$.definition_id') = $definition
    and coalesce(c.old_value, 'undetermined') <> coalesce(c.new_value, 'undetermined')
order by organisation, c.org_id
"""
_MONTH = """
-- What did each version of the last 31 days change?
with newest as (select max(built_at) as built_at from releases)
select
    r.version,
    r.built_at::date as built_on,
    r.verdicts_changed,
    r.rows_added,
    r.rows_removed,
    r.cells_changed,
    r.changes_note
from releases as r
cross join newest as n
where r.built_at > n.built_at - interval 31 days
order by r.built_at desc
"""


def verdicts_plan(site: Site) -> Plan:
    """The verdicts under the headline definition that differ from the version before."""
    first = site.reader.count("releases") < 2
    return Plan(
        "changes",
        "What changed since the version before",
        "Verdicts under the headline definition that differ from the version before, and the "
        "cause of each.",
        _VERDICTS,
        {
            "changes": (
                "table_name",
                "key",
                "column_name",
                "org_id",
                "old_value",
                "new_value",
                "cause",
            ),
            "organisations": ("org_id", "name"),
        },
        {
            "organisation": "Organisation",
            "verdict_before": "Before",
            "verdict_now": "Now",
            "cause": "Cause",
        },
        "A change has one cause: a source, a record that disappeared, a rule, a link between "
        "records, or a correction. A verdict that a rule moved says nothing new about anybody.",
        parameters={"definition": site.headline},
        empty="This is the first version: there is none to compare it with."
        if first
        else "No verdict differs from the version before.",
        open_table=True,
    )


def month_plan() -> Plan:
    """The versions of the last month and what each changed."""
    return Plan(
        "month",
        "The versions of this month",
        "What each version of the 31 days up to this one changed.",
        _MONTH,
        {
            "releases": (
                "version",
                "built_at",
                "verdicts_changed",
                "rows_added",
                "rows_removed",
                "cells_changed",
                "changes_note",
            )
        },
        {
            "version": "Version",
            "built_on": "Built on",
            "verdicts_changed": "Verdicts changed",
            "rows_added": "Rows added",
            "rows_removed": "Rows removed",
            "cells_changed": "Cells changed",
            "changes_note": "Note",
        },
        "A version is published only when a fact changed, so a quiet night has none. Rows of all "
        "fact tables are counted.",
        open_table=True,
    )
