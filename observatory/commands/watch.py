"""``observatory watch``: one small look at each publisher, to see whether something changed."""

from __future__ import annotations

import sys

import click

from observatory.printing import as_json, show
from observatory.settings import from_environment


@click.command("watch")
@click.option("--source", "sources", multiple=True, metavar="ID", help="Only this source.")
@click.option("--due", is_flag=True, help="Only where it is time to look again.")
@as_json
def COMMAND(sources: tuple[str, ...], due: bool, json_: bool) -> None:  # noqa: N802 - the name
    """Look whether a publisher changed something, and list what waits to be read.

    Costs one small request a source; reads and lands nothing. Follow it by
    `observatory refresh --source ID` for what is pending, as Dagster's sensors do by themselves.
    """
    from observatory.answers.tables import Table
    from observatory.sources.base import get, registry
    from observatory.watching import look

    settings = from_environment()
    chosen = [get(one) for one in sources] or list(registry().values())
    seen = [(one, look(one, settings, now=not due)) for one in chosen]
    rows = [
        (
            source.id,
            source.watcher.kind,
            sighting.outcome,
            sighting.cursor.is_pending,
            sighting.cursor.changed_at or None,
            sighting.problem or source.watcher.sees,
        )
        for source, sighting in seen
    ]
    columns = ("source", "watched by", "seen", "pending", "last change", "what it sees")
    show(Table(columns, rows), json_)
    sys.exit(1 if any(sighting.outcome == "failed" for _, sighting in seen) else 0)
