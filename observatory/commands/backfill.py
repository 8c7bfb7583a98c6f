"""``observatory backfill``: fetch what a source published between two days."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from observatory.settings import from_environment

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("backfill")
@click.argument("source")
@click.argument("first", type=_DAY, metavar="FROM")
@click.argument("last", type=_DAY, metavar="TO")
def COMMAND(source: str, first: datetime, last: datetime) -> None:  # noqa: N802 - the front's name
    """Fetch, land and read what SOURCE published from FROM to TO (ISO days, both included).

    Broken off, it goes on where it stopped: what is done is not asked for again. The publisher's
    pace is kept, also beside other runs. `observatory refresh --offline` then builds on it.
    """
    from observatory.backfill import backfill
    from observatory.sources.base import get

    def heard(part: str, bodies: int) -> None:
        click.echo(f"{part}: {bodies} {'body' if bodies == 1 else 'bodies'}")

    done = backfill(get(source), from_environment(), first.date(), last.date(), heard)
    if done.done_before:
        click.echo(f"{len(done.done_before)} parts were done before and not asked for again.")
    new = sum(one.new for one in done.landed)
    read = len(done.intake.read) if done.intake else 0
    click.echo(f"{len(done.asked)} parts asked for, {new} new bodies, {read} snapshots read.")
    if done.intake and done.intake.problem:
        click.echo(done.intake.problem, err=True)
        sys.exit(1)
