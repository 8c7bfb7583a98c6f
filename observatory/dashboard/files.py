"""How a page becomes a file of the site.

What belongs here: rendering and writing. What does not: which pages there are (``build.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from observatory.dashboard import render, words
from observatory.dashboard.pages import organisation
from observatory.dashboard.policy import CSP, SITE
from observatory.dashboard.reader import Reader, opened
from observatory.dashboard.render import Page


def write_pages(folder: Path, pages: Iterable[Page], shown: dict[str, Any]) -> int:
    """Write ``pages`` of the release in ``folder``, each with what every page shows; return their
    number."""
    written = 0
    for page in pages:
        write(folder / SITE / page.path, render.render(page, shown))
        written += 1
    return written


def write_organisations(folder: Path, contact: str) -> int:
    """Write the page of every candidate of the release in ``folder``; return their number. Raises
    PermanentError when the release's database cannot be read."""
    with opened(folder) as reader:
        return write_pages(folder, organisation.pages(reader), shown_everywhere(reader, contact))


def shown_everywhere(reader: Reader, contact: str) -> dict[str, Any]:
    """What every page of a site shows."""
    return {
        "version": reader.version,
        "csp": CSP,
        "contact": contact,
        "contact_link": contact_link(contact),
    }


def contact_link(contact: str) -> str:
    """A link to the configured contact: mail for an address, the web for a web address."""
    if words.web_link(contact):
        return contact
    name, at, host = contact.partition("@")
    plain = name and at and "." in host and not set(contact) & set(' <>"?&:')
    return f"mailto:{contact}" if plain else ""


def write(path: Path, text: str) -> None:
    """Write a file of the site, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Bytes as they are: CSV keeps its CRLF, on every system.
    path.write_bytes(text.encode("utf-8"))
