"""Survival curves: steps with their intervals, grey where fewer than ten are at risk."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import altair as alt

from observatory.dashboard.charts.lines import colours
from observatory.dashboard.charts.parts import Chart, Rows, data
from observatory.dashboard.palette import COLOURS
from observatory.dashboard.words import words
from observatory.survival_strata import SMALL_TOGETHER

# Below this many at risk one end moves the curve by a tenth and more.
FEW = 10
# More lines than this cannot be told apart; more steps than this cannot be seen.
_MOST_CURVES, _MOST_STEPS = 6, 80
# The height of a line of a name, as a share of the drawing's.
_LINE = 0.055


def survival(rows: Rows, width: int) -> Chart:
    """Curves of ``estimate`` (0 to 1) with ``lower`` and ``upper`` over ``years``, one a ``curve``,
    ``at_risk`` and ``method`` (``kaplan-meier``: who goes on; ``aalen-johansen``: who has ended of
    a cause). The interval is drawn as a band where there is one curve; with several it
    stands in the table, since bands over each other cannot be read. Of more than six the largest
    are drawn."""
    rows = _one_of_each(rows)
    names = _largest(rows)
    points = [point for name in names for point in _points(name, rows)]
    room = 0 if len(names) == 1 else (150 if width > 400 else 96)
    most = max(point["years"] for point in points)
    x = alt.X(
        "years:Q",
        title="years since the start",
        axis=alt.Axis(grid=False, tickMinStep=1, tickCount=max(3, width // 90)),
        scale=alt.Scale(domain=[0, most], nice=False),
    )
    whole = alt.Scale(domain=[0, 1])
    y = alt.Y(
        "estimate:Q",
        title=None,
        axis=alt.Axis(format="%", tickCount=5),
        scale=whole,
    )
    layers: list[Chart] = []
    if len(names) == 1:
        banded = [point for point in points if point["lower"] is not None]
        band = alt.Chart(data(banded)).mark_area(
            interpolate="step-after", color=COLOURS["band"], opacity=1
        )
        layers.append(band.encode(x=x, y=alt.Y("lower:Q", scale=whole), y2=alt.Y2("upper:Q")))
    base = {"x": x, "y": y, "detail": "curve:N"}
    tips = [
        alt.Tooltip("curve:N", title="of"),
        alt.Tooltip("years:Q", format=".1f"),
        alt.Tooltip("estimate:Q", format=".0%"),
        alt.Tooltip("at_risk:Q", title="at risk"),
    ]
    thin = alt.Chart(data(points)).mark_line(
        interpolate="step-after", color=COLOURS["grey"], strokeWidth=1.5, strokeDash=[3, 3]
    )
    layers.append(thin.encode(**base, tooltip=tips))
    if room:
        # Grey lines cannot be told apart: each step of one has a dot in the colour of its name.
        few = [point for point in points if point["at_risk"] < FEW and point["years"] > 0]
        steps = alt.Chart(data(few)).mark_point(filled=True, size=20, opacity=1)
        layers.append(steps.encode(x=x, y=y, color=colours(names, "curve"), tooltip=tips))
    sure = alt.Chart(data(list(_sure(points)))).mark_line(interpolate="step-after", strokeWidth=2.4)
    layers.append(
        sure.encode(
            x=x, y=y, detail=alt.Detail("part:N"), color=colours(names, "curve"), tooltip=tips
        )
    )
    if room:
        layers += _ends(points, names, x, room)
    return alt.layer(*layers).properties(width=width - 60 - room, height=280)


def how_few(rows: Rows) -> str:
    """What to say of curves that are grey throughout, or an empty text."""
    most = max((int(row["at_risk"]) for row in rows), default=0)
    if most >= FEW:
        return ""
    held = "1 organisation" if most == 1 else f"{most} organisations"
    return f"Few: no step of these curves rests on more than {held}."


def _one_of_each(rows: Rows) -> Rows:
    """Two curves that are the same throughout as one with both names, beside others: the upper
    would hide the lower."""
    held: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        held.setdefault(str(row["curve"]), []).append(row)
    alike: dict[tuple[object, ...], list[str]] = {}
    for name, own in held.items():
        course = tuple((row["years"], row["estimate"], row["at_risk"]) for row in own)
        alike.setdefault(course, []).append(name)
    if len(alike) == 1 or any(len(names) > 2 for names in alike.values()):
        return rows
    return [
        {**row, "curve": " and ".join(names)} for names in alike.values() for row in held[names[0]]
    ]


def _largest(rows: Rows) -> list[str]:
    """The curves with the most at risk at any time, in the order of the rows. Small groups put
    together are drawn only where they cannot all be drawn by themselves."""
    most: dict[str, int] = {}
    for row in rows:
        name = str(row["curve"])
        most[name] = max(most.get(name, 0), int(row["at_risk"]))
    together = most.pop(SMALL_TOGETHER, None)
    room = _MOST_CURVES
    if together is not None and len(most) > room:
        room -= 1
        most[SMALL_TOGETHER] = together
    apart = [name for name in most if name != SMALL_TOGETHER]
    kept = {SMALL_TOGETHER, *sorted(apart, key=lambda name: (-most[name], name))[:room]}
    return [name for name in most if name in kept]


def _points(name: str, rows: Rows) -> Iterator[dict[str, Any]]:
    own = _seen([row for row in rows if str(row["curve"]) == name and row["estimate"] is not None])
    if own and float(own[0]["years"]) > 0:
        # At the start nobody has ended: all go on, and none has ended of any cause.
        start = 0.0 if own[0]["method"] == "aalen-johansen" else 1.0
        yield {"curve": name, "years": 0.0, "estimate": start, "lower": start, "upper": start,
               "at_risk": int(own[0]["at_risk"])}  # fmt: skip
    for row in own:
        yield {
            "curve": name,
            "years": float(row["years"]),
            "estimate": float(row["estimate"]),
            "lower": None if row["lower"] is None else float(row["lower"]),
            "upper": None if row["upper"] is None else float(row["upper"]),
            "at_risk": int(row["at_risk"]),
        }


def _seen(rows: Rows) -> Rows:
    """The last row of each stretch that a drawing can show; a short curve is kept whole."""
    if len(rows) <= _MOST_STEPS:
        return rows
    stretch = float(rows[-1]["years"]) / _MOST_STEPS or 1.0
    kept = {int(float(row["years"]) / stretch): row for row in rows}
    return list(kept.values())


def _sure(points: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The parts of each curve with enough at risk; a gap begins a new ``part``."""
    part = 0
    before: dict[str, Any] | None = None
    for point in points:
        enough = point["at_risk"] >= FEW
        if before is None or before["curve"] != point["curve"] or not enough:
            part += 1
        if enough:
            yield {**point, "part": part}
        before = point


def _ends(points: list[dict[str, Any]], names: list[str], x: alt.X, room: int) -> list[Chart]:
    """The name of each curve beside the drawing, level with its end where there is room, and a dot
    where the curve ends. No line leads from one to the other: it would read as a curve that goes
    on, beyond what was observed."""
    folded = {name: textwrap.wrap(_named(name), max(10, (room - 8) // 7)) for name in names}
    last = max(point["years"] for point in points)
    ends = {point["curve"]: point for point in points}
    lines = [
        {"curve": name, "years": last, "estimate": top - _LINE * (place + 0.5), "said": line}
        for name, top in _tops({name: ends[name]["estimate"] for name in names}, folded)
        for place, line in enumerate(folded[name])
    ]
    y = alt.Y("estimate:Q", scale=alt.Scale(domain=[0, 1]))
    color = colours(names, "curve")
    dot = alt.Chart(data(list(ends.values()))).mark_point(filled=True, size=36, opacity=1)
    text = alt.Chart(data(lines)).mark_text(align="left", baseline="middle", dx=8, fontSize=12.5)
    return [
        dot.encode(x=x, y=y, color=color),
        text.encode(x=x, y=y, text=alt.Text("said:N"), color=color),
    ]


def _tops(
    wanted: Mapping[str, float], folded: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, float]]:
    """The height at which each name begins, centred on the one that it wants as far as no two
    names stand over each other: from the top down, and up again as far as the lowest need."""
    tall = {name: _LINE * len(folded[name]) for name in wanted}
    order = sorted(wanted, key=lambda name: (-wanted[name], name))
    tops: dict[str, float] = {}
    ceiling = 1.0 + _LINE / 2
    for name in order:
        tops[name] = min(wanted[name] + tall[name] / 2, ceiling)
        ceiling = tops[name] - tall[name] - _LINE / 4
    floor = 0.0
    for name in reversed(order):
        tops[name] = max(tops[name], floor + tall[name])
        floor = tops[name] + _LINE / 4
        yield name, tops[name]


def _named(code: str) -> str:
    """A code as words; years, and what has capitals of its own, are left as they are."""
    is_code = re.search("[a-z]{3}", code) and code == code.lower()
    return words(code) if is_code else code
