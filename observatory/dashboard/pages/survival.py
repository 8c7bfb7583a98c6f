"""Survival: do mutuals last, and how do they end? Every estimate is the models'."""

from __future__ import annotations

from collections.abc import Iterator

from observatory.dashboard.figures import Figure, Plan
from observatory.dashboard.render import Page
from observatory.dashboard.site import Site

_NEEDS = {"survival": ("population", "event", "stratum", "time_years", "at_risk", "estimate")}


def pages(site: Site) -> Iterator[Page]:
    """Yield the survival explorer."""
    yield Page(
        "survival.html",
        "survival.html",
        "Survival",
        "How long public service mutuals last, by sector, legal form, cohort and kind of end.",
        {"shown": [main_figure(site)]},
    )


def main_figure(site: Site) -> Figure:
    """The curve over the cohorts that were named without regard to their outcome."""
    return site.figure(
        Plan(
            "survival",
            "Do they last?",
            "Share still going by years since the start.",
            "select * from survival order by all",
            _NEEDS,
            {"population": "Population"},
            "An end is not a failure.",
        )
    )
