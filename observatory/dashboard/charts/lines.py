"""Lines over time, labelled where they end."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import altair as alt

from observatory.dashboard.charts.parts import Chart, Rows, data, years
from observatory.dashboard.palette import COLOURS, SERIES

# The height of a line of a label, as a share of the highest value.
_LINE = 0.07


def stock(rows: Rows, width: int) -> Chart:
    """How many there were in each year: a stepped line with its last value. ``rows`` have
    ``of_year`` and ``stock``."""
    held = [{"year": int(row["of_year"]), "stock": int(row["stock"] or 0)} for row in rows]
    end = held[-1]
    # A step holds until the next change, so the last one needs a year to be seen.
    drawn = [*held, {"year": end["year"] + 1, "stock": end["stock"]}]
    x = years("year", held[0]["year"] - 1, end["year"] + 1, width)
    y = alt.Y("stock:Q", title=None, axis=alt.Axis(tickMinStep=1, tickCount=5))
    base = alt.Chart(data(drawn))
    area = base.mark_area(interpolate="step-after", color=COLOURS["band"], opacity=1)
    line = base.mark_line(interpolate="step-after", color=COLOURS["blue"], strokeWidth=2.5)
    said = alt.Chart(data([{**drawn[-1], "said": f"{end['stock']} in {end['year']}"}]))
    text = said.mark_text(align="right", dy=14, dx=-4, fontSize=14, fontWeight="bold")
    return alt.layer(
        area.encode(x=x, y=y),
        line.encode(x=x, y=y, tooltip=[alt.Tooltip("year:Q", format="d"), alt.Tooltip("stock:Q")]),
        text.encode(x=x, y=y, text=alt.Text("said:N")),
    ).properties(width=width - 50, height=220)


def series(
    x_column: str, y_column: str, by: str, *, y_title: str = ""
) -> Callable[[Rows, int], Chart]:
    """Return a chart function: a line a value of ``by`` over years, labelled at its end."""

    def chart(rows: Rows, width: int) -> Chart:
        held: list[dict[str, Any]] = [
            {"x": int(row[x_column]), "y": float(row[y_column]), "name": str(row[by])}
            for row in rows
            if row[x_column] is not None and row[y_column] is not None
        ]
        if not held:
            return None
        names = list(dict.fromkeys(one["name"] for one in held))
        room = 150 if width > 400 else 96
        x = years("x", min(one["x"] for one in held), max(one["x"] for one in held), width - room)
        colour = colours(names, "name")
        lines = alt.Chart(data(held)).mark_line(strokeWidth=2.2)
        ends = {one["name"]: {**one, "said": _folded(one["name"], room)} for one in held}
        said = [
            {**one, "at": one["at"] - _LINE * top * place, "said": line}
            for top in (max(one["y"] for one in ends.values()) or 1,)
            for one in spread_labels(ends)
            for place, line in enumerate(one["said"])
        ]
        text = alt.Chart(data(said)).mark_text(align="left", dx=6, fontSize=12.5)
        return alt.layer(
            lines.encode(
                x=x,
                y=alt.Y("y:Q", title=y_title or None, axis=alt.Axis(tickCount=5)),
                color=colour,
                tooltip=[
                    alt.Tooltip("name:N", title="of"),
                    alt.Tooltip("x:Q", format="d", title="year"),
                    alt.Tooltip("y:Q", title=y_title or "number"),
                ],
            ),
            text.encode(x=x, y=alt.Y("at:Q"), text=alt.Text("said:N"), color=colour),
        ).properties(width=width - 50 - room, height=260)

    return chart


def colours(names: list[str], column: str) -> alt.Color:
    """The palette's series over ``names``, in their order; labels at the lines name them."""
    chosen = [COLOURS[SERIES[at % len(SERIES)]] for at in range(len(names))]
    return alt.Color(f"{column}:N", legend=None, scale=alt.Scale(domain=names, range=chosen))


def spread_labels(ends: dict[str, dict[str, Any]], share: float = _LINE) -> list[dict[str, Any]]:
    """Give the label of each end the height ``at`` of its first line, so that each line (``said``,
    one where there is none) keeps ``share`` of the range from the one below."""
    top = max((one["y"] for one in ends.values()), default=1) or 1
    placed: list[dict[str, Any]] = []
    for one in sorted(ends.values(), key=lambda end: (end["y"], end["name"])):
        tall = top * share * (len(one.get("said", "1")) - 1)
        least = placed[-1]["at"] + top * share + tall if placed else tall
        placed.append({**one, "at": max(one["y"] + tall / 2, least)})
    return placed


def _folded(name: str, room: int) -> list[str]:
    """A name in lines that fit into ``room`` pixels; a line longer than that stays whole."""
    return textwrap.wrap(name, (room - 8) // 7, break_long_words=False) or [name]
