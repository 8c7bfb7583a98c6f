"""What the verbs of the command share: the ``--json`` option, tables for people, JSON for programs.

Standard output carries the answer; messages go to standard error.
"""

from __future__ import annotations

import json
import math
import os
import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from observatory.errors import ObservatoryError
from observatory.settings import Settings

as_json = click.option("--json", "json_", is_flag=True, help="Print one JSON object.")


def release_folder(settings: Settings, version: str | None) -> Path:
    """The folder of ``version``, else of the latest; where there is none, says what to do."""
    from observatory.release.versions import find, latest

    found = find(settings.releases, version) if version else latest(settings.releases)
    if found is None:
        raise ObservatoryError(
            "nothing has been published yet",
            where=str(settings.releases),
            remedy="run `observatory refresh` (or `observatory refresh --sample --offline`)",
        )
    return found.path


def show(table: Any, json_: bool) -> None:  # noqa: ANN401 - anything with columns and rows
    """Print ``table`` (anything with columns and rows) for a person, or as JSON."""
    if json_:
        print_json([dict(zip(table.columns, row, strict=True)) for row in table.rows])
        return
    from observatory.answers.tables import as_table

    console().print(as_table(table))


def console() -> Console:
    """Standard output; where it is no terminal, wide enough that tables do not fold to nothing."""
    asked = os.environ.get("COLUMNS", "")
    wide = int(asked) if asked.isdecimal() and int(asked) > 0 else 160
    return Console(width=None if sys.stdout.isatty() else wide)


def print_json(value: object) -> None:
    """Print strict JSON: in ASCII where the output is not Unicode, and NaN, which JSON lacks, as
    text."""
    unicode_ = (sys.stdout.encoding or "").lower().startswith("utf")
    text = json.dumps(_finite(value), indent=2, default=str, ensure_ascii=not unicode_)
    click.echo(text)


def _finite(value: Any) -> Any:  # noqa: ANN401 - whatever a query may answer
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {str(key): _finite(one) for key, one in value.items()}
    return [_finite(one) for one in value] if isinstance(value, list | tuple) else value
