"""Survival: do mutuals last, and how do they end? Every estimate is the models'.

A row of ``survival`` is a population, an end, a stratum, a method, a cause and a time. What a
population cannot say stands with it, in ``survival_populations``.
"""

from __future__ import annotations

from collections.abc import Iterator

from observatory.dashboard import words
from observatory.dashboard.figures import Figure, Plan
from observatory.dashboard.pages import survival_compared, survival_tables
from observatory.dashboard.pages.survival_curves import NEEDS, plan
from observatory.dashboard.reader import Row
from observatory.dashboard.render import Page
from observatory.dashboard.site import Site

_STATUS = "s.end_of = 'end of mutual status'"
_OF_LISTS = {
    "survival_coverage": (
        "list_id",
        "end_of",
        "lines",
        "traced_lines",
        "organisations",
        "followed",
    ),
    "survival_bounds": ("end_of", "years", "estimate", "lowest", "highest"),
}
_KNOWN = "stratum not in ('unknown', 'unclassified')"


def pages(site: Site) -> Iterator[Page]:
    """Yield the survival explorer."""
    plans = [*_divided(site), *survival_compared.plans(site)]
    shown = [site.figure(plan) for plan in plans]
    yield Page(
        "survival.html",
        "survival.html",
        "Survival",
        "How long public service mutuals last, by sector, legal form, cohort and kind of end.",
        {
            "main": main_figure(site),
            "shown": shown,
            "untold": _untold(site),
            "tables": [site.figure(plan) for plan in survival_tables.plans()],
        },
    )


def main_figure(site: Site) -> Figure:
    """The three ends over the population that is least chosen by outcome."""
    return site.figure(_main_plan(_populations(site), _how_far(site)))


def _populations(site: Site) -> list[Row]:
    """The populations of mutuals that have a curve, the least chosen by outcome first: those of
    the lists of their day, then those found by records, then those that somebody named."""
    if site.reader.missing(NEEDS):
        return []
    return site.reader.rows(
        "select p.* from survival_populations as p "
        "where p.kind = 'mutuals' and p.population_id in (select population_id from survival) "
        "order by list_position(['cohort-lists', 'inferred-mutuals', 'curated-mutuals'], "
        "p.population_id) nulls last, p.population_id"
    )


def _how_far(site: Site) -> str:
    """What share of the published lists is traced, and what the rest may change."""
    if site.reader.missing(_OF_LISTS):
        return ""
    rows = site.reader.rows(
        "select c.lines, c.traced_lines, c.organisations, c.followed, c.with_unknown_end, "
        "b.years, b.estimate, b.lowest, b.highest from survival_coverage as c "
        "inner join survival_bounds as b on c.end_of = b.end_of "
        f"where c.list_id = 'all' and {_STATUS.replace('s.', 'c.')} order by b.years desc limit 1"
    )
    if not rows:
        return ""
    one = rows[0]
    return (
        f" Of the {one['lines']} lines of the lists, {one['traced_lines']} are traced "
        f"({one['traced_lines'] / one['lines']:.0%}): to {one['organisations']} organisations, "
        f"and to projects that came to no mutual. {one['followed']} organisations are followed. "
        f"After {one['years']} years, {one['estimate']:.0%} of these were still mutuals. Counting "
        f"those of unknown end too, the share lies between {one['lowest']:.0%} (if all of these "
        f"had ended at once) and {one['highest']:.0%} (if all of them still went on)."
    )


def _main_plan(populations: list[Row], how_far: str = "") -> Plan:
    population = populations[0] if populations else {}
    name = population.get("title", "Mutuals")
    if population.get("population_id") != "cohort-lists":
        how_far = ""
    return plan(
        "main",
        "Do they last?",
        f"{name}: share for which each of three ends had not come, by years since the start.",
        "s.end_of",
        "s.population_id = $population and s.stratum_by = 'all' and s.method = 'kaplan-meier'",
        {"population": population.get("population_id", "cohort-lists")},
        str(population.get("caveat", "")) + how_far,
    )


def _divided(site: Site) -> Iterator[Plan]:
    for population in _populations(site):
        key = str(population["population_id"])
        parameters = {"population": key}
        divisions = site.reader.rows(
            "select distinct stratum_by as name from survival "
            f"where population_id = ? and stratum_by <> 'all' and {_KNOWN} order by 1",
            [key],
        )
        for division in divisions:
            by = str(division["name"])
            yield plan(
                f"{words.slug(key)}-{words.slug(by)}",
                f"{population['title']}, by {words.words(by).lower()}",
                "Share whose mutual status had not ended, by years since the start. The six "
                "largest groups are drawn; the table has all.",
                _name_of(site, by),
                f"s.population_id = $population and s.stratum_by = $by and {_STATUS} "
                "and s.method = 'kaplan-meier'",
                {**parameters, "by": by},
                str(population["caveat"]),
            )
        yield plan(
            f"{words.slug(key)}-causes",
            f"{population['title']}: how they ended",
            "Share that had ended by each cause, by years since the start. The causes compete: "
            "together they make up all ends.",
            "s.cause",
            f"s.population_id = $population and {_STATUS} and s.method = 'aalen-johansen'",
            parameters,
            str(population["caveat"]),
        )


def _name_of(site: Site, by: str) -> str:
    """SQL of a stratum's name: a sector by its title, where the release holds the titles."""
    if by != "sector" or not site.reader.has("sectors", "sector", "title"):
        return "s.stratum"
    return "coalesce((select t.title from sectors as t where t.sector = s.stratum), s.stratum)"


def _untold(site: Site) -> list[tuple[str, str]]:
    """The title of each population of mutuals, and by what nothing is told of its members."""
    found = []
    for population in _populations(site):
        rows = site.reader.rows(
            "select stratum_by as name from survival "
            "where population_id = ? and stratum_by <> 'all' "
            f"group by stratum_by having not bool_or({_KNOWN}) order by 1",
            [population["population_id"]],
        )
        if rows:
            names = [words.words(str(row["name"])).lower() for row in rows]
            found.append((str(population["title"]), ", ".join(names)))
    return found
