"""A citation: one question to one version, its text, and the hash of its answer.

What belongs here: what a citation holds, the string that names it, and reading either back. What
does not: asking the release (``cite.py``), and the formats for papers (``citation_formats.py``).

The string is ``observatory:VERSION/KIND/NAME?PARAMETERS#sha256:HASH``, with everything but letters,
digits, ``-``, ``.``, ``_`` and ``~`` percent-encoded. ``text`` among the parameters holds the first
digits of the SHA-256 of the query's text, since a named query may be worded anew one day.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, cast
from urllib.parse import parse_qsl, quote, unquote

from observatory.errors import BadInput

Kind = Literal["table", "query", "figure", "sql"]
KINDS: Final = ("table", "query", "figure", "sql")
SCHEME: Final = "observatory:"
# Where a program finds the citation in CSL-JSON, which keeps what it does not know in `custom`.
CUSTOM: Final = "observatory"
_TEXT = "text"
_TEXT_DIGITS = 12
_STRING = re.compile(
    rf"{SCHEME}(?P<version>v[\d.]+\d)/(?P<kind>{'|'.join(KINDS)})/(?P<name>[\w.~%-]+)"
    r"(?:\?(?P<parameters>[\w.~%=&-]*))?#sha256:(?P<digest>[0-9a-f]{64})"
)


@dataclass(frozen=True)
class Citation:
    """What was asked of which version, and what it answered.

    ``name`` is the table, the named query, the figure, or the SQL itself; ``query`` is the text
    that was asked with ``parameters``; ``digest`` is the SHA-256 of its answer, in whatever order
    the rows came; ``cited_on`` is the day.
    """

    version: str
    kind: Kind
    name: str
    title: str
    query: str
    parameters: Mapping[str, str]
    rows: int | None
    digest: str
    cited_on: date | None = None

    @property
    def query_digest(self) -> str:
        """The first digits of the SHA-256 of the query's text."""
        return text_digest(self.query)

    @property
    def string(self) -> str:
        """The string that names this citation."""
        given = [f"{quoted(key)}={quoted(value)}" for key, value in sorted(self.parameters.items())]
        if self.kind in ("query", "figure"):
            given.append(f"{_TEXT}={self.query_digest}")
        asked = f"?{'&'.join(given)}" if given else ""
        name = quoted(self.name)
        return f"{SCHEME}{self.version}/{self.kind}/{name}{asked}#sha256:{self.digest}"

    def as_dict(self) -> dict[str, Any]:
        """The citation for a program; ``from_dict`` reads it back."""
        return {
            "version": self.version,
            "kind": self.kind,
            "name": self.name,
            "title": self.title,
            "query": self.query,
            "parameters": dict(self.parameters),
            "rows": self.rows,
            "sha256": self.digest,
            "cited_on": self.cited_on.isoformat() if self.cited_on else None,
            "string": self.string,
        }


@dataclass(frozen=True)
class Named:
    """What a citation string says by itself; ``query_digest`` is empty for a table and SQL."""

    version: str
    kind: Kind
    name: str
    parameters: Mapping[str, str]
    query_digest: str
    digest: str


def text_digest(query: str) -> str:
    """Return the first digits of the SHA-256 of a query's text, spaces at its ends left out."""
    return hashlib.sha256(query.strip().encode()).hexdigest()[:_TEXT_DIGITS]


def quoted(text: str) -> str:
    """Percent-encode ``text`` for a citation string."""
    return quote(text, safe="")


def parse(text: str) -> Citation | Named:
    """Read a citation: CSL-JSON or our own JSON gives all of it, any other text that holds the
    string (plain text, BibTeX, a footnote) gives what the string says.

    Raises BadInput for a text that holds none, or more than one.
    """
    try:
        content = json.loads(text)
    except ValueError:
        content = None
    if content is not None:
        return from_dict(_custom(content))
    found = {match.group(): match for match in _STRING.finditer(text)}
    if len(found) != 1:
        raise BadInput(
            f"{len(found) or 'no'} citations are in this text, and one is looked for",
            where=text.strip()[:60],
            remedy=f"give a string such as {SCHEME}v2026.11.23.1/table/organisations#sha256:..., "
            "or a file that `observatory cite` wrote",
        )
    match = next(iter(found.values()))
    given = dict(parse_qsl(match["parameters"] or "", keep_blank_values=True))
    return Named(
        version=match["version"],
        kind=cast(Kind, match["kind"]),
        name=unquote(match["name"]),
        query_digest=given.pop(_TEXT, ""),
        parameters=given,
        digest=match["digest"],
    )


def from_dict(content: Any) -> Citation:  # noqa: ANN401 - whatever JSON holds
    """Read what ``Citation.as_dict`` wrote. Raises BadInput for anything else."""
    try:
        if content["kind"] not in KINDS:
            raise ValueError(f"kind {content['kind']!r}")
        return Citation(
            version=str(content["version"]),
            kind=content["kind"],
            name=str(content["name"]),
            title=str(content["title"]),
            query=str(content["query"]),
            parameters={str(key): str(value) for key, value in content["parameters"].items()},
            rows=None if content["rows"] is None else int(content["rows"]),
            digest=str(content["sha256"]),
            cited_on=date.fromisoformat(content["cited_on"]) if content["cited_on"] else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadInput(
            f"this JSON is not a citation of the observatory ({error})",
            remedy="give a file that `observatory cite --format csl-json` wrote",
        ) from error


def _custom(content: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(content, list) and len(content) == 1:
        content = content[0]
    custom = content.get("custom") if isinstance(content, dict) else None
    return custom.get(CUSTOM) if isinstance(custom, dict) else content
