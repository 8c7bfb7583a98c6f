"""Counts beside counts: what others published, how a stock changed, when a sector was entered."""

from __future__ import annotations

from collections.abc import Iterator

from observatory.dashboard.figures import Plan
from observatory.dashboard.site import Site


def plans(site: Site) -> Iterator[Plan]:
    """Yield the figures on counts, all under the headline definition."""
    yield _why(site)
    yield _entered(site)
    yield published_plan(site)


def published_plan(site: Site) -> Plan:
    """The published counts beside ours."""
    return Plan(
        "published-counts",
        "What others counted, beside what we show",
        "Published counts of 2010 to 2019, and the organisations that the records of this release "
        "date to the same day.",
        site.query("counts-published-and-ours"),
        {
            "counts_compared": (
                "as_of",
                "what",
                "territory",
                "counted",
                "mutual",
                "mutual_or_probable",
                "mutual_to_possible",
                "undated",
                "differs_because",
                "source_url",
            )
        },
        {
            "as_of": "On",
            "what": "Counted",
            "territory": "Where",
            "counted": "By others",
            "mutual": "Ours: meet",
            "mutual_or_probable": "Ours: or probably",
            "mutual_to_possible": "Ours: or may",
            "undated": "Ours without a date",
            "differs_because": "Why they differ",
            "source_url": "Source",
        },
        "No list stands behind most published counts, so the two cannot be matched one by one. "
        "Ours counts only organisations with a dated record; those without a date stand apart.",
        parameters={"definition": site.headline},
        empty="No published count is held.",
        open_table=True,
    )


def _why(site: Site) -> Plan:
    return Plan(
        "why-stock-changed",
        "Why the number changed, year by year",
        "Organisations that meet or probably meet the headline definition: those that began, those "
        "that ended, those that came into view or left it, and those that a rule moved.",
        site.query("why-the-stock-changed"),
        {"spread_changes": ("year", "definition_id", "verdict", "cause", "change")},
        {
            "year": "Year",
            "entries": "Began",
            "exits": "Ended",
            "coverage": "Came into view",
            "rules": "By a rule",
            "change": "Together",
        },
        "The newest years are provisional: registers and notices tell late.",
        parameters={"definition": site.headline},
        open_table=True,
    )


def _entered(site: Site) -> Plan:
    return Plan(
        "sectors-entered",
        "When mutuals first entered each sector",
        "The first organisation of each sector that meets or probably meets the headline "
        "definition, by recorded dates.",
        site.query("sectors-entered"),
        {
            "new_sectors": (
                "definition_id",
                "sector",
                "top_sector",
                "first_entry_on",
                "first_entry_precision",
                "first_org_id",
                "first_begun_by",
                "last_entry_on",
                "organisations",
                "undated",
            ),
            "organisations": ("org_id", "name"),
            "sectors": ("sector", "title"),
        },
        {
            "title": "Sector",
            "first_entry": "First entry",
            "first_one": "First one",
            "last_entry_year": "Newest entry",
            "organisations": "Organisations",
            "undated": "Without a date",
        },
        "An earlier one without a recorded date may have been first.",
        parameters={"definition": site.headline},
        open_table=True,
    )
