"""``observatory redact``: remove a record everywhere, and leave a tombstone."""

from __future__ import annotations

import click

from observatory.settings import from_environment


@click.command("redact")
@click.argument("source")
@click.option("--key", default="", help="The record's key: every snapshot loses it.")
@click.option("--snapshot", default="", help="With --locator: the snapshot that holds it.")
@click.option("--locator", default="", help="With --snapshot: its place, such as 'record 12'.")
@click.option("--reason", default="", help="Why, for the tombstone: name nobody in it.")
@click.option("--withdraw", is_flag=True, help="Delete the bodies that hold it, too.")
def COMMAND(  # noqa: N802 - the name the front looks for
    source: str, key: str, snapshot: str, locator: str, reason: str, withdraw: bool
) -> None:
    """Remove a record of SOURCE everywhere, and leave a tombstone.

    It goes from the lake, and no later reading brings it back. Bodies that hold it are named, or
    deleted with --withdraw; so are the releases that still show it, which never change.
    """
    from observatory.redaction import Asked, redact
    from observatory.sources.base import get

    asked = Asked(key, snapshot, locator, reason, withdraw)
    done = redact(get(source), asked, from_environment())
    click.echo("\n".join(done.lines()))
