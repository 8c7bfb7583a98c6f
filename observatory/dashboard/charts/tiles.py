"""The map of regions: a tile a region, in about the place where it lies.

A tile is no boundary: the twelve have one size, so that a small region with many mutuals is seen
as well as a large one, and no licence for boundaries is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt

from observatory.dashboard.charts.parts import Chart, Rows, data, tips
from observatory.dashboard.palette import COLOURS

# region -> column, row and short name.
PLACES: dict[str, tuple[int, int, str]] = {
    "Scotland": (1, 0, "Scotland"),
    "Northern Ireland": (0, 1, "N. Ireland"),
    "North East": (2, 1, "North East"),
    "North West": (1, 2, "North West"),
    "Yorkshire and The Humber": (2, 2, "Yorkshire"),
    "Wales": (0, 3, "Wales"),
    "West Midlands": (1, 3, "W. Midlands"),
    "East Midlands": (2, 3, "E. Midlands"),
    "East of England": (3, 3, "East"),
    "South West": (1, 4, "South West"),
    "South East": (2, 4, "South East"),
    "London": (3, 4, "London"),
}
_STEPS = 5


def regions(rows: Rows, width: int) -> Chart:
    """Tiles coloured and labelled by ``organisations`` of each ``region``; a region that is in no
    row is there with 0, and those whose region is not known have a tile of their own, aside. Where
    the region of most is not known there is no map: its noughts would be untrue."""
    counts = {str(row["region"]): int(row["organisations"] or 0) for row in rows}
    known = sum(counts.get(name, 0) for name in PLACES)
    if not counts.keys() & PLACES.keys() or 2 * known < sum(counts.values()):
        return None
    held = _tiles(counts)
    # The width rules: a tile must hold "W. Midlands" on a phone.
    side = min(112, (width - 16) // 4)
    return _layers(held, side).properties(width=alt.Step(side), height=alt.Step(int(side * 0.78)))


def _tiles(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    # A handful is pale: the darkest shade is for four and more.
    most = max(len(PLACES) // 3, *(counts.get(name, 0) for name in PLACES))
    held = [
        {
            "column": column,
            "line": line,
            "name": short,
            "region": name,
            "organisations": counts.get(name, 0),
            "step": _step(counts.get(name, 0), most),
        }
        for name, (column, line, short) in PLACES.items()
    ]
    unknown = sum(count for name, count in counts.items() if name not in PLACES)
    if unknown:
        held.append({"column": 3, "line": 0, "name": "not known", "region": "Not known",
                     "organisations": unknown, "step": 0})  # fmt: skip
    return held


def _layers(held: list[dict[str, Any]], side: int) -> Any:  # noqa: ANN401 - untyped in Altair
    x = alt.X("column:O", axis=None, scale=alt.Scale(paddingInner=0.05, paddingOuter=0))
    y = alt.Y("line:O", axis=None, scale=alt.Scale(paddingInner=0.05, paddingOuter=0))
    base = alt.Chart(data(held))
    tiles = base.mark_rect(cornerRadius=4).encode(
        x=x,
        y=y,
        color=alt.Color(
            "step:O",
            legend=None,
            scale=alt.Scale(
                domain=list(range(_STEPS)), range=[COLOURS[f"q{at}"] for at in range(_STEPS)]
            ),
        ),
        tooltip=tips("region:N", "organisations:Q"),
    )
    on = alt.Color(
        "step:O",
        legend=None,
        scale=alt.Scale(
            domain=list(range(_STEPS)), range=[COLOURS["on0"]] * 3 + [COLOURS["on4"]] * 2
        ),
    )
    numbers = base.mark_text(fontSize=23, fontWeight="bold", dy=-7).encode(
        x=x, y=y, text=alt.Text("organisations:Q"), color=on
    )
    names = base.mark_text(fontSize=12 if side > 90 else 10.5, dy=16).encode(
        x=x, y=y, text=alt.Text("name:N"), color=on
    )
    return alt.layer(tiles, numbers, names).resolve_scale(color="independent")


def _step(count: int, most: int) -> int:
    """Zero is a step of its own; the others are quarters of the largest count."""
    return 0 if count == 0 else min(_STEPS - 1, 1 + (4 * count - 1) // most)
