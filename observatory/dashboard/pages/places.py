"""Places: regions, and a page for each public body that mutuals left or serve."""

from __future__ import annotations

from collections.abc import Iterator

from observatory.dashboard.charts import tiles
from observatory.dashboard.figures import Plan
from observatory.dashboard.pages import public_bodies
from observatory.dashboard.render import Page
from observatory.dashboard.site import Site

_REGIONS = """
-- In which regions are the organisations that meet, probably meet or may meet the definition?
select
    coalesce(o.region, 'Not known') as region,
    count(*) as organisations,
    count(*) filter (where c.verdict = 'mutual') as mutual,
    count(*) filter (where c.verdict = 'probable') as probable,
    count(*) filter (where c.verdict = 'possible') as possible,
    count(*) filter (where c.has_ended) as of_these_ended
from classifications as c
inner join organisations as o on c.org_id = o.org_id
where c.definition_id = $definition and c.verdict in ('mutual', 'probable', 'possible')
group by o.region
order by o.region is null, organisations desc, region
"""


def pages(site: Site) -> Iterator[Page]:
    """Yield the page of places and a page for each public body."""
    bodies = public_bodies.bodies(site)
    yield Page(
        "places.html",
        "places.html",
        "Places",
        "Where public service mutuals are, which public bodies they left and which they serve.",
        {
            "region_figure": site.figure(region_plan(site)),
            "meaning_figure": site.figure(_meanings_plan(site)),
            "route_figure": site.figure(_routes_plan(site)),
            "left": [body for body in bodies if body.left],
            "buyers": [body for body in bodies if not body.left],
        },
    )
    for body in bodies:
        yield Page(
            body.path,
            "body.html",
            body.name,
            f"Mutuals that left {body.name} or serve it, and how those that ended did.",
            {"body": body},
        )


def region_plan(site: Site) -> Plan:
    """The map of regions by registered office."""
    return Plan(
        "regions",
        "Regions of their registered offices",
        "Organisations that meet, probably meet or may meet the headline definition.",
        _REGIONS,
        {
            "classifications": ("org_id", "definition_id", "verdict", "has_ended"),
            "organisations": ("org_id", "region"),
        },
        {
            "region": "Region",
            "organisations": "Organisations",
            "mutual": "Meet",
            "probable": "Probably meet",
            "possible": "May meet",
            "of_these_ended": "Of these, ended",
        },
        "A registered office is not where services are provided. No official count covers Scotland "
        "or Northern Ireland: a zero there is no proof of absence.",
        chart=tiles.regions,
        parameters={"definition": site.headline},
        empty="The region of most of these organisations is not known in this release, so no map "
        "is drawn: its zeros would be untrue. The data table has what is known.",
        reading="Each tile is a region in about its place; tiles have one size and are no "
        "boundaries.",
    )


def _meanings_plan(site: Site) -> Plan:
    return Plan(
        "places-in-three-meanings",
        "Three meanings of place, side by side",
        "By region: organisations that left a body there, that have their office there, and "
        "that buyers there pay.",
        """
-- Where do mutuals come from, where is their office, and where are the buyers that pay them?
select
    case p.region when 'unknown' then 'Not known' else p.region end as region,
    count(distinct p.org_id) filter (where p.meaning = 'public parent') as public_parent,
    count(distinct p.org_id) filter (where p.meaning = 'registered office') as registered_office,
    count(distinct p.org_id) filter (where p.meaning = 'buyer that pays') as buyer
from organisation_places as p
inner join classifications as c on p.org_id = c.org_id
where c.definition_id = $definition and c.verdict in ('mutual', 'probable', 'possible')
group by p.region
order by p.region = 'unknown', p.region
""",
        {
            "organisation_places": ("org_id", "meaning", "region"),
            "classifications": ("org_id", "definition_id", "verdict"),
        },
        {
            "region": "Region",
            "public_parent": "Left a body there",
            "registered_office": "Office there",
            "buyer": "Paid by buyers there",
        },
        "One organisation can stand in several rows of a column: it may have several buyers. A "
        "zero says that no record held names one there, not that there is none.",
        parameters={"definition": site.headline},
        empty="No place is known for any of these organisations in this release.",
        open_table=True,
    )


def _routes_plan(site: Site) -> Plan:
    return Plan(
        "routes",
        "How they left the public sector",
        "Routes by which organisations under the headline definition left, and who began it.",
        site.query("mutuals-by-route"),
        {
            "origins": ("org_id", "route", "began_by", "public_parent", "spun_out_on"),
            "classifications": ("org_id", "definition_id", "verdict"),
        },
        {
            "route": "Route",
            "began_by": "Begun by",
            "organisations": "Organisations",
            "with_a_known_parent": "With a known parent",
            "first_year": "First",
            "last_year": "Newest",
        },
        "A route is told where a record or a cited source names it, and unknown otherwise.",
        parameters={"definition": site.headline},
        open_table=True,
    )
