"""What the pages say to programs can be read as linked data, is true, and does no harm."""

from __future__ import annotations

import json
import re
import warnings
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import rdflib

from tests.dashboard.fictional_rows import FORMULA, HOSTILE, MUTUAL, REJECTED, SCRIPT

SCHEMA = rdflib.Namespace("https://schema.org/")


class Scripts(HTMLParser):
    """The texts of the data blocks of a page, as a browser would cut them out."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag == "script" and dict(attrs).get("type") == "application/ld+json"

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.found.append(data)


def told(path: Path) -> list[Any]:
    return [json.loads(text) for text in Scripts(path.read_text(encoding="utf-8")).found]


def graph(content: Any) -> rdflib.Graph:  # noqa: ANN401 - whatever JSON holds
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        base = "https://example.org/site/data.html"
        return rdflib.Graph().parse(data=json.dumps(content), format="json-ld", publicID=base)


def test_the_data_page_names_every_file_and_every_source(folder: Path) -> None:
    (content,) = told(folder / "site" / "data.html")
    read = graph(content)
    (dataset,) = read.subjects(SCHEMA.version, rdflib.Literal(folder.name))
    assert (dataset, rdflib.RDF.type, SCHEMA.Dataset) in read
    named = {str(one) for one in read.objects(None, SCHEMA.contentUrl)}
    held = {
        f"../{path.relative_to(folder).as_posix()}"
        for path in folder.rglob("*")
        if path.suffix in (".csv", ".parquet", ".jsonl", ".duckdb") and "site" not in path.parts
    }
    assert named == held
    assert len(content["isBasedOn"]) > 20
    assert all(one["name"] and one["creator"]["name"] for one in content["isBasedOn"])
    assert content["datePublished"] == "2026-11-23"
    assert "license" not in content


def test_an_organisation_is_named_and_no_verdict_is_given(folder: Path) -> None:
    pages = folder / "site" / "organisations"
    (content,) = told(pages / f"{MUTUAL}.html")
    assert content["@type"] == "Organization"
    assert content["name"] == "Fictional Vale Home Care CIC"
    assert content["foundingDate"] == "2011-04-01"
    assert content["sameAs"] == "https://example.org/register"
    assert {"org-id", "XX-FIC"} == {one["propertyID"] for one in content["identifier"]}
    assert not re.search("mutual|verdict", json.dumps(content).casefold())
    assert (None, SCHEMA.name, rdflib.Literal(content["name"])) in graph(content)


def test_programs_are_told_of_nobody_that_is_kept_out_of_search(folder: Path) -> None:
    page = folder / "site" / "organisations" / f"{REJECTED}.html"
    assert "noindex" in page.read_text(encoding="utf-8")
    assert told(page) == []


def test_a_name_cannot_end_the_script_and_no_link_is_one_that_runs(folder: Path) -> None:
    page = folder / "site" / "organisations" / f"{HOSTILE}.html"
    (content,) = told(page)
    assert content["name"] == SCRIPT
    assert "sameAs" not in content  # the register's address was javascript:
    assert "<script>alert" not in page.read_text(encoding="utf-8")
    assert FORMULA not in json.dumps(content)
