"""A page for each candidate: verdicts, criteria, evidence, time line, awards, returns, lineage.

Every table is read once and grouped, since there may be thousands of pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from observatory.dashboard import linked_data, words
from observatory.dashboard.reader import Reader, Row
from observatory.dashboard.render import Page

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
_ORIGINS = """
select org_id, public_parent, public_parent_basis, public_parent_url, route, route_url, began_by,
    began_by_url, spun_out_on, spun_out_precision, first_contract_on, first_contract_buyer,
    first_contract_match, first_contract_url
from origins order by org_id
"""
_SUCCESSIONS = """
-- Each succession stands on the pages of both sides: who came before it, and who after it.
select successor_id as org_id, 'before' as side, predecessor_id as other_id,
    predecessor_name as other, kind, happened_on, precision, confidence, url, succession_key
from successions where successor_id is not null
union all
select predecessor_id, 'after', successor_id, successor_name, kind, happened_on, precision,
    confidence, url, succession_key
from successions where predecessor_kind = 'organisation'
order by org_id, side desc, happened_on nulls last, succession_key
"""
_RIGHTS = """
select org_id, holder_group, held_right, extent, held_through, valid_from, valid_to, dates_are, url
from governance order by org_id, holder_group, held_right, valid_from, governance_key
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
    ("governance", "governance", ("org_id", "holder_group", "held_right", "dates_are"), _RIGHTS),
    ("origins", "origins", ("org_id", "public_parent", "route", "began_by"), _ORIGINS),
    (
        "successions",
        "successions",
        ("predecessor_id", "predecessor_name", "successor_id", "successor_name", "kind"),
        _SUCCESSIONS,
    ),
)


def pages(reader: Reader) -> Iterator[Page]:
    """Yield a page for each candidate; none where the release lacks what every page needs."""
    if reader.missing(_NEEDS):
        return
    parts = [part for part in _PARTS if reader.has(part[1], *part[2])]
    groups = {key: reader.by("org_id", sql) for key, _, _, sql in parts}
    cases = reader.by("org_id", _CASES)
    criteria = reader.by("org_id", _CRITERIA)
    evidence = reader.by("org_id", _EVIDENCE)
    candidates = reader.rows("from organisations where is_candidate order by org_id")
    with_page = {row["org_id"] for row in candidates}
    sectors = {row["sector"]: row["title"] for row in _titles(reader)}
    for row in candidates:
        org_id = row["org_id"]
        held = {key: groups[key].get(org_id, []) if key in groups else [] for key, *_ in _PARTS}
        own = cases.get(org_id, [])
        context: Context = {
            "organisation": row,
            "sector": sectors.get(row.get("sector"), ""),
            "cases": [_case(case, criteria.get(org_id, ())) for case in own],
            "records": records(evidence.get(org_id, [])),
            "with_page": with_page,
            "shown": _SHOWN,
            "also": other_names(str(row["name"] or ""), held["names"]),
            **held,
        }
        indexed = any(case["verdict"] in _POSITIVE and case["kind"] != "other" for case in own)
        # Programs are told of nobody that search engines are asked to leave out.
        told = linked_data.organisation(row, held["identifiers"]) if indexed else ""
        context["linked_data"] = told
        yield Page(
            f"organisations/{words.organisation_file(org_id)}",
            "organisation.html",
            str(row["name"] or org_id),
            f"What published records show about {row['name'] or org_id}, criterion by criterion.",
            context,
            indexed=indexed,
        )


def other_names(name: str, rows: list[Row]) -> list[Row]:
    """The names beside ``name``, each once however its letters are cased, and how it is meant."""
    kept: dict[str, Row] = {}
    for row in sorted(rows, key=lambda one: (one["name_type"] == "curated", one["name"])):
        said = "as cited" if row["name_type"] == "curated" else row["name_type"]
        kept.setdefault(" ".join(row["name"].lower().split()), {**row, "name_type": said})
    kept.pop(" ".join(name.lower().split()), None)
    return sorted(kept.values(), key=lambda one: str(one["name"]))


def _titles(reader: Reader) -> list[Row]:
    return reader.rows("from sectors") if reader.has("sectors", "sector", "title") else []


def _case(case: Row, criteria: Any) -> Context:  # noqa: ANN401 - rows
    own = [one for one in criteria if one["definition_id"] == case["definition_id"]]
    return {**case, "criteria": own}


def records(rows: list[Row]) -> list[Context]:
    """Evidence put together by the published record that shows it, numbered from 1: one line of a
    source often speaks to several criteria. Each record has the ``signs`` seen in it (why, then for
    or against and how strongly, then criteria) and the ``ids`` of its evidence."""
    made: dict[tuple[object, ...], Context] = {}
    for row in rows:
        key = (row["source"], row["locator"], row["value_seen"], row["url"])
        record = made.setdefault(key, {**row, "number": len(made) + 1, "ids": set(), "signs": {}})
        record["ids"].add(row["evidence_id"])
        signs = record["signs"].setdefault(row["why"] or "", {})
        signs.setdefault((row["direction"], row["strength"]), []).append(row["criterion"])
    return list(made.values())
