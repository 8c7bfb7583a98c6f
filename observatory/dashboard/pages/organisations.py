"""The list of organisations: searched, filtered and sorted in the browser, and whole without it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from observatory.dashboard import words
from observatory.dashboard.reader import Row
from observatory.dashboard.render import Page
from observatory.dashboard.site import Site

DATA = "data/organisations.json"
_FIRST, _PAGE = 25, 250

_LIST = """
select
    o.org_id, o.name, o.legal_form, o.status, o.sector, o.is_candidate, o.region,
    o.local_authority, c.verdict, c.basis, c.valid_from, c.began_precision, c.valid_to,
    c.ended_precision, c.has_ended, c.reason
from organisations as o
left join classifications as c on o.org_id = c.org_id and c.definition_id = $definition
order by
    case c.verdict
        when 'mutual' then 1 when 'probable' then 2 when 'possible' then 3
        when 'undetermined' then 4 when 'not_mutual' then 5 else 6
    end, lower(o.name), o.org_id
"""
_NAMES = "select distinct org_id, name from names order by org_id, name"
_LOOKED = """
-- What was looked at: each source that has landed, its newest version and its records.
-- Of a whole file the newest version counts, of extracts and increments each.
select s.title, s.publisher, s.newest_published_on,
    coalesce(
        arg_max(v.rows, v.published_on::varchar || v.snapshot_id) filter (v.scope = 'whole'),
        sum(v.rows)
    )::bigint as records
from sources as s
inner join snapshots as v on s.source = v.source
where v.same_as is null
group by all
order by s.title
"""


def pages(site: Site) -> Iterator[Page]:
    """Yield the explorer and the full list in parts."""
    rows = listed(site)
    parts = [rows[at : at + _PAGE] for at in range(0, len(rows), _PAGE)] or [[]]
    shared = {"parts": len(parts), "total": len(rows), "titles": titles(site)}
    yield Page(
        "organisations.html",
        "organisations.html",
        "Organisations",
        "Search every organisation that the observatory lists, with its verdict.",
        {
            **shared,
            "rows": rows[:_FIRST],
            "looked": looked_at(site),
            "sectors": sorted({row["sector"] for row in rows if row["sector"]}),
            "regions": sorted({row["region"] for row in rows if row["region"]}),
            "forms": sorted({row["legal_form"] for row in rows if row["legal_form"]}),
        },
    )
    for at, part in enumerate(parts, 1):
        yield Page(
            f"organisations/list-{at}.html",
            "list.html",
            f"All organisations, part {at} of {len(parts)}",
            "Every organisation that the observatory lists.",
            {**shared, "rows": part, "at": at},
            indexed=False,
        )


def listed(site: Site) -> list[Row]:
    """Every published organisation with its verdict under the headline definition, the surest
    first."""
    needs = {"organisations": ("org_id", "name", "region"), "classifications": ("verdict",)}
    if site.reader.missing(needs):
        return []
    return site.reader.rows(_LIST, {"definition": site.headline})


def titles(site: Site) -> dict[str, str]:
    """Sector code → title."""
    if not site.reader.has("sectors", "sector", "title"):
        return {}
    return {row["sector"]: row["title"] for row in site.reader.rows("from sectors")}


def looked_at(site: Site) -> list[Row]:
    """The sources that were searched, for whoever looks for an organisation that is not listed."""
    if site.reader.missing({"sources": ("title",), "snapshots": ("rows", "same_as", "scope")}):
        return []
    return site.reader.rows(_LOOKED)


def data(site: Site) -> str:
    """The list as columns of JSON, for the explorer: one text a column, codes as numbers."""
    rows = listed(site)
    names = site.reader.by("org_id", _NAMES) if site.reader.has("names", "org_id", "name") else {}
    sectors = titles(site)
    columns: dict[str, Sequence[object]] = {
        "id": [row["org_id"] for row in rows],
        "name": [row["name"] for row in rows],
        "also": [_also(row, names.get(row["org_id"], [])) for row in rows],
        "page": [
            words.organisation_file(row["org_id"]) if row["is_candidate"] else "" for row in rows
        ],
        # Who has no page has the reason here, so that no verdict stands without one.
        "why": ["" if row["is_candidate"] else row["reason"] or "" for row in rows],
        "verdict": [row["verdict"] or "" for row in rows],
        "form": [row["legal_form"] or "" for row in rows],
        "sector": [sectors.get(row["sector"], row["sector"] or "") for row in rows],
        "region": [row["region"] or "" for row in rows],
        "authority": [row["local_authority"] or "" for row in rows],
        "began": [row["valid_from"].year if row["valid_from"] else None for row in rows],
        "ended": [_ended(row) for row in rows],
    }
    coded = {"why", "verdict", "form", "sector", "region", "authority"}
    packed = {
        name: _packed(column) if name in coded else column for name, column in columns.items()
    }
    return json.dumps(packed, ensure_ascii=False, separators=(",", ":"))


def _also(row: Row, names: Sequence[Row]) -> str:
    return " | ".join(one["name"] for one in names if one["name"] and one["name"] != row["name"])


def _ended(row: Row) -> object:
    if row["valid_to"]:
        return row["valid_to"].year
    return "ended" if row["has_ended"] else ""


def _packed(column: Sequence[object]) -> dict[str, list[object]]:
    """Each text once, and a number a row that points at it."""
    texts = sorted({str(one) for one in column})
    places = {text: at for at, text in enumerate(texts)}
    return {"texts": list(texts), "rows": [places[str(one)] for one in column]}
