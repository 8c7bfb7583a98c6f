"""Builds the site of one release into its folder: pages, figures' data, scripts and styles.

What belongs here: which files there are and in which order. What does not: what any page says.
The same release gives the same bytes: no page names the time of its making.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from observatory.dashboard import feed, render, words
from observatory.dashboard.charts.draw import vega_bundle
from observatory.dashboard.pages import (
    benefits,
    data,
    methodology,
    organisation,
    organisations,
    overview,
    places,
    sectors,
    sources,
    status,
    survival,
)
from observatory.dashboard.policy import CSP, SITE
from observatory.dashboard.reader import opened
from observatory.dashboard.render import Page
from observatory.dashboard.site import Site

STATIC = Path(__file__).parent / "static"

_MODULES = (
    overview, organisations, sectors, places, survival, benefits, methodology, data, sources,
    status, organisation,
)  # fmt: skip
_LOST = Page("404.html", "404.html", "Not found", "There is no such page.", {}, indexed=False)


def build(folder: Path, *, contact: str, docs: Path, cookbook: Path, base_url: str = "") -> int:
    """Write ``<folder>/site`` from the release in ``folder``; return the number of pages.

    ``base_url`` is where the site is published, for the feed; empty when nobody says.

    Raises PermanentError when the release's database cannot be read.
    """
    target = folder / SITE
    with opened(folder) as reader:
        site = Site(reader, contact, docs, cookbook)
        shared = {
            "version": reader.version,
            "csp": CSP,
            "contact": contact,
            "contact_link": contact_link(contact),
        }
        written = 0
        for page in _pages(site):
            write(target / page.path, render.render(page, shared))
            written += 1
        write(target / organisations.DATA, organisations.data(site))
        for path, text in _figures(site):
            write(target / path, text)
        write(target / feed.FILE, feed.feed(reader, base_url))
    _assets(target, reader.version)
    return written


def contact_link(contact: str) -> str:
    """A link to the configured contact: mail for an address, the web for a web address."""
    if words.web_link(contact):
        return contact
    name, at, host = contact.partition("@")
    plain = name and at and "." in host and not set(contact) & set(' <>"?&:')
    return f"mailto:{contact}" if plain else ""


def _pages(site: Site) -> Iterator[Page]:
    for module in _MODULES:
        yield from module.pages(site)
    yield _LOST


def _figures(site: Site) -> Iterable[tuple[str, str]]:
    for name, figure in site.figures.items():
        if figure.state != "absent":
            # What `observatory cite` takes the figure's question from.
            yield f"figures/{name}.sql", f"{figure.sql}\n"
        if figure.state == "shown":
            yield f"figures/{name}.csv", figure.csv()
        if figure.specification:
            yield f"figures/{name}.json", figure.specification


def _assets(target: Path, version: str) -> None:
    assets = target / "assets"
    for source in sorted(STATIC.iterdir()):
        write(assets / source.name, source.read_text(encoding="utf-8"))
    write(assets / "vega.js", vega_bundle())
    # The version stands here, once, so that the page of an organisation about which nothing
    # changed keeps its bytes, and the next release can share the file.
    write(assets / "release.css", f'.version::after {{ content: "{version}"; }}\n')


def write(path: Path, text: str) -> None:
    """Write a file of the site, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Bytes as they are: CSV keeps its CRLF, on every system.
    path.write_bytes(text.encode("utf-8"))
