"""What other people's programs make of a release: validators that share no code with ours.

``frictionless`` reads the Data Package, ``csvw`` the CSV on the Web metadata, ``rdflib`` and
``pyshacl`` the catalogue's description. None of them asks the network.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import csvw
import pyshacl
import rdflib
from frictionless import validate

# What a harvester of DCAT 3 needs of a dataset and of each file, as shapes.
_SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
[] a sh:NodeShape ; sh:targetClass dcat:Dataset ;
  sh:property [ sh:path dct:title ; sh:minCount 1 ; sh:datatype <http://www.w3.org/1999/02/22-rdf-syntax-ns#langString> ] ;
  sh:property [ sh:path dct:description ; sh:minCount 1 ] ;
  sh:property [ sh:path dct:identifier ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path dcat:version ; sh:minCount 1 ; sh:maxCount 1 ; sh:pattern "^v[0-9.]+$" ] ;
  sh:property [ sh:path dct:issued ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:date ] ;
  sh:property [ sh:path dct:license ; sh:nodeKind sh:IRI ] ;
  sh:property [ sh:path dct:source ; sh:minCount 1 ; sh:node [
    sh:property [ sh:path dct:title ; sh:minCount 1 ] ;
    sh:property [ sh:path dct:publisher ; sh:minCount 1 ; sh:class foaf:Agent ] ] ] ;
  sh:property [ sh:path dcat:distribution ; sh:minCount 1 ; sh:class dcat:Distribution ] .
[] a sh:NodeShape ; sh:targetClass dcat:Distribution ;
  sh:property [ sh:path dct:title ; sh:minCount 1 ] ;
  sh:property [ sh:path dcat:downloadURL ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ;
  sh:property [ sh:path dcat:mediaType ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ;
  sh:property [ sh:path dcat:byteSize ; sh:maxCount 1 ; sh:datatype xsd:nonNegativeInteger ] ;
  sh:property [ sh:path spdx:checksum ; sh:maxCount 1 ; sh:node [
    sh:property [ sh:path spdx:checksumValue ; sh:minCount 1 ; sh:datatype xsd:hexBinary ] ] ] .
"""  # noqa: E501 - a line a property
# Only so that relative addresses become absolute; nothing asks for it.
BASE = "https://example.org/releases/version/dcat.jsonld"


def frictionless_problems(folder: Path) -> list[str]:
    """Every error that frictionless finds in the package, row by row: ``table: message``."""
    report = validate(str(folder / "datapackage.json"))
    told = [error.message for error in report.errors]
    told += [f"{task.name}: {error.message}" for task in report.tasks for error in task.errors]
    # A warning says that something was left unread.
    return told + [str(warning) for task in report.tasks for warning in task.warnings]


def csvw_problems(folder: Path) -> list[str]:
    """What csvw finds. Not strict: strict validation refuses a foreign key that may be null."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            read = csvw.CSVW(str(folder / "csv-metadata.json"), validate=True, strict=False)
            valid = read.is_valid
        except ValueError as error:
            return [str(error)]
    told = [str(one.message) for one in (*caught, *read.warnings)]
    return told if told or valid else ["not valid"]


def graph(folder: Path) -> rdflib.Graph:
    """The catalogue's description as a graph, read without a network."""
    with warnings.catch_warnings():
        # rdflib's own parser uses a class that rdflib calls old.
        warnings.simplefilter("ignore", DeprecationWarning)
        return rdflib.Graph().parse(folder / "dcat.jsonld", format="json-ld", publicID=BASE)


def dcat_problems(described: rdflib.Graph) -> str:
    """The report of the shapes; an empty text when ``described`` conforms."""
    shapes = rdflib.Graph().parse(data=_SHAPES, format="turtle")
    conforms, _, text = pyshacl.validate(described, shacl_graph=shapes)
    return "" if conforms else str(text)
