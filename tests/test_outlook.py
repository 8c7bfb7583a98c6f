"""What keeps a bad version out, how long a source is shown as stale, and what comes next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from observatory import build, outlook
from observatory.answers import status
from observatory.build import failing
from observatory.intake import Intake, standing_folder, take_in
from observatory.lake import Lake
from observatory.landing.http import Publisher
from observatory.landing.receipts import Receipt, Scope
from observatory.settings import PROJECT_ROOT, Settings
from observatory.sources.base import Bounds, Download, Source, get, registry

HEADER = "org_id_a,org_id_b,org_name,relationship,source\n"
SOURCE = get("mutual_companies")


def _rows(count: int) -> str:
    lines = (f"GB-MPR-{n}R,GB-COH-IP{n:05}R,Fictional {n},sameas,x\n" for n in range(1, count + 1))
    return HEADER + "".join(lines)


def _served(folder: Path, rows: int, day: int, bounds: Bounds | None = None) -> Source:
    """The source with a publisher that serves so many rows, under a date of November 2026."""

    def fetch(_: Publisher, __: Sequence[Receipt]) -> Iterator[Download]:
        path = folder / f"{day}.csv"
        path.write_text(_rows(rows), encoding="utf-8")
        scope = Scope("whole")
        yield Download(path, path.name, "https://x.example/a", {}, date(2026, 11, day), scope=scope)

    return replace(SOURCE, fetch=fetch, bounds=bounds)


def _taken(home: Settings, source: Source) -> Intake:
    return take_in(source, home, offline=False)


def test_too_few_records_keep_the_version_before(home: Settings) -> None:
    good = _taken(home, _served(home.home, 120, 1, Bounds(100, 200)))
    assert good.problem == ""
    bad = _taken(home, _served(home.home, 95, 2, Bounds(100, 200)))
    assert "holds 95 records, where at least 100 are expected" in bad.problem
    (held,) = Lake(home.lake).snapshots(SOURCE.id, SOURCE.reader_version)
    assert held.rows == 120
    assert not bad.changed


def test_too_many_records_only_warn(home: Settings) -> None:
    assert _taken(home, _served(home.home, 120, 1, Bounds(10, 100))).problem == ""
    with duckdb.connect() as con:
        Lake(home.lake).attach(con, {SOURCE.id: SOURCE})
        said = con.sql("select kind, severity from lake.data_issues").fetchall()
    assert ("more-than-expected", "drift") in said


def test_a_whole_version_that_lost_a_quarter_of_its_records_is_not_read(home: Settings) -> None:
    _taken(home, _served(home.home, 200, 1))
    # As many bytes, so that the landing's own look at the size lets it pass.
    source = _served(home.home, 200, 2)
    fewer = _rows(140) + "".join(f"# {'x' * 40}\n" for _ in range(60))

    def fetch(_: Publisher, __: Sequence[Receipt]) -> Iterator[Download]:
        path = home.home / "2.csv"
        path.write_text(fewer.replace("# ", ",,"), encoding="utf-8")
        scope = Scope("whole")
        yield Download(path, path.name, "https://x.example/a", {}, date(2026, 11, 2), scope=scope)

    bad = _taken(home, replace(source, fetch=fetch))
    assert "30% fewer than the whole edition of 2026-11-01" in bad.problem
    (held,) = Lake(home.lake).snapshots(SOURCE.id, SOURCE.reader_version)
    assert held.rows == 200


def test_a_failing_source_is_marked_until_it_is_well_again(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "registry", lambda: {SOURCE.id: SOURCE})
    _taken(home, _served(home.home, 120, 1, Bounds(100, 200)))
    before = build.lake_versions(home)
    _taken(home, _served(home.home, 95, 2, Bounds(100, 200)))
    assert failing(home) == {SOURCE.id: date(2026, 11, 23)}
    assert build.lake_versions(home) == before  # a failure starts no run of the models
    with duckdb.connect() as con:
        build.attach(home)(con)
        since = con.sql("select failing_since, snapshots from lake.sources").fetchall()
    assert since == [(date(2026, 11, 23), 1)]
    monkeypatch.setenv("OBSERVATORY_NOW", "2026-11-24T02:30:00+00:00")
    seen = outlook.of(SOURCE, home)
    assert seen.broken_since == "2026-11-23T02:30:00+00:00"
    assert seen.lag_days == 22
    (home.landing / "receipts" / SOURCE.id).rename(home.home / "away")  # as its remedy says
    assert _taken(home, _served(home.home, 120, 1, Bounds(100, 200))).problem == ""
    assert failing(home) == {}


def test_status_shows_the_last_event_and_what_comes_next(home: Settings) -> None:
    _taken(home, _served(home.home, 120, 1))
    table = status.as_rows(status.status(home))
    (row,) = [one for one in table.rows if one[0] == SOURCE.id]
    told = dict(zip(table.columns, row, strict=True))
    assert told["last event"] == "command at 2026-11-23T02:30:00+00:00"
    assert told["last success"] == "2026-11-23T02:30:00+00:00"
    assert told["next due"] == "2026-11-24T02:30:00+00:00"
    assert told["lag days"] == 22


@pytest.mark.parametrize(
    ("after", "night"),
    [
        ("2026-11-23T02:29:00+00:00", "2026-11-23T02:30:00+00:00"),
        ("2026-11-23T02:30:00+00:00", "2026-11-24T02:30:00+00:00"),
        ("2026-07-01T12:00:00+00:00", "2026-07-02T01:30:00+00:00"),
        ("2027-03-27T12:00:00+00:00", "2027-03-28T01:30:00+00:00"),  # the clocks go forward
        ("2026-10-24T12:00:00+00:00", "2026-10-25T02:30:00+00:00"),  # and back
    ],
)
def test_the_next_night(after: str, night: str) -> None:
    found = outlook.next_night(datetime.fromisoformat(after).astimezone(UTC))
    assert found == datetime.fromisoformat(night)


def test_a_bound_is_set_with_its_reason_in_the_same_line() -> None:
    for path in (PROJECT_ROOT / "observatory" / "sources").glob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if "bounds=Bounds(" in line:
                given = re.search(r"Bounds\(([\d_]+), ([\d_]+)\),  # (.{10,})", line)
                assert given, f"{path.name}: {line.strip()}"
                least, most = int(given[1]), int(given[2])
                counted = re.search(r"[\d,.]+", given[3])
                assert counted, f"{path.name}: the reason gives no count"
                assert 0 < least < most
    for source in registry().values():
        if source.bounds:
            assert source.default_scope.kind == "whole", source.id


def test_what_may_pass_is_told_apart_from_what_cannot(home: Settings) -> None:
    from observatory import standing
    from observatory.errors import BadInput, Unreachable

    for error, transient in (
        (Unreachable("no network"), True),
        (BadInput("no such column"), False),
    ):

        def fetch(
            _: Publisher, __: Sequence[Receipt], error: Exception = error
        ) -> Iterator[Download]:
            raise error

        take_in(replace(SOURCE, fetch=fetch), home, offline=False)
        assert standing.load(standing_folder(home), SOURCE.id).transient is transient
