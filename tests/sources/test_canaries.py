"""A person planted where no publisher has one: no field that nobody listed reaches the lake.

What each publisher itself designates as personal is planted in its fixture and looked for in its
own tests. Here a name and a telephone number are put into a further column of every table, and
into every object of every document: what is kept is what a list allows, whatever else comes.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from observatory.intake import Intake
from observatory.settings import Settings
from observatory.sources.base import get
from tests.loopback import Loopback
from tests.sources.publishers import PUBLISHERS
from tests.sources.reading import fixture, read, refresh, table

CANARY, NUMBER = "Jane Canary", "01632 960123"
MARK = "\ufeff"
# Refused as another file than the publisher's, since their layouts have a fixed number of cells.
FIXED = frozenset({"ods_organisations"})


def planted(data: bytes) -> bytes:
    """The same file with the canary in a further column of its tables, and in every object."""
    if data.startswith(b"PK"):
        return _repacked(data)
    if data.startswith(b"\x1f\x8b"):
        return gzip.compress(planted(gzip.decompress(data)), mtime=0)
    text = data.decode("utf-8-sig")
    start = MARK if data.startswith(MARK.encode()) else ""
    if text.lstrip().startswith("<"):
        return data.replace(b"</body>", f"<p>{CANARY} {NUMBER}</p></body>".encode())
    if text.lstrip()[:1] in "[{":
        return (start + _json(text)).encode()
    return (start + _table(text)).encode()


def _repacked(data: bytes) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for one in old.infolist():
            new.writestr(zipfile.ZipInfo(one.filename, one.date_time), planted(old.read(one)))
    return target.getvalue()


def _json(text: str) -> str:
    try:
        return json.dumps(_in_every_object(json.loads(text)))
    except ValueError:
        lines = [json.dumps(_in_every_object(json.loads(one))) for one in text.splitlines() if one]
        return "".join(f"{line}\n" for line in lines)


def _in_every_object(node: object) -> object:
    if isinstance(node, dict):
        return {k: _in_every_object(v) for k, v in node.items()} | {
            "contactName": f"{CANARY} {NUMBER}"
        }
    return [_in_every_object(one) for one in node] if isinstance(node, list) else node


def _table(text: str) -> str:
    rows = list(csv.reader(io.StringIO(text)))
    width, target = len(rows[0]), io.StringIO()
    writer = csv.writer(target)
    writer.writerow([*rows[0], "Contact Name"])
    writer.writerows([*one, f"{CANARY} {NUMBER}"] if len(one) == width else one for one in rows[1:])
    return target.getvalue()


def kept(turn: Intake) -> Iterator[dict[str, Any]]:
    """All that a turn brought into the lake: rows of every dataset, and issues."""
    for snapshot in turn.read:
        for dataset in get(turn.source_id).datasets:
            yield from table(snapshot.parquet(dataset.name))
        yield from table(snapshot.folder / "issues.parquet")


def told(found: Iterator[dict[str, Any]] | list[dict[str, Any]]) -> str:
    return json.dumps(list(found), default=str, ensure_ascii=False).casefold()


@pytest.mark.parametrize("source_id", PUBLISHERS)
def test_a_person_in_a_field_that_nobody_listed_reaches_no_row_and_no_issue(
    source_id: str, home: Settings, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher = PUBLISHERS[source_id]
    body = publisher.planted or planted(publisher.body)
    publisher.ready(home, monkeypatch)
    publisher.serve(loopback)
    for path in publisher.files:
        loopback.route(path, body)
    turn = refresh(source_id, home, loopback)
    found = told(kept(turn))
    assert "canary" not in found
    assert NUMBER not in found
    if source_id in FIXED:
        assert "canary" not in turn.problem.casefold()
    else:
        assert turn.problem == ""
        assert sum(one.rows for one in turn.read) > 0


def test_the_same_for_a_file_that_is_given(tmp_path: Path) -> None:
    name = "supplier_matches.csv"
    result = read("nhs_spend", planted(fixture("nhs_spend", name)), tmp_path, name)
    assert result.rows
    assert "canary" not in told([*result.rows, *result.issues])


@pytest.mark.parametrize(
    ("data", "times"),
    [
        (b"a,b\n1,2\n", 1),
        (b'{"a": {"b": [{}]}}', 3),
        (b'{"a": 1}\n{"a": 2}\n', 2),
        (b"<html><body></body></html>", 1),
        (gzip.compress(b'[{"a": 1}]', mtime=0), 1),  # the time would be in the test's name
    ],
)
def test_the_canary_is_planted(data: bytes, times: int) -> None:
    made = planted(data)
    text = gzip.decompress(made) if made.startswith(b"\x1f") else made
    assert text.count(CANARY.encode()) == times
