"""Whether two builds hold the same facts: a content hash a table, and one over all.

What belongs here: hashes of content that depend neither on the order of rows nor on the DuckDB
version. What does not: hashes of files (``manifest.py``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb

from observatory.release.connections import abreast, quoted
from observatory.release.contracts import ProjectLike, ReleaseTable, published_tables


@dataclass(frozen=True)
class Content:
    """The rows of one relation: how many, and their order-free hash."""

    rows: int
    digest: str


@dataclass(frozen=True)
class FactsHash:
    """The hash over all fact tables, and the content of each."""

    overall: str
    tables: Mapping[str, Content]


def facts_hash(con: duckdb.DuckDBPyConnection, project: ProjectLike) -> FactsHash:
    """Hash the fact tables of ``project`` that ``con`` sees by their bare names.

    Columns marked ``not_a_change`` count by name and type, but not by value. Two builds with
    the same rows have the same hash, in whatever order the rows were written.
    """
    return hash_tables(con, published_tables(project))


def hash_tables(con: duckdb.DuckDBPyConnection, tables: Iterable[ReleaseTable]) -> FactsHash:
    """As ``facts_hash``, for tables already taken from a project or a manifest."""
    chosen = [table for table in tables if table.kind == "facts"]
    contents = abreast(con, table_content, chosen)
    found = {table.name: content for table, content in zip(chosen, contents, strict=True)}
    return FactsHash(overall(found), found)


def overall(tables: Mapping[str, Content]) -> str:
    """Return the one hash over all fact tables, by name."""
    lines = "\n".join(f"{name} {tables[name].digest}" for name in sorted(tables))
    return hashlib.sha256(lines.encode()).hexdigest()


def table_content(con: duckdb.DuckDBPyConnection, table: ReleaseTable) -> Content:
    """Return the rows and the hash of one table, its ``not_a_change`` columns left out."""
    values = [column.name for column in table.columns if not column.not_a_change]
    shape = "\n".join(f"{column.name} {column.type}" for column in table.columns)
    chosen = ", ".join(quoted(name) for name in values)
    content = relation_content(con, f"select {chosen} from {quoted(table.name)}")
    digest = hashlib.sha256(f"{table.name}\n{shape}\n{content.digest}".encode()).hexdigest()
    return Content(content.rows, digest)


def relation_content(con: duckdb.DuckDBPyConnection, select: str) -> Content:
    """Return the rows and the order-free hash of what ``select`` gives.

    Each row is hashed as its JSON text with MD5, and the halves are summed: DuckDB's own
    ``hash()`` is faster, but its values may change with the engine's version.
    """
    row = con.execute(
        "select count(*), sum(md5_number_lower(text)), sum(md5_number_upper(text)) "
        f"from (select cast(to_json(one) as varchar) as text from ({select}) as one)"
    ).fetchone()
    assert row is not None  # noqa: S101  (an aggregate without grouping always gives one row)
    return Content(int(row[0]), hashlib.sha256(f"{row}".encode()).hexdigest())
