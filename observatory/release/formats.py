"""How a published table is written to a file: Parquet and CSV.

What belongs here: the bytes of each format; they depend on the content alone, so that the same
facts give the same files. What does not: which tables are published, or where files go;
JSON Lines nest several tables and have a module of their own (``jsonlines.py``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import duckdb

from observatory.release.connections import literal, quoted
from observatory.release.contracts import ReleaseColumn, ReleaseTable

# DuckDB's own vector-friendly size; fixed here so that a changed default changes no bytes.
_ROW_GROUP_ROWS = 122_880
# OWASP, "CSV Injection" (ASVS 1.2.10): a spreadsheet runs a cell that begins with one of
# these; NUL is dropped by some importers, which then see the next character first.
_FORMULA = r"^[=+@\t\r\x00-]"

# Longer than any row of a published table: its lists are JSON text in one cell.
_LONGEST_LINE_BYTES = 16 * 1024 * 1024
# RFC 4180 with UTF-8: CRLF, header, no byte order mark (DuckDB writes none). A null is an
# empty cell, an empty text a quoted one.
CSV_OPTIONS = """delim ',', quote '"', escape '"', nullstr ''"""


def write_parquet(con: duckdb.DuckDBPyConnection, table: ReleaseTable, path: Path) -> None:
    """Write ``table`` as Parquet (zstd), sorted, with its name and description as metadata.

    The version is left out on purpose: an unchanged table keeps its bytes.
    """
    metadata = f"{{'table': {literal(table.name)}, 'description': {literal(table.description)}}}"
    con.execute(
        f"copy ({_sorted(table, [quoted(name) for name in table.column_names])}) "
        f"to {literal(path)} (format parquet, compression zstd, "
        f"row_group_size {_ROW_GROUP_ROWS}, kv_metadata {metadata})"
    )


def write_csv(con: duckdb.DuckDBPyConnection, table: ReleaseTable, path: Path) -> None:
    """Write ``table`` as CSV (RFC 4180, UTF-8), sorted and safe to open in a spreadsheet."""
    con.execute(
        f"copy ({_sorted(table, csv_cells(table))}) to {literal(path)} "
        f"(format csv, header true, {CSV_OPTIONS}, new_line '\\r\\n')"
    )


def csv_cells(table: ReleaseTable) -> list[str]:
    """Return the expressions that turn each column into the text of its CSV cell.

    Text that a spreadsheet would take for a formula gets an apostrophe in front; timestamps
    are ISO 8601 in UTC; lists and structures are JSON. Numbers and dates are left as they are.
    """
    return [f"{_cell(column)} as {quoted(column.name)}" for column in table.columns]


def defused(text: str) -> str:
    """Return ``text`` as a CSV cell holds it: with an apostrophe where ``csv_cells`` adds one."""
    return f"'{text}" if re.match(_FORMULA, text) else text


def read_csv(table: ReleaseTable, path: Path) -> str:
    """Return the select that reads a file of ``write_csv`` back, every cell as text."""
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in table.column_names)
    options = CSV_OPTIONS.replace(" '", " = '")
    return (
        f"select * from read_csv({literal(path)}, header = true, auto_detect = false, {options}, "
        f"columns = {{{columns}}}, new_line = '\\r\\n', allow_quoted_nulls = false, "
        f"max_line_size = {_LONGEST_LINE_BYTES})"
    )


def _sorted(table: ReleaseTable, expressions: Sequence[str]) -> str:
    # Qualified names: an alias of a cell must not be what the rows are sorted by.
    order = ", ".join(f"t.{quoted(name)} asc nulls last" for name in table.total_order)
    return f"select {', '.join(expressions)} from {quoted(table.name)} as t order by {order}"


def _cell(column: ReleaseColumn) -> str:
    name, kind = quoted(column.name), column.type.upper()
    if kind == "TIMESTAMP":
        return iso_text(name)
    if kind == "VARCHAR" or kind.startswith("ENUM"):
        text = f"cast({name} as varchar)"
        return f"case when regexp_matches({text}, '{_FORMULA}') then '''' || {text} else {text} end"
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "JSON")):
        return f"cast(to_json({name}) as varchar)"
    return f"cast({name} as varchar)"


def iso_text(name: str) -> str:
    """ISO 8601 in UTC, fractions of a second only where there are any."""
    fraction = (
        f"case when microsecond({name}) % 1000000 <> 0 then strftime({name}, '.%f') else '' end"
    )
    return f"strftime({name}, '%Y-%m-%dT%H:%M:%S') || {fraction} || 'Z'"
