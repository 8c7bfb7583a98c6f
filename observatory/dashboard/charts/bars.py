"""Bars whose label stands above them, so that a long name is whole on a phone too.

What belongs here: bars that add up from sure to unsure, plain ones, and those of two directions.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import altair as alt

from observatory.dashboard.charts.parts import Chart, Rows, data, fixed, tips, years
from observatory.dashboard.palette import COLOURS

_STEPS = (("mutual", "meet"), ("probable", "probably meet"), ("possible", "may meet"))
_BAR, _LINE = 16, 16  # pixels: a bar's height, and that of a line of its label
_ROOM = 92  # pixels kept free at the right for the number behind the longest bar


def certainty(rows: Rows, width: int) -> Chart:
    """One bar a row, from those that surely meet a definition to those that may.

    ``rows`` have ``label``, ``mutual``, ``probable`` and ``possible``; rows keep their order.
    """
    bars: list[dict[str, Any]] = []
    ends: list[dict[str, Any]] = []
    for row in rows:
        start = 0
        for step, said in _STEPS:
            count = int(row[step] or 0)
            if count:
                bars.append(
                    {"label": row["label"], "verdict": said, "organisations": count, "step": step}
                    | {"start": start, "end": start + count}
                )
            start += count
        ends.append(_end(row, start))
    names = [step for step, _ in _STEPS]
    scale, y, extra = _scale(ends, width), _rows(ends), _extra(ends, width)
    shades = alt.Color(
        "step:N",
        legend=None,
        scale=alt.Scale(domain=names, range=[COLOURS[step] for step in names]),
    )
    marks = (
        alt.Chart(data(bars))
        .mark_bar(height=_BAR, yOffset=8 + 8 * extra, stroke=COLOURS["edge"], strokeWidth=1)
        .encode(
            y=y,
            x=alt.X("start:Q", scale=scale, axis=None),
            x2=alt.X2("end:Q"),
            color=shades,
            tooltip=[
                alt.Tooltip("label:N"),
                alt.Tooltip("verdict:N"),
                alt.Tooltip("organisations:Q"),
            ],
        )
    )
    return _labelled(alt.layer(*_key(shades), marks), ends, scale, width)


def _key(shades: alt.Color) -> list[Chart]:
    """The words of the three shades, above the first bar: nobody should have to learn them from a
    text beside the drawing."""
    at, layers = 0, []
    for step, said in _STEPS:
        base = alt.Chart(data([{"step": step, "said": said}])).encode(y=alt.YValue(-14))  # type: ignore[no-untyped-call]
        swatch = base.mark_point(
            shape="square", size=130, filled=True, stroke=COLOURS["edge"], strokeWidth=1, opacity=1
        )
        words = base.mark_text(align="left", baseline="middle", fontSize=13)
        layers += [
            swatch.encode(**fixed(at + 6), color=shades),
            words.encode(**fixed(at + 17), text=alt.Text("said:N")),
        ]
        at += 17 + 7 * len(said) + 16
    return layers


def _end(row: Any, total: int) -> dict[str, Any]:  # noqa: ANN401 - a row
    low = int(row["mutual"] or 0)
    said = str(total) if low == total else f"{low} to {total}"
    return {"label": row["label"], "total": total, "said": said if total else "none"}


def plain(value: str, label: str, colour: str = "blue") -> Callable[[Rows, int], Chart]:
    """Return a chart function for one bar a row: the column ``value`` under ``label``."""

    def chart(rows: Rows, width: int) -> Chart:
        ends = [
            {"label": str(row[label]), "total": row[value] or 0, "said": f"{row[value] or 0:,}"}
            for row in rows
        ]
        scale, extra = _scale(ends, width), _extra(ends, width)
        marks = (
            alt.Chart(data(ends))
            .mark_bar(height=_BAR, yOffset=8 + 8 * extra, color=COLOURS[colour])
            .encode(
                y=_rows(ends),
                x=alt.X("total:Q", scale=scale, axis=None),
                tooltip=tips("label:N", "total:Q"),
            )
        )
        return _labelled(marks, ends, scale, width)

    return chart


def _scale(ends: list[dict[str, Any]], width: int) -> alt.Scale:
    most = max((end["total"] for end in ends), default=0) or 1
    return alt.Scale(domain=[0, most], range=[0, width - _ROOM])


def _rows(ends: list[dict[str, Any]]) -> alt.Y:
    """The rows in their own order, also where one has no bar."""
    order = list(dict.fromkeys(str(end["label"]) for end in ends))
    return alt.Y("label:N", axis=None, scale=alt.Scale(paddingInner=0, domain=order))


def _folded(label: str, width: int) -> list[str]:
    """A label in lines that fit ``width`` pixels, at some 7 pixels a letter."""
    return textwrap.wrap(label, max(20, (width - 8) // 7)) or [""]


def _extra(ends: list[dict[str, Any]], width: int) -> int:
    """How many lines the longest label has beyond the first; bars and steps make room for them."""
    return max((len(_folded(end["label"], width)) for end in ends), default=1) - 1


def _labelled(marks: Chart, ends: list[dict[str, Any]], scale: alt.Scale, width: int) -> Chart:
    extra = _extra(ends, width)
    told = []
    for end in ends:
        lines = _folded(end["label"], width)
        told.append({**end, "shown": "\n".join(lines), "above": _LINE * (len(lines) - 1)})
    base = alt.Chart(data(told))
    # Vega hangs further lines below the first, so the first is lifted by their height.
    names = base.mark_text(
        align="left",
        baseline="bottom",
        dy=alt.expr(f"{8 * extra - 3} - datum.above"),
        fontSize=13.5,
        lineHeight=_LINE,
        lineBreak="\n",
    ).encode(y=_rows(ends), **fixed(0), text=alt.Text("shown:N"))
    numbers = base.mark_text(
        align="left", baseline="middle", dx=7, dy=8 + 8 * extra, fontSize=14, fontWeight="bold"
    ).encode(y=_rows(ends), x=alt.X("total:Q", scale=scale, axis=None), text=alt.Text("said:N"))
    return alt.layer(marks, names, numbers).properties(
        width=width - 8, height=alt.Step(44 + _LINE * extra)
    )


def flows(rows: Rows, width: int) -> Chart:
    """Entries upwards and ends downwards, a bar a year. ``rows``: ``of_year``, ``entries``,
    ``exits``."""
    held = [
        {"year": int(row["of_year"]), "what": kind, "organisations": int(row[column] or 0)}
        | {"n": sign * int(row[column] or 0)}
        for row in rows
        for kind, column, sign in (("began", "entries", 1), ("ended", "exits", -1))
    ]
    first, last = int(rows[0]["of_year"]) - 1, int(rows[-1]["of_year"]) + 1
    x = years("year", first, last, width)
    size = max(3, min(18, (width - 60) // (last - first + 1) - 2))
    colours = alt.Scale(domain=["began", "ended"], range=[COLOURS["blue"], COLOURS["orange"]])
    bars = (
        alt.Chart(data(held))
        .mark_bar(size=size)
        .encode(
            x=x,
            y=alt.Y("n:Q", title=None, axis=alt.Axis(tickMinStep=1, labelExpr="abs(datum.value)")),
            color=alt.Color("what:N", legend=None, scale=colours),
            tooltip=[
                alt.Tooltip("year:Q", format="d"),
                alt.Tooltip("what:N"),
                alt.Tooltip("organisations:Q"),
            ],
        )
    )
    top = _note(first, max(int(row["entries"] or 0) for row in rows), "began ↑", "blue", "top")
    low = _note(first, -max(int(row["exits"] or 0) for row in rows), "ended ↓", "orange", "bottom")
    return alt.layer(
        bars, *(note.encode(x=x, y=alt.Y("n:Q"), text=alt.Text("said:N")) for note in (top, low))
    ).properties(width=width - 50, height=210)


def _note(year: int, n: int, said: str, colour: str, baseline: str) -> Chart:
    made: Chart = alt.Chart(data([{"year": year, "n": n, "said": said}]))
    return made.mark_text(
        align="left", dx=6, fontWeight="bold", color=COLOURS[colour], baseline=baseline
    )
