"""Data: what can be downloaded, what each column means, and how to cite it."""

from __future__ import annotations

from collections.abc import Iterator

from observatory.dashboard import linked_data
from observatory.dashboard.reader import Row
from observatory.dashboard.render import Page
from observatory.dashboard.site import Site
from observatory.release.database import DATABASE

_TABLES = """
select t.table_name as name, t.comment as description, c.constraint_column_names as key
from duckdb_tables() as t
left join duckdb_constraints() as c
    on t.table_oid = c.table_oid and t.database_oid = c.database_oid
    and c.constraint_type = 'PRIMARY KEY'
where t.database_name = current_database() and t.table_name not like '\\_%' escape '\\'
order by t.table_name
"""
_COLUMNS = """
select table_name, column_name as name, data_type as type, comment as meaning
from duckdb_columns()
where database_name = current_database() and table_name not like '\\_%' escape '\\'
order by table_name, column_index
"""
_SOURCES = """
select title, publisher, homepage, licence_url, attribution from sources order by source
"""
# What else a release may hold, and what it is for. Only what is there is named.
_FILES = {
    "organisations.jsonl": "Every organisation with all that is held on it (JSON Lines)",
    "DATA-DICTIONARY.md": "What every table and column means (Markdown)",
    "datapackage.json": "Description of every table for programs (Data Package v2)",
    "csv-metadata.json": "Description of the CSV files (CSVW)",
    "dcat.jsonld": "Description of the dataset for catalogues (DCAT)",
    "CHANGELOG.md": "What changed in each version",
    "feed.atom": "Changes of verdicts and new ends, as a feed (Atom)",
    "changes.atom": "Changes of verdicts and new ends, as a feed (Atom)",
}


def pages(site: Site) -> Iterator[Page]:
    """Yield the downloads and the dictionary."""
    tables = [_table(site, row) for row in site.reader.rows(_TABLES)]
    columns: dict[str, list[Row]] = {}
    for row in site.reader.rows(_COLUMNS):
        columns.setdefault(row["table_name"], []).append(row)
    held = [(name, text) for name, text in _FILES.items() if (site.reader.folder / name).is_file()]
    yield Page(
        "data.html",
        "data.html",
        "Data",
        "Download every table, and cite the version that you used.",
        {
            "tables": tables,
            "files": held,
            "database": DATABASE,
            "year": site.reader.version[1:5],
            "dataset": linked_data.dataset(site.reader.version, tables, _sources(site)),
        },
    )
    for table in tables:
        yield Page(
            f"dictionary/{table['name']}.html",
            "dictionary.html",
            f"Data dictionary: {table['name']}",
            f"What one row of {table['name']} is and what each of its columns means.",
            {"table": table, "columns": columns[table["name"]]},
        )


def _sources(site: Site) -> list[Row]:
    named = ("title", "publisher", "homepage", "licence_url", "attribution")
    return site.reader.rows(_SOURCES) if site.reader.has("sources", *named) else []


def _table(site: Site, row: Row) -> Row:
    """A table with its number of rows and the sizes of its files in bytes. The DuckDB file is left
    out: its bytes may differ between two builds of the same facts."""
    sizes = {}
    for kind, suffix in (("csv", "csv"), ("parquet", "parquet")):
        path = site.reader.folder / kind / f"{row['name']}.{suffix}"
        sizes[kind] = path.stat().st_size if path.is_file() else 0
    return {**row, "rows": site.reader.count(row["name"]), **sizes}
