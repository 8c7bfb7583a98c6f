"""Crosswalks between charities and companies: both files, faults, the live reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from observatory.errors import BadInput
from observatory.settings import Settings
from tests.loopback import Answer, Loopback
from tests.sources.reading import failure, fixture, read, refresh

FILES = {"cio_companies": "cio-company-numbers", "charity_companies": "charity-company-numbers"}
SOURCES = pytest.mark.parametrize(("source_id", "name"), FILES.items())


def data(source_id: str) -> bytes:
    return fixture(source_id, f"{FILES[source_id]}.csv")


def test_a_cio_is_a_company_number_and_a_charity_number(tmp_path: Path) -> None:
    result = read("cio_companies", data("cio_companies"), tmp_path)
    assert result.issues == []
    assert (result.rows[0]["org_id_a"], result.rows[0]["org_id_b"]) == (
        "GB-COH-CE008706",
        "GB-CHC-1169028",
    )
    assert {row["org_id_a"][:9] for row in result.rows} == {"GB-COH-CE", "GB-COH-CS"}
    assert result.rows[0]["locator"] == "line 2"


def test_a_charity_has_a_company_number_of_any_nation(tmp_path: Path) -> None:
    result = read("charity_companies", data("charity_companies"), tmp_path)
    assert result.issues == []
    schemes = {row["org_id_a"].rsplit("-", 1)[0] for row in result.rows}
    assert schemes == {"GB-CHC", "GB-SC", "GB-NIC"}
    assert result.rows[0]["org_name"] == "DENTON BURN COMMUNITY ASSOCIATION"
    assert result.rows[0]["source_note"] == "Company Numbers for Charities"


@SOURCES
def test_pairs_of_other_registers_are_quarantined(
    source_id: str, name: str, tmp_path: Path
) -> None:
    extra = b"GB-MPR-1,GB-LAE-X" + b",x" * (data(source_id).split(b"\n")[0].count(b",") - 1)
    result = read(source_id, data(source_id) + extra + b"\r\n", tmp_path)
    assert result.issue("unreadable-record")["severity"] == "quarantined"


@SOURCES
def test_a_renamed_column_is_refused(source_id: str, name: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="lacks 'org_id_b'"):
        read(source_id, data(source_id).replace(b"org_id_b", b"other_id", 1), tmp_path)


@SOURCES
def test_live_lands_when_it_changed(
    source_id: str, name: str, home: Settings, loopback: Loopback
) -> None:
    path = f"/drkane/charity-lookups/main/relationships/{name}.csv"
    loopback.route(path, data(source_id), headers={"ETag": '"1"'})
    first = refresh(source_id, home, loopback)
    assert (first.problem, first.read[0].rows) == ("", data(source_id).count(b"\n") - 1)
    assert refresh(source_id, home, loopback).new == []
    changed = data(source_id) + data(source_id).splitlines(keepends=True)[-1].replace(b"9", b"8")
    loopback.route(path, changed, headers={"ETag": '"2"'})
    assert len(refresh(source_id, home, loopback).new) == 1
    assert refresh(source_id, home, loopback).new == []
    loopback.sequence(path, [Answer(b"<html>x</html>", content_type="text/html")])
    assert "HTML page" in str(failure(refresh(source_id, home, loopback)))


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("source_id", "rows"), [("cio_companies", 52_461), ("charity_companies", 4_399)]
)
def test_the_corpus_loses_nothing(corpus: Path, tmp_path: Path, source_id: str, rows: int) -> None:
    name = f"relationships_{FILES[source_id]}.csv"
    result = read(source_id, (corpus / "charities" / name).read_bytes(), tmp_path)
    lost = [i for i in result.issues if i["kind"] in ("unreadable-record", "conflicting-duplicate")]
    assert lost == []
    assert len(result.rows) + result.kinds().count("duplicate") == rows
