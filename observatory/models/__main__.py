"""``python -m observatory.models``: what somebody who writes SQL needs beside an editor.

``check`` runs the unit tests of every contract, ``build`` builds the tables of one home
folder, ``describe`` writes the data dictionary. Readers use the ``observatory`` command.
"""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import click

from observatory import build as builder
from observatory.errors import ObservatoryError, PermanentError
from observatory.models import run
from observatory.models.describe import data_dictionary
from observatory.models.project import Project
from observatory.models.unit_tests import run_unit_tests
from observatory.settings import Settings, from_environment
from observatory.sources.base import registry


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


@click.group()
def main() -> None:
    """Check, build and describe the SQL models."""


@main.command()
@click.option("--select", default="", help="Only these models, separated by commas.")
def check(select: str) -> None:
    """Load the project, tell every problem in it, and run the unit tests of the rest."""
    problems: list[PermanentError] = []
    project = builder.load_project(from_environment(), problems)
    names = _split(select) or list(project.models)
    failures: list[object] = [*problems]
    failures += [one for name in names for one in run_unit_tests(project, name)]
    for failure in failures:
        click.echo(str(failure))
    count = sum(len(project.model(name).contract.unit_tests) for name in names)
    click.echo(f"{len(names)} models, {count} unit tests, {len(failures)} failures")
    sys.exit(1 if failures else 0)


@main.command()
@click.option("--home", type=click.Path(path_type=Path), help="Default: OBSERVATORY_HOME.")
@click.option("--select", default="", help="Only these models and those that they need.")
@click.option("--force", is_flag=True, help="Build the fresh ones too.")
def build(home: Path | None, select: str, force: bool) -> None:
    """Build the stale tables from what is in the lake."""
    settings = from_environment()
    if home is not None:
        settings = dataclasses.replace(settings, home=home.resolve())
    # With a selection, a colleague's half-written model elsewhere is not in the way.
    project = builder.load_project(settings, [] if select else None)
    chosen = project.upstream(_split(select)) if select else None
    _build(project, settings, chosen, force)


def _build(project: Project, settings: Settings, chosen: list[str] | None, force: bool) -> None:
    run.build(
        project,
        settings.build_database,
        builder.attach(settings),
        select=chosen,
        on_model=_tell,
        lake_versions=builder.lake_versions(settings),
        force=force,
    )


@main.command()
def describe() -> None:
    """Write the data dictionary of the published tables as Markdown."""
    licences = {name: source.licence for name, source in registry().items()}
    click.echo(data_dictionary(builder.load_project(from_environment()), licences), nl=False)


def _tell(result: run.ModelResult) -> None:
    rows = "" if result.rows is None else f"{result.rows:>12,} rows"
    click.echo(f"{result.status:<8}{result.name:<44}{rows:<18}{result.seconds:6.2f} s")
    for warning in result.warnings:
        click.echo(f"        warning: {warning}")


if __name__ == "__main__":
    try:
        main()
    except ObservatoryError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
