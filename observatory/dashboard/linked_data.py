"""What pages say to programs: schema.org as JSON-LD, with an inline vocabulary and no network.

What belongs here: the dataset and an organisation in schema.org's words. What does not: a verdict,
which has no such word and would stand there without its reason.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from observatory.dashboard import words
from observatory.dashboard.reader import Row
from observatory.release.database import DATABASE
from observatory.release.datapackage import MEDIA_TYPES
from observatory.release.versions import Version
from observatory.release.wording import DESCRIPTION, KEYWORDS, TITLE

_CONTEXT = {"@vocab": "https://schema.org/"}
# Files of a release that are no table's, and the suffix that tells their media type.
_WHOLE = ((DATABASE, "duckdb"), ("organisations.jsonl", "jsonl"))


def dataset(version: str, tables: Sequence[Row], sources: Sequence[Row]) -> str:
    """The dataset, for search engines of data. No single licence is named, since none covers it
    all: each source stands with its own. Hashes are left out, since a file that carries the moment
    of its making would carry it into the page; the Data Package has them."""
    files = [
        (f"{table['name']} as {label}", f"../{kind}/{table['name']}.{kind}", kind)
        for table in tables
        for kind, label in (("csv", "CSV"), ("parquet", "Parquet"))
        if table[kind]
    ]
    files += [(name, f"../{name}", suffix) for name, suffix in _WHOLE]
    return _script(
        {
            "@type": "Dataset",
            "name": TITLE,
            "description": DESCRIPTION,
            "identifier": version,
            "version": version,
            "datePublished": Version.parse(version).day.isoformat(),
            "isAccessibleForFree": True,
            "spatialCoverage": "United Kingdom",
            "keywords": list(KEYWORDS),
            "creator": {"@type": "Organization", "name": "Mutuals Observatory"},
            "isBasedOn": [_source(one) for one in sources],
            "distribution": [
                {
                    "@type": "DataDownload",
                    "name": name,
                    "encodingFormat": MEDIA_TYPES[suffix],
                    "contentUrl": path,
                }
                for name, path, suffix in files
            ],
        }
    )


def organisation(row: Row, identifiers: Sequence[Row]) -> str:
    """An organisation as registers name it. It says who is meant, and nothing about mutuality."""
    numbers = [("org-id", row["org_id"])]
    numbers += [(one["scheme"], one["identifier"]) for one in identifiers]
    told: dict[str, Any] = {
        "@type": "Organization",
        "name": row["name"] or row["org_id"],
        "identifier": [
            {"@type": "PropertyValue", "propertyID": scheme, "value": value}
            for scheme, value in dict.fromkeys(numbers)
        ],
        "foundingDate": row["registered_on"].isoformat() if row.get("registered_on") else None,
        "dissolutionDate": row["ended_on"].isoformat() if row.get("ended_on") else None,
        "sameAs": words.web_link(row.get("register_url")) or None,
    }
    return _script({name: value for name, value in told.items() if value})


def _source(row: Row) -> dict[str, Any]:
    told = {
        "@type": "Dataset",
        "name": row["title"],
        "url": words.web_link(row["homepage"]),
        "creator": {"@type": "Organization", "name": row["publisher"]},
        "license": words.web_link(row["licence_url"]),
        "creditText": row["attribution"],
    }
    return {name: value for name, value in told.items() if value}


def _script(told: dict[str, Any]) -> str:
    """``told`` as the text of a script element; nothing in it may end the element: `<` is written
    as its escape."""
    text = json.dumps({"@context": _CONTEXT, **told}, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")
