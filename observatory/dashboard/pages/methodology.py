"""Methods: how verdicts and figures come about, from the Markdown of ``docs/methodology``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from observatory.dashboard import markdown
from observatory.dashboard.reader import Row
from observatory.dashboard.render import Page
from observatory.dashboard.site import Site

_FOLDER = "methodology"
_RULES = """
select d.title, d.kind, d.source_url, d.summary, d.in_force_from, d.in_force_to, d.territory
from definitions as d
order by d.is_headline desc, d.kind, d.definition_id
"""


def pages(site: Site) -> Iterator[Page]:
    """Yield the overview of the methods and a page for each text."""
    texts = {path.stem: path.read_text("utf-8") for path in sorted(site.docs.glob("*.md"))}
    chapters = [_chapter(stem, text) for stem, text in texts.items()]
    yield Page(
        "methodology.html",
        "methodology.html",
        "Methods",
        "How a verdict is reached, how figures are made, and what they cannot say.",
        {"chapters": chapters, "definitions": _definitions(site), "criteria": _criteria(site)},
    )
    for chapter in chapters:
        yield Page(
            f"{_FOLDER}/{chapter['stem']}.html",
            "chapter.html",
            str(chapter["title"]),
            str(chapter["summary"])[:300],
            {"body": markdown.to_html(texts[str(chapter["stem"])], _link(set(texts)))},
        )


def _chapter(stem: str, text: str) -> Row:
    title, summary = markdown.title_and_summary(text)
    return {"stem": stem, "title": title or stem, "summary": summary}


def _link(stems: set[str]) -> Callable[[str], str]:
    def link(address: str) -> str:
        path = address.partition("#")[0]
        if not path:
            return address
        name = Path(path).name
        if name == "data-dictionary.md":
            return "../data.html"
        if Path(name).suffix == ".md" and Path(name).stem in stems:
            return f"{Path(name).stem}.html"
        return ""

    return link


def _definitions(site: Site) -> list[Row]:
    needs = {"definitions": ("title", "kind", "source_url", "summary", "territory")}
    return [] if site.reader.missing(needs) else site.reader.rows(_RULES)


def _criteria(site: Site) -> list[Row]:
    needs = {"criteria": ("criterion_id", "title", "description")}
    if site.reader.missing(needs):
        return []
    return site.reader.rows("select title, description from criteria order by title")
