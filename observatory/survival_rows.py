"""How rows of estimates become a table of the build.

What belongs here: types, years and the mark of thin stretches. What does not: any estimate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import duckdb
import numpy as np

from observatory.survival_strata import THIN

YEAR: Final = 365.25
#: What each row of a curve carries beside its columns.
OF_A_CURVE: Final = f", time_days / {YEAR} as time_years, at_risk < {THIN} as is_thin"


def or_none(value: float) -> float | None:
    """The value, or None where it is not a number: the table's null."""
    return float(value) if np.isfinite(value) else None


def write(
    con: duckdb.DuckDBPyConnection,
    name: str,
    types: Mapping[str, str],
    rows: Sequence[tuple[Any, ...]],
    extra: str = "",
) -> None:
    """Make table ``name`` of ``rows``, whose columns and types are ``types``, in their order;
    ``extra`` is SQL for columns that follow from those."""
    import pandas as pd

    frame = pd.DataFrame(rows, columns=list(types), dtype=object)
    con.register("survival_rows", frame)
    select = ", ".join(f"{column}::{kind} as {column}" for column, kind in types.items())
    con.execute(f"create or replace table {name} as select {select}{extra} from survival_rows")
    con.unregister("survival_rows")
