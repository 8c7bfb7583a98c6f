"""``observatory verify``: a version held to its manifest, or a citation to its version."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from observatory.printing import as_json, print_json, release_folder
from observatory.settings import Settings, from_environment


@click.command("verify")
@click.argument("what", required=False, metavar="[VERSION | CITATION]")
@as_json
def COMMAND(what: str | None, json_: bool) -> None:  # noqa: N802 - the name the front looks for
    """Check a VERSION (the latest when not given) against its manifest, byte by byte.

    A CITATION (the file that `observatory cite` wrote, or its string) is asked again of the version
    that it names, and the answer compared.
    """
    from observatory.release.citation import SCHEME

    settings = from_environment()
    file = Path(what) if what else None
    if what and SCHEME in what:
        holds = _citation(what, settings, json_)
    elif file and file.is_file():
        holds = _citation(file.read_text(encoding="utf-8"), settings, json_)
    else:
        holds = _release(release_folder(settings, what), json_)
    sys.exit(0 if holds else 1)


def _release(folder: Path, json_: bool) -> bool:
    from observatory.release.verify import verify

    problems = [str(one) for one in verify(folder)]
    if json_:
        print_json({"version": folder.name, "verified": not problems, "problems": problems})
    elif problems:
        click.echo(f"{folder.name} does not verify:", err=True)
        click.echo("\n".join(f"  {one}" for one in problems), err=True)
    else:
        click.echo(f"{folder.name} verifies: every file is as its manifest says.")
    return not problems


def _citation(text: str, settings: Settings, json_: bool) -> bool:
    from observatory.release.citation import parse
    from observatory.release.cite import recompute

    told = recompute(settings.releases, parse(text), cookbook=settings.sql / "queries")
    named = f"{told.kind} {told.name}" if told.kind != "sql" else "the cited SQL"
    if json_:
        print_json({**vars(told), "holds": told.holds})
    elif told.holds:
        click.echo(f"The citation holds: {told.version} gives the same answer to {named}.")
    else:
        click.echo(f"The citation does not hold: {told.version}, {named}:", err=True)
        click.echo(f"  {told.problem}\n  cited {told.cited}\n  found {told.found}", err=True)
    return told.holds
