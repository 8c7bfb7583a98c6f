"""The tables beside the survival curves: rates, tests, populations and what others published."""

from __future__ import annotations

from collections.abc import Iterator

from observatory.dashboard.figures import Plan

_RATES = """
-- What share had not ended after 1, 3, 5, 7 and 10 years, and after how many had half?
with said as (
    select
        *,
        round(100 * estimate)::int || '%'
        || coalesce(
            ' (' || round(100 * lower)::int || ' to ' || round(100 * upper)::int || ')', ''
        ) as share
    from survival_rates
    where stratum_by = 'all'
)
select
    p.title as population,
    r.end_of,
    max(r.followed) as followed,
    max(r.events) as events,
    max(r.share) filter (where r.measure = 'survival' and r.years = 1) as after_1,
    max(r.share) filter (where r.measure = 'survival' and r.years = 3) as after_3,
    max(r.share) filter (where r.measure = 'survival' and r.years = 5) as after_5,
    max(r.share) filter (where r.measure = 'survival' and r.years = 7) as after_7,
    max(r.share) filter (where r.measure = 'survival' and r.years = 10) as after_10,
    round(max(r.estimate) filter (where r.measure = 'median'), 1) as half_after
from said as r
inner join survival_populations as p on r.population_id = p.population_id
group by p.title, r.end_of
having max(r.followed) > 0
order by population, r.end_of
"""


def plans() -> Iterator[Plan]:
    """The tables in the order in which the page shows them."""
    yield _bounds()
    yield _lists()
    yield _rates()
    yield _tests()
    yield _populations()
    yield _published()


def _bounds() -> Plan:
    return Plan(
        "survival-bounds",
        "What those that are not traced may change",
        "Share of the listed cohorts that had not ended, and between what it lies whatever became "
        "of those that are not traced or not followed.",
        """
-- Between what does the survival of the listed cohorts lie, whatever became of those not traced?
select
    end_of, years, followed, with_unknown_end, at_risk, round(estimate, 3) as estimate,
    round(lower, 3) as lower, round(upper, 3) as upper, round(lowest, 3) as lowest,
    round(highest, 3) as highest
from survival_bounds
order by end_of, years
""",
        {
            "survival_bounds": (
                "end_of", "years", "followed", "with_unknown_end", "at_risk", "estimate", "lower",
                "upper", "lowest", "highest",
            )
        },
        {
            "end_of": "End",
            "years": "Years",
            "followed": "Followed",
            "with_unknown_end": "End unknown",
            "at_risk": "At risk then",
            "estimate": "Estimate",
            "lower": "Interval from",
            "upper": "Interval to",
            "lowest": "Lowest",
            "highest": "Highest",
        },
        "Lowest: all of unknown end ended at once. Highest: all of them still go on. The interval "
        "is for chance alone; it has none while nobody ended.",
        empty="No list of its day is followed.",
        open_table=True,
    )  # fmt: skip


def _lists() -> Plan:
    return Plan(
        "survival-lists",
        "The lists, and what we could trace of them",
        "Lists that named projects before anybody knew what would become of them.",
        """
-- How much of each published list of its day could be traced?
select
    list_title, list_published_on, lines, traced_lines, lines_without_mutual, organisations,
    followed, round(share_traced, 2) as share_traced, source_url
from survival_coverage
where end_of = 'end of mutual status'
order by list_published_on nulls last
""",
        {
            "survival_coverage": (
                "list_title", "list_published_on", "lines", "traced_lines", "lines_without_mutual",
                "organisations", "followed", "share_traced", "source_url", "end_of",
            )
        },
        {
            "list_title": "List",
            "list_published_on": "Published",
            "lines": "Lines",
            "traced_lines": "Traced",
            "lines_without_mutual": "Came to no mutual",
            "organisations": "Organisations",
            "followed": "Followed",
            "share_traced": "Share traced",
            "source_url": "Source",
        },
        "Two lines may have become one organisation. The table cohort_members, among the "
        "downloads, has every line with its citation.",
        empty="No list of its day is held.",
        open_table=True,
    )  # fmt: skip


def _rates() -> Plan:
    return Plan(
        "survival-rates",
        "After one, three, five, seven and ten years",
        "Share that had not ended, with its interval of 95%, and the time after which half had.",
        _RATES,
        {
            "survival_rates": (
                "population_id", "end_of", "stratum_by", "measure", "years", "followed", "events",
                "estimate", "lower", "upper",
            ),
            "survival_populations": ("population_id", "title"),
        },
        {
            "population": "Population",
            "end_of": "Until",
            "followed": "Followed",
            "events": "Ends seen",
            "after_1": "After 1 year",
            "after_3": "3 years",
            "after_5": "5 years",
            "after_7": "7 years",
            "after_10": "10 years",
            "half_after": "Years until half had ended",
        },
        "A dash: the observation ends before; no interval stands where nobody had ended. Mutuals "
        "tend to end with their contracts, after five to ten years, so the early rates flatter "
        "them.",
        empty="Too few dated spells are held for an estimate.",
        open_table=True,
    )  # fmt: skip


def _tests() -> Plan:
    return Plan(
        "survival-tests",
        "Is a difference more than chance?",
        "Log-rank tests between groups in each of which at least ten ended.",
        """
-- Do the curves of the groups differ by more than chance would make them?
select
    p.title as population,
    t.end_of,
    replace(t.stratum_by, '_', ' ') as stratum_by,
    list_transform(
        t.strata,
        lambda one: case one
            when 'cic' then 'community interest company'
            when 'llp' then 'limited liability partnership'
            else replace(regexp_replace(one, '([a-z])-([a-z])', '\\1 \\2', 'g'), 'co op', 'co-op')
        end
    ) as strata,
    round(t.statistic, 2) as statistic,
    t.degrees,
    case
        when t.p_value < 0.0001 then 'below 0.0001' else format('{:.4f}', t.p_value)
    end as p_value
from survival_tests as t
inner join survival_populations as p on t.population_id = p.population_id
order by population, t.end_of, t.stratum_by
""",
        {
            "survival_tests": (
                "population_id", "end_of", "stratum_by", "strata", "statistic", "degrees",
                "p_value",
            ),
            "survival_populations": ("population_id", "title"),
        },
        {
            "population": "Population",
            "end_of": "End",
            "stratum_by": "By",
            "strata": "Groups",
            "statistic": "Statistic",
            "degrees": "Degrees of freedom",
            "p_value": "p-value",
        },
        "Where many tests are made, one in twenty is below 0.05 by chance alone.",
        empty="No two groups have ten ends each, so nothing is tested.",
        open_table=True,
    )  # fmt: skip


def _populations() -> Plan:
    return Plan(
        "survival-populations",
        "Who is followed",
        "How the members of each population were found, and what its curve cannot say.",
        """
-- How were the members of each population found?
select
    title, time_zero, observed_from, selection, caveat,
    case when lists_the_ended then 'yes' else 'no: followed from the first sight' end as ended
from survival_populations
order by kind desc, title
""",
        {
            "survival_populations": (
                "title", "kind", "time_zero", "observed_from", "lists_the_ended", "selection",
                "caveat",
            )
        },
        {
            "title": "Population",
            "time_zero": "Time is counted from",
            "observed_from": "Ends are told from",
            "ended": "Lists the ended",
            "selection": "How they were found",
            "caveat": "What it cannot say",
        },
        "Those that are named because they did well, or badly, do not tell how long others last.",
        open_table=True,
    )  # fmt: skip


def _published() -> Plan:
    return Plan(
        "survival-published",
        "What others have published",
        "Rates of survival from official statistics and reports, with what each counts as an end.",
        """
-- Which rates of survival have others published?
select population, birth_cohort, years, survived_percent, event, source_url
from published_survival
order by population, birth_cohort, years
""",
        {
            "published_survival": (
                "population", "birth_cohort", "years", "survived_percent", "event", "source_url",
            )
        },
        {
            "population": "Of what",
            "birth_cohort": "Born",
            "years": "After years",
            "survived_percent": "Still there, %",
            "event": "Counted as the end",
            "source_url": "Source",
        },
        "A tax deregistration is another event than a dissolution, and none of these is matched to "
        "mutuals in size or form: they stand beside our figures, not against them.",
        open_table=True,
    )  # fmt: skip
