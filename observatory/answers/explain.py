"""Why is this organisation in or out? Every verdict led back to the records behind it.

What belongs here: putting an answer together from a release and, for what it does not list,
from the build database. What does not: judging (the models do) and showing (``render.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb

from observatory.answers import finding
from observatory.answers.explanation import (
    Correction,
    Criterion,
    Evidence,
    Explanation,
    Identifier,
    Verdict,
)
from observatory.answers.identity import name_matches
from observatory.answers.lineage import lineage
from observatory.answers.looked import looked_at, would_count
from observatory.errors import BadInput, PermanentError, TransientError
from observatory.models import engine
from observatory.release.connections import reading
from observatory.release.versions import latest
from observatory.settings import Settings

Connection = duckdb.DuckDBPyConnection

_NAME_ONE = "give an org-id (GB-COH-06273905), a number of a register, or a name or part of one"
_FACTS = (
    "legal_form",
    "status",
    "status_detail",
    "status_source",
    "status_as_of",
    "registered_on",
    "ended_on",
    "sector",
    "sector_basis",
    "register_url",
)


def from_settings(settings: Settings, query: str) -> Explanation:
    """Explain ``query`` from the latest release, looking into the build database for what the
    release does not list. Raises PermanentError before the first release, BadInput for no name."""
    if not query.strip():
        raise BadInput("no organisation is named", where="explain", remedy=_NAME_ONE)
    newest = latest(settings.releases)
    if newest is None:
        raise PermanentError(
            "there is no release to explain from",
            where=str(settings.releases),
            remedy="run `observatory refresh`",
        )
    with reading(newest.path / "observatory.duckdb") as con, unlisted(settings) as build:
        return explain(
            con, query, build=build, release=str(newest.version), contact=settings.contact
        )


def explain(
    con: Connection,
    query: str,
    *,
    build: Connection | None = None,
    release: str = "",
    contact: str = "",
) -> Explanation:
    """Answer for an org-id, a bare company or society number, or a name.

    ``con`` reads a release; ``build``, when given, reads the build database, which knows
    organisations that no release lists. ``contact`` is where objections go. A name that is
    only like one asked for is offered in ``near`` and never taken for it.
    """
    finding.learn_names(con)
    common: dict[str, Any] = {
        "query": query,
        "release": release,
        "objections": _objections(contact),
    }
    looks = [
        (finding.exactly, con, finding.RELEASE),
        (finding.exactly, build, finding.BUILD),
        (finding.within, con, finding.RELEASE),
    ]
    for look, database, catalogue in looks:
        if database is None:
            continue
        found = look(database, query, catalogue)
        if len(found.org_ids) > 1:
            return _several(database, found, catalogue, common)
        if found.org_ids:
            is_listed = catalogue is finding.RELEASE
            return (
                _listed(con, found, common) if is_listed else _known(con, database, found, common)
            )
    return _unknown(con, query, common)


def _several(
    con: Connection, found: finding.Found, catalogue: finding.Catalogue, common: dict[str, Any]
) -> Explanation:
    return Explanation(
        standing="several",
        message=f"{len(found.org_ids)} organisations answer to {common['query']!r}: name one.",
        near=finding.named(con, found.org_ids, found.how, catalogue),
        **common,
    )


def _listed(con: Connection, found: finding.Found, common: dict[str, Any]) -> Explanation:
    org_id = found.org_ids[0]
    facts = _one(con, "select * from organisations where org_id = ?", org_id)
    return Explanation(
        standing="listed",
        message="Listed in the release.",
        matched_by=found.how,
        org_id=org_id,
        name=str(facts.get("name") or org_id),
        facts={key: facts.get(key) for key in _FACTS},
        identifiers=_identifiers(con, "identifiers", org_id),
        other_names=_other_names(con, "names", org_id, str(facts.get("name") or "")),
        name_matches=name_matches(con, org_id),
        verdicts=_verdicts(con, org_id),
        evidence=_evidence(con, con, "evidence", org_id),
        corrections=_corrections(con, org_id),
        lineage=lineage(con, org_id),
        looked_at=looked_at(con),
        **common,
    )


def _known(
    con: Connection, build: Connection, found: finding.Found, common: dict[str, Any]
) -> Explanation:
    org_id = found.org_ids[0]
    facts = _one(build, "select * from ent_organisations where org_id = ?", org_id)
    return Explanation(
        standing="known",
        message=(
            "Known from the registers and not listed: no record shows more of it than what its"
            " legal form alone brings. On that alone it is undetermined,"
            " which does not say that it is not a mutual."
        ),
        matched_by=found.how,
        org_id=org_id,
        name=str(facts.get("name") or org_id),
        facts={key: facts.get(key) for key in _FACTS},
        identifiers=_identifiers(build, "ent_identifiers", org_id),
        other_names=_other_names(build, "ent_names", org_id, str(facts.get("name") or "")),
        evidence=_evidence(con, build, "ev_upheld", org_id),
        corrections=_corrections(con, org_id),
        name_matches=name_matches(build, org_id),
        looked_at=looked_at(con),
        would_count=would_count(con),
        **common,
    )


def _unknown(con: Connection, query: str, common: dict[str, Any]) -> Explanation:
    return Explanation(
        standing="unknown",
        message=f"No record held answers to {query!r}. That does not say that it does not exist.",
        near=finding.near(con, query, finding.RELEASE),
        looked_at=looked_at(con),
        would_count=would_count(con),
        **common,
    )


def _verdicts(con: Connection, org_id: str) -> tuple[Verdict, ...]:
    sql = """
        select c.definition_id, d.title as definition, d.source_url as definition_url,
            d.is_headline, c.verdict, c.basis, c.band, c.reason, c.valid_from, c.valid_to,
            c.has_ended, c.is_disputed, c.what_would_change_it
        from classifications c join definitions d using (definition_id)
        where c.org_id = ?
        order by d.is_headline desc, array_position(['policy', 'statutory'], d.kind) nulls last,
            c.definition_id
    """
    return tuple(
        Verdict(**row, criteria=_criteria(con, org_id, row["definition_id"]))
        for row in _rows(con, sql, org_id)
    )


def _criteria(con: Connection, org_id: str, definition_id: str) -> tuple[Criterion, ...]:
    sql = """
        select a.criterion_id, c.title, a.role, a.state, a.score, a.evidence_ids
        from assessments a join criteria c using (criterion_id)
        where a.org_id = ? and a.definition_id = ? order by a.role desc, c.title
    """
    rows = _rows(con, sql, org_id, definition_id)
    return tuple(Criterion(**{**row, "evidence_ids": tuple(row["evidence_ids"])}) for row in rows)


def _evidence(con: Connection, holder: Connection, table: str, org_id: str) -> tuple[Evidence, ...]:
    """``con`` has the release's rules and snapshots, ``holder`` the table of evidence."""
    seen = _rows(
        holder,
        f"select evidence_id, signal_id, criterion_id, direction, strength, value_seen, source,"
        f" snapshot_id, locator, url, valid_from, valid_to from {table} where org_id = ?"
        " order by array_position(['decisive', 'strong', 'moderate', 'weak'], strength),"
        " criterion_id, signal_id, evidence_id",
        org_id,
    )
    rules = {row["signal_id"]: row for row in _rows(con, "select * from signals")}
    criteria = dict(con.execute("select criterion_id, title from criteria").fetchall())
    titles = dict(con.execute("select source, title from sources").fetchall())
    dates = dict(con.execute("select snapshot_id, published_on from snapshots").fetchall())
    told = []
    for row in seen:
        rule = rules.get(row.pop("signal_id"), {})
        told.append(
            Evidence(
                **row,
                criterion=criteria.get(row["criterion_id"], row["criterion_id"]),
                why=rule.get("why", ""),
                known_failures=rule.get("known_failures", ""),
                source_title=titles.get(row["source"], row["source"]),
                published_on=dates.get(row["snapshot_id"]),
            )
        )
    return tuple(told)


def _corrections(con: Connection, org_id: str) -> tuple[Correction, ...]:
    sql = """
        select correction_id, claim, received_on, status, answer, answered_on, effect
        from corrections where org_id = ? order by correction_id
    """
    return tuple(Correction(**row) for row in _rows(con, sql, org_id))


def _identifiers(con: Connection, table: str, org_id: str) -> tuple[Identifier, ...]:
    sql = f"select scheme, identifier, basis from {table} where org_id = ? order by all"
    return tuple(Identifier(**row) for row in _rows(con, sql, org_id))


def _other_names(con: Connection, table: str, org_id: str, name: str) -> tuple[str, ...]:
    sql = f"select distinct name from {table} where org_id = ? and name <> ? order by name"
    return tuple(row["name"] for row in _rows(con, sql, org_id, name))


def _objections(contact: str) -> str:
    to = f" to {contact}" if contact else " to whoever publishes this release"
    return f"Write{to}, name the organisation and the record that is wrong, and give its source."


@contextmanager
def unlisted(settings: Settings) -> Iterator[Connection | None]:
    """Yield the build database, or None where there is none or a run is writing it."""
    if not settings.build_database.is_file():
        yield None
        return
    try:
        opened = engine.reader(settings.build_database, wait_seconds=5.0)
        con = opened.__enter__()
    except TransientError:
        yield None
        return
    try:
        yield con
    finally:
        opened.__exit__(None, None, None)


def _one(con: Connection, sql: str, *params: object) -> dict[str, Any]:
    rows = _rows(con, sql, *params)
    return rows[0] if rows else {}


def _rows(con: Connection, sql: str, *params: object) -> list[dict[str, Any]]:
    cursor = con.execute(sql, list(params))
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
