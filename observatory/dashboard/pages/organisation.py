"""A page for each candidate: verdicts, criteria, evidence, time line, awards, returns, lineage.

Every table is read once and grouped, since there may be thousands of pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from observatory.dashboard import words
from observatory.dashboard.reader import Row
from observatory.dashboard.render import Page
from observatory.dashboard.site import Site

Context = dict[str, Any]

_POSITIVE = ("mutual", "probable", "possible")
# More awards or returns than these are counted, and left to the download.
_SHOWN = 15

_NEEDS = {
    "organisations": ("org_id", "name", "is_candidate", "register_url", "status"),
    "classifications": ("org_id", "definition_id", "verdict", "basis", "reason"),
    "assessments": ("org_id", "definition_id", "criterion_id", "state", "evidence_ids"),
    "evidence": ("evidence_id", "org_id", "signal_id", "direction", "value_seen", "url"),
    "definitions": ("definition_id", "title", "kind", "source_url"),
    "criteria": ("criterion_id", "title"),
    "signals": ("signal_id", "why"),
}
_CASES = """
select c.*, d.title, d.kind, d.source_url, d.is_headline
from classifications as c
inner join definitions as d on c.definition_id = d.definition_id
order by c.org_id, d.is_headline desc, d.kind = 'other', c.definition_id
"""
_CRITERIA = """
select a.org_id, a.definition_id, a.state, a.role, a.evidence_ids, c.title
from assessments as a
inner join criteria as c on a.criterion_id = c.criterion_id
order by a.org_id, a.definition_id, a.role desc, a.criterion_id
"""
_EVIDENCE = """
select
    e.evidence_id, e.org_id, e.direction, e.strength, e.value_seen, e.locator, e.url, e.source,
    e.valid_from, e.valid_to, s.why, c.title as criterion, o.title as source_title,
    n.published_on
from evidence as e
left join signals as s on e.signal_id = s.signal_id
left join criteria as c on e.criterion_id = c.criterion_id
left join sources as o on e.source = o.source
left join snapshots as n on e.snapshot_id = n.snapshot_id
order by e.org_id, e.source, e.locator, e.criterion_id, e.evidence_id
"""
_PARENTS = """
-- The public body that a cited source names as the one that the organisation came from.
select org_id, regexp_extract(value_seen, '^public_parent: (.*)$', 1) as public_parent, url
from evidence
where signal_id = 'curated-public-parent'
order by all
"""
_EVENTS = "select * from events order by org_id, event_on nulls last, event_key"
_AWARDS = """
select org_id, awarded_on, title, buyer_name, amount, amount_usable, notice_url, match_confidence
from awards
where org_id is not null and duplicate_of is null
order by org_id, awarded_on desc nulls last, award_key
"""
_RETURNS = """
select r.*, s.title as source_title
from returns as r
left join sources as s on r.source = s.source
order by r.org_id, r.period_end_on desc
"""
_IDENTIFIERS = "select org_id, scheme, identifier from identifiers order by all"
_NAMES = "select distinct org_id, name, name_type from names order by all"

# (key of the context, table, columns it needs, query grouped by org_id)
_PARTS: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("events", "events", ("org_id", "event", "event_on", "precision", "event_key"), _EVENTS),
    ("awards", "awards", ("org_id", "buyer_name", "notice_url", "duplicate_of"), _AWARDS),
    ("returns", "returns", ("org_id", "period_end_on", "turnover_gbp"), _RETURNS),
    ("identifiers", "identifiers", ("org_id", "scheme", "identifier"), _IDENTIFIERS),
    ("names", "names", ("org_id", "name", "name_type"), _NAMES),
    ("governance", "governance", ("org_id",), "from governance order by all"),
    ("origins", "origins", ("org_id",), "from origins order by all"),
    ("successions", "successions", ("org_id",), "from successions order by all"),
)


def pages(site: Site) -> Iterator[Page]:
    """Yield a page for each candidate; none where the release lacks what every page needs."""
    if site.reader.missing(_NEEDS):
        return
    parts = [part for part in _PARTS if site.reader.has(part[1], *part[2])]
    groups = {key: site.reader.by("org_id", sql) for key, _, _, sql in parts}
    cases = site.reader.by("org_id", _CASES)
    criteria = site.reader.by("org_id", _CRITERIA)
    evidence = site.reader.by("org_id", _EVIDENCE)
    parents = site.reader.by("org_id", _PARENTS)
    sectors = {row["sector"]: row["title"] for row in _titles(site)}
    for row in site.reader.rows("from organisations where is_candidate order by org_id"):
        org_id = row["org_id"]
        held = {key: groups[key].get(org_id, []) if key in groups else [] for key, *_ in _PARTS}
        own = cases.get(org_id, [])
        context: Context = {
            "organisation": row,
            "sector": sectors.get(row.get("sector"), ""),
            "cases": [_case(case, criteria.get(org_id, ())) for case in own],
            "records": records(evidence.get(org_id, [])),
            "parents": parents.get(org_id, []),
            "shown": _SHOWN,
            **held,
        }
        yield Page(
            f"organisations/{words.organisation_file(org_id)}",
            "organisation.html",
            str(row["name"] or org_id),
            f"What published records show about {row['name'] or org_id}, criterion by criterion.",
            context,
            indexed=any(case["verdict"] in _POSITIVE and case["kind"] != "other" for case in own),
        )


def _titles(site: Site) -> list[Row]:
    return site.reader.rows("from sectors") if site.reader.has("sectors", "sector", "title") else []


def _case(case: Row, criteria: Any) -> Context:  # noqa: ANN401 - rows
    own = [one for one in criteria if one["definition_id"] == case["definition_id"]]
    return {**case, "criteria": own}


def records(rows: list[Row]) -> list[Context]:
    """Evidence put together by the published record that shows it, numbered from 1: one line of a
    source often speaks to several criteria. Each record has the ``signs`` seen in it (why, for or
    against, strength, criteria) and the ``ids`` of its evidence."""
    made: dict[tuple[object, ...], Context] = {}
    for row in rows:
        key = (row["source"], row["locator"], row["value_seen"], row["url"])
        record = made.setdefault(key, {**row, "number": len(made) + 1, "ids": set(), "signs": {}})
        record["ids"].add(row["evidence_id"])
        sign = (row["direction"], row["why"] or "", row["strength"])
        record["signs"].setdefault(sign, []).append(row["criterion"])
    return list(made.values())
