"""Which columns a column comes from, as far as the SQL tells.

Slow (some milliseconds a column), so nothing computes it unless it is asked for. What does not
belong here: dependencies between tables (``reads.py``), which must be exact.
"""

from __future__ import annotations

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import Node, lineage

from observatory.errors import PermanentError
from observatory.models import reads
from observatory.models.project import LAKE, Model, Project

Columns = dict[str, list[tuple[str, str]]]


def column_lineage(project: Project, name: str) -> Columns:
    """Return, for each column of a SQL model, the ``(table, column)`` pairs that it is made
    of, sorted; tables are models or ``lake.<view>``.

    A column that cannot be followed has an empty list; seeds and Python models have none.
    """
    model = project.model(name)
    unknown: Columns = {column.name: [] for column in model.contract.columns}
    if model.kind != "sql":
        return unknown
    try:
        query = reads.parse(model.sql, where=str(model.path))
        roots = lineage(
            None, query, _schema(project, model), dialect="duckdb", db="main", trim_selects=False
        )
    # sqlglot's optimiser fails on SQL that it does not know in many ways, none of them ours.
    except (SqlglotError, PermanentError, AttributeError, LookupError, TypeError, ValueError):
        return unknown
    return unknown | {
        column: sorted({found for node in root.walk() if (found := _origin(node))})
        for column, root in roots.items()
        if column in unknown
    }


def _schema(project: Project, model: Model) -> dict[str, dict[str, dict[str, str]]]:
    """Describe what the model reads, as database → table → column → type."""
    models = {
        name: {one.name: one.type for one in project.model(name).contract.columns}
        for name in model.depends_on
    }
    lake = {
        view: {one.name: one.type for one in project.lake_tables[view]} for view in model.reads_lake
    }
    schemas = {"main": models, LAKE.rstrip("."): lake}
    return {schema: tables for schema, tables in schemas.items() if tables}


def _origin(node: Node) -> tuple[str, str] | None:
    """A leaf of the lineage whose source is a table names one column of it."""
    table = node.expression
    if node.downstream or not isinstance(table, exp.Table):
        return None
    name = table.name if table.db in ("", "main") else f"{table.db}.{table.name}"
    return (name, node.name.rpartition(".")[2].strip('"'))
