"""What holds for every delimited register: dates in names, parts, a bound on size."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from observatory.errors import BadInput
from observatory.lake import Lake
from observatory.landing.accept import land_file
from observatory.landing.receipts import Scope
from observatory.landing.store import Landing
from observatory.sources._delimited import date_in_name
from observatory.sources._pages import links
from observatory.sources.base import get
from tests.sources.reading import fixture, ingest, table


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("open_data_organisations_2024_06.csv", date(2024, 6, 1)),
        ("open_data_economic_2016_06_0.csv", date(2016, 6, 1)),
        ("SocietyList-2024-04-12.csv", date(2024, 4, 12)),
        ("SocietyList.csv", None),
        ("list_2024_13.csv", None),
        ("list-2024-02-30.csv", None),
        ("2024_06.xlsx", None),
    ],
)
def test_dates_in_names(name: str, day: date | None) -> None:
    assert date_in_name(name) == day


def test_links_are_absolute_once_and_in_order() -> None:
    html = (
        "<a href=' /a/list.csv '>1</a><a href='//other.example/list.csv?v=2'>2</a>"
        "<a href='https://www.example.org/a/list.csv'>1 again</a><a href='b/LIST.csv'>3</a>"
        "<a href='/a/list.csv.pdf'>no</a><a name='list.csv'>no</a>"
    )
    found = links(html, "https://www.example.org/x/page", re.compile(r"list\.csv", re.IGNORECASE))
    assert found == [
        "https://www.example.org/a/list.csv",
        "https://other.example/list.csv?v=2",
        "https://www.example.org/x/b/LIST.csv",
    ]


def test_parts_make_one_snapshot_whose_places_name_the_part(tmp_path: Path) -> None:
    source = get("mutual_companies")
    header, *pairs = fixture(source.id, "mutual-companies.csv").splitlines(keepends=True)
    landing = Landing(tmp_path / "landing")
    for number, lines in ((2, pairs[7:]), (1, [*pairs[:7], pairs[9]])):
        path = tmp_path / f"part{number}.csv"
        path.write_bytes(header + b"".join(lines))
        day = date(2026, 7, 1)
        scope = Scope("part", number, 2)
        land_file(source, path, landing, origin="command", published_on=day, scope=scope)
    snapshot = ingest(source.id, landing, Lake(tmp_path / "lake"))
    places = [one["locator"] for one in table(snapshot.folder / f"{source.id}.parquet")]
    assert len(places) == len(set(places)) == len(pairs)
    assert places[0] == "part 1 line 2"
    assert places[-1] == "part 2 line 8"
    (issue,) = table(snapshot.folder / "issues.parquet")
    assert (issue["kind"], issue["locator"]) == ("duplicate", "part 2 line 4")
    assert "part 1 line 9" in issue["detail"]


def test_a_file_of_another_size_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(300 << 20)  # sparse: takes no room
    with pytest.raises(BadInput, match="more than 256 MiB"):
        get("fca_societies").check(path, "huge.csv")
