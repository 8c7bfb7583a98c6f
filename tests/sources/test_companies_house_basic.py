"""Companies House's monthly file: 55 columns, read whole, without what may name a person."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from observatory.errors import BadInput
from observatory.lake import Lake
from observatory.landing.accept import land_file
from observatory.landing.receipts import Scope
from observatory.landing.store import Landing
from observatory.sources.base import Body, get
from tests.sources.basic_files import (
    DATA,
    HEADER,
    ID,
    ONE,
    PART,
    RECORDS,
    ZIP,
    by_number,
    lines,
    seen,
    zipped,
)
from tests.sources.reading import ingest, read


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
