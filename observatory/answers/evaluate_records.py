"""What a release, and the build behind it, hold of each labelled organisation.

What belongs here: finding it by the doors that every question takes (``finding.py``), and its
verdicts and sources. What does not: reading labels (``evaluate_labels.py``) and scoring.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from observatory.answers import finding
from observatory.answers.evaluate_labels import Labelled
from observatory.identifiers import normalise_name, parse_org_id

Connection = duckdb.DuckDBPyConnection

# The curated list: the labels come from it, so a record of it is no independent one.
CURATED = "known_mutuals"
NOTHING = "no record answers to it"
# The form in which names are compared is worked out once, not once a question.
_NAMES = (
    "create or replace temp table evaluation_names as"
    " select org_id, name, normalise_name(name) as name_normalised from names"
)
_RELEASE = finding.Catalogue("organisations", "identifiers", "evaluation_names", "name_normalised")
# Where a source's record of an organisation leaves a trace.
_RECORDS = ("names", "identifiers", "evidence", "awards", "payments", "returns")
_BUILD_RECORDS = ("ent_record_organisations", "ent_party_links", "ev_upheld")
_FORMS = {
    "cic": "CIC",
    "cio": "CIO",
    "scio": "CIO",
    "company-limited-by-guarantee": "company by guarantee",
    "private-company": "company by shares",
    "private-unlimited-company": "company by shares",
    "plc": "company by shares",
}
# Words of a file that leave room: a charity may be a company, "limited" may be a guarantee.
_COMPANIES = {"company by shares", "company by guarantee", "company"}


@dataclass(frozen=True)
class Verdict:
    """One organisation's verdict under one definition. ``inferred`` leaves the curated list out;
    the two pairs of days bound each (None is open)."""

    verdict: str
    inferred: str
    basis: str
    reason: str
    inferred_reason: str
    first: date | None
    last: date | None
    inferred_first: date | None
    inferred_last: date | None


@dataclass(frozen=True)
class Case:
    """A labelled organisation and what is held of it. ``org_ids`` is empty where none answers,
    and ``how`` says by what it was found, or why not. ``sources`` leaves the curated list out;
    ``origins`` counts how many independent ones they are."""

    labelled: Labelled
    org_ids: tuple[str, ...]
    how: str
    form: str
    sources: tuple[str, ...] = ()
    origins: int = 0
    is_listed: bool = False
    has_no_psc_register: bool = False
    verdicts: dict[str, tuple[Verdict, ...]] | None = None

    @property
    def has_records(self) -> bool:
        """Whether a source other than the curated list holds a record of it."""
        return bool(self.sources)

    def told(self, definition_id: str) -> tuple[Verdict, ...]:
        """Its verdicts under one definition; none where the release does not list it."""
        return (self.verdicts or {}).get(definition_id, ())


@dataclass(frozen=True)
class _Facts:
    org_id: str
    form: str
    registered_on: date | None
    ended_on: date | None


def cases(
    con: Connection,
    build: Connection | None,
    labels: Sequence[Labelled],
    heard: Callable[[], None] = lambda: None,
) -> tuple[list[Case], list[str]]:
    """Return a case for each label, and remarks on numbers that are none. ``heard`` is called
    after each. ``build`` knows organisations that no release lists."""
    for each in (con, build):
        if each is not None:
            each.execute("set enable_progress_bar = false")
    finding.learn_names(con)
    con.execute(_NAMES)
    origins = dict(con.execute("select source, origin from evidence_sources").fetchall())
    remarks: list[str] = []
    found = []
    for one in labels:
        found.append(_case(con, build, one, origins, remarks))
        heard()
    return found, remarks


def _case(
    con: Connection,
    build: Connection | None,
    one: Labelled,
    origins: dict[str, str],
    remarks: list[str],
) -> Case:
    org_ids, how = _by_number(con, build, one, remarks)
    if not org_ids:
        org_ids, how = _by_name(con, build, one, how)
    if not org_ids:
        return Case(one, (), how, one.form)
    facts = [_facts(con, build, org_id) for org_id in org_ids]
    form = next((each.form for each in facts if each.form), "") or one.form
    sources = sorted({source for org_id in org_ids for source in _sources(con, build, org_id)})
    verdicts: dict[str, tuple[Verdict, ...]] = {}
    for each in facts:
        for definition_id, verdict in _verdicts(con, each):
            verdicts[definition_id] = (*verdicts.get(definition_id, ()), verdict)
    return Case(
        one,
        tuple(org_ids),
        how,
        form,
        tuple(sources),
        len({origins.get(source, source) for source in sources}),
        bool(verdicts),
        form in ("society", "CIO"),
        verdicts,
    )


def _by_number(
    con: Connection, build: Connection | None, one: Labelled, remarks: list[str]
) -> tuple[list[str], str]:
    """All organisations that the row's numbers name: several numbers may be several entities."""
    found: list[str] = []
    for scheme, number in one.identifiers:
        if parse_org_id(f"{scheme}-{number}") is None:
            remarks.append(f"{one.place}: {number!r} is no {scheme} number; it was passed over")
            continue
        for database, catalogue in _doors(con, build):
            answer = finding.exactly(database, f"{scheme}-{number}", catalogue)
            if answer.how == "identifier" and answer.org_ids:
                found += answer.org_ids
                break
    return sorted(set(found)), "identifier" if found else NOTHING


def _by_name(
    con: Connection, build: Connection | None, one: Labelled, how: str
) -> tuple[list[str], str]:
    """The one organisation of this name whose form and days do not speak against it.

    Another name is asked for only when it has two words: an abbreviation names many.
    """
    others = [name for name in one.other_names if len((normalise_name(name) or "").split()) > 1]
    for name in (one.name, *others):
        for database, catalogue in _doors(con, build):
            answer = finding.exactly(database, name, catalogue)
            fitting = [
                org_id for org_id in answer.org_ids if _fits(one, _facts(con, build, org_id))
            ]
            if len(fitting) == 1:
                return fitting, "name" if name == one.name else "another name"
            if fitting:
                how = f"{len(fitting)} organisations answer to {name!r}"
            elif answer.org_ids:
                how = f"only a namesake of another form or time answers to {name!r}"
    return [], how


def _fits(one: Labelled, facts: _Facts) -> bool:
    known = facts.form and one.form != "not stated"
    alike = facts.form == one.form or {facts.form, one.form} <= _COMPANIES
    charity = one.form == "charity" and facts.form in ("CIO", "company by guarantee", "company")
    if known and not alike and not charity:
        return False
    return one.span.overlaps(facts.registered_on, facts.ended_on)


def _doors(
    con: Connection, build: Connection | None
) -> Iterable[tuple[Connection, finding.Catalogue]]:
    yield con, _RELEASE
    if build is not None:
        yield build, finding.BUILD


def _facts(con: Connection, build: Connection | None, org_id: str) -> _Facts:
    sql = "select legal_form, registered_on, ended_on from {} where org_id = ?"
    for database, catalogue in _doors(con, build):
        row = database.execute(sql.format(catalogue.organisations), [org_id]).fetchone()
        if row:
            return _Facts(org_id, _family(row[0]), row[1], row[2])
    return _Facts(org_id, "", None, None)


def _family(legal_form: str | None) -> str:
    """A register's form in the families in which a file's words are read; empty if unknown."""
    form = legal_form or "unknown"
    if form in ("unknown", "other"):
        return ""
    if form in _FORMS:
        return _FORMS[form]
    if form.endswith(("-society", "-union")) or form == "working-mens-club":
        return "society"
    return form


def _sources(con: Connection, build: Connection | None, org_id: str) -> set[str]:
    """The sources that hold a record of it, other than the curated list."""
    found: set[str] = set()
    held = [(con, _RECORDS)] + ([(build, _BUILD_RECORDS)] if build is not None else [])
    for database, tables in held:
        sql = " union ".join(f"select source from {one} where org_id = $1" for one in tables)
        found |= {row[0] for row in database.execute(sql, [org_id]).fetchall()}
    return found - {CURATED}


def _verdicts(con: Connection, facts: _Facts) -> list[tuple[str, Verdict]]:
    """The verdicts on one organisation. Where a citation decides, its days are the citation's;
    the inferred verdict then holds over the life that registers tell."""
    rows = con.execute(
        "select definition_id, verdict, inferred_verdict, basis, reason, valid_from, valid_to"
        " from classifications where org_id = ? order by definition_id",
        [facts.org_id],
    ).fetchall()
    told = []
    for definition_id, verdict, inferred, basis, reason, first, last in rows:
        days = (first, last) if basis == "inferred" else (facts.registered_on, facts.ended_on)
        why = reason if basis == "inferred" else _states(con, facts.org_id, definition_id)
        told.append(
            (definition_id, Verdict(verdict, inferred, basis, reason, why, first, last, *days))
        )
    return told


def _states(con: Connection, org_id: str, definition_id: str) -> str:
    """What the records alone say of each criterion, for a verdict that a citation decides."""
    rows = con.execute(
        "select a.inferred_state, c.title from assessments a join criteria c using (criterion_id)"
        " where a.org_id = ? and a.definition_id = ? and (a.role = 'required' or"
        " a.inferred_state <> 'unknown') order by c.title",
        [org_id, definition_id],
    ).fetchall()
    words = (
        ("met", "Records show"),
        ("not met", "A record speaks against"),
        ("unknown", "No record shows"),
    )
    said = []
    for state, opening in words:
        titles = [title for told, title in rows if told == state]
        if titles:
            said.append(f"{opening}: {'; '.join(titles)}.")
    return " ".join(said)
