"""``csv-metadata.json``: the CSV files in the words of CSV on the Web (CSVW).

What belongs here: https://www.w3.org/TR/tabular-metadata/, which GOV.UK recommends for tables.
What does not: licences and sources a table (``datapackage.py`` has them).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from observatory.release.contracts import ReleaseColumn, ReleaseTable
from observatory.release.datapackage import column_type
from observatory.release.formats import defused
from observatory.release.manifest import Manifest
from observatory.release.wording import DESCRIPTION, TITLE

FILE = "csv-metadata.json"
_TYPES: Mapping[str, str] = {
    "string": "string",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "datetime": "dateTime",
    "number": "double",
    "integer": "integer",
    "array": "json",
    "object": "json",
    "any": "string",
}


def describe(manifest: Manifest) -> dict[str, Any]:
    """Return the metadata of every CSV file of the release that ``manifest`` describes."""
    tables = {entry.table.name: entry.table for entry in manifest.tables}
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": TITLE,
        "dc:description": DESCRIPTION,
        "schema:version": manifest.version,
        "dialect": {
            "header": True, "delimiter": ",", "quoteChar": '"', "doubleQuote": True,
            "encoding": "utf-8", "lineTerminators": ["\r\n"],
        },
        "tables": [_table(table, tables) for table in tables.values()],
    }  # fmt: skip


def declared(metadata: Any) -> dict[str, tuple[list[str], list[str]]]:  # noqa: ANN401
    """Return the columns and the key that the metadata declare of each CSV file, by its path."""
    return {
        one["url"]: (
            [column["name"] for column in one["tableSchema"]["columns"]],
            one["tableSchema"].get("primaryKey", []),
        )
        for one in metadata["tables"]
    }


def _table(table: ReleaseTable, tables: Mapping[str, ReleaseTable]) -> dict[str, Any]:
    links = [
        {
            "columnReference": [column.name],
            "reference": {"resource": f"csv/{target}.csv", "columnReference": [key]},
        }
        for column in table.columns
        if (target := column.references.partition(".")[0]) in tables
        and not column.type.endswith("]")
        and tables[target].key == (key := column.references.partition(".")[2],)
    ]
    return {
        "url": f"csv/{table.name}.csv",
        "dc:title": table.name,
        "dc:description": " ".join(table.description.split()),
        "tableSchema": {
            "columns": [_column(column, table) for column in table.columns],
            **({"primaryKey": list(table.key)} if table.key else {}),
            **({"foreignKeys": links} if links else {}),
        },
    }


def _column(column: ReleaseColumn, table: ReleaseTable) -> dict[str, Any]:
    kind = column_type(column.type)
    is_key = column.name in table.key
    told: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "dc:description": " ".join(column.description.split()),
        "datatype": _datatype(column, kind),
    }
    if is_key and kind != "string":
        told["required"] = True
    if is_key and kind == "string":
        # A key is never null: its empty cell is an empty text. Nothing else may stand for null.
        told["null"] = []
    return told


def _datatype(column: ReleaseColumn, kind: str) -> Any:  # noqa: ANN401 - a name or an object
    base = _TYPES[kind]
    if not column.enum or kind == "array":
        return base
    words = "|".join(re.escape(defused(value)) for value in column.enum)
    return {"base": base, "format": f"^({words})$"}
