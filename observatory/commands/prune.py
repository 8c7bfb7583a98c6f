"""``observatory prune``: throw away what may go, by the rule in docs/operations.md."""

from __future__ import annotations

import click

from observatory.printing import as_json, show
from observatory.settings import from_environment


@click.command("prune")
@click.option("--dry-run", is_flag=True, help="Only list what would go.")
@as_json
def COMMAND(dry_run: bool, json_: bool) -> None:  # noqa: N802 - the name the front looks for
    """Throw away old bodies, old readings, old nightly releases, and what killed runs left.

    Receipts and hashes stay, and so do the records of a body that goes. Of a release that goes its
    manifest and checksums stay; the last of each month, cited and withdrawn ones never go.
    """
    from observatory.answers.tables import Table
    from observatory.pruning import plan, prune

    settings = from_environment()
    gone = plan(settings) if dry_run else prune(settings)
    rows = [
        (one.kind, str(one.path.relative_to(settings.home)), one.size_bytes, one.why)
        for one in gone
    ]
    if json_ or rows:
        show(Table(("what", "where", "bytes", "why"), rows), json_)
    if not json_:
        size = sum(one.size_bytes for one in gone) / 1e6
        click.echo(f"{'Would free' if dry_run else 'Freed'} {size:,.1f} MB in {len(gone)} places.")
