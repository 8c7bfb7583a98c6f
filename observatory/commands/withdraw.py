"""``observatory withdraw``: take a version back, with a reason."""

from __future__ import annotations

import click

from observatory.settings import from_environment


@click.command("withdraw")
@click.argument("version")
@click.option("--reason", required=True, help="Why, in words that readers are told: name nobody.")
def COMMAND(version: str, reason: str) -> None:  # noqa: N802 - the name the front looks for
    """Mark VERSION as withdrawn. Its files stay, for those who used them.

    `latest` then names the newest version that was not withdrawn, `releases/index.json` and
    `observatory releases` show the reason at once, and the table `releases` with the next version.
    """
    from observatory import causes, clock
    from observatory.release.withdraw import withdraw

    settings = from_environment()
    done = withdraw(settings.releases, version, reason, clock.now().date())
    causes.offer_again(settings)
    click.echo(f"{done.release.version} is withdrawn: {done.mark.reason}")
    if done.is_still_latest:
        click.echo("No other version is left: readers still get it until the next is published.")
    elif done.latest:
        click.echo(f"`latest` names {done.latest.version}.")
