"""How widely organisations are spread over sectors: diversity and concentration, with intervals.

The effective number of sectors is the exponential of Shannon's entropy (Hill 1973, Ecology 54:427,
the number of order 1); concentration is the Herfindahl-Hirschman index (Hirschman 1964, Am. Econ.
Rev. 54:761), here from 1/k to 1. Intervals are percentiles of a bootstrap over organisations (Efron
1979) with a fixed seed; it cannot draw a sector that nobody is in, so the upper bound is low when
few are observed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import duckdb
import numpy as np
from numpy.typing import NDArray

DRAWS: Final = 1000
SEED: Final = 20_261_123

_COUNTS = """
    select
        year, definition_id, territory,
        list(stock order by sector) filter (where stock > 0) as counts,
        sum(unplaced)::bigint as unplaced
    from spr_placed
    group by all
    order by all
"""
# of an empty place: why nothing is told
_NOTE: Final = "none is known to belong there"


def effective_number(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """The effective number of classes of each row of shares, which add up to one."""
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(shares > 0, shares * np.log(shares), 0.0)
    found: NDArray[np.float64] = np.exp(-terms.sum(axis=-1))
    return found


def herfindahl(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """The Herfindahl-Hirschman index of each row of shares: the sum of their squares."""
    found: NDArray[np.float64] = (shares**2).sum(axis=-1)
    return found


def indices(counts: Sequence[int]) -> tuple[float, ...]:
    """Effective number and its bounds, then the Herfindahl index and its bounds (95 %).

    Raises ValueError when nobody is counted."""
    total = sum(counts)
    if total == 0:
        raise ValueError("nobody is counted")
    shares = np.asarray(counts, dtype=np.float64) / total
    drawn = np.random.default_rng(SEED).multinomial(total, shares, size=DRAWS) / total
    told: list[float] = []
    for measure in (effective_number, herfindahl):
        low, high = np.percentile(measure(drawn), [2.5, 97.5])
        told += [float(measure(shares)), float(low), float(high)]
    return tuple(told)


def tables(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``spread_indices`` from ``spr_placed``: one row a year, definition, territory.

    A territory in which nobody is placed has a row without figures that says so."""
    rows: list[tuple[Any, ...]] = []
    for *key, counts, unplaced in con.execute(_COUNTS).fetchall():
        told = indices(counts) if counts else (None,) * 6
        note = None if counts else _NOTE
        rows.append((*key, len(counts or ()), sum(counts or ()), unplaced, note, *told))
    con.execute(
        "create or replace table spread_indices (year integer, definition_id varchar, "
        "territory varchar, sectors bigint, organisations bigint, "
        "unplaced bigint, note varchar, effective_sectors double, lower double, upper double, "
        "herfindahl double, herfindahl_lower double, herfindahl_upper double)"
    )
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        con.executemany(f"insert into spread_indices values ({marks})", rows)
