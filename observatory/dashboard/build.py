"""Builds the site of one release into its folder: pages, figures' data, scripts and styles.

What belongs here: which files there are and in which order. What does not: what any page says.
The same release gives the same bytes: no page names the time of its making.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path

from observatory.dashboard import beside, feed
from observatory.dashboard.charts.draw import vega_bundle
from observatory.dashboard.files import shown_everywhere, write, write_pages
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
from observatory.dashboard.policy import SITE
from observatory.dashboard.reader import opened
from observatory.dashboard.render import Page
from observatory.dashboard.site import Site

STATIC = Path(__file__).parent / "static"

_MODULES = (
    overview, organisations, sectors, places, survival, benefits, methodology, sources, status,
)  # fmt: skip
_LOST = Page("404.html", "404.html", "Not found", "There is no such page.", {}, indexed=False)


def build(
    folder: Path,
    *,
    contact: str,
    docs: Path,
    cookbook: Path,
    base_url: str = "",
    downloads: Callable[[], object] = lambda: None,
) -> None:
    """Write ``<folder>/site`` from the release in ``folder``.

    ``base_url`` is where the site is published, for the feed; empty when nobody says.
    ``downloads`` returns once the other files of the release are there, whose sizes a page tells.

    Raises PermanentError when the release's database cannot be read.
    """
    target = folder / SITE
    with opened(folder) as reader:
        site = Site(reader, contact, docs, cookbook)
        shown = shown_everywhere(reader, contact)
        apart = beside.worth_it(reader)
        with beside.organisation_pages(folder, contact) if apart else nullcontext():
            write_pages(folder, _pages(site, downloads), shown)
            if not apart:
                write_pages(folder, organisation.pages(reader), shown)
            write(target / organisations.DATA, organisations.data(site))
            for path, text in _figures(site):
                write(target / path, text)
            write(target / feed.FILE, feed.feed(reader, base_url))
            _assets(target, reader.version)


def _pages(site: Site, downloads: Callable[[], object]) -> Iterator[Page]:
    for module in _MODULES:
        yield from module.pages(site)
    yield _LOST
    downloads()
    yield from data.pages(site)


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
