"""The ``observatory`` command: the front door. Verbs parse, call the library and print.

Output is a table for a person and, with ``--json``, an object for a program; messages go to
standard error. Exit codes: 0 all well, 1 something failed (it says what), 2 wrong usage.
"""

from __future__ import annotations

import importlib
import io
import pkgutil
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from observatory import __version__, commands
from observatory.errors import in_words
from observatory.printing import as_json, console, print_json, release_folder, show
from observatory.settings import Settings, from_environment


class Front(click.Group):
    """Turns failures into messages and exit codes, in one place."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run the verb. A failure is told on standard error and exits with 1, Ctrl-C with 130."""
        _never_stumble_over_letters()
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except KeyboardInterrupt:
            _complain(
                "Stopped. Nothing half done was published; the next refresh goes on from here."
            )
            ctx.exit(130)
        except Exception as error:
            _complain(str(in_words(error)))
            ctx.exit(1)


def _complain(text: str) -> None:
    Console(stderr=True).print(text, style="red", highlight=False, markup=False, soft_wrap=True)


def _never_stumble_over_letters() -> None:
    """Where the terminal or pipe cannot show a letter (a name in Welsh, a dash), show ``?``."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


@click.group(cls=Front, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="observatory")
def main() -> None:
    """Which organisations in the UK are public service mutuals, and how do we know?

    State lives under $OBSERVATORY_HOME (default: var/ in this folder).
    """


@main.command()
@click.option("--sample", is_flag=True, help="Land the bundled sample of real records first.")
@click.option("--offline", is_flag=True, help="Ask no publisher; read inboxes and what landed.")
@click.option("--source", "sources", multiple=True, metavar="ID", help="Only this source.")
@click.option(
    "--allow-breaking", is_flag=True, help="Let a release remove or retype what readers rely on."
)
@as_json
def refresh(
    sample: bool, offline: bool, sources: tuple[str, ...], allow_breaking: bool, json_: bool
) -> None:
    """Take in what is new, rebuild what is stale, publish if a fact changed."""
    from assets.run import refresh as run_refresh
    from observatory.answers import summary
    from observatory.progress import RefreshProgress
    from observatory.sources.base import get, registry

    settings = from_environment()
    chosen = [get(one).id for one in sources] or list(registry())
    screen = Console(stderr=json_)
    if sample:
        _land_sample(settings)
    with RefreshProgress(screen, len(chosen)) as progress:
        outcome = run_refresh(
            settings,
            chosen,
            offline=offline,
            allow_breaking=allow_breaking,
            heard=progress.heard,
        )
    told = summary.of(
        outcome.intakes,
        outcome.models,
        outcome.release,
        outcome.failures,
        settings,
        outcome.published,
    )
    if json_:
        print_json(told.as_dict())
    else:
        screen.print("\n".join(told.lines()), highlight=False, soft_wrap=True, markup=False)
    sys.exit(0 if outcome.ok else 1)


@main.command()
@click.argument("source")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--published", metavar="DATE", help="The publisher's date of this file (ISO).")
@click.option("--scope", help="whole, extract, increment or 'part 2 of 7'.")
@as_json
def land(source: str, file: Path, published: str | None, scope: str | None, json_: bool) -> None:
    """Land a published FILE of SOURCE through the same checks as a download."""
    from observatory.landing.accept import land_file
    from observatory.landing.receipts import Scope
    from observatory.landing.store import Landing
    from observatory.sources.base import get

    settings = from_environment()
    landed = land_file(
        get(source),
        file,
        Landing(settings.landing),
        origin="command",
        published_on=_date(published) if published else None,
        scope=Scope.parse(scope) if scope else None,
    )
    if json_:
        receipt = landed.receipt
        print_json(
            {
                "source": receipt.source,
                "sha256": receipt.sha256,
                "published_on": receipt.published_on,
                "scope": str(receipt.scope),
                "new": landed.new,
                "message": landed.message,
            }
        )
    else:
        click.echo(landed.message)


@main.command()
@as_json
def sources(json_: bool) -> None:
    """List the sources: publisher, licence, limits, what landed, what is broken."""
    from observatory.answers import state

    show(state.sources(from_environment()), json_)


@main.command()
@as_json
def status(json_: bool) -> None:
    """Show how the observatory stands: last tries, problems, what is stale, disk use."""
    from observatory.answers import status as standing
    from observatory.answers.status_text import as_text

    lines = standing.status(from_environment())
    if json_:
        show(standing.as_rows(lines), json_)
    else:
        console().print(*as_text(lines), sep="\n")


@main.command()
@click.argument("organisation")
@as_json
def explain(organisation: str, json_: bool) -> None:
    """Why is ORGANISATION (an org-id, a number or a name) in or out?"""
    from observatory.answers.explain import from_settings
    from observatory.answers.render import render

    explanation = from_settings(from_environment(), organisation)
    if json_:
        print_json(explanation.as_dict())
    else:
        console().print(render(explanation))


@main.command()
@click.argument("name_or_sql", required=False)
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter.")
@click.option("--release", "version", help="A version; the latest when not given.")
@as_json
def query(
    name_or_sql: str | None, params: tuple[str, ...], version: str | None, json_: bool
) -> None:
    """Ask a release: the NAME of a cookbook query, or one SQL statement.

    Without an argument, list the cookbook.
    """
    from observatory.answers import state
    from observatory.release import query as asking

    settings = from_environment()
    cookbook = settings.sql / "queries"
    if not name_or_sql:
        show(state.cookbook(cookbook), json_)
        return
    given = dict(_pair(one) for one in params)
    show(
        asking.query(release_folder(settings, version), name_or_sql, given, cookbook=cookbook),
        json_,
    )


@main.command()
@as_json
def releases(json_: bool) -> None:
    """List the published versions."""
    from observatory.answers import state

    show(state.releases(from_environment()), json_)


def _land_sample(settings: Settings) -> None:
    from observatory import sample
    from observatory.landing.accept import land_file
    from observatory.landing.store import Landing
    from observatory.sources.base import get

    landing = Landing(settings.landing)
    for one in sample.files():
        land_file(
            get(one.source),
            one.path,
            landing,
            origin="sample",
            published_on=one.published_on,
            scope=one.scope,
        )


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise click.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="--param")
    return name, value


def _date(text: str) -> Any:  # noqa: ANN401 - a date
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise click.BadParameter(
            f"{text!r} is not a date such as 2024-11-01", param_hint="--published"
        ) from error


# Verbs with a room of their own: each module of `commands` defines COMMAND.
for _module in pkgutil.iter_modules(commands.__path__, commands.__name__ + "."):
    main.add_command(importlib.import_module(_module.name).COMMAND)
