"""Filed accounts: three figures of each real filing, as printed, as we and ixbrlparse read them.

The printed figures were read off the documents as a person sees them (``accounts_printed.csv``);
a figure that is not tagged for the company alone must stay missing, with that reason. ixbrlparse
gives every fact with its context and leaves the choice to its caller: shown are its value for the
tag and the context that we chose, and its other values for that tag.

    python -m bench.accounts_figures
"""

from __future__ import annotations

import csv
import io
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from bench.accounts import documents
from observatory.sources._accounts_columns import made_up_to
from observatory.sources._accounts_members import Member
from observatory.sources._accounts_rows import outcome

MEASURES = ("employees", "turnover", "net_assets")
PRINTED = Path(__file__).with_name("accounts_printed.csv")


class Line(NamedTuple):
    """One figure of one filing: as printed or why it must be missing, as we read it, and as
    ixbrlparse reads the same fact and others of its tag."""

    company_number: str
    period_end_on: str
    measure: str
    printed: str
    ours: str
    theirs: tuple[str, ...]
    others: tuple[str, ...]


def printed() -> dict[str, dict[str, str]]:
    """Return the printed figures by company number."""
    with PRINTED.open(encoding="utf-8", newline="") as file:
        return {row["company_number"]: row for row in csv.DictReader(file)}


def compared() -> Iterator[Line]:
    """Yield each measure of each filing of the corpus; raises SystemExit where it is absent."""
    expected = printed()
    for name, data in documents():
        number = name.split("_")[2]
        row = _row(name, number, data)
        facts = _facts(data)
        for measure in MEASURES:
            tagged = [one for one in facts if one[0] == row[f"{measure}_tag"]]
            chosen = row[f"{measure}_context"]
            value = row[measure]
            yield Line(
                number,
                str(row["period_end_on"]),
                measure,
                expected[number][measure],
                row[f"{measure}_missing"] if value is None else f"{value:.15g}",
                _values(value for _, context, value in tagged if context == chosen),
                _values(value for _, context, value in tagged if context != chosen),
            )


def _row(name: str, number: str, data: bytes) -> dict[str, Any]:
    row = outcome(Member(name, number, made_up_to(name), "", lambda: data)).row
    if row is None:
        raise SystemExit(f"{name} cannot be read")
    return row


def _facts(data: bytes) -> list[tuple[str, str, float]]:
    """Return the numeric facts as ixbrlparse gives them: tag, context and value."""
    from ixbrlparse import IXBRL  # type: ignore[import-untyped, unused-ignore]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = IXBRL(io.BytesIO(data), raise_on_error=False).numeric
    return [
        (one.name, one.context.id, float(one.value))
        for one in found
        if one.context is not None and one.value is not None
    ]


def _values(found: Iterator[float]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{one:.15g}" for one in found))


def main() -> int:
    """Print the table; return 1 when a figure of ours is not the printed one."""
    layout = "{:10} {:10} {:10} {:>12} {:>12}  {:12} {}"
    print(
        layout.format("company", "period end", "measure", "printed", "ours", "ixbrlparse", "others")
    )
    wrong = 0
    for line in compared():
        said = (*line[:5], ", ".join(line.theirs) or "-", ", ".join(line.others) or "-")
        print(layout.format(*said).rstrip())
        wrong += line.printed != line.ours
    print(f"{wrong} of ours are not as printed")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
