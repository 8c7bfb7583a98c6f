"""What every Open Contracting body must come through: odd lines, screening, and long files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from observatory.ocds_sql import COUNTED
from observatory.sources.contracts_finder import SOURCE
from tests.sources.reading import Result, read

Release = dict[str, Any]
HOME = "1 Fictional Lane"


def release(number: int, **more: object) -> Release:
    return {"ocid": f"ocds-fictional-{number}", "id": f"f-{number}", "tag": ["award"], **more}


def supplier(name: str, **more: object) -> Release:
    address = {"streetAddress": HOME, "locality": "Fictional Town"}
    return {"id": f"GB-CFS-{name}", "name": name, "roles": ["supplier"], "address": address, **more}


def lines(*releases: Release) -> bytes:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in releases).encode()


def taken(data: bytes, folder: Path) -> Result:
    return read(SOURCE.id, data, folder, "releases.jsonl")


def places(result: Result) -> list[tuple[str, str]]:
    return [(row["locator"], row["release_id"]) for row in result.rows]


CLEAN = lines(release(1), release(2, date="2024-05-01T00:00:00Z"), release(3))
FIRST, SECOND, THIRD = CLEAN.splitlines(keepends=True)
KEPT = [("line 1", "f-1"), ("line 2", "f-2"), ("line 3", "f-3")]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (CLEAN, KEPT),
        (CLEAN.rstrip(), KEPT),
        (CLEAN + b"\n\n", KEPT),
        (CLEAN.replace(b"\n", b"\r\n"), KEPT),
        (FIRST + b"\n" + SECOND + THIRD, [KEPT[0], ("line 3", "f-2"), ("line 4", "f-3")]),
        (FIRST + b"  \n" + SECOND, [KEPT[0], ("line 3", "f-2")]),
        (FIRST + b'{"ocid": "cut\n' + SECOND, [KEPT[0], ("line 3", "f-2")]),
        (FIRST + b"null\n" + SECOND, [KEPT[0], ("line 3", "f-2")]),
        (FIRST + SECOND.replace(b"f-2", b"f-\xe9"), [KEPT[0], ("line 2", "f-\u00e9")]),
        (FIRST.rstrip() + b"\x01\n" + SECOND, KEPT[:2]),
    ],
    ids=[
        "clean",
        "unended",
        "blank-end",
        "crlf",
        "blank",
        "spaces",
        "cut",
        "null",
        "cp1252",
        "x01",
    ],
)
def test_a_row_leads_back_to_its_line(
    data: bytes, expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    assert places(taken(data, tmp_path)) == expected


@pytest.mark.parametrize("length", [1_999_000, 3_999_999, 4_000_000, 5_000_000])
@pytest.mark.parametrize("place", [1, 3])
def test_a_very_long_line_is_not_lost(length: int, place: int, tmp_path: Path) -> None:
    """DuckDB's reader of lines has been seen to lose one that fills its buffer of 4 MB."""
    many = [release(number) for number in (1, 2, 3)]
    empty = len(lines({**many[place - 1], "description": ""}))
    many[place - 1]["description"] = "x" * (length - empty)
    assert places(taken(lines(*many), tmp_path)) == KEPT


@pytest.mark.parametrize("before", [0, 2_500])
def test_what_is_personal_is_taken_out_of_parties_and_awards(before: int, tmp_path: Path) -> None:
    told = supplier("Fictional Ltd, 01632 960123", identifier={"legalName": "a@fictional.example"})
    told["id"] = "GB-CFS-1"
    told["address"] = {
        "streetAddress": "ring +44 1632 960 123",
        "locality": " b@fictional.example ",
    }
    award = {"id": "1", "suppliers": [{"id": "1", "name": told["name"]}, None]}
    others = [release(number, parties=[supplier("Fictional Limited")]) for number in range(before)]
    result = taken(lines(*others, release(9_999, parties=[told], awards=[award])), tmp_path)
    row = result.rows[-1]
    (party,) = row["parties"]
    kept = (party["name"], party["legal_name"], party["street_address"], party["locality"])
    assert kept == (
        "Fictional Ltd, [telephone removed]",
        "[e-mail removed]",
        "ring [telephone removed]",
        "[e-mail removed]",
    )
    names = [one["name"] for one in row["awards"][0]["suppliers"]]
    assert names == ["Fictional Ltd, [telephone removed]", None]
    assert [one["locator"] for one in result.rows] == [f"line {n}" for n in range(1, before + 2)]
    for path in result.snapshot.folder.iterdir():
        assert b"960" not in path.read_bytes()


@pytest.mark.parametrize(
    ("party", "kept"),
    [
        (supplier("Ann Fictional"), None),
        (supplier(" Ann Fictional "), None),
        (supplier("Ann Fictional t/a Fictional Limited"), None),
        (supplier("Ann Fictional", roles=None), None),
        (supplier("Ann Fictional", roles=["buyer"]), HOME),
        (supplier("Ann Fictional", identifier={"scheme": "GB-COH", "id": "00000001"}), HOME),
        (supplier("Ann Fictional", identifier={"scheme": "GB-COH", "id": " "}), None),
        (supplier("Fictional Services Ltd"), HOME),
    ],
)
def test_a_home_is_not_kept(party: Release, kept: str | None, tmp_path: Path) -> None:
    (row,) = taken(lines(release(1, parties=[party])), tmp_path).rows
    (found,) = row["parties"]
    assert (found["name"], found["street_address"]) == (party["name"].strip(), kept)
    assert found["locality"] == "Fictional Town"


@pytest.mark.parametrize("space", [" ", "\t", "\n", "\r\n"])
def test_space_around_texts_goes_and_space_alone_is_none(space: str, tmp_path: Path) -> None:
    tender = {"title": f"{space}Fictional title{space}", "procurementMethod": space}
    (row,) = taken(lines(release(1, tender=tender)), tmp_path).rows
    assert (row["title"], row["procurement_method"]) == ("Fictional title", None)


def test_a_long_body_is_sampled_for_names_of_fields_and_says_so(tmp_path: Path) -> None:
    many = [release(number) for number in range(1, COUNTED + 20)]
    many[4]["early"] = many[COUNTED + 3]["unseen"] = many[COUNTED + 9]["tenth"] = 1
    result = taken(lines(*many), tmp_path)
    found = {one["field"]: one for one in result.issues if one["kind"] == "unknown-field"}
    assert sorted(found) == ["early", "tenth"]
    assert "a tenth of the others" in found["early"]["detail"]


def test_every_release_of_a_page_is_looked_through(tmp_path: Path) -> None:
    many = [release(number) for number in range(1, 101)]
    many[98]["new"] = 1
    issue = taken(lines(*many), tmp_path).issue("unknown-field")
    assert (issue["field"], issue["occurrences"]) == ("new", 1)
    assert "tenth" not in issue["detail"]


READ_ONE = """
import sys
from pathlib import Path
from observatory.lake import Lake
from observatory.landing.accept import land_file
from observatory.landing.store import Landing
from observatory.sources.base import Body
from observatory.sources.contracts_finder import SOURCE
landing, lake = Landing(Path(sys.argv[2])), Lake(Path(sys.argv[3]))
receipt = land_file(SOURCE, Path(sys.argv[1]), landing, origin="command").receipt
(snapshot,) = landing.snapshots(SOURCE.id)
read = lake.ingest(SOURCE, snapshot, [Body(landing.body(receipt), receipt)])
print(read.rows, "pandas" in sys.modules)
"""


def test_reading_does_not_import_pandas(tmp_path: Path) -> None:
    """Any query parameter makes DuckDB import it: as long as parsing thousands of releases."""
    body = tmp_path / "body.jsonl"
    body.write_bytes(CLEAN)
    given = [str(body), str(tmp_path / "landing"), str(tmp_path / "lake")]
    command = [sys.executable, "-c", READ_ONE, *given]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["3", "False"]
