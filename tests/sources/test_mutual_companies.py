"""The crosswalk of society and company numbers: many to many, grown by adding."""

from __future__ import annotations

from pathlib import Path

import pytest

from observatory.errors import BadInput
from observatory.settings import Settings
from tests.loopback import Loopback
from tests.sources.reading import failure, fixture, read, refresh

ID = "mutual_companies"
DATA = fixture(ID, "mutual-companies.csv")
PATH = "/drkane/charity-lookups/main/relationships/mutual-companies.csv"


def test_pairs_are_read_many_to_many(tmp_path: Path) -> None:
    result = read(ID, DATA, tmp_path)
    pairs = [(one["org_id_a"], one["org_id_b"]) for one in result.rows]
    assert len(pairs) == len(set(pairs)) == 14
    assert ("GB-MPR-129CUS", "GB-COH-IP000129") in pairs
    assert ("GB-MPR-129CUS", "GB-COH-RS00129S") in pairs
    assert ("GB-MPR-9456", "GB-COH-RS009456") in pairs
    assert ("GB-MPR-9456R", "GB-COH-RS009456") in pairs
    midlands = next(one for one in result.rows if one["org_id_a"] == "GB-MPR-7139")
    assert midlands["org_name"] == "Culture, Learning and Libraries (Midlands)"
    assert (midlands["relationship"], midlands["source_note"]) == ("sameas", "Mutual companies")
    assert midlands["locator"] == "line 11"
    assert result.issues == []


def test_pairs_that_cannot_be_believed_are_quarantined(tmp_path: Path) -> None:
    data = DATA + (
        b"GB-MPR-99001,GB-CHC-99001,Fictional Society Limited,sameas,Mutual companies\n"
        b",GB-COH-RS099001,Fictional Society Limited,sameas,Mutual companies\n"
        b"GB-MPR-31457R,GB-COH-IP031457,Leading Lives Limited,sameas,Mutual companies\n"
        b"GB-MPR-99002,GB-COH-RS099002,Fictional Parent Limited,parent,Mutual companies\n"
    )
    result = read(ID, data, tmp_path)
    assert len(result.rows) == 15
    lost = [issue for issue in result.issues if issue["severity"] == "quarantined"]
    assert [issue["locator"] for issue in lost] == ["line 16", "line 17"]
    assert lost[0]["value"] == "GB-CHC-99001"
    assert "GB-COH" in lost[0]["detail"]
    assert result.issue("duplicate")["locator"] == "line 18"
    assert result.issue("unmapped-value")["value"] == "parent"


def test_a_period_of_validity_would_be_drift(tmp_path: Path) -> None:
    data = b"\n".join(line + b"," for line in DATA.splitlines()).replace(
        b"source,", b"source,valid_to"
    )
    assert read(ID, data + b"\n", tmp_path).issue("unknown-column")["field"] == "valid_to"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"404: Not Found", "its header lacks 'org_id_a', 'org_id_b', 'relationship'"),
        (DATA.replace(b"org_id_b", b"company"), "its header lacks 'org_id_b'"),
        (DATA[:-45], "cut short"),
        (b"<html></html>", "HTML"),
    ],
)
def test_bad_files_are_refused(data: bytes, says: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r".") as refused:
        read(ID, data, tmp_path, "mutual-companies.csv")
    assert says in str(refused.value)
    assert "mutual-companies.csv" in str(refused.value)


@pytest.mark.corpus
def test_the_corpus_loses_nothing(corpus: Path, tmp_path: Path) -> None:
    data = (corpus / "fca_mutuals" / "mutual-companies-crosswalk.csv").read_bytes()
    result = read(ID, data, tmp_path)
    assert len(result.rows) == 12_252
    assert result.issues == []
    societies = [one["org_id_a"] for one in result.rows]
    companies = [one["org_id_b"] for one in result.rows]
    assert len(societies) - len(set(societies)) == 44
    assert len(companies) - len(set(companies)) == 2


def test_live_asks_by_etag(home: Settings, loopback: Loopback) -> None:
    loopback.route(PATH, DATA, headers={"ETag": 'W/"a1"'}, content_type="text/plain")
    first = refresh(ID, home, loopback)
    assert not first.problem
    assert len(first.new) == 1
    assert [one.rows for one in first.read] == [14]
    assert refresh(ID, home, loopback).new == []
    assert loopback.asked(PATH)[-1].header("If-None-Match") == 'W/"a1"'
    added = (
        DATA + b"GB-MPR-348IP,GB-COH-IP000348,Fane Valley Co-operative Society Limited,sameas,x\n"
    )
    loopback.route(PATH, added, headers={"ETag": 'W/"b2"'}, content_type="text/plain")
    assert len(refresh(ID, home, loopback).new) == 1
    assert refresh(ID, home, loopback).new == []


def test_live_without_the_file_says_where(home: Settings, loopback: Loopback) -> None:
    failed = failure(refresh(ID, home, loopback))
    assert "mutual-companies.csv" in str(failed)
