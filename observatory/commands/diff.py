"""``observatory diff``: what differs between two releases, and why."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import click

from observatory.printing import as_json, console, print_json
from observatory.settings import from_environment

if TYPE_CHECKING:
    from observatory.answers.differences import Comparison

_SHOWN = 40
# As the release's own CSV files (OWASP, "CSV Injection").
_FORMULA = re.compile(r"[=+@\t\r\x00-]")


@click.command("diff")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--table", help="Only this fact table, line by line.")
@click.option(
    "--format", "format_", type=click.Choice(["text", "csv", "json"]), default="text",
    show_default=True, help="csv and json give every line.",
)  # fmt: skip
@as_json
def COMMAND(  # noqa: N802 - the name the front looks for
    before: str, after: str, table: str | None, format_: str, json_: bool
) -> None:
    """What differs between the releases A and B, by table and cause?

    A and B are versions such as v2026.11.23.1, or `previous` and `latest`; A is the older one.
    Verdicts that are other ones come first, with their reasons.
    """
    from observatory.answers.differences import as_dict, compared

    with compared(from_environment().releases, before, after) as comparison:
        if json_ or format_ == "json":
            print_json(as_dict(comparison, table))
        elif format_ == "csv":
            click.echo(_csv(comparison, table), nl=False)
        else:
            _tell(comparison, table)


def _csv(comparison: Comparison, table: str | None) -> str:
    lines = comparison.lines(table)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(lines.columns)
    for row in lines.rows:
        cells = ["; ".join(one) if isinstance(one, list) else one for one in row]
        writer.writerow([f"'{one}" if one and _FORMULA.match(one) else one for one in cells])
    return text.getvalue()


def _tell(comparison: Comparison, table: str | None) -> None:
    from observatory.answers.tables import as_table

    def say(text: str) -> None:
        click.echo(text)

    say(f"{comparison.before.version} → {comparison.after.version}")
    lines = comparison.lines(table, _SHOWN + 1)  # an unknown table is told before anything else
    if not comparison.counts.rows:
        say("No cell of the fact tables differs.")
        return
    if table is None:
        verdicts = comparison.verdicts
        say(f"{len(verdicts):,} verdicts are other ones{':' if verdicts else '.'}")
        for one in verdicts[:_SHOWN]:
            say(f"  {one}")
        if len(verdicts) > _SHOWN:
            say(f"  and {len(verdicts) - _SHOWN:,} more (--format json has them all)")
        console().print(as_table(comparison.counts))
        return
    if not lines.rows:
        say(f"No cell of {table} differs.")
        return
    shown = type(lines)(lines.columns[1:], [row[1:] for row in lines.rows[:_SHOWN]])
    console().print(as_table(shown))
    if len(lines.rows) > _SHOWN:
        say(f"The first {_SHOWN} lines; --format csv gives all.")
