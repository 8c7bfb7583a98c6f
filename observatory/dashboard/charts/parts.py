"""What the charts share: data, sizes, the axis of years and the names of types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import altair as alt

Rows: TypeAlias = Sequence[Mapping[str, Any]]
# Altair's classes of charts have no common type that says what they can do.
Chart: TypeAlias = Any

# A drawing that is merely scaled down cannot be read, so each chart is drawn for three rooms.
SIZES = {"wide": 720, "middle": 500, "narrow": 330}


def data(rows: Sequence[Mapping[str, Any]]) -> Any:  # noqa: ANN401 - Altair's own is untyped
    """Rows as the data of a chart, kept inside its specification."""
    return alt.Data(values=[dict(row) for row in rows])  # type: ignore[no-untyped-call]


def fixed(pixels: float) -> dict[str, alt.XValue]:
    """A place across the drawing that no row decides, in pixels.

    Written out, as every channel here is: for a channel given as a string or a value Altair hashes
    the schemas of all its classes, which took a third of the time of a chart.
    """
    return {"x": alt.XValue(pixels)}  # type: ignore[no-untyped-call]


def tips(*columns: str) -> list[alt.Tooltip]:
    """What is shown of a mark that is pointed at."""
    return [alt.Tooltip(column) for column in columns]


def years(column: str, first: int, last: int, width: int) -> alt.X:
    """The axis of years, from ``first`` to ``last``, with as many labels as there is room for."""
    return alt.X(
        f"{column}:Q",
        title=None,
        axis=alt.Axis(
            format="d",
            grid=False,
            tickMinStep=1,
            tickCount=max(3, width // 80),
            labelFlush=False,
        ),
        scale=alt.Scale(domain=[first, last], nice=False, zero=False),
    )
