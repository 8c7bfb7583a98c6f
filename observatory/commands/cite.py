"""``observatory cite``: a table, figure or query of one version, so that others find the same."""

from __future__ import annotations

import click

from observatory.printing import release_folder
from observatory.settings import from_environment


@click.command("cite")
@click.argument("what")
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A query's parameter.")
@click.option("--release", "version", help="A version; the latest when not given.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "bibtex", "csl-json"]),
    default="text",
    show_default=True,
    help="csl-json holds the query's text too.",
)
def COMMAND(  # noqa: N802 - the name the front looks for
    what: str, params: tuple[str, ...], version: str | None, format_: str
) -> None:
    """Cite WHAT: a table, a figure of the site, a query of the cookbook, or SQL.

    The citation names the version, the question, the day and the hash of the answer;
    `observatory verify` takes it (a file or its string) and asks again. A cited version is kept.
    """
    from observatory import clock
    from observatory.release.citation_formats import FORMATS
    from observatory.release.cite import cite

    settings = from_environment()
    made = cite(
        release_folder(settings, version),
        what,
        dict(_pair(one) for one in params),
        clock.now().date(),
        cookbook=settings.sql / "queries",
    )
    click.echo(FORMATS[format_](made), nl=False)


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise click.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="--param")
    return name, value
