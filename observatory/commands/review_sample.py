"""``observatory review-sample``: a sheet of published organisations for hand review."""

from __future__ import annotations

from pathlib import Path

import click

from observatory.printing import as_json, print_json, release_folder
from observatory.settings import from_environment


@click.command("review-sample")
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--per-verdict",
    default=20,
    show_default=True,
    type=click.IntRange(min=1),
    help="How many of each verdict and basis (all, where there are fewer).",
)
@click.option("--seed", default=1, show_default=True, help="Another seed draws another sample.")
@click.option("--definition", "definition_id", metavar="ID", help="The headline when not given.")
@click.option("--release", "version", help="A version; the latest when not given.")
@as_json
def COMMAND(  # noqa: N802 - the name the front looks for
    out: Path,
    per_verdict: int,
    seed: int,
    definition_id: str | None,
    version: str | None,
    json_: bool,
) -> None:
    """Draw a seeded sample of all published organisations into the sheet OUT (CSV).

    Fill its last four columns, then give it to `observatory evaluate FOLDER --reviewed OUT`.
    """
    from observatory.answers import review_sample
    from observatory.release.database import DATABASE

    folder = release_folder(from_environment(), version)
    sample = review_sample.draw(
        folder / DATABASE,
        folder.name,
        per_stratum=per_verdict,
        seed=seed,
        definition_id=definition_id,
    )
    review_sample.write(sample, out)
    if json_:
        named = ("stratum", "population", "sampled")
        strata = [dict(zip(named, one, strict=True)) for one in sample.strata]
        print_json({"release": folder.name, "file": str(out), "strata": strata})
        return
    click.echo(f"{len(sample.rows)} organisations of {folder.name} are in {out}:")
    for stratum, population, drawn in sample.strata:
        click.echo(f"  {stratum}: {drawn} of {population:,}")
    click.echo("Fill reviewer, reviewed_on, is_mutual (yes, no or unclear) and notes.")
