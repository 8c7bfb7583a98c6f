"""The table ``ent_matches``: every record without an identifier, and who is meant by its name.

What belongs here: reading askers and registers from the build database and writing the table. What
does not: the rules (``linkage.py``) and who asks (``ent_askers.sql``).

Only the names that are asked for are looked at among the registers' millions. Public bodies are
sought for buyers and parents, companies and societies for all others, both for controllers and
successors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import duckdb

from observatory.linkage import Asker, Held, Match, decide
from observatory.linkage_blocking import candidates
from observatory.linkage_judgements import Judgement, Judgements
from observatory.linkage_registers import TAKEN, Register, bodies, organisations

_BODIES_FOR = ("buyer", "parent", "successor", "controller")
_ORGANISATIONS_FOR = ("supplier", "listed", "payee", "entry", "successor", "controller")
# The roles of registers that list an organisation once: two of their records are never one.
_ONE_EACH = ("listed", "entry")

_COLUMNS = (
    ("source", "varchar"),
    ("role", "varchar"),
    ("record_key", "varchar"),
    ("name", "varchar"),
    ("org_id", "varchar"),
    ("basis", "varchar"),
    ("score", "double"),
    ("explanation", "varchar"),
    ("decision", "varchar"),
)
Row = tuple[str, str, str, str, str, str, float, str, str]


@dataclass(frozen=True)
class _Asking:
    source: str
    role: str
    record_key: str
    asker: Asker
    says_adverse: bool


def ent_matches(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table ``ent_matches`` from the tables that its contract names.

    Raises PermanentError where two judgements contradict each other.
    """
    judgements = Judgements(
        Judgement(*row)
        for row in con.execute(
            "select asker_source, asked_as, asked, org_id, verdict, judged_by, judged_on, why,"
            " source_url from judgements"
        ).fetchall()
    )
    asking = list(_asking(con))
    found: dict[str, list[Match]] = {one.asker.key: [] for one in asking}
    for roles, register in ((_ORGANISATIONS_FOR, organisations(con)), (_BODIES_FOR, bodies())):
        some = [one for one in asking if one.role in roles]
        for one, matches in _decided(con, some, judgements, register):
            found[one.asker.key] += matches
    rows = _cautious(con, [(one, _joined(found[one.asker.key])) for one in asking])
    _write(con, [row for one, matches in rows for row in _rows(one, matches, judgements)])


def _asking(con: duckdb.DuckDBPyConnection) -> Iterator[_Asking]:
    rows = con.execute(
        "select source, role, record_key, names, postcode, seen_from, seen_to, says_adverse"
        " from ent_askers order by source, role, record_key"
    ).fetchall()
    for place, (source, role, key, names, postcode, since, until, adverse) in enumerate(rows):
        asker = Asker(str(place), tuple(names), postcode, since, until)
        yield _Asking(source, role, key, asker, adverse)


def _decided(
    con: duckdb.DuckDBPyConnection,
    asking: Sequence[_Asking],
    judgements: Judgements,
    register: Register,
) -> Iterator[tuple[_Asking, list[Match]]]:
    con.execute(f"create or replace temp view link_register as {register.names}")
    found, weights = candidates(con, "link_register", [one.asker for one in asking])
    con.execute("drop view link_register")
    held = _held(con, register, sorted({name for names in found.values() for name in names}))
    for one in asking:
        judged = judgements.on(one.source, one.record_key, one.asker.names)
        names = (
            name
            for wanted in found.get(one.asker.key, ())
            for name in held.get(wanted, ())
            if name.org_id not in judged
        )
        matches = decide(one.asker, names, weights, complete=register.complete)
        yield one, [_not_by_likeness(match) if register.is_bodies else match for match in matches]


def _not_by_likeness(match: Match) -> Match:
    """The list of public bodies is no register: a name that is only like one decides nothing."""
    if match.decision == "match" and match.tier in ("initials", "likeness"):
        return _doubted(match, "the list of public bodies is not whole")
    return match


def _held(
    con: duckdb.DuckDBPyConnection, register: Register, wanted: list[str]
) -> dict[str, list[Held]]:
    held: dict[str, list[Held]] = {}
    for name_normalised, *row in con.execute(register.rows, {"wanted": wanted}).fetchall():
        held.setdefault(name_normalised, []).append(replace(Held(*row), is_body=register.is_bodies))
    return held


def _cautious(
    con: duckdb.DuckDBPyConnection, decided: list[tuple[_Asking, list[Match]]]
) -> Iterator[tuple[_Asking, list[Match]]]:
    """Take back matches that a name alone must not make, whoever else is asked."""
    taken = dict.fromkeys(con.execute(TAKEN).fetchall(), 1)
    for one, matches in decided:
        for match in matches:
            if one.role in _ONE_EACH and match.decision == "match":
                key = (one.source, match.org_id)
                taken[key] = taken.get(key, 0) + 1
    for one, matches in decided:
        told = []
        for match in matches:
            doubt = _caution(one, match, taken.get((one.source, match.org_id), 0))
            told.append(_doubted(match, doubt) if doubt else match)
        yield one, told


def _caution(one: _Asking, match: Match, claims: int) -> str:
    if match.decision != "match":
        return ""
    if one.says_adverse:
        return "the record speaks against it or of its end, which no name alone may carry"
    if one.role == "entry" and match.tier != "name":
        return "an entry is joined by its full name only"
    if one.role in _ONE_EACH and claims > 1:
        return "another record of that list is the same organisation"
    return ""


def _doubted(match: Match, doubt: str) -> Match:
    said = f"{match.explanation}; not decided: {doubt}"
    return replace(match, decision="review", score=min(match.score, 0.89), explanation=said)


def _joined(matches: Sequence[Match]) -> list[Match]:
    """One asker's matches in both registers: two of them are a doubt."""
    if sum(match.decision == "match" for match in matches) < 2:
        best = [match for match in matches if match.decision == "match"]
        return best or list(matches)
    doubt = "a public body and a company have the name"
    return [_doubted(one, doubt) if one.decision == "match" else one for one in matches]


def _rows(one: _Asking, matches: Iterable[Match], judgements: Judgements) -> Iterator[Row]:
    start = (one.source, one.role, one.record_key, one.asker.names[0])
    judged = judgements.on(one.source, one.record_key, one.asker.names)
    for org_id, judgement in sorted(judged.items()):
        decision = "match" if judgement.verdict == "same" else "rejected-by-judgement"
        yield (*start, org_id, "judgement", float(decision == "match"), judgement.told, decision)
    if any(judgement.verdict == "same" for judgement in judged.values()):
        return
    for match in matches:
        yield (
            *start,
            match.org_id,
            match.tier,
            match.score,
            match.explanation,
            match.decision,
        )


def _write(con: duckdb.DuckDBPyConnection, rows: Sequence[Row]) -> None:
    columns = {name: [row[at] for row in rows] for at, (name, _) in enumerate(_COLUMNS)}
    picked = ", ".join(f"unnest(${name}::{kind}[]) as {name}" for name, kind in _COLUMNS)
    con.execute(f"create or replace table ent_matches as select {picked}", columns)
