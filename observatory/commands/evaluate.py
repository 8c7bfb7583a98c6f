"""``observatory evaluate``: how good the verdicts are, on labelled organisations."""

from __future__ import annotations

from collections.abc import Callable
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
@click.option(
    "--corpus",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Run the match benchmarks too, on the payments, companies and notices in this folder.",
)
@as_json
def COMMAND(  # noqa: N802 - the name the front looks for
    folder: Path, reviewed: Path | None, corpus: Path | None, json_: bool
) -> None:
    """How good are the verdicts of the latest release, on the labels of FOLDER?

    FOLDER holds positives.csv and negatives.csv (docs/methodology/evaluation.md).
    """
    from observatory.answers import evaluate_matching, review_estimate
    from observatory.answers.evaluate import from_settings
    from observatory.answers.evaluate_render import render
    from observatory.answers.tables import as_table

    sheet = review_estimate.read(reviewed) if reviewed else None
    settings = from_environment()
    screen = Console(stderr=True)
    with _progress(screen) as bar:
        told = from_settings(settings, folder, _step(bar, "labelled organisations"))
        matched = evaluate_matching.run(corpus, _step(bar, "match benchmarks")) if corpus else None
    population = review_estimate.estimate(sheet, told.release)
    if json_:
        benchmarks = None if matched is None else evaluate_matching.as_dicts(matched)
        answer = {"population": population.as_dict(), "match_benchmarks": benchmarks}
        print_json({**told.as_dict(), **answer})
        return
    shown = console()
    shown.print(render(told))
    shown.print("\n".join(population.lines()), markup=False, highlight=False)
    if matched is None:
        shown.print("\nMatch benchmarks: not run (give the corpus' folder with --corpus)")
    else:
        shown.print("\nMatch benchmarks, on the half that no rule was chosen on", style="bold")
        shown.print(as_table(evaluate_matching.table(matched)))


def _progress(screen: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=screen,
        transient=True,
        disable=not screen.is_terminal,
    )


def _step(bar: Progress, name: str) -> Callable[[int, int], None]:
    task = bar.add_task(name, total=None)
    return lambda done, of: bar.update(task, completed=done, total=of)
