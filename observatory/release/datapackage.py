"""``datapackage.json``: the release as a Data Package, version 2.

What belongs here: tables, columns, keys, sources and licences in the words of
https://datapackage.org/standard/data-package/ (v2). What does not: the rules of the CSV files
themselves (``formats.py``).

The CSV files are its tables. The same tables as Parquet, the organisations and the DuckDB file
are named as plain files: readers of packages differ in what they make of those.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from observatory.release import licence_names
from observatory.release.contracts import ReleaseColumn, ReleaseTable
from observatory.release.database import DATABASE
from observatory.release.formats import defused
from observatory.release.manifest import FileEntry, Manifest, TableEntry
from observatory.release.wording import DESCRIPTION, NAME, TITLE

FILE = "datapackage.json"
_SCHEMA = "https://datapackage.org/profiles/2.0/datapackage.json"
MEDIA_TYPES = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "jsonl": "application/jsonl",
    "duckdb": "application/vnd.duckdb",
}
_TYPES: Mapping[str, str] = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP": "datetime",
    "DOUBLE": "number",
    "FLOAT": "number",
    "JSON": "any",
    **dict.fromkeys(
        ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT",
         "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"), "integer",
    ),
}  # fmt: skip


def describe(manifest: Manifest) -> dict[str, Any]:
    """Return the package of the release that ``manifest`` describes.

    The size and hash of the DuckDB file are left out: its bytes may differ between two builds
    of the same facts. ``SHA256SUMS`` has them.
    """
    return {
        "$schema": _SCHEMA,
        "name": NAME,
        "title": TITLE,
        "description": DESCRIPTION,
        "version": manifest.version,
        "created": manifest.built_at.isoformat(),
        "sources": [_source(one) for one in manifest.sources],
        "resources": [*_tables(manifest), *_plain_files(manifest)],
    }


def declared(package: Any) -> dict[str, tuple[list[str], list[str]]]:  # noqa: ANN401
    """Return the columns and the key that a package declares of each CSV file, by its path."""
    return {
        one["path"]: (
            [field["name"] for field in one["schema"]["fields"]],
            one["schema"].get("primaryKey", []),
        )
        for one in package["resources"]
        if one.get("type") == "table"
    }


def _tables(manifest: Manifest) -> list[dict[str, Any]]:
    files = {entry.path: entry for entry in manifest.files}
    keys = {entry.table.name: entry.table.key for entry in manifest.tables}
    return [
        _resource(entry, files[f"csv/{entry.table.name}.csv"], manifest, keys)
        for entry in manifest.tables
    ]


def _resource(
    entry: TableEntry, file: FileEntry, manifest: Manifest, keys: Mapping[str, tuple[str, ...]]
) -> dict[str, Any]:
    table = entry.table
    drawn_on = {source for column in table.columns for source in column.sources}
    terms = [one for one in manifest.sources if one["source"] in drawn_on]
    own = any(not column.sources for column in table.columns)
    return {
        "name": table.name,
        "type": "table",
        "path": file.path,
        "title": table.name,
        "description": " ".join(table.description.split()),
        "format": "csv",
        "mediatype": MEDIA_TYPES["csv"],
        "encoding": "utf-8",
        "bytes": file.size_bytes,
        "hash": f"sha256:{file.sha256}",
        "dialect": {
            "header": True, "delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"',
            "doubleQuote": True,
        },
        "schema": _schema(table, keys),
        "licenses": _licences(terms, own=own),
        "sources": [{"title": one["title"], "id": one["source"]} for one in terms],
    }  # fmt: skip


def _schema(table: ReleaseTable, keys: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    links = [
        {"fields": [column.name], "reference": {"resource": target, "fields": [key]}}
        for column in table.columns
        if (target := column.references.partition(".")[0])
        # A list refers with each of its values, which a foreign key cannot say.
        and not column.type.endswith("]")
        and keys.get(target) == (key := column.references.partition(".")[2],)
    ]
    for link in links:
        if link["reference"]["resource"] == table.name:  # type: ignore[index]
            del link["reference"]["resource"]  # type: ignore[attr-defined]
    return {
        "fields": [_field(column, table) for column in table.columns],
        "missingValues": [""],
        **({"primaryKey": list(table.key)} if table.key else {}),
        **({"foreignKeys": links} if links else {}),
    }


def _field(column: ReleaseColumn, table: ReleaseTable) -> dict[str, Any]:
    kind = column_type(column.type)
    field: dict[str, Any] = {
        "name": column.name,
        "type": kind,
        "description": " ".join(column.description.split()),
    }
    if kind == "boolean":
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    constraints: dict[str, Any] = {}
    if column.name in table.key:
        constraints["required"] = True
        if kind == "string":
            # A key is never null, so that an empty cell is an empty text.
            field["missingValues"] = []
    if column.enum and kind != "array":
        constraints["enum"] = [defused(value) for value in column.enum]
    if constraints:
        field["constraints"] = constraints
    further = {
        # The standard has `jsonSchema` for the items of a list, which frictionless refuses.
        "itemsEnum": list(column.enum) if kind == "array" else [],
        "unit": column.unit,
        "references": column.references,
        "mayBeRepublished": column.licence,
        "sourceIds": list(column.sources),
    }
    return field | {name: value for name, value in further.items() if value}


def column_type(kind: str) -> str:
    """Return the Data Package's name of a DuckDB type; ``any`` for one that it has no name of."""
    upper = kind.upper()
    if upper.endswith("]"):
        return "array"
    if upper.startswith(("STRUCT", "MAP")):
        return "object"
    if upper.startswith("DECIMAL"):
        return "number"
    return "string" if upper.startswith("ENUM") else _TYPES.get(upper, "any")


def _plain_files(manifest: Manifest) -> list[dict[str, Any]]:
    found = []
    for entry in manifest.files:
        suffix = entry.path.rpartition(".")[2]
        if suffix not in MEDIA_TYPES or suffix == "csv":
            continue
        fixed = {"bytes": entry.size_bytes, "hash": f"sha256:{entry.sha256}"}
        found.append(
            {
                "name": entry.path.rpartition("/")[2],
                "type": "file",
                "path": entry.path,
                "format": suffix,
                "mediatype": MEDIA_TYPES[suffix],
                **({} if entry.path == DATABASE else fixed),
            }
        )
    return found


def _licences(terms: list[Mapping[str, str]], *, own: bool) -> list[dict[str, str]]:
    found = [*licence_names.named(terms), *([licence_names.OWN] if own else [])]
    return [
        {**({"name": one.name} if one.name else {}), "path": one.address, "title": one.title}
        for one in found
    ]


def _source(terms: Mapping[str, str]) -> dict[str, str]:
    told = {
        "title": terms["title"],
        "path": terms.get("homepage", ""),
        "id": terms["source"],
        "publisher": terms["publisher"],
        "licence": terms["licence"],
        "licencePath": terms["licence_url"],
        "attribution": terms["attribution"],
        "republish": terms["republish"],
    }
    return {name: value for name, value in told.items() if value}
