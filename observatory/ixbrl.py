"""Reading a tagged document: Inline XBRL, or the plain XBRL of before 2015.

What belongs here: contexts, units and facts as the document has them. What does not: printed
forms (``ixbrl_values.py``), which fact answers a question (``ixbrl_filing.py``), where documents
lie in archives (``sources/``).

Two traps. The prefix of a tag is the vendor's choice (``core:``, ``uk-core:``, ``ns5:`` and
``d:`` are one namespace in real filings), so that a fact is known by namespace and local name
only. And the document is a stranger's: it is parsed without network, without entities, and
within libxml2's own limits of depth and size.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from lxml import etree

from observatory.errors import BadInput
from observatory.ixbrl_values import day, format_name

Reason = Literal[
    "attachment-placeholder",
    "empty-document",
    "not-well-formed",
    "declares-entities",
    "too-large",
    "no-facts",
]
# The largest real filing seen has 1.2 MB; packages of listed groups embed pictures.
DOCUMENT_BYTES: Final = 64 << 20

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
_CONTINUATIONS: Final = tuple(ns + "continuation" for ns in _IX)
_ALL_TEXT: Final = etree.XPath("//text()", smart_strings=False)  # twice as fast as itertext
# An element with its namespace, local name and text.
_Tagged = tuple[etree._Element, str, str, str]
_WHITE: Final = b" \t\r\n\0\xef\xbb\xbf"


class UnreadableDocumentError(BadInput):
    """A document that holds no facts, with the ``reason`` as a slug."""

    def __init__(self, reason: Reason, what: str) -> None:
        super().__init__(what)
        self.reason: Reason = reason


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
    root = _parse(data)
    plain = root.tag == _XBRLI + "xbrl"
    found = _plain_facts(root, wanted) if plain else _inline_facts(root, wanted)
    if not found and not _has_facts(root, plain):
        raise UnreadableDocumentError("no-facts", "it is a document without any tagged fact")
    used = {element.get("contextRef", "").strip() for element, _, _, _ in found}
    contexts = {
        one.get("id", ""): _context(one)
        for one in root.iter(_XBRLI + "context")
        if one.get("id") in used
    }
    units = {one.get("id", ""): _measure(one) for one in root.iter(_XBRLI + "unit")}
    texts = _ALL_TEXT(root)
    pieces = [str(one) for one in texts] if isinstance(texts, list) else []
    return Report(
        "xbrl" if plain else "ixbrl",
        tuple(_fact(one, ns, name, contexts, units, text) for one, ns, name, text in found),
        contexts,
        tuple(one.get(_HREF, "") for one in root.iter(_SCHEMA)),
        (_single_spaced(" ".join(pieces)), _single_spaced("".join(pieces))),
    )


def _parse(data: bytes) -> etree._Element:
    body = data.lstrip(_WHITE) if data[:2] not in (b"\xff\xfe", b"\xfe\xff") else data
    if not body:
        raise UnreadableDocumentError("empty-document", "it is empty")
    if body.startswith(b"ATTACHMENTPLACEHOLDER"):
        raise UnreadableDocumentError(
            "attachment-placeholder", "it holds a placeholder where the accounts should be"
        )
    if len(body) > DOCUMENT_BYTES:
        raise UnreadableDocumentError("too-large", f"it has more than {DOCUMENT_BYTES:,} bytes")
    parser = etree.XMLParser(
        no_network=True,
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        # The parser's message may quote the document: only its place is kept.
        raise UnreadableDocumentError(
            "not-well-formed", f"it is no well-formed XML (line {error.lineno})"
        ) from None
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and any(dtd.iterentities()):  # type: ignore[union-attr]
        raise UnreadableDocumentError("declares-entities", "it declares entities of its own")
    return root


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


def _inline_facts(root: etree._Element, wanted: Collection[str]) -> list[_Tagged]:
    continuations: dict[str, etree._Element] | None = None
    found = []
    for element in root.iter(*_FACTS):
        prefix, _, name = element.get("name", "").strip().rpartition(":")
        if name not in wanted:
            continue
        text = _text(element)
        if (following := element.get("continuedAt")) is not None:
            if continuations is None:
                continuations = {one.get("id", ""): one for one in root.iter(*_CONTINUATIONS)}
            text = " ".join([text, *_continued(following, continuations)])
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


def _has_facts(root: etree._Element, plain: bool) -> bool:
    if plain:
        return any(one.get("contextRef") is not None for one in root.iter("{*}*"))
    return next(root.iter(*_FACTS), None) is not None


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
