"""The methodology's Markdown as HTML: no raw HTML, no inline style, links that hold in the site.

What belongs here: turning one text into HTML. What does not: which texts (``pages/methodology``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import count, pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from observatory.dashboard import words

# A wide table scrolls by itself, also with the keyboard; each such place has a name of its own.
_FRAME = '<div class="scroll" tabindex="0" role="region" aria-label="Table {}"><table>'


def to_html(text: str, link: Callable[[str], str]) -> str:
    """Return ``text`` as HTML. ``link`` maps a relative address to one of the site, or to an empty
    text where the site has no such page: then the words stay and the link goes."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(text)
    for token in tokens:
        # The alignment of a column is an inline style, which the pages' policy refuses.
        token.attrs.pop("style", None)
        if token.children:
            token.children = _relinked(token.children, link)
    html = str(reader.renderer.render(tokens, reader.options, {}))
    numbers = count(1)
    framed = re.sub("<table>", lambda _: _FRAME.format(next(numbers)), html)
    return framed.replace("</table>", "</table></div>")


def summary(text: str) -> Markup:
    """The first paragraph as HTML: names of tables as such, no links."""
    tokens = MarkdownIt("commonmark", {"html": False}).parse(text)
    for before, token in pairwise(tokens):
        if token.type == "inline" and before.type == "paragraph_open":
            return Markup("").join(
                Markup("<code>{}</code>").format(one.content)
                if one.type == "code_inline"
                else " "
                if one.type in ("softbreak", "hardbreak")
                else one.content
                for one in token.children or ()
            )
    return Markup()


def title_and_summary(text: str) -> tuple[str, str]:
    """The first heading and the first paragraph after it, as plain words."""
    tokens = MarkdownIt("commonmark", {"html": False}).parse(text)
    found = {"heading": "", "paragraph": ""}
    for before, token in pairwise(tokens):
        kind = before.type.removesuffix("_open")
        if token.type == "inline" and kind in found and not found[kind]:
            found[kind] = "".join(one.content or " " for one in token.children or ())
    return found["heading"], " ".join(found["paragraph"].split())


def _relinked(tokens: Sequence[Token], link: Callable[[str], str]) -> list[Token]:
    kept: list[Token] = []
    dropped = 0
    for token in tokens:
        if token.type == "image":
            continue  # no text has one; an address elsewhere would be refused anyway
        if token.type == "link_open":
            address = str(token.attrs.get("href", ""))
            found = words.web_link(address) or link(address)
            if not found:
                dropped += 1
                continue
            token.attrs["href"] = found
        elif token.type == "link_close" and dropped:
            dropped -= 1
            continue
        kept.append(token)
    return kept
