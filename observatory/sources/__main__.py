"""``python -m observatory.sources``: the page of all sources, written from the registry."""

from __future__ import annotations

import click

from observatory.sources.base import Source, registry

_HEAD = """# The sources, their licences and limits

Written from the registry by `python -m observatory.sources > docs/sources/README.md`; a test fails
when it is stale. Each source has a page of its own here, which says what is read, what is left out
on purpose, and what has not been seen live yet.

What a source lets us republish decides what a release may hold: **rows** (its records as they are),
**derived facts** (what we conclude about an organisation that we publish, with a link to the
register), or **none**. The models' contracts carry this by column, and a release that would breach
it is refused. What we keep: **bytes** (the body as received, for ever) or **derived** (the records
without personal fields; the receipt and the hash stay, the body goes after a stated period).

No single licence is claimed for a release: each table names the licences of what is in it.

## The open question: the FCA's register

The FCA's page on re-use says that a licence must be applied for, and a fee may apply, to re-use
extracts of the Mutuals Register; org-id.guide lists it as closed; other open projects republish
it under the Open Government Licence v3.0. Until the FCA answers, we take the strict reading: no
row of its list is republished, only facts about organisations that we publish for other reasons,
each with a link to the register.
"""


def page() -> str:
    """Return the page as Markdown."""
    lines = [
        "| source | publisher | licence | republish | kept | asked | watched by "
        "| limit, and its evidence |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(source) for source in registry().values()),
    ]
    credits = [f"- {one.title}: {one.attribution}" for one in registry().values()]
    sections = [_HEAD, *lines, "", "## Attribution", "", *credits]
    return "\n".join(sections) + "\n"


def _row(source: Source) -> str:
    pace = source.limits.pace
    cells = (
        f"[{source.id}]({source.id}.md)",
        f"[{source.publisher}]({source.homepage})" if source.homepage else source.publisher,
        f"[{source.licence}]({source.licence_url})" if source.licence_url else source.licence,
        source.republish,
        f"derived; bodies {source.body_days} days" if source.body_days else source.keeps,
        source.cadence,
        f"{source.watcher.kind}: {source.watcher.sees}",
        f"{pace}: {source.limits.evidence}" if source.limits.evidence else pace,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    click.echo(page(), nl=False)
