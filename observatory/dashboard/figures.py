"""A figure: one question to the release, its answer as a table, a drawing, a download and a caveat.

What belongs here: the form that every figure shares, so that none can lack its data, SQL, version
or caveat. What does not: which figures there are (``pages/``) and how one is drawn (``charts/``).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from altair.utils.schemapi import debug_mode

from observatory.dashboard import palette, tables
from observatory.dashboard.charts import draw
from observatory.dashboard.charts.parts import SIZES
from observatory.dashboard.reader import Reader, Row

# A page shows this many rows of a table; the download has all.
SHOWN_ROWS = 60
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\x00")


@dataclass(frozen=True)
class Plan:
    """A figure before its data. ``needs`` names the tables and columns that its SQL reads;
    ``columns`` puts the answer's columns in words, and those not named are not shown.
    ``title`` and ``subtitle`` are texts, and so is ``reading``, how the drawing is read, for where
    there is one. ``notice`` is given the rows and returns what a reader must know before the
    drawing, such as how few they are, or an empty text. ``empty`` says what it means that there
    are no rows, or none that can be drawn (``chart`` returns None)."""

    id: str
    title: str
    subtitle: str
    sql: str
    needs: Mapping[str, Sequence[str]]
    columns: Mapping[str, str]
    caveat: str
    chart: draw.Draw | None = None
    empty: str = "The release holds no record for this."
    parameters: Mapping[str, object] = field(default_factory=dict)
    open_table: bool = False
    reading: str = ""
    notice: Callable[[Sequence[Row]], str] | None = None


@dataclass(frozen=True)
class Figure:
    """A figure with its data, ready for a template."""

    plan: Plan
    rows: list[Row]
    missing: tuple[str, ...]
    version: str
    drawings: tuple[str, ...] = ()
    specification: str = ""

    @property
    def state(self) -> str:
        """``shown``, ``empty`` (asked, no rows) or ``absent`` (the release lacks a table)."""
        if self.missing:
            return "absent"
        return "shown" if self.rows else "empty"

    @property
    def undrawn(self) -> bool:
        """Whether there are rows, but nothing in them that could be drawn."""
        return self.state == "shown" and self.plan.chart is not None and not self.drawings

    @property
    def notice(self) -> str:
        """What a reader must know before the drawing; empty where nothing is drawn."""
        told = self.plan.notice if self.drawings else None
        return told(self.rows) if told else ""

    @property
    def table(self) -> tables.Table:
        """The rows that the page shows, in the order of ``plan.columns``."""
        return tables.table(self.plan.columns, self.rows[:SHOWN_ROWS])

    @property
    def sql(self) -> str:
        """The query with its values in place, to paste into a DuckDB shell."""
        text = self.plan.sql.strip()
        for name, value in self.plan.parameters.items():
            text = text.replace(f"${name}", "'" + str(value).replace("'", "''") + "'")
        return text

    def csv(self) -> str:
        """All rows as CSV (RFC 4180), safe to open in a spreadsheet."""
        return as_csv(self.plan.columns, self.rows)


def make(reader: Reader, plan: Plan) -> Figure:
    """Ask the release and draw the figure. A table that the release lacks is named, not guessed."""
    missing = tuple(reader.missing(plan.needs))
    asked = [] if missing else reader.rows(plan.sql, plan.parameters)
    rows = [{name: _number(value) for name, value in row.items()} for row in asked]
    figure = Figure(plan, rows, missing, reader.version)
    if not rows or plan.chart is None:
        return figure
    label = f"Chart: {plan.title}. {plan.subtitle} The data table below has the figures."
    plain = [plain_row(row) for row in rows]
    # Altair checks each part against the schema as it is made, which takes longer than drawing; the
    # tests hold every specification of a release against the schema as a whole.
    with debug_mode(False):
        charts = {size: plan.chart(plain, width) for size, width in SIZES.items()}
        if any(chart is None for chart in charts.values()):
            return figure
        held = {size: draw.specification(chart) for size, chart in charts.items()}
    drawings = tuple(draw.svg(specified, label, size) for size, specified in held.items())
    specification = json.dumps(
        {"colours": palette.tokens(), "sizes": SIZES, "charts": held},
        ensure_ascii=False,
        sort_keys=True,
        default=str,
    )
    return replace(figure, drawings=drawings, specification=specification)


def _number(value: object) -> object:
    """A decimal as a float: JSON and the pages know no other fraction."""
    return float(value) if isinstance(value, Decimal) else value


def plain_row(row: Mapping[str, Any]) -> Row:
    """A row as JSON can hold it: dates as ISO texts."""
    return {
        name: value.isoformat() if isinstance(value, date | datetime) else value
        for name, value in row.items()
    }


def as_csv(columns: Mapping[str, str], rows: Iterable[Row]) -> str:
    """Write ``rows`` as CSV under their own column names. A text that a spreadsheet would run as a
    formula gets an apostrophe in front, as in the release's own files."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(name)) for name in columns])
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return "; ".join(map(str, value)) if isinstance(value, list) else value
