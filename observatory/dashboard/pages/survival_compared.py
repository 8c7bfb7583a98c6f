"""The figures that set mutuals beside others, and the readings of inexact dates beside each other.

What belongs here: comparisons. What does not: who is matched with whom (the models).
"""

from __future__ import annotations

from collections.abc import Iterator

from observatory.dashboard import words
from observatory.dashboard.figures import Plan
from observatory.dashboard.pages.survival_curves import NEEDS, plan
from observatory.dashboard.reader import Row
from observatory.dashboard.site import Site

_OF_A_CURVE = ("time_days", "at_risk", "events", "estimate", "lower", "upper")
_MATCHED = {
    "survival_matched": (
        "population_id", "comparator_id", "matched_on", "side", "matched", "followed",
        *_OF_A_CURVE,
    ),
    "survival_populations": NEEDS["survival_populations"],
}  # fmt: skip
_DATINGS = {
    "survival_sensitivity": ("population_id", "end_of", "dating", "censored", *_OF_A_CURVE),
    "survival_populations": NEEDS["survival_populations"],
}
_EARLY = "s.time_days <= 20 * 365.25"


def plans(site: Site) -> Iterator[Plan]:
    """The comparisons, in the order in which the page shows them."""
    yield plan(
        "comparators",
        "Beside others",
        "Share without a legal end in the first twenty years, by years since the start of each.",
        "p.label",
        "s.stratum_by = 'all' and s.end_of = 'legal end' and s.method = 'kaplan-meier'\n"
        f"    and {_EARLY}",
        {},
        "Populations begin, are found and are followed in different ways (see the table below); a "
        "difference between two curves shows no cause.",
    )
    if not site.reader.missing(_MATCHED):
        yield from (_matched(pair) for pair in site.reader.rows(_PAIRS))
    yield from _forms(site)
    if not site.reader.missing(_DATINGS):
        yield from (_dated(row) for row in site.reader.rows(_DATED))


# Of the two ways of matching the closer one that has any counterpart.
_PAIRS = """
select
    s.population_id, s.comparator_id, m.title as mutuals, c.title as others, c.caveat,
    max(s.matched_on) as matched_on,
    arg_max(s.matched, s.matched_on) filter (where s.side = 'mutuals') as matched,
    any_value(s.followed) filter (where s.side = 'mutuals') as followed,
    arg_max(s.matched, s.matched_on) filter (where s.side = 'comparator') as beside
from survival_matched as s
inner join survival_populations as m on s.population_id = m.population_id
inner join survival_populations as c on s.comparator_id = c.population_id
group by s.population_id, s.comparator_id, m.title, c.title, c.caveat
order by s.population_id, s.comparator_id
"""


def _matched(pair: Row) -> Plan:
    return plan(
        f"{words.slug(pair['population_id'])}-beside-{words.slug(pair['comparator_id'])}",
        f"{pair['mutuals']}, beside: {pair['others']}",
        f"Share without a legal end, by years since the start, matched on {pair['matched_on']}: "
        f"{pair['matched']} of {pair['followed']} that are followed have a counterpart, and are "
        f"compared with {pair['beside']:,} weighted to their mix.",
        "case s.side when 'mutuals' then 'Mutuals' else 'The others' end",
        "s.population_id = $population and s.comparator_id = $comparator "
        "and s.matched_on = $matched_on",
        {
            "population": pair["population_id"],
            "comparator": pair["comparator_id"],
            "matched_on": pair["matched_on"],
        },
        "Not matched: size, contract and staff, with which a mutual begins. A difference shows no "
        f"cause. {pair['caveat']}",
        table="survival_matched",
        needs=_MATCHED,
    )


def _forms(site: Site) -> Iterator[Plan]:
    """Each comparator that holds several legal forms, by form."""
    if site.reader.missing(NEEDS):
        return
    for row in site.reader.rows(
        "select p.population_id, p.title, p.caveat from survival_populations as p "
        "inner join survival as s on p.population_id = s.population_id "
        "where p.kind = 'comparator' and s.stratum_by = 'legal_form' "
        "group by all having count(distinct s.stratum) > 1 order by p.title"
    ):
        yield plan(
            f"{words.slug(row['population_id'])}-legal-form",
            f"{row['title']}, by legal form",
            "Share without a legal end in the first twenty years. The six largest groups are "
            "drawn; the table has all.",
            "s.stratum",
            "s.population_id = $population and s.stratum_by = 'legal_form'\n"
            f"    and s.end_of = 'legal end' and s.method = 'kaplan-meier' and {_EARLY}",
            {"population": row["population_id"]},
            row["caveat"],
        )


_DATED = """
select distinct p.population_id, p.title, p.caveat
from survival_sensitivity as s
inner join survival_populations as p on s.population_id = p.population_id
where p.kind = 'mutuals' and s.end_of = 'end of mutual status'
order by p.population_id
"""


def _dated(row: Row) -> Plan:
    return plan(
        f"{words.slug(row['population_id'])}-dating",
        f"{row['title']}: what inexact dates change",
        "Share whose mutual status had not ended, by three readings of the dates that are known to "
        "a month or year only, or not at all.",
        "case s.dating when 'middle' then 'Middle, as published' "
        "when 'shortest' then 'Shortest' else 'Longest' end",
        "s.population_id = $population and s.end_of = 'end of mutual status'",
        {"population": row["population_id"]},
        "Shortest: latest start, earliest end. Longest: the reverse. An end without a date is left "
        f"out of the middle reading only. {row['caveat']}",
        table="survival_sensitivity",
        needs=_DATINGS,
    )
