"""Making one table from its model, held to its contract.

What belongs here: the statements that make and describe a table, for the build and for unit
tests alike. What does not: which tables are made, when (``run.py``), and their tests
(``checks.py``).
"""

from __future__ import annotations

import csv
import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import cast

import duckdb

from observatory.errors import PermanentError
from observatory.models.project import Model


def quoted(name: str) -> str:
    """Return an identifier, quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text value, quoted for SQL."""
    return "'" + text.replace("'", "''") + "'"


def make(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Create or replace the model's table: the contract's columns in the contract's order,
    rows in the contract's order.

    Raises PermanentError when the columns or types differ from the contract, or DuckDB
    refuses the SQL. A Python function is called with the connection and must create the table;
    it must leave the transaction alone.
    """
    try:
        if model.kind == "python":
            _function(model)(con)
            source = quoted(model.name)
        else:
            sql = _seed_select(model) if model.kind == "seed" else model.sql
            source = f"({sql}\n)"
        _compare(model, _described(con, source))
        if model.kind == "python" and not model.contract.order_by:
            return
        columns = ", ".join(quoted(column.name) for column in model.contract.columns)
        con.execute(
            f"create or replace table {quoted(model.name)} as"
            f" select {columns} from {source}{_order_by(model)}"
        )
    except duckdb.Error as error:
        raise PermanentError(str(error), where=str(model.path)) from error


def comment(con: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Carry the contract's descriptions (with units) into the database as comments."""
    table = quoted(model.name)
    lines = [f"comment on table {table} is {literal(model.contract.description)}"]
    for column in model.contract.columns:
        unit = f" [{column.unit}]" if column.unit else ""
        text = literal(column.description + unit)
        lines.append(f"comment on column {table}.{quoted(column.name)} is {text}")
    con.execute(";\n".join(lines))


def _order_by(model: Model) -> str:
    names = ", ".join(quoted(name) for name in model.contract.order_by)
    return f" order by {names}" if names else ""


def _described(con: duckdb.DuckDBPyConnection, source: str) -> dict[str, str]:
    rows = con.execute(f"describe select * from {source}").fetchall()
    return {str(row[0]): str(row[1]) for row in rows}


def _compare(model: Model, made: Mapping[str, str]) -> None:
    promised = {column.name: column.type for column in model.contract.columns}
    wrong = [f"{name} is missing" for name in promised if name not in made]
    wrong += [f"{name} is not in the contract" for name in made if name not in promised]
    wrong += [
        f"{name} is {made[name]}, not {promised[name]}"
        for name in promised
        if name in made and made[name] != promised[name]
    ]
    if wrong:
        raise PermanentError(
            f"the columns differ from the contract: {'; '.join(wrong)}",
            where=str(model.path),
            remedy=f"change the SQL or {model.contract.path.name}, whichever is wrong",
        )


def _seed_select(model: Model) -> str:
    """Read a seed with exactly the contract's columns and types; an empty cell is null."""
    with model.path.open(encoding="utf-8-sig", newline="") as lines:
        header = next(csv.reader(lines), [])
    types = {column.name: column.type for column in model.contract.columns}
    if sorted(header) != sorted(types):
        raise PermanentError(
            f"the header is {', '.join(header)}; the contract has {', '.join(types)}",
            where=str(model.path),
        )
    columns = ", ".join(f"{literal(name)}: {literal(types[name])}" for name in header)
    return (
        f"select * from read_csv({literal(str(model.path))}, columns = {{{columns}}},"
        " auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"',"
        " nullstr = '', parallel = false)"
    )


def _function(model: Model) -> Callable[[duckdb.DuckDBPyConnection], None]:
    module, _, name = model.contract.python.partition(":")
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise PermanentError(
            f"{model.contract.python} is not there", where=str(model.contract.path)
        ) from error
    return cast("Callable[[duckdb.DuckDBPyConnection], None]", found)


def rows_as_dicts(
    names: Sequence[str], rows: Iterable[Sequence[object]]
) -> tuple[dict[str, object], ...]:
    """Pair each row's values with the column names."""
    return tuple(dict(zip(names, row, strict=True)) for row in rows)
