"""The rows of each table of the fictional release, with what a page must never trust in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from observatory.sources.base import registry

SCRIPT = "<script>alert(1)</script> & Sons CIC"
FORMULA = "=cmd|' /C calc'!A0"
MUTUAL, SPENT, HOSTILE, REJECTED, UNPROVEN = (f"XX-FIC-{at}" for at in range(1, 6))

_NAMES = {
    MUTUAL: "Fictional Vale Home Care CIC",
    SPENT: "Fictional Harbour Library Society",
    HOSTILE: SCRIPT,
    REJECTED: FORMULA,
    UNPROVEN: "Fictional Unproven Services",
}
_VERDICTS = {
    MUTUAL: "mutual",
    SPENT: "probable",
    HOSTILE: "possible",
    REJECTED: "not_mutual",
    UNPROVEN: "undetermined",
}
_POLICY, _OTHER = ("dcms-2018", "cabinet-office-2012"), ("procurement-act-2023", "pcr-2015-reg-77")
_SIGNAL = {"mutual": "curated-psm-left-public-sector"}
_LANDED = ("known_mutuals", "companies_house_basic")
_HOSTILE_URL = "javascript:alert(1)"

Row = Mapping[str, object]


def rows(many: int = 0) -> dict[str, list[Row]]:
    """The rows of each table; ``many`` adds that many more organisations."""
    names = _NAMES | {f"XX-FIC-{at}": f"Fictional Number {at} CIC" for at in range(100, 100 + many)}
    verdicts = {org_id: _VERDICTS.get(org_id, "undetermined") for org_id in names}
    return {
        "organisations": [_organisation(org_id, name) for org_id, name in names.items()],
        "names": [
            _seen({"org_id": MUTUAL, "name": "Fictional Old Name Ltd", "name_type": "previous"})
        ],
        "identifiers": [
            _seen({"org_id": org_id, "scheme": "XX-FIC", "identifier": org_id, "basis": "register",
                   "confidence": "exact"})
            for org_id in names
        ],
        "classifications": [
            _classification(org_id, verdict, definition)
            for org_id, verdict in verdicts.items()
            for definition in (*_POLICY, *_OTHER)
        ],
        "assessments": [
            _assessment(org_id, verdict, definition)
            for org_id, verdict in verdicts.items()
            for definition in (*_POLICY, *_OTHER)
        ],
        "evidence": [row for org_id in names for row in _evidence(org_id)],
        "events": _events(),
        "awards": [_award(at) for at in range(20)],
        "origins": [_origin(org_id) for org_id in names],
        "successions": _successions(),
        "governance": _rights(),
        "returns": [_return(year) for year in (2022, 2023)],
        "sources": [_source(source) for source in registry()],
        "snapshots": [_snapshot(source) for source in _LANDED],
        "data_issues": [
            {"source": "known_mutuals", "snapshot_id": "known_mutuals-1", "locator": "line 3",
             "kind": "unreadable-fact", "severity": "quarantined", "occurrences": 2}
        ],
    }  # fmt: skip


def _organisation(org_id: str, name: str) -> Row:
    return {
        "org_id": org_id,
        "name": name,
        "legal_form": "cic",
        "registers": [],
        "status": "active",
        "registered_on": date(2011, 4, 1),
        "sector": "social-care" if org_id != SPENT else "culture-and-libraries",
        "sector_basis": "CPV of awards",
        "region": {MUTUAL: "Yorkshire and The Humber", SPENT: "London"}.get(org_id),
        "local_authority": "Fictional District" if org_id == MUTUAL else None,
        "is_candidate": True,
        "register_url": "https://example.org/register" if org_id == MUTUAL else _HOSTILE_URL,
    }


def _classification(org_id: str, verdict: str, definition: str) -> Row:
    policy = definition in _POLICY
    return {
        "org_id": org_id,
        "definition_id": definition,
        "verdict": verdict if policy else "undetermined",
        "basis": "curated" if policy and verdict in ("mutual", "probable") else "inferred",
        "band": "low",
        "reason": f"A fictional reason for {_NAMES.get(org_id, org_id)}.",
        "inferred_verdict": "undetermined",
        "rules_version": "fictional",
        "valid_from": date(2011, 1, 1) if verdict in ("mutual", "probable") else None,
        "began_precision": "year",
        "valid_to": date(2019, 10, 1) if org_id == SPENT else None,
        "ended_precision": "month" if org_id == SPENT else None,
        "has_ended": org_id == SPENT,
        "end_kind": "taken in-house" if org_id == SPENT else None,
    }


def _assessment(org_id: str, verdict: str, definition: str) -> Row:
    return {
        "org_id": org_id,
        "definition_id": definition,
        "criterion_id": "left-public-sector",
        "role": "required",
        "state": {"mutual": "met", "not_mutual": "not met"}.get(verdict, "unknown"),
        "score": 0,
        "evidence_ids": [f"{org_id}-e0"],
        "inferred_state": "unknown",
        "inferred_score": 0,
    }


def _evidence(org_id: str) -> list[Row]:
    shared = {
        "org_id": org_id,
        "criterion_id": "left-public-sector",
        "direction": "for",
        "strength": "strong",
        "record_key": "fictional",
        "known_from": datetime(2026, 11, 1, tzinfo=UTC).replace(tzinfo=None),
    }
    cited = {"evidence_id": f"{org_id}-e0", "signal_id": _SIGNAL["mutual"]}
    parent = {"evidence_id": f"{org_id}-e1", "signal_id": "curated-public-parent"}
    council = "Fictional & <b>Borough</b> Council" if org_id == HOSTILE else "Fictional Council"
    return [
        _seen({**shared, **cited, "value_seen": f"label: {_NAMES.get(org_id, 'psm')}",
               "url": "https://example.org/a" if org_id != HOSTILE else _HOSTILE_URL}),
        _seen({**shared, **parent, "value_seen": f"public_parent: {council}",
               "url": "https://example.org/b"}),
    ]  # fmt: skip


def _events() -> list[Row]:
    told = (
        (MUTUAL, "spun out", date(2011, 1, 1), "year"),
        (MUTUAL, "registered", date(2011, 4, 1), "day"),
        (SPENT, "spun out", date(2012, 1, 1), "year"),
        (SPENT, "taken in-house", date(2019, 10, 1), "month"),
    )
    return [
        _seen({"org_id": org_id, "event": event, "event_on": on, "precision": precision,
               "detail": FORMULA, "event_key": f"{org_id}|{event}", "url": "https://example.org/c"})
        for org_id, event, on, precision in told
    ]  # fmt: skip


def _origin(org_id: str) -> Row:
    told = {
        "public_parent": "Fictional & <b>Borough</b> Council"
        if org_id == HOSTILE
        else "Fictional Council",
        "public_parent_basis": "citation",
        "public_parent_url": "https://example.org/b",
        "route": "Right to Request",
        "route_url": "https://example.org/route",
        "began_by": "staff",
        "began_by_url": _HOSTILE_URL,
        "spun_out_on": date(2011, 1, 1),
        "spun_out_precision": "year",
        "first_contract_on": date(2024, 1, 1),
        "first_contract_buyer": SCRIPT,
        "first_contract_match": "probable",
        "first_contract_url": "https://example.org/notice",
    }
    unknown = {"public_parent_basis": "unknown", "route": "unknown", "began_by": "unknown"}
    return {"org_id": org_id, **(told if org_id in (MUTUAL, HOSTILE) else unknown)}


def _successions() -> list[Row]:
    shared = {"basis": "citation", "confidence": "exact", "detail": FORMULA}
    return [
        _seen({**shared, "succession_key": "fictional-1", "predecessor_kind": "public body",
               "predecessor_name": "Fictional Council", "successor_id": MUTUAL,
               "successor_name": _NAMES[MUTUAL], "successor_kind": "organisation",
               "kind": "spun out", "happened_on": date(2011, 1, 1), "precision": "year",
               "url": "https://example.org/b"}),
        _seen({**shared, "succession_key": "fictional-2", "predecessor_kind": "organisation",
               "predecessor_id": SPENT, "predecessor_name": _NAMES[SPENT], "successor_id": MUTUAL,
               "successor_name": _NAMES[MUTUAL], "successor_kind": "organisation",
               "kind": "service passed on", "precision": "unknown", "confidence": "probable"}),
        _seen({**shared, "succession_key": "fictional-3", "predecessor_kind": "organisation",
               "predecessor_id": HOSTILE, "predecessor_name": SCRIPT, "successor_name": SCRIPT,
               "successor_kind": "unknown", "kind": "merged", "precision": "unknown",
               "url": _HOSTILE_URL}),
    ]  # fmt: skip


def _rights() -> list[Row]:
    shared = {"detail": FORMULA, "evidence_ids": [f"{MUTUAL}-e0"], "org_id": MUTUAL}
    return [
        {**shared, "governance_key": "fictional-1", "holder_group": "employees",
         "held_right": "share", "held_through": "trust", "extent": "75 to 100%",
         "dates_are": "spans", "valid_from": date(2016, 4, 6), "source": "companies_house_psc",
         "url": "https://example.org/controllers"},
        {**shared, "governance_key": "fictional-2", "holder_group": "employees",
         "held_right": "seats", "dates_are": "sightings", "valid_from": date(2014, 4, 1),
         "valid_to": date(2016, 3, 31), "source": "companies_house_accounts",
         "url": _HOSTILE_URL},
    ]  # fmt: skip


def _award(at: int) -> Row:
    return _seen(
        {
            "award_key": f"fictional-{at:02}",
            "org_id": MUTUAL,
            "match_basis": "identifier",
            "match_confidence": "exact",
            "ocid": f"ocds-fictional-{at}",
            "award_id": str(at),
            "supplier_id": MUTUAL,
            "supplier_name": _NAMES[MUTUAL],
            "buyer_name": "Fictional Council" if at else SCRIPT,
            "title": FORMULA,
            "awarded_on": date(2024, 1, 1 + at),
            "currency": "GBP",
            "amount": 1234567.0,
            "amount_usable": True,
            "notice_url": "https://example.org/notice",
        }
    )


def _return(year: int) -> Row:
    return _seen(
        {
            "org_id": MUTUAL,
            "period_end_on": date(year, 3, 31),
            "turnover_gbp": 4_500_000.0 + year,
            "employees": 120,
            "doubts": ["same figures as the period before"] if year == 2023 else [],
            "missing": [],
            "figure_sources": [],
            "other_sources": [],
        }
    )


def _source(source: str) -> Row:
    return {
        "source": source,
        "title": f"Fictional title of {source}",
        "publisher": "Fictional publisher",
        "homepage": "https://example.org/",
        "licence": "Open Government Licence v3.0",
        "licence_url": "https://example.org/licence",
        "attribution": "Contains fictional data.",
        "republish": "rows",
        "keeps": "bytes",
        "cadence": "daily",
        "freshness_days": 7,
        "newest_published_on": date(2026, 11, 20) if source in _LANDED else None,
        "snapshots": int(source in _LANDED),
    }


def _snapshot(source: str) -> Row:
    return {
        "snapshot_id": f"{source}-1",
        "source": source,
        "sha256": "0" * 64,
        "published_on": date(2026, 11, 20),
        "fetched_at": datetime(2026, 11, 21, 2, 30, tzinfo=UTC).replace(tzinfo=None),
        "scope": "whole",
        "rows": 10,
        "quarantined": 0,
    }


def _seen(row: Row) -> Row:
    return {**row, "source": "known_mutuals", "snapshot_id": "known_mutuals-1", "locator": "line 3"}
