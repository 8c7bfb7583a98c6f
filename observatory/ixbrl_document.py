"""From a document's bytes to its tree, or the reason why there is none.

What belongs here: parsing, and refusing what cannot be parsed. What does not: what the document
says (``ixbrl.py``).

The document is a stranger's: it is parsed without network, without entities, and within
libxml2's own limits of depth and size.
"""

from __future__ import annotations

from typing import Final, Literal

from lxml import etree

from observatory.errors import BadInput

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
_WHITE: Final = b" \t\r\n\0\xef\xbb\xbf"


class UnreadableDocumentError(BadInput):
    """A document that holds no facts, with the ``reason`` as a slug."""

    def __init__(self, reason: Reason, what: str) -> None:
        super().__init__(what)
        self.reason: Reason = reason


def parse(data: bytes) -> etree._Element:
    """Return the root of a document; raises UnreadableDocumentError with the reason."""
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
