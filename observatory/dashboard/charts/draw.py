"""From an Altair chart to the SVG in a page, and to the specification loaded on request.

Each chart is drawn once for each of ``parts.SIZES``; the style sheet shows the one that fits.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import altair as alt
import vl_convert

from observatory.dashboard import palette
from observatory.dashboard.charts.parts import Chart, Rows
from observatory.dashboard.palette import COLOURS

# Rows and a width in pixels; None where nothing in the rows can be drawn.
Draw = Callable[[Rows, int], Chart]

# vl-convert carries this font; labels are measured with it whatever the machine has.
_FONT = "Roboto, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"

_DROPPED = (
    re.compile(r' (?:aria-[a-z]+|role|class|pointer-events|font-family)="[^"]*"'),
    re.compile(r' (?:opacity|stroke-opacity|fill-opacity)="1"'),
    re.compile(r'<path d="(?:M0,0h0v0h0Z)?"(?: display="none")?(?: fill="[^"]*")?/>'),
    re.compile(r' style="[^"]*"'),
)
_EMPTY_GROUP = re.compile(r"<g(?: [a-z-]+=\"[^\"]*\")*></g>|<g(?: [a-z-]+=\"[^\"]*\")*/>")
_HEAD = re.compile(r"<svg [^>]*?viewBox=\"(?P<box>[^\"]+)\"[^>]*>")
_LONG = re.compile(r"(\d+\.\d\d)\d+")


def specification(chart: Chart) -> dict[str, Any]:
    """Return the Vega-Lite specification of ``chart`` in the observatory's style."""
    themed = chart.configure(
        background="transparent",
        font=_FONT,
        aria=False,
        padding={"left": 2, "right": 6, "top": 4, "bottom": 4},
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelColor=COLOURS["soft"],
            titleColor=COLOURS["soft"],
            gridColor=COLOURS["grid"],
            domainColor=COLOURS["axis"],
            tickColor=COLOURS["axis"],
            labelFontSize=13,
            titleFontSize=13,
            titleFontWeight="normal",
            labelLimit=260,
        ),
        text=alt.MarkConfig(color=COLOURS["ink"], fontSize=13),
    )
    return dict(themed.to_dict(validate=False))


@lru_cache(maxsize=1)
def _vega_lite_version() -> str:
    """The newest Vega-Lite that both libraries know: Altair names a patch, vl-convert does not."""
    return str(alt.SCHEMA_VERSION).removeprefix("v").rpartition(".")[0]


def svg(specified: dict[str, Any], label: str, size: str) -> str:
    """Draw a specification as SVG for a page: no inline style, colours as variables, and one name
    for screen readers (the table below the chart has the data)."""
    drawn = vl_convert.vegalite_to_svg(specified, vl_version=_vega_lite_version())
    for pattern in _DROPPED:
        drawn = pattern.sub("", drawn)
    before = ""
    while before != drawn:
        before, drawn = drawn, _EMPTY_GROUP.sub("", drawn)
    drawn = _LONG.sub(r"\1", palette.as_variables(drawn))
    box = _HEAD.match(drawn)
    if box is None:
        raise ValueError("vl-convert drew no SVG")
    width = box["box"].split()[2]
    head = (
        f'<svg class="chart {size}" viewBox="{box["box"]}" width="{width}" '
        f'role="img" aria-label="{_attribute(label)}" focusable="false">'
    )
    return head + drawn[box.end() :]


def _attribute(text: str) -> str:
    for mark, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(mark, entity)
    return text


@lru_cache(maxsize=1)
def vega_bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script (900 kB), loaded only when a reader asks for an
    interactive chart. It comes with vl-convert: no network and no npm."""
    return str(vl_convert.javascript_bundle())  # type: ignore[call-arg]
