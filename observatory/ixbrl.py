"""Reading a tagged document: Inline XBRL, or the plain XBRL of before 2015.

What belongs here: contexts, units and facts as the document has them. What does not: parsing
(``ixbrl_document.py``), printed forms (``ixbrl_values.py``), which fact answers a question
(``ixbrl_filing.py``), where documents lie in archives (``sources/``).

A trap: the prefix of a tag is the vendor's choice (``core:``, ``uk-core:``, ``ns5:`` and ``d:``
are one namespace in real filings), so that a fact is known by namespace and local name only.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from lxml import etree

from observatory.ixbrl_document import UnreadableDocumentError, parse
from observatory.ixbrl_values import day, format_name

_XBRLI: Final = "{http://www.xbrl.org/2003/instance}"
_XBRLDI: Final = "{http://xbrl.org/2006/xbrldi}"
_NIL: Final = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_HREF: Final = "{http://www.w3.org/1999/xlink}href"
_SCHEMA: Final = "{http://www.xbrl.org/2003/linkbase}schemaRef"
_IX: Final = (
    "{http://www.xbrl.org/2013/inlineXBRL}",
    "{http://www.xbrl.org/2008/inlineXBRL}",
)
_FACTS: Final = tuple(ns + name for ns in _IX for name in ("nonFraction", "nonNumeric"))
_EXCLUDES: Final = frozenset(ns + "exclude" for ns in _IX)
_CONTINUATION: Final = "continuation"
_CONTINUATIONS: Final = tuple(ns + _CONTINUATION for ns in _IX)
_CONTEXT: Final = _XBRLI + "context"
_UNIT: Final = _XBRLI + "unit"
_FACT: Final = "fact"
_ASKED: Final = {
    **dict.fromkeys(_FACTS, _FACT),
    **dict.fromkeys(_CONTINUATIONS, _CONTINUATION),
    **{tag: tag for tag in (_CONTEXT, _UNIT, _SCHEMA)},
}
_ALL_TEXT: Final = etree.XPath("//text()", smart_strings=False)  # twice as fast as itertext
# An element with its namespace, local name and text.
_Tagged = tuple[etree._Element, str, str, str]
_Parts = Mapping[str, list[etree._Element]]


@dataclass(frozen=True)
class Context:
    """Of whom and when a fact is true. ``start`` is None for a moment; ``dimensions`` are the
    axes and members (local names) that narrow it, in either segment or scenario."""

    id: str
    start: date | None
    end: date | None
    dimensions: tuple[tuple[str, str], ...]
    entity: str


@dataclass(frozen=True)
class Fact:
    """One tagged figure or text as printed, with white space made single.

    ``context`` is None when the document does not define the context it refers to; ``unit`` is
    the local name of its measure (``GBP``, ``pure``); ``decimals`` is None for exact ones.
    """

    namespace: str
    name: str
    context_ref: str
    context: Context | None
    text: str
    format: str = ""
    unit: str = ""
    scale: int = 0
    negative: bool = False
    decimals: int | None = None
    nil: bool = False
    target: str = ""


@dataclass(frozen=True)
class Report:
    """One document: its wanted facts in its order, their contexts by id (vendors declare
    hundreds that nothing refers to), the schemas that it names, and all its text twice, with
    its elements joined with and without a space."""

    form: Literal["ixbrl", "xbrl"]
    facts: tuple[Fact, ...]
    contexts: Mapping[str, Context]
    schemas: tuple[str, ...]
    texts: tuple[str, str]


def read(data: bytes, wanted: Collection[str]) -> Report:
    """Read the facts whose local names are ``wanted`` from a document's bytes.

    Raises UnreadableDocumentError with the reason when the bytes are no document, or one
    without a single fact of any name.
    """
    root = parse(data)
    plain = root.tag == _XBRLI + "xbrl"
    parts = _parts(root)
    found = _plain_facts(root, wanted) if plain else _inline_facts(parts, wanted)
    if not found and not _has_facts(root, parts, plain):
        raise UnreadableDocumentError("no-facts", "it is a document without any tagged fact")
    used = {element.get("contextRef", "").strip() for element, _, _, _ in found}
    contexts = {
        one.get("id", ""): _context(one) for one in parts[_CONTEXT] if one.get("id") in used
    }
    units = {one.get("id", ""): _measure(one) for one in parts[_UNIT]}
    pieces: list[str] = _ALL_TEXT(root)  # type: ignore[assignment]
    return Report(
        "xbrl" if plain else "ixbrl",
        tuple(_fact(one, ns, name, contexts, units, text) for one, ns, name, text in found),
        contexts,
        tuple(one.get(_HREF, "") for one in parts[_SCHEMA]),
        (_single_spaced(" ".join(pieces)), _single_spaced("".join(pieces))),
    )


def _parts(root: etree._Element) -> _Parts:
    """Return the elements that are asked for, by kind, from one walk over the document: each
    walk costs as much as a fifth of its parsing."""
    parts: dict[str, list[etree._Element]] = {kind: [] for kind in _ASKED.values()}
    for element in root.iter(*_ASKED):
        parts[_ASKED[element.tag]].append(element)
    return parts


def _context(element: etree._Element) -> Context:
    start = end = None
    entity, dimensions = "", []
    for one in element.iter():
        if one.tag == _XBRLI + "identifier":
            entity = (one.text or "").strip()
        elif one.tag == _XBRLI + "startDate":
            start = _day(one.text)
        elif one.tag in (_XBRLI + "endDate", _XBRLI + "instant"):
            end = _day(one.text)
        elif one.tag == _XBRLDI + "explicitMember":
            dimensions.append((_local(one.get("dimension", "")), _local(one.text or "")))
        elif one.tag == _XBRLDI + "typedMember":
            dimensions.append((_local(one.get("dimension", "")), "typed"))
        elif one.tag in (_XBRLI + "segment", _XBRLI + "scenario") and not _explained(one):
            dimensions.append((_local(one.tag.rpartition("}")[2]), "other"))
    return Context(element.get("id", ""), start, end, tuple(dimensions), entity)


def _explained(part: etree._Element) -> bool:
    """Whether a segment holds nothing but dimensions, which are read one by one."""
    return all(str(child.tag).startswith(_XBRLDI) for child in part)


def _day(text: str | None) -> date | None:
    try:
        return day(text or "")
    except ValueError:
        return None


def _measure(element: etree._Element) -> str:
    measures = [one.text or "" for one in element.iter(_XBRLI + "measure")]
    return _local(measures[0].strip()) if len(measures) == 1 else ""


def _inline_facts(parts: _Parts, wanted: Collection[str]) -> list[_Tagged]:
    following = {one.get("id", ""): one for one in parts[_CONTINUATION]}
    found = []
    for element in parts[_FACT]:
        prefix, _, name = element.get("name", "").strip().rpartition(":")
        if name not in wanted:
            continue
        text = _text(element)
        if (next_id := element.get("continuedAt")) is not None:
            text = " ".join([text, *_continued(next_id, following)])
        found.append((element, element.nsmap.get(prefix or None, ""), name, text))
    return found


def _continued(following: str | None, continuations: Mapping[str, etree._Element]) -> list[str]:
    texts, seen = [], set()
    while following is not None and following in continuations and following not in seen:
        seen.add(following)
        texts.append(_text(continuations[following]))
        following = continuations[following].get("continuedAt")
    return texts


def _plain_facts(root: etree._Element, wanted: Collection[str]) -> list[_Tagged]:
    found = []
    for element in root.iter("{*}*"):
        namespace, _, name = element.tag[1:].partition("}")
        if name in wanted and element.get("contextRef") is not None:
            found.append((element, namespace, name, _text(element)))
    return found


def _has_facts(root: etree._Element, parts: _Parts, plain: bool) -> bool:
    if plain:
        return any(one.get("contextRef") is not None for one in root.iter("{*}*"))
    return bool(parts[_FACT])


def _fact(
    element: etree._Element,
    namespace: str,
    name: str,
    contexts: Mapping[str, Context],
    units: Mapping[str, str],
    text: str,
) -> Fact:
    reference = element.get("contextRef", "").strip()
    return Fact(
        namespace=namespace,
        name=name,
        context_ref=reference,
        context=contexts.get(reference),
        text=_single_spaced(text),
        format=format_name(element.get("format")),
        unit=units.get(element.get("unitRef", "").strip(), ""),
        scale=_integer(element.get("scale")) or 0,
        negative=element.get("sign", "").strip() == "-",
        decimals=_integer(element.get("decimals")),
        nil=element.get(_NIL, "").strip() in ("true", "1"),
        target=element.get("target", ""),
    )


def _text(element: etree._Element) -> str:
    """The text of an element without what ``ix:exclude`` takes out of it."""
    if not len(element):
        return str(element.text or "")
    pieces = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _EXCLUDES:
            pieces.append(_text(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _integer(text: str | None) -> int | None:
    cleaned = (text or "").strip()
    return int(cleaned) if re.fullmatch(r"[+-]?\d{1,3}", cleaned, re.ASCII) else None


def _local(qualified: str) -> str:
    return qualified.strip().rpartition(":")[2]


def _single_spaced(text: str) -> str:
    return " ".join(text.split())
