"""``dcat.jsonld``: the release in the words that catalogues of data harvest (DCAT 3).

What belongs here: https://www.w3.org/TR/vocab-dcat-3/ as JSON-LD. Its context is inline, so that a
reader needs no network. What does not: columns (``datapackage.py``).
"""

from __future__ import annotations

from typing import Any

from observatory.release import licence_names
from observatory.release.database import DATABASE
from observatory.release.datapackage import MEDIA_TYPES
from observatory.release.manifest import FileEntry, Manifest
from observatory.release.wording import DESCRIPTION, KEYWORDS, NAME, TITLE

FILE = "dcat.jsonld"
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_UNITED_KINGDOM = "http://publications.europa.eu/resource/authority/country/GBR"
_IRREGULAR = "http://publications.europa.eu/resource/authority/frequency/IRREG"


def describe(manifest: Manifest) -> dict[str, Any]:
    """Return the dataset and its distributions, with addresses relative to the release."""
    tables = {entry.table.name: entry.table for entry in manifest.tables}
    dataset = {
        "@context": _CONTEXT,
        "@id": "./",
        "@type": "dcat:Dataset",
        "dct:identifier": f"{NAME}/{manifest.version}",
        "dct:title": _english(TITLE),
        "dct:description": _english(DESCRIPTION),
        "dcat:keyword": [_english(word) for word in KEYWORDS],
        "dcat:version": manifest.version,
        "dct:issued": {"@type": "xsd:date", "@value": manifest.built_at.date().isoformat()},
        "dct:language": {"@id": "http://publications.europa.eu/resource/authority/language/ENG"},
        "dct:spatial": {"@id": _UNITED_KINGDOM},
        "dct:accrualPeriodicity": {"@id": _IRREGULAR},
        "dct:conformsTo": {"@id": "https://datapackage.org/profiles/2.0/datapackage.json"},
        "dct:license": [{"@id": one.address} for one in licence_names.named(manifest.sources)],
        "dct:rights": [_english(one["attribution"]) for one in _attributed(manifest)],
        "dct:source": [_source(one) for one in manifest.sources],
        "dcat:distribution": [
            _distribution(entry, tables[entry.table].description if entry.table in tables else "")
            for entry in manifest.files
            if entry.path.rpartition(".")[2] in MEDIA_TYPES
        ],
    }
    if manifest.previous_version:
        dataset["dcat:prev"] = {"@id": f"../{manifest.previous_version}/"}
    return dataset


def _distribution(entry: FileEntry, description: str) -> dict[str, Any]:
    name, _, suffix = entry.path.rpartition(".")
    told: dict[str, Any] = {
        "@id": entry.path,
        "@type": "dcat:Distribution",
        "dct:title": _english(f"{name.rpartition('/')[2]} ({suffix})"),
        "dcat:downloadURL": {"@id": entry.path},
        "dcat:mediaType": {
            "@id": f"https://www.iana.org/assignments/media-types/{MEDIA_TYPES[suffix]}"
        },
    }
    if description and suffix in ("csv", "parquet"):
        told["dct:description"] = _english(" ".join(description.split()))
    if entry.path == DATABASE:
        # Its bytes may differ between two builds of the same facts; SHA256SUMS has its hash.
        return told
    return told | {
        "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(entry.size_bytes)},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@type": "xsd:hexBinary", "@value": entry.sha256},
        },
    }


def _source(terms: Any) -> dict[str, Any]:  # noqa: ANN401 - the terms of one source
    told: dict[str, Any] = {
        "@type": "dcat:Resource",
        "dct:identifier": terms["source"],
        "dct:title": _english(terms["title"]),
        "dct:publisher": {
            "@type": "foaf:Agent",
            "foaf:name": terms["publisher"],
        },
    }
    if terms.get("homepage"):
        told["dcat:landingPage"] = {"@id": terms["homepage"]}
    if terms["licence_url"]:
        told["dct:license"] = {"@id": terms["licence_url"]}
    return told


def _attributed(manifest: Manifest) -> list[Any]:
    return [one for one in manifest.sources if one["attribution"]]


def _english(text: str) -> dict[str, str]:
    return {"@language": "en", "@value": text}
