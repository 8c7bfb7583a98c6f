"""Lines over time, labelled where they end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import altair as alt

from observatory.dashboard.charts.parts import Chart, Rows, data, years
from observatory.dashboard.palette import COLOURS, SERIES


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
        line.encode(x=x, y=y, tooltip=[alt.Tooltip("year:Q", format="d"), "stock:Q"]),
        text.encode(x=x, y=y, text="said:N"),
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
        ends = alt.Chart(data(spread_labels({one["name"]: one for one in held})))
        text = ends.mark_text(align="left", dx=6, fontSize=12.5, limit=room - 8)
        return alt.layer(
            lines.encode(
                x=x,
                y=alt.Y("y:Q", title=y_title or None, axis=alt.Axis(tickCount=5)),
                color=colour,
                tooltip=["name:N", alt.Tooltip("x:Q", format="d", title="year"), "y:Q"],
            ),
            text.encode(x=x, y="at:Q", text="name:N", color=colour),
        ).properties(width=width - 50 - room, height=260)

    return chart


def colours(names: list[str], column: str) -> alt.Color:
    """The palette's series over ``names``, in their order; labels at the lines name them."""
    chosen = [COLOURS[SERIES[at % len(SERIES)]] for at in range(len(names))]
    return alt.Color(f"{column}:N", legend=None, scale=alt.Scale(domain=names, range=chosen))


def spread_labels(ends: dict[str, dict[str, Any]], share: float = 0.07) -> list[dict[str, Any]]:
    """Give each end label a height ``at`` that keeps ``share`` of the range from the one below."""
    top = max((one["y"] for one in ends.values()), default=1) or 1
    placed: list[dict[str, Any]] = []
    for one in sorted(ends.values(), key=lambda end: (end["y"], end["name"])):
        least = placed[-1]["at"] + top * share if placed else one["y"]
        placed.append({**one, "at": max(one["y"], least)})
    return placed
