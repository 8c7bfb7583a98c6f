"""Companies House's monthly file: 55 columns, read whole, with every lost record accounted for."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from observatory.errors import BadInput
from observatory.lake import Lake
from observatory.landing.accept import land_file
from observatory.landing.receipts import Scope
from observatory.landing.store import Landing
from observatory.settings import Settings
from observatory.sources.base import Body, get
from tests.loopback import Loopback
from tests.sources.reading import Result, failure, fixture, ingest, read, refresh

ID = "companies_house_basic"
PART = "BasicCompanyData-2020-06-01-part6_7.csv"
ONE = "BasicCompanyDataAsOneFile-2020-06-01.csv"
ZIP = "BasicCompanyDataAsOneFile-2020-06-01.zip"
DATA = fixture(ID, PART)
HEADER, *RECORDS = DATA.rstrip(b"\r\n").split(b"\r\n")
PAGE_PATH = "/en_output.html"


def lines(*records: bytes, header: bytes = HEADER) -> bytes:
    return b"\r\n".join([header, *records]) + b"\r\n"


def zipped(data: bytes, *members: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members or (ONE,):
            archive.writestr(member, data)
    return target.getvalue()


def seen(folder: Path, columns: str) -> list[Any]:
    """Rows of the lake's view, with the locators that readers of the lake see."""
    with duckdb.connect() as con:
        Lake(folder / "home" / "lake").attach(con, {ID: get(ID)})
        return con.execute(f"select {columns} from lake.{ID}").fetchall()


def by_number(result: Result) -> dict[str, dict[str, Any]]:
    return {row["company_number"]: row for row in result.rows}


def test_a_real_file_is_read_typed_in_its_order(tmp_path: Path) -> None:
    result = read(ID, DATA, tmp_path, ONE)
    assert result.issues == []
    assert len(result.rows) == len(RECORDS) == 14
    company = by_number(result)["11990344"]
    assert company["company_name"] == "UNIQ FINANCE GROUP LTD"
    assert company["incorporated_on"] == date(2019, 5, 10)
    assert company["sic_1"] == "64205 - Activities of financial services holding companies"
    assert (company["sic_2"], company["dissolved_on"], company["general_partners"]) == (
        None,
        None,
        0,
    )
    society = by_number(result)["IP28116R"]
    assert society["company_category"] == "Registered Society"
    assert (society["sic_1"], society["confirmation_made_up_to"]) == (None, None)
    assert society["incorporated_on"] == date(1995, 1, 20)
    assert seen(tmp_path, "locator, company_number")[12] == ("record 13", "NO000171")


@pytest.mark.parametrize(
    ("name", "published", "scope"),
    [
        (PART, date(2020, 6, 1), Scope("part", 6, 7)),
        (ONE, date(2020, 6, 1), None),
        ("something-else.csv", None, None),
    ],
)
def test_the_name_says_date_and_part(
    tmp_path: Path, name: str, published: date | None, scope: Scope | None
) -> None:
    path = tmp_path / name
    path.write_bytes(DATA)
    promise = get(ID).check(path, name)
    assert (promise.published_on, promise.scope) == (published, scope)


def test_a_zip_gives_the_same_rows_as_its_member(tmp_path: Path) -> None:
    plain = read(ID, DATA, tmp_path / "a", ONE)
    packed = read(ID, zipped(DATA), tmp_path / "b", ZIP)
    assert packed.snapshot.content_hash == plain.snapshot.content_hash
    assert packed.receipt.published_on == date(2020, 6, 1)


def test_parts_make_one_snapshot_and_keep_their_places(tmp_path: Path) -> None:
    landing, lake = Landing(tmp_path / "home/landing"), Lake(tmp_path / "home/lake")
    broken = RECORDS[3].replace(b'","', b'"x","', 1)
    for part, records in ((2, RECORDS[7:]), (1, [*RECORDS[:3], broken, *RECORDS[4:7]])):
        path = tmp_path / f"BasicCompanyData-2020-06-01-part{part}_2.csv"
        path.write_bytes(lines(*records))
        land_file(get(ID), path, landing, origin="command")
    snapshot = ingest(ID, landing, lake)
    assert (snapshot.scope, snapshot.rows, snapshot.quarantined) == (Scope("whole"), 13, 1)
    locators = [
        row[0].removeprefix("BasicCompanyData-2020-06-01-") for row in seen(tmp_path, "locator")
    ]
    assert locators == [f"part1_2.csv record {n}" for n in (1, 2, 3, 5, 6, 7)] + [
        f"part2_2.csv record {n}" for n in range(1, 8)
    ]


def test_what_cannot_be_split_is_quarantined_with_line_and_reason(tmp_path: Path) -> None:
    data = lines(
        RECORDS[0],
        RECORDS[1] + b',"one too many"',
        RECORDS[2],
        RECORDS[3].rsplit(b",", 2)[0],
        RECORDS[4].replace(b"FAMILY", b'FAM"ILY'),
        RECORDS[5],
    )
    result = read(ID, data, tmp_path, ONE)
    assert [row["company_number"] for row in result.rows] == ["11990344", "11501421", "08089376"]
    assert [(one["locator"], one["value"]) for one in result.issues] == [
        ("record 2", "CE001178"),
        ("record 4", "10227069"),
        ("record 5", "12548794"),
    ]
    assert all(one["severity"] == "quarantined" for one in result.issues)
    assert "line 3: it has more columns" in result.issues[0]["detail"]
    assert "line 5: it has fewer columns" in result.issues[1]["detail"]
    assert "line 6: a quotation mark" in result.issues[2]["detail"]
    assert result.snapshot.quarantined == 3
    assert seen(tmp_path, "locator") == [("record 1",), ("record 3",), ("record 6",)]


def test_a_record_cut_short_does_not_swallow_the_next(tmp_path: Path) -> None:
    cut = RECORDS[1][:100]
    assert cut.count(b'"') % 2
    result = read(ID, lines(RECORDS[0], cut, RECORDS[2]), tmp_path, ONE)
    assert [row["company_number"] for row in result.rows] == ["11990344", "11501421"]
    assert result.issue("unreadable-record")["locator"] == "record 2"
    assert result.issue("open-cell")["locator"] == "line 3"


def test_a_cell_may_hold_a_line_break_and_doubled_quotes(tmp_path: Path) -> None:
    data = lines(
        RECORDS[0].replace(b"UNIQ FINANCE GROUP LTD", b'""UNIQ"", FINANCE\r\nGROUP LTD'), RECORDS[1]
    )
    result = read(ID, data, tmp_path, ONE)
    assert result.rows[0]["company_name"] == '"UNIQ", FINANCE\r\nGROUP LTD'
    assert (len(result.rows), result.issues) == (2, [])


def test_bytes_of_an_older_encoding_are_repaired_in_their_line_only(tmp_path: Path) -> None:
    data = lines(
        RECORDS[0].replace(b"UNIQ", "CAFÉ’S".encode()),
        RECORDS[1].replace(b"URCHFONT", b"CAF\xc9 \x92S " + "É".encode()),
    )
    for name, body in ((ONE, data), (ZIP, zipped(data))):
        result = read(ID, body, tmp_path / name, name)
        assert result.rows[0]["company_name"].startswith("CAFÉ’S")
        assert result.rows[1]["company_name"].startswith("CAFÉ ’S É")
        issue = result.issue("encoding")
        assert (issue["locator"], issue["value"]) == ("line 3", "É’")


def test_cells_that_cannot_be_typed_are_null_and_reported_as_published(tmp_path: Path) -> None:
    data = lines(
        RECORDS[0],
        RECORDS[2]
        .replace(b'"06/08/2018"', b'"31/02/2018"')
        .replace(b'"0","0","http', b'"0","x","http'),
    )
    result = read(ID, data, tmp_path, ONE)
    assert result.rows[1]["incorporated_on"] is None
    assert result.rows[1]["limited_partners"] is None
    assert [(one["locator"], one["field"], one["value"]) for one in result.issues] == [
        ("record 2", "IncorporationDate", "31/02/2018"),
        ("record 2", "LimitedPartnerships.NumLimPartners", "x"),
    ]
    assert {one["kind"] for one in result.issues} == {"unreadable-value"}


def test_spaces_around_a_cell_go(tmp_path: Path) -> None:
    data = lines(
        RECORDS[0]
        .replace(b'"UNIQ FINANCE', b'"  UNIQ FINANCE')
        .replace(b'"10/05/2019"', b'" 10/05/2019"'),
        RECORDS[2].replace(b'"United Kingdom"', b'"  "').replace(b'education"', b'education "'),
    )
    first, second = read(ID, data, tmp_path, ONE).rows
    assert (first["company_name"], first["incorporated_on"]) == (
        "UNIQ FINANCE GROUP LTD",
        date(2019, 5, 10),
    )
    assert (second["country_of_origin"], second["sic_1"]) == (
        None,
        "85410 - Post-secondary non-tertiary education",
    )


def test_words_that_nobody_mapped_are_counted_whatever_their_case(tmp_path: Path) -> None:
    data = DATA.replace(b'"Active"', b'"ACTIVE"').replace(
        b'"Community Interest Company"', b'"Fictional Company"'
    )
    result = read(ID, data, tmp_path, ONE)
    issue = result.issue("unmapped-value")
    assert (issue["field"], issue["value"], issue["occurrences"]) == (
        "CompanyCategory",
        "Fictional Company",
        3,
    )


def test_fields_that_may_name_a_person_never_reach_the_lake(tmp_path: Path) -> None:
    canary = b"FICTIONAL CANARY"
    marked = RECORDS[0].replace(b'"11990344","",""', b'"11990344","%s","%s"' % (canary, canary))
    assert canary in marked
    data = lines(
        marked, marked + b',"one too many"', marked.replace(b"FINANCE", b'FIN"ANCE'), *RECORDS
    )
    result = read(ID, data, tmp_path, ONE)
    assert result.snapshot.quarantined == 2
    assert canary.decode() not in str(result.rows) + str(result.issues)


def test_a_new_column_is_drift_and_a_renamed_one_is_refused(tmp_path: Path) -> None:
    wider = lines(*(one + b',"y"' for one in RECORDS), header=HEADER + b",Fictional.Column")
    result = read(ID, wider, tmp_path, ONE)
    assert len(result.rows) == 14
    assert (result.kinds(), result.issues[0]["field"]) == (["unknown-column"], "Fictional.Column")
    renamed = tmp_path / "renamed.csv"
    renamed.write_bytes(lines(*RECORDS, header=HEADER.replace(b"CompanyStatus", b"Status")))
    with pytest.raises(BadInput, match="lacks CompanyStatus"):
        get(ID).check(renamed, ONE)


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (HEADER + b"\r\n", ONE, "no record"),
        (zipped(DATA, "a.csv", "b.csv"), ZIP, "2 CSV files"),
        (DATA, "BasicCompanyDataAsOneFile-2020-13-01.csv", "no date"),
        (b'<html><body>"sorry"</body></html>', "else.csv", "lacks CompanyName"),
    ],
)
def test_files_that_are_not_what_was_promised_are_refused(
    tmp_path: Path, data: bytes, name: str, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(BadInput, match=says):
        get(ID).check(path, name)


def test_a_file_that_cannot_be_split_for_the_most_part_is_refused(tmp_path: Path) -> None:
    path = tmp_path / ONE
    path.write_bytes(lines(RECORDS[0], *(one + b',"x"' for one in RECORDS)))
    landing, lake = Landing(tmp_path / "landing"), Lake(tmp_path / "lake")
    land_file(get(ID), path, landing, origin="command")
    with pytest.raises(BadInput, match="cannot be split"):
        ingest(ID, landing, lake)
    assert lake.snapshots(ID) == []


def page(*names: str) -> str:
    return "".join(f'<li><a href="{name}">{name}\n  (377Mb)</a></li>' for name in names)


def test_the_newest_file_is_found_on_the_page_and_lands_once(
    home: Settings, loopback: Loopback
) -> None:
    loopback.route(
        PAGE_PATH, page("BasicCompanyDataAsOneFile-2020-05-01.zip", ZIP), content_type="text/html"
    )
    loopback.route(f"/{ZIP}", zipped(DATA), headers={"ETag": '"v1"'})
    first = refresh(ID, home, loopback)
    assert [(one.receipt.file_name, one.receipt.scope) for one in first.new] == [
        (ZIP, Scope("whole"))
    ]
    assert first.read[0].rows == 14
    second = refresh(ID, home, loopback)
    assert (second.new, second.problem) == ([], "")
    assert loopback.asked(f"/{ZIP}")[-1].header("If-None-Match") == '"v1"'
    changed = DATA.replace(b'"Active"', b'"Liquidation"', 1)
    loopback.route(f"/{ZIP}", zipped(changed), headers={"ETag": '"v2"'})
    assert len(refresh(ID, home, loopback).new) == 1
    assert refresh(ID, home, loopback).new == []


def test_without_the_one_file_all_its_parts_land(home: Settings, loopback: Loopback) -> None:
    names = [f"BasicCompanyData-2020-06-01-part{n}_2.zip" for n in (1, 2)]
    loopback.route(
        PAGE_PATH,
        page("BasicCompanyDataAsOneFile-2020-05-01.zip", *names),
        content_type="text/html",
    )
    for name, records in zip(names, (RECORDS[:7], RECORDS[7:]), strict=True):
        loopback.route(f"/{name}", zipped(lines(*records)))
    intake = refresh(ID, home, loopback)
    assert [str(one.receipt.scope) for one in intake.new] == ["part 1 of 2", "part 2 of 2"]
    assert [(one.rows, one.scope) for one in intake.read] == [(14, Scope("whole"))]
    loopback.route(PAGE_PATH, page(ZIP, *names), content_type="text/html")
    assert refresh(ID, home, loopback).new == []
    assert loopback.asked(f"/{ZIP}") == []


@pytest.mark.parametrize(
    ("html", "says"),
    [
        (page("BasicCompanyData-2020-06-01-part2_2.zip"), "nor part 1 of 2"),
        ("<html><h1>Sorry, the service is unavailable</h1></html>", "no link"),
    ],
)
def test_a_page_without_the_files_is_named(
    home: Settings, loopback: Loopback, html: str, says: str
) -> None:
    loopback.route(PAGE_PATH, html, content_type="text/html")
    assert says in str(failure(refresh(ID, home, loopback)))


def test_an_html_page_in_place_of_the_zip_is_refused(home: Settings, loopback: Loopback) -> None:
    loopback.route(PAGE_PATH, page(ZIP), content_type="text/html")
    loopback.route(f"/{ZIP}", b"<!DOCTYPE html><html>Sorry</html>", content_type="text/html")
    assert "HTML page" in str(failure(refresh(ID, home, loopback)))


@pytest.mark.corpus
def test_the_corpus_is_read_without_losing_a_record(corpus: Path, tmp_path: Path) -> None:
    folder = corpus / "companies_house" / "basic"
    landing, lake = Landing(tmp_path / "landing"), Lake(tmp_path / "lake")
    for path in sorted(folder.glob("BasicCompanyData*")):
        land_file(get(ID), path, landing, origin="command", scope=Scope("extract"))
    for snapshot in landing.snapshots(ID):
        bodies = [Body(landing.body(one), one) for one in snapshot.receipts]
        lake.ingest(get(ID), snapshot, bodies)
    with duckdb.connect() as con:
        lake.attach(con, {ID: get(ID)})
        assert con.execute(
            "select count(distinct company_number), count(*) from lake.companies_house_basic"
        ).fetchone() == (75_826, 75_827)
        assert con.execute("select count(*) from lake.data_issues").fetchone() == (0,)


@pytest.mark.corpus
def test_the_index_page_of_2020_names_its_one_file(
    corpus: Path, home: Settings, loopback: Loopback
) -> None:
    html = (corpus / "companies_house/basic/en_output-2020-06.html").read_bytes()
    loopback.route(PAGE_PATH, html, content_type="text/html")
    loopback.route(f"/{ZIP}", zipped(DATA))
    assert [one.receipt.file_name for one in refresh(ID, home, loopback).new] == [ZIP]


@pytest.mark.parametrize("zip_it", [False, True])
@pytest.mark.parametrize(
    "ends",
    [
        pytest.param(lambda place: b"\n" if place > 3 else b"\r\n", id="LF from the fifth line"),
        pytest.param(lambda place: b"\r\n" if place > 3 else b"\n", id="CR LF from the fifth"),
        pytest.param(lambda place: b"\n" if place % 2 else b"\r\n", id="in turns"),
        pytest.param(lambda place: b"\n" if place == 0 else b"\r\n", id="only the header in LF"),
    ],
)
def test_no_record_is_lost_where_lines_end_in_two_ways(
    ends: Callable[[int], bytes], zip_it: bool, tmp_path: Path
) -> None:
    mixed = b"".join(one + ends(place) for place, one in enumerate([HEADER, *RECORDS]))
    data, name = (zipped(mixed), ZIP) if zip_it else (mixed, ONE)
    result = read(ID, data, tmp_path, name)
    assert by_number(result) == {
        number: row | {"snapshot_id": result.snapshot.snapshot_id}
        for number, row in by_number(read(ID, DATA, tmp_path / "published", ONE)).items()
    }
    assert result.issue("mixed-line-ends")["severity"] == "repaired"


def test_records_that_another_one_swallows_are_counted(tmp_path: Path) -> None:
    odd = RECORDS[3].replace(b",", b',"never closed, ', 1)
    data = lines(*RECORDS[:3], odd, *RECORDS[4:])
    result = read(ID, data, tmp_path, ONE)
    quarantined = [one for one in result.issues if one["severity"] == "quarantined"]
    assert len(result.rows) + sum(one["occurrences"] for one in quarantined) == len(RECORDS)


def test_a_carriage_return_that_ends_no_line_costs_no_record(tmp_path: Path) -> None:
    stray = RECORDS[3].replace(b'","', b'",\r"', 1).replace(b'"', b"")
    data = lines(*RECORDS[:3], stray, *(one + b"\r" for one in RECORDS[4:]))
    result = read(ID, data, tmp_path, ONE)
    assert [row["company_number"] for row in result.rows] == [
        row["company_number"] for row in read(ID, DATA, tmp_path / "published", ONE).rows
    ]
    assert set(result.kinds()) == {"stray-return"}
