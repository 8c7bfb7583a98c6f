"""Packaged lists: each row cited, none that the corpus contradicts, landed without a network."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from observatory.errors import BadInput
from observatory.intake import take_in
from observatory.settings import Settings
from observatory.sources import _packaged
from observatory.sources.base import get
from tests.sources.reading import Result, read

LISTS = ("local_authorities", "public_bodies")
SOURCES = pytest.mark.parametrize("source_id", LISTS)


def data(source_id: str) -> bytes:
    return (_packaged.FOLDER / f"{source_id}.csv").read_bytes()


def packaged(source_id: str, folder: Path) -> Result:
    return read(source_id, data(source_id), folder, f"{source_id}.csv")


@SOURCES
def test_every_row_is_read_and_cited(source_id: str, tmp_path: Path) -> None:
    result = packaged(source_id, tmp_path)
    assert result.issues == []
    assert len(result.rows) == data(source_id).count(b"\n") - 1
    assert all(row["source_url"].startswith("https://") for row in result.rows)
    assert result.receipt.published_on == max(row["recorded_on"] for row in result.rows)


@SOURCES
def test_it_lands_without_a_network_once(source_id: str, home: Settings) -> None:
    source = get(source_id)
    assert source.local
    first = take_in(source, home, offline=True)
    assert (first.problem, [one.receipt.origin for one in first.new]) == ("", ["seed"])
    assert take_in(source, home, offline=True).new == []


@SOURCES
def test_a_row_without_a_citation_is_left_out(source_id: str, tmp_path: Path) -> None:
    lines = data(source_id).decode().splitlines()[:3]
    bare = lines[2].replace("https://", "in a book: ", 1)
    result = read(source_id, "\r\n".join([*lines[:2], bare, ""]).encode(), tmp_path)
    assert len(result.rows) == 1
    assert result.issue("unreadable-record")["severity"] == "quarantined"


@SOURCES
def test_other_files_are_refused(source_id: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="lacks"):
        read(source_id, data(source_id).replace(b"source_url", b"url", 1), tmp_path)


def test_authorities_are_complete_and_counted_by_region(tmp_path: Path) -> None:
    rows = packaged("local_authorities", tmp_path).rows
    assert Counter(row["lad_code"][0] for row in rows) == {"E": 296, "S": 32, "W": 22, "N": 11}
    regions = Counter(row["region_name"] for row in rows)
    assert (regions["London"], regions["North East"], len(regions)) == (33, 12, 12)
    assert {r["region_code"] for r in rows if r["lad_code"].startswith("N")} == {"N92000002"}


def test_bodies_have_one_id_and_their_dates(tmp_path: Path) -> None:
    rows = packaged("public_bodies", tmp_path).rows
    assert len({row["body_id"] for row in rows}) == len(rows)
    named = {row["name"]: row for row in rows}
    trust = named["MANCHESTER UNIVERSITY NHS FOUNDATION TRUST"]
    assert (trust["body_id"], trust["started_on"], trust["ended_on"]) == (
        "GB-NHS-R0A",
        date(2017, 10, 1),
        None,
    )
    assert named["NHS DARLINGTON CCG"]["ended_on"] == date(2020, 3, 31)
    county = named["Northamptonshire County Council"]
    assert (county["ended_on"], county["gss_code"]) == (date(2021, 4, 1), "E10000021")
    assert county["source_url"].endswith("/uksi/2020/156")
    assert named["Hull City Council"]["gss_code"] == "E06000010"
    assert named["Department for Education"]["kind"] == "department"
    for row in rows:
        assert not (row["started_on"] and row["ended_on"] and row["started_on"] > row["ended_on"])


def test_no_two_councils_share_an_area_code(tmp_path: Path) -> None:
    rows = packaged("public_bodies", tmp_path).rows
    codes = Counter(row["gss_code"] for row in rows if row["gss_code"])
    assert max(codes.values()) == 1


@pytest.mark.corpus
def test_the_packaged_facts_are_those_of_the_corpus(corpus: Path, tmp_path: Path) -> None:
    bodies = {r["body_id"]: r for r in packaged("public_bodies", tmp_path / "b").rows}
    for name in ("ods_etr_2026-01.csv", "ods_eccg_2026-01.csv"):
        with (corpus / "public_bodies" / name).open(newline="") as file:
            for row in csv.reader(file):
                mine = bodies[f"GB-NHS-{row[0]}"]
                dates = [
                    f"{day:%Y%m%d}" if day else "" for day in (mine["started_on"], mine["ended_on"])
                ]
                assert [mine["name"], *dates] == [row[1], row[10], row[11]]
    names = {row["name"] for row in bodies.values()}
    folder = corpus / "companies_house/names-2018-06"
    with gzip.open(folder / "local-authority.txt.gz", "rt", encoding="utf-8") as file:
        councils = {" ".join(row[0].split()) for row in csv.reader(file)}
    assert councils <= names
    places = json.loads((corpus / "geography/lad_region.json").read_text())
    for district in packaged("local_authorities", tmp_path / "l").rows:
        place = places[district["lad_code"]]
        assert (district["lad_name"], district["region_code"]) == (
            place["name"].strip(),
            place["region_code"],
        )
