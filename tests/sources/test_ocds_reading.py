"""Notices at large: the order of lines, the shape of what is read, one bad release among good ones.

What belongs here: what every source of notices owes to the one reader. What does not: a
publisher's own codes and fields (the tests of its module).
"""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from observatory import ocds, ocds_lines
from observatory.errors import BadInput, PermanentError
from observatory.ocds_text import Problem
from tests.sources.reading import Result, read

STAMP = "2026-11-22T10:00:00Z"


def release(number: int, **more: object) -> str:
    """A fictional release as a line."""
    one = {"ocid": f"ocds-fictional-{number}", "id": f"f-{number}", "date": STAMP, "tag": ["award"]}
    return json.dumps({**one, **more})


def lines(*releases: str) -> bytes:
    return "\n".join([*releases, ""]).encode()


def package(*releases: str) -> bytes:
    head = f'{{"version": "1.1", "publishedDate": "{STAMP}", "releases": ['
    return f"{head}{', '.join(releases)}]}}".encode()


def read_bodies(folder: Path, *bodies: bytes) -> tuple[list[tuple[str, str]], list[Problem]]:
    """Return locator and id of each release in the order of the lake, and what was wrong."""
    paths = [folder / f"body_{number}" for number in range(len(bodies))]
    for path, body in zip(paths, bodies, strict=True):
        path.write_bytes(body)
    con = duckdb.connect()
    problems = ocds.read(con, paths, folder)
    return con.execute("select locator, release_id from ocds_release").fetchall(), problems


@pytest.fixture
def small_buffers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Buffers of which a small body fills many."""
    monkeypatch.setattr(ocds_lines, "_USUAL_SIZE", "max_line_size = 10000, buffer_size = 20000")


@pytest.mark.usefixtures("small_buffers")
def test_lines_keep_their_order_and_their_numbers(tmp_path: Path) -> None:
    # Releases of unequal length; every seventh must be mended, every fifth holds an address.
    bodies = [
        release(
            n,
            tender={"title": f"A &amp; B {n}" if n % 7 == 0 else "x" * (n % 90)},
            awards=[{"id": "1", "suppliers": [{"id": "s", "name": "a@fictional.example"}]}]
            if n % 5 == 0
            else [],
        )
        for n in range(1, 3001)
    ]
    found, problems = read_bodies(tmp_path, lines(*bodies))
    assert found == [(f"line {n}", f"f-{n}") for n in range(1, 3001)]
    assert [one.locator for one in problems] == [f"line {n}" for n in range(7, 3001, 7)]


@pytest.mark.usefixtures("small_buffers")
def test_a_body_that_fails_halfway_is_read_again_without_a_trace(tmp_path: Path) -> None:
    good = [release(n) for n in range(1, 501)]
    found, problems = read_bodies(
        tmp_path,
        lines(*good),
        lines(*good, "{no json", *good[:2]),
        package(*good[:3]),
        lines(*good),
    )
    assert found == [
        *((f"line {n}", f"f-{n}") for n in range(1, 501)),
        *((f"line {n}", f"f-{n}") for n in range(1, 501)),
        ("line 502", "f-1"),
        ("line 503", "f-2"),
        *((f"/releases/{n}", f"f-{n + 1}") for n in range(3)),
        *((f"line {n}", f"f-{n}") for n in range(1, 501)),
    ]
    assert [(one.kind, one.locator) for one in problems] == [("unreadable-release", "line 501")]


def test_a_line_that_duckdb_loses_stops_the_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ocds_lines.clean_lines
    monkeypatch.setattr(ocds_lines, "clean_lines", lambda path: f"{whole(path)} limit 2")
    with pytest.raises(PermanentError, match="read 2 of 3 lines"):
        read_bodies(tmp_path, lines(release(1), release(2), release(3)))


WRONG = {
    "parties": ({"id": "1"}, "parties"),
    "awards": ("none", "awards"),
    "contracts": ({"id": "1"}, "contracts"),
    "tag": ("award", "tag"),
    "tender": ([{"title": "a"}], "tender"),
    "buyer": ("Fictional Council", "buyer"),
    "planning": ([], "planning"),
}
INSIDE = {
    "parties": (["Fictional CIC", {"id": "1"}], "parties"),
    "awards": ([{"id": "1"}, "2"], "awards"),
    "contracts": ([[], {"id": "1"}], "contracts"),
    "suppliers": ([{"id": "1", "suppliers": {"id": "s"}}], "awards.suppliers"),
}
# One level further down, in a release that nothing else would have mended.
NESTED = {
    "parties": ([{"id": "1", "identifier": "GB-COH-99000001"}], "parties.identifier"),
    "awards": ([{"id": "1", "value": "5000"}], "awards.value"),
    "contracts": ([{"id": "1", "value": [5000]}], "contracts.value"),
    "tender": ({"title": "a", "value": 5000}, "tender.value"),
}


@pytest.mark.parametrize("packed", [lines, package])
@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        (field, value, named)
        for given in (WRONG, INSIDE, NESTED)
        for field, (value, named) in given.items()
    ],
)
def test_another_shape_is_reported_and_the_rest_is_kept(
    field: str, value: object, named: str, packed: object, tmp_path: Path
) -> None:
    assert callable(packed)
    more: dict[str, object] = {"awards" if field == "suppliers" else field: value}
    found = read("contracts_finder", packed(release(1), release(2, **more)), tmp_path, "given.json")
    assert [row["release_id"] for row in found.rows] == ["f-1", "f-2"]
    wrong = found.issue("wrong-shape")
    assert wrong["field"] == named
    assert wrong["locator"] in ("line 2", "/releases/1")


def test_an_empty_entry_says_nothing_and_is_not_reported(tmp_path: Path) -> None:
    found = read("contracts_finder", lines(release(1, parties=[None, {"id": "1"}])), tmp_path)
    assert [party["id"] for party in found.rows[0]["parties"]] == ["1"]
    assert found.kinds() == []


def nested(levels: int) -> str:
    """A release with a field of that many levels."""
    return release(9)[:-1] + ', "x": ' + '{"a": ' * levels + "1" + "}" * levels + "}"


def ids(found: Result) -> list[str]:
    return [row["release_id"] for row in found.rows]


def test_a_release_nested_far_too_deeply_is_quarantined_alone(tmp_path: Path) -> None:
    found = read("contracts_finder", package(release(1), nested(2000), release(2)), tmp_path)
    assert ids(found) == ["f-1", "f-2"]
    assert found.issue("unreadable-release")["locator"] == "/releases/1"


def test_a_line_nested_far_too_deeply_does_not_refuse_the_others(tmp_path: Path) -> None:
    # DuckDB reads it; Python, which must mend the second, does not.
    torn = nested(2000).replace('"tag"', '"tender": {"title": "A &amp; B"}, "tag"')
    found = read("contracts_finder", lines(release(1), nested(2000), torn, release(2)), tmp_path)
    assert ids(found) == ["f-1", "f-9", "f-2"]
    assert found.issue("unreadable-release")["locator"] == "line 3"


@pytest.mark.parametrize(
    ("form", "locators"),
    [
        ("laid out", ["line 1"]),
        ("list", ["/0", "/1"]),
        ("list laid out", ["/0", "/1"]),
        ("packages in a list", ["/0/releases/0", "/0/releases/1"]),
        ("packages, one a line", ["line 1/releases/0", "line 2/releases/0"]),
        ("records", ["/records/0/releases/0", "/records/0/releases/1"]),
        ("records that link", ["/records/0/compiledRelease"]),
        ("a record a line", ["line 1/releases/0", "line 1/releases/1"]),
    ],
)
def test_whatever_releases_are_wrapped_in(tmp_path: Path, form: str, locators: list[str]) -> None:
    """Every form in which a publisher of OCDS, or a person who saved its answer, gives releases."""
    both = [json.loads(release(1)), json.loads(release(2))]
    link = [{"url": "https://fictional.example/1", "date": STAMP, "tag": ["award"]}]
    record = {"ocid": both[0]["ocid"], "compiledRelease": both[0]}
    whole = {**record, "releases": both}
    head = {"version": "1.1", "publishedDate": STAMP}
    body = {
        "laid out": json.dumps(both[0], indent=2),
        "list": json.dumps(both),
        "list laid out": json.dumps(both, indent=1),
        "packages in a list": json.dumps([{**head, "releases": both}]),
        "packages, one a line": "\n".join(json.dumps({**head, "releases": [r]}) for r in both),
        "records": json.dumps({**head, "records": [whole]}),
        "records that link": json.dumps({**head, "records": [{**record, "releases": link}]}),
        "a record a line": json.dumps(whole) + "\n" + json.dumps(whole),
    }[form]
    result = read("find_a_tender", body.encode(), tmp_path, "given.json")
    assert [row["locator"] for row in result.rows][: len(locators)] == locators
    assert {row["release_id"] for row in result.rows} <= {"f-1", "f-2"}
    assert result.receipt.published_on.isoformat() == STAMP[:10]
    assert [one for one in result.issues if one["severity"] != "unmapped"] == []


def test_a_package_of_something_else_is_refused(tmp_path: Path) -> None:
    """It must not pass for a day without notices."""
    body = json.dumps({"version": "1.1", "publishedDate": STAMP, "notices": [release(1)]})
    with pytest.raises(BadInput, match="neither a release package"):
        read("find_a_tender", body.encode(), tmp_path, "given.json")
