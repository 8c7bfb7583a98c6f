"""Citing a table, a figure or a query of a version, and holding a citation to it again.

What belongs here: finding the question's text in a version, asking it, and the hash of the answer.
What does not: how a citation is written (``citation.py``, ``citation_formats.py``).

The hash is taken of the rows as JSON and does not depend on their order or on DuckDB's version
(``facts.relation_content``), together with the names of the columns.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import duckdb

from observatory.errors import BadInput, PermanentError
from observatory.release import records
from observatory.release.citation import Citation, Kind, Named, text_digest
from observatory.release.connections import lock, quoted, reading
from observatory.release.cookbook import COOKBOOK, named_queries, named_query
from observatory.release.database import DATABASE
from observatory.release.manifest import read_manifest
from observatory.release.versions import find

_PLAIN = re.compile(r"[a-z0-9_]+(?:-[a-z0-9_]+)*")
# What gives another answer another day, or each time. DuckDB writes `current_date` and its like
# without brackets.
_CHANGING: Final = re.compile(
    r"\b(?:current_(?:date|time|timestamp)|localtime(?:stamp)?)\b|"
    r"\b(?:now|today|random|uuid|uuidv[47]|gen_random_uuid|get_current_time(?:stamp)?|"
    r"transaction_timestamp|txid_current|current_(?:connection_id|query|query_id|transaction_id)|"
    r"nextval|currval|setseed)\s*\(",
    re.IGNORECASE,
)
_TEXTS = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True)
class Question:
    """What is cited: its kind and name, the text to ask, and what to call it."""

    kind: Kind
    name: str
    title: str
    query: str


@dataclass(frozen=True)
class Recomputed:
    """A citation held to its version: the hash that it gives now, or why there is none."""

    version: str
    kind: Kind
    name: str
    cited: str
    found: str
    problem: str = ""

    @property
    def holds(self) -> bool:
        """Whether the version still gives what was cited."""
        return not self.problem and self.cited == self.found


def cite(
    release: Path,
    asked: str,
    parameters: Mapping[str, str],
    on: date,
    *,
    cookbook: Path = COOKBOOK,
) -> Citation:
    """Cite ``asked`` (a table, a figure, a query of the cookbook, or SQL) of the version in the
    folder ``release``, and record it there, so that the version is kept.

    Raises BadInput for a name that is none of them, for SQL that DuckDB refuses, and for SQL whose
    answer depends on the day or on chance.
    """
    if not asked.strip():
        raise BadInput("nothing is named", where="cite", remedy="name a table, a query or a figure")
    question = find_question(release, asked, cookbook)
    defaults = _defaults(question, cookbook)
    given = {**defaults, **parameters}
    rows, digest = answer(release, question.query, given)
    made = Citation(
        version=release.resolve().name,
        kind=question.kind,
        name=question.name,
        title=question.title,
        query=question.query,
        parameters=given,
        rows=rows,
        digest=digest,
        cited_on=on,
    )
    name = hashlib.sha256(made.string.encode()).hexdigest()[:16]
    folder = release.resolve().parent / records.CITED / made.version
    records.write(folder / f"{name}.json", made.as_dict())
    return made


def recompute(releases: Path, cited: Citation | Named, *, cookbook: Path = COOKBOOK) -> Recomputed:
    """Ask the version of a citation again and compare. Raises PermanentError when that version is
    not here, and BadInput when its question is not known."""
    release = find(releases, cited.version)
    query = cited.query if isinstance(cited, Citation) else _query_of(release.path, cited, cookbook)
    told = (cited.version, cited.kind, cited.name, cited.digest)
    try:
        _, digest = answer(release.path, query, cited.parameters)
    except BadInput as error:
        return Recomputed(*told, "", f"its question cannot be asked: {error.what}")
    if cited.digest == digest:
        return Recomputed(*told, digest)
    return Recomputed(*told, digest, "the version gives another answer than was cited")


def find_question(release: Path, asked: str, cookbook: Path = COOKBOOK) -> Question:
    """Find what ``asked`` names: a table first, then a query of the cookbook, then a figure.

    ``figure:NAME``, ``query:NAME`` and ``table:NAME`` say which is meant.
    """
    kind, separator, rest = asked.strip().partition(":")
    if separator and kind in _FINDERS and _PLAIN.fullmatch(rest):
        found = _FINDERS[kind](release, rest, cookbook)
        if found is None:
            raise _unknown(release, f"{kind} {rest}", cookbook)
        return found
    name = asked.strip()
    if not _PLAIN.fullmatch(name):
        return Question("sql", name, "A query of one's own", name)
    for finder in _FINDERS.values():
        if found := finder(release, name, cookbook):
            return found
    raise _unknown(release, name, cookbook)


def answer(release: Path, query: str, parameters: Mapping[str, str]) -> tuple[int, str]:
    """Ask ``query`` of the version in the folder ``release``; return rows and hash of the answer.

    The connection can only read that version. Raises BadInput for SQL that DuckDB refuses, that is
    not one question, or whose answer depends on the day or on chance.
    """
    if found := _CHANGING.search(_TEXTS.sub(" ", query)):
        raise BadInput(
            f"its answer depends on the day or on chance ({found.group().strip('( ')})",
            remedy="write the date itself into the query, so that it gives the same again",
        )
    with reading(release / DATABASE) as con:
        # Sums of fractions depend on the order of adding: one thread always adds in the same.
        con.execute("set threads = 1")
        lock(con)
        try:
            return _content(con, query, parameters)
        except duckdb.Error as error:
            raise BadInput(str(error), where="SQL") from error


def _content(
    con: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, str]
) -> tuple[int, str]:
    given = dict(parameters) or None
    statements = con.extract_statements(query)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise BadInput("only one question at a time can be cited", where="SQL")
    inner = query.strip().rstrip(";")
    shape = con.execute(f"select * from (\n{inner}\n) limit 0", given).description or ()
    columns = [(str(one[0]), str(one[1])) for one in shape]
    row = con.execute(
        "select count(*), sum(md5_number_lower(text)), sum(md5_number_upper(text)) "
        f"from (select cast(to_json(one) as varchar) as text from (\n{inner}\n) as one)",
        given,
    ).fetchone()
    assert row is not None  # noqa: S101  (an aggregate without grouping always gives one row)
    return int(row[0]), hashlib.sha256(f"{columns}\n{row}".encode()).hexdigest()


def _query_of(release: Path, named: Named, cookbook: Path) -> str:
    if named.kind == "sql":
        return named.name
    found = _FINDERS[named.kind](release, named.name, cookbook)
    if found is None:
        raise _unknown(release, f"{named.kind} {named.name}", cookbook)
    if named.query_digest and text_digest(found.query) != named.query_digest:
        raise BadInput(
            "the query has another text today than when it was cited",
            where=named.name,
            remedy="give the file that `observatory cite --format csl-json` wrote: it holds the "
            "text that was asked",
        )
    return found.query


def _table(release: Path, name: str, _cookbook: Path) -> Question | None:
    for entry in read_manifest(release).tables:
        if entry.table.name == name:
            # `not_a_change` columns are cited too: the bytes of a version never change.
            columns = ",\n    ".join(quoted(column) for column in entry.table.column_names)
            query = f"select\n    {columns}\nfrom {quoted(name)}"
            return Question("table", name, f"Table {name}", query)
    return None


def _query(_release: Path, name: str, cookbook: Path) -> Question | None:
    if not (cookbook / f"{name}.sql").is_file():
        return None
    found = named_query(name, cookbook)
    return Question("query", name, found.title, found.sql.strip())


def _figure(release: Path, name: str, _cookbook: Path) -> Question | None:
    path = release / "site" / "figures" / f"{name}.sql"
    if not path.is_file():
        return None
    query = path.read_text(encoding="utf-8").strip()
    title = query.splitlines()[0].removeprefix("--").strip() if query.startswith("--") else name
    return Question("figure", name, title, query)


_FINDERS = {"table": _table, "query": _query, "figure": _figure}


def _defaults(question: Question, cookbook: Path) -> dict[str, str]:
    if question.kind != "query":
        return {}
    known = named_query(question.name, cookbook).parameters
    return {one.name: one.default for one in known if one.default is not None}


def _unknown(release: Path, name: str, cookbook: Path) -> PermanentError:
    tables = ", ".join(entry.table.name for entry in read_manifest(release).tables)
    queries = ", ".join(one.name for one in named_queries(cookbook))
    shown = ", ".join(sorted(one.stem for one in (release / "site" / "figures").glob("*.sql")))
    return BadInput(
        f"{release.resolve().name} has no table, query or figure called {name}",
        where=str(release),
        remedy=f"cite a table ({tables}), a query ({queries}), a figure ({shown or 'none'}), or "
        "give an SQL statement",
    )
