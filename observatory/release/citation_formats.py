"""A citation as plain text, BibTeX and CSL-JSON.

What belongs here: the wording of each, and what each format must have escaped. What does not: what
a citation holds (``citation.py``). Every format carries the citation's string, by which
``observatory verify`` finds it again; CSL-JSON carries the query's text too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from observatory.release.citation import CUSTOM, Citation
from observatory.release.versions import Version
from observatory.release.wording import TITLE

_AUTHOR = "Mutuals Observatory"
# What LaTeX takes for something else than the character itself.
_LATEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "#": r"\#",
    "$": r"\$", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def text(citation: Citation) -> str:
    """For a footnote: one paragraph, then the query as it was asked."""
    year = Version.parse(citation.version).day.year
    day = f" Cited {citation.cited_on:%-d %B %Y}." if citation.cited_on else ""
    parts = [
        f"{_AUTHOR} ({year}). {TITLE}, release {citation.version}: {_what(citation)}.{day}",
        citation.string,
        "",
        "The query:",
        *(f"    {line}".rstrip() for line in citation.query.splitlines()),
    ]
    given = ", ".join(f"{name} = {value}" for name, value in sorted(citation.parameters.items()))
    return "\n".join([*parts, *([f"with {given}"] if given else [])]) + "\n"


def bibtex(citation: Citation) -> str:
    """For LaTeX: a ``@misc`` entry; its string stands in ``howpublished``, where ``\\url`` keeps
    it as it is."""
    day = Version.parse(citation.version).day
    key = re.sub(r"[^a-z0-9]+", "-", f"{citation.version}-{citation.kind}-{_short(citation)}")
    fields = {
        "author": f"{{{_AUTHOR}}}",
        "title": f"{{{_latex(TITLE)}: {_latex(_what(citation))}}}",
        "year": str(day.year),
        "month": f"{day.month}",
        "version": citation.version,
        "howpublished": rf"\url{{{citation.string}}}",
    }
    if citation.cited_on:
        fields["note"] = f"Cited {citation.cited_on.isoformat()}"
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{mutuals-observatory-{key},\n{lines}}}\n"


def csl_json(citation: Citation) -> str:
    """For reference managers: a list of one item, with the whole citation in ``custom``."""
    day = Version.parse(citation.version).day
    item: dict[str, Any] = {
        "id": citation.string,
        "type": "dataset",
        "title": f"{TITLE}: {_what(citation)}",
        "author": [{"literal": _AUTHOR}],
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "version": citation.version,
        "note": citation.string,
        "custom": {CUSTOM: citation.as_dict()},
    }
    if citation.cited_on:
        on = citation.cited_on
        item["accessed"] = {"date-parts": [[on.year, on.month, on.day]]}
    return json.dumps([item], ensure_ascii=False, indent=1) + "\n"


FORMATS: Final[Mapping[str, Callable[[Citation], str]]] = {
    "text": text,
    "bibtex": bibtex,
    "csl-json": csl_json,
}


def _what(citation: Citation) -> str:
    rows = "" if citation.rows is None else f" ({citation.rows:,} rows)"
    named = "" if citation.kind == "sql" else f" [{citation.kind} {citation.name}]"
    return f"{citation.title}{named}{rows}"


def _short(citation: Citation) -> str:
    return citation.digest[:8] if citation.kind == "sql" else citation.name


def _latex(words: str) -> str:
    return "".join(_LATEX.get(letter, letter) for letter in words)
