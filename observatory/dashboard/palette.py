"""The one palette of the pages and charts, as names; the colours themselves are in ``style.css``.

Charts are drawn with the light colours below. In an SVG each is then replaced by the CSS variable
of its name, so that one drawing serves light, dark and print. The hues follow Okabe and Ito's set
for colour-blind readers (https://jfly.uni-koeln.de/color/), darkened until each reaches 3:1 on
white; verdicts are steps of one hue, since they are an order. No chart relies on hue alone.
"""

from __future__ import annotations

import re

# name -> light colour; every colour occurs once, because a drawing is read back by colour.
COLOURS = {
    "ink": "#16222c",
    "soft": "#4f5e69",
    "grid": "#dde2e1",
    "axis": "#8a969e",
    "paper": "#fdfdfc",
    "mutual": "#0b4f8a",
    "probable": "#4a8cc2",
    "possible": "#c4dcf0",
    "edge": "#0b4f8b",
    "blue": "#0a5c9e",
    "orange": "#bf4a1b",
    "teal": "#00775e",
    "purple": "#84459a",
    "ochre": "#8d6200",
    "grey": "#6a767f",
    "band": "#cfe0ee",
    "q0": "#edf2f5",
    "q1": "#cfe2f1",
    "q2": "#9cc3e2",
    "q3": "#3e7db6",
    "q4": "#0c4a82",
    "on0": "#16222d",
    "on4": "#fffffe",
}
SERIES = ("blue", "orange", "teal", "purple", "ochre", "grey")

_HEX = re.compile("|".join(re.escape(colour) for colour in COLOURS.values()), re.IGNORECASE)
_NAMES = {colour: name for name, colour in COLOURS.items()}


def as_variables(svg: str) -> str:
    """Replace each colour of the palette in ``svg`` by its CSS variable."""
    return _HEX.sub(lambda found: f"var(--c-{_NAMES[found[0].lower()]})", svg)


def tokens() -> dict[str, str]:
    """Colour → CSS variable, for the script that draws a chart again in the browser."""
    return {colour: f"--c-{name}" for name, colour in COLOURS.items()}
