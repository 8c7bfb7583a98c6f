"""Templates: how a page's context becomes HTML, always escaped.

What belongs here: the Jinja environment and the facts that every page shows. What does not: the
content of any page.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from observatory.dashboard import words

TEMPLATES = Path(__file__).parent / "templates"

# (file, words in the navigation). The order is the reader's: findings first, then how we know.
NAVIGATION = (
    ("index.html", "Overview"),
    ("organisations.html", "Organisations"),
    ("sectors.html", "Sectors"),
    ("places.html", "Places"),
    ("survival.html", "Survival"),
    ("benefits.html", "Benefits"),
    ("methodology.html", "Methods"),
    ("data.html", "Data"),
    ("sources.html", "Sources"),
    ("status.html", "Status"),
)


@dataclass(frozen=True)
class Page:
    """One page: its path in the site, its template and what the template is given."""

    path: str
    template: str
    title: str
    description: str
    context: dict[str, Any]
    # Rejected and unproven cases are not for search engines: a verdict is a serious statement.
    indexed: bool = True

    @property
    def root(self) -> str:
        """The way from the page up to the site's root: empty, ``../``, ... The page that is shown
        for a missing one stands anywhere, so its way is the one that ``observatory serve`` has."""
        return "/site/" if self.path == "404.html" else "../" * self.path.count("/")

    @property
    def section(self) -> str:
        """The file of the navigation under which the page belongs."""
        top = self.path.partition("/")[0].removesuffix(".html")
        return {"dictionary": "data"}.get(top, top) + ".html"


class _RowsFirst(Environment):
    """Looks for ``row.name`` among the keys of a dictionary first: rows are dictionaries, and
    Jinja's own order raises and catches an error for each of their cells."""

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - as Jinja has it
        """The value of a dot in a template."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The environment: HTML escaped everywhere, an unknown name an error."""
    made = _RowsFirst(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # a template is part of the code: it does not change while pages are made
        auto_reload=False,
    )
    made.filters.update(words.FILTERS)
    made.globals.update(navigation=NAVIGATION, unknown=words.UNKNOWN, bases=words.BASES)
    made.globals.update(schemes=words.SCHEMES, sector_bases=words.SECTOR_BASES)
    return made


def render(page: Page, shared: dict[str, Any]) -> str:
    """Return the page's HTML. ``shared`` holds what every page shows: version, contact."""
    template = environment().get_template(page.template)
    return template.render(page=page, root=page.root, **shared, **page.context)
