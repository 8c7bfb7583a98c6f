"""``observatory evaluate``: how good the verdicts are, on labelled organisations."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from observatory.printing import as_json, console, print_json
from observatory.settings import from_environment


@click.command("evaluate")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--reviewed",
    type=click.Path(path_type=Path),
    metavar="CSV",
    help="A sheet of `observatory review-sample` that was reviewed: weights it to all published.",
)
@as_json
def COMMAND(folder: Path, reviewed: Path | None, json_: bool) -> None:  # noqa: N802 - the front's
    """How good are the verdicts of the latest release, on the labels of FOLDER?

    FOLDER holds positives.csv and negatives.csv (docs/methodology/evaluation.md).
    """
    from observatory.answers import review_estimate
    from observatory.answers.evaluate import from_settings
    from observatory.answers.evaluate_render import render

    screen = Console(stderr=True)
    sheet = review_estimate.read(reviewed) if reviewed else None
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=screen,
        transient=True,
        disable=not screen.is_terminal,
    ) as bar:
        task = bar.add_task("labelled organisations", total=None)
        told = from_settings(
            from_environment(), folder, lambda done, of: bar.update(task, completed=done, total=of)
        )
    population = review_estimate.estimate(sheet, told.release)
    if json_:
        print_json({**told.as_dict(), "population": population.as_dict()})
        return
    shown = console()
    shown.print(render(told))
    shown.print("\n".join(population.lines()), markup=False, highlight=False)
