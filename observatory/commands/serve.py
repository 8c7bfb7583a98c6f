"""``observatory serve``: the latest release's site on this machine."""

from __future__ import annotations

import click

from observatory.printing import release_folder
from observatory.settings import from_environment


@click.command("serve")
@click.option("--port", default=8000, show_default=True, help="0 takes any free one.")
@click.option("--release", "version", help="Show this version, not the latest.")
def COMMAND(port: int, version: str | None) -> None:  # noqa: N802 - the name the front looks for
    """Show the latest release's site on this machine (loopback only, read-only)."""
    from observatory.dashboard.server import serve
    from observatory.release.holds import hold

    settings = from_environment()
    folder = release_folder(settings, version)
    if not (folder / "site" / "index.html").is_file():
        raise click.ClickException(
            f"{folder.name} was published before releases had a site; run `observatory refresh`"
        )
    # While it is shown, the rule of retention leaves the version alone.
    with hold(folder), serve(port, lambda: release_folder(settings, version)) as server:
        click.echo(f"{folder.name} is at {server.address} (Ctrl-C ends it).")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("Stopped.")
