"""Co-operatives UK's two files: every generation of columns, faults, the newest link."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from observatory.errors import BadInput
from observatory.settings import Settings
from tests.loopback import Loopback
from tests.sources.reading import failure, fixture, read, refresh

ORGS, ECONOMIC = "coops_uk_organisations", "coops_uk_economic"
ORG_FILES = [f"open_data_organisations_{month}.csv" for month in ("2017_06", "2023_06", "2026_07")]
ECONOMIC_FILES = [f"open_data_economic_{month}.csv" for month in ("2016_06", "2019_06")]
PAGE = "/resources/open-data"
FOLDER = "/sites/default/files"


def page(*links: str) -> str:
    """An open data page with these links among others."""
    anchors = "".join(f'<li><a href="{link}">Download (CSV)</a></li>' for link in links)
    return f'<html><body><a href="/about">About</a><ul>{anchors}</ul></body></html>'


@pytest.mark.parametrize("name", ORG_FILES)
def test_every_generation_gives_the_same_organisations(name: str, tmp_path: Path) -> None:
    result = read(ORGS, fixture(ORGS, name), tmp_path, name)
    by_id = {one["cuk_organisation_id"]: one for one in result.rows}
    assert len(result.rows) == len(by_id) == 12
    leading = by_id["R006738"]
    assert leading["registered_number"] == "31457R"
    assert leading["ownership_classification"] == "Workers"
    assert leading["incorporated_on"] == date(2011, 11, 10)
    assert leading["dissolved_on"] is None
    assert by_id["R001307"]["registered_number"] == "7029CBS"
    assert by_id["R001317"]["dissolved_on"] == date(2015, 3, 17)
    street = "Middlegate House\n1 Seymour Street\nThe Royal Arsenal, Woolwich"
    assert by_id["R000178"]["registered_street"] == street
    assert result.receipt.published_basis == "file name"
    assert result.receipt.published_on == date(int(name[-11:-7]), int(name[-6:-4]), 1)
    lost = [issue["locator"] for issue in result.issues if issue["kind"] == "lost-letter"]
    assert lost == [by_id["R007626"]["locator"]] * 2
    assert {issue["kind"] for issue in result.issues} <= {"absent-column", "lost-letter"}


def test_what_a_generation_lacks_is_null_and_said(tmp_path: Path) -> None:
    old = read(ORGS, fixture(ORGS, ORG_FILES[0]), tmp_path / "old")
    newest = read(ORGS, fixture(ORGS, ORG_FILES[2]), tmp_path / "newest")
    assert [issue["field"] for issue in old.issues if issue["kind"] == "absent-column"] == [
        "FCA Reporting Classification",
        "Website",
        "Description",
    ]
    assert {one["sic_code"] for one in newest.rows} == {None}
    assert old.rows[1]["sic_code"] == "UKSIC07-8810"
    assert old.rows[1]["sector_simplified"] == "Health and Social Care"
    full = read(ORGS, fixture(ORGS, ORG_FILES[1]), tmp_path / "full")
    assert set(full.kinds()) == {"lost-letter"}


def test_locators_count_lines_and_not_records(tmp_path: Path) -> None:
    data = fixture(ORGS, ORG_FILES[0])
    lines = data.decode().splitlines()
    for one in read(ORGS, data, tmp_path).rows:
        begins = lines[int(one["locator"].removeprefix("line ")) - 1]
        assert begins.startswith(f'"{one["cuk_organisation_id"]}",')


@pytest.mark.parametrize("name", ECONOMIC_FILES)
def test_every_economic_year_is_kept(name: str, tmp_path: Path) -> None:
    result = read(ECONOMIC, fixture(ECONOMIC, name), tmp_path, name)
    assert len(result.rows) == 18
    leisure = [one for one in result.rows if one["cuk_organisation_id"] == "R000178"]
    assert [one["economic_year"] for one in leisure] == [2016, 2015, 2014, 2013, 2012, 2011]
    assert leisure[0]["year_end_on"] == leisure[1]["year_end_on"] == date(2014, 12, 31)
    assert (leisure[0]["turnover"], leisure[0]["employees"]) == (163_357_973.0, 5_613)
    assert (leisure[0]["is_most_recent"], leisure[2]["is_most_recent"]) == (True, False)
    assert result.rows[0]["member_funds"] == -855_654.0
    totals = [one for one in result.rows if one["cuk_organisation_id"] is None]
    assert {one["registered_name"] for one in totals} >= {"Credit Unions Total - England"}
    assert [(i["kind"], i["value"], i["occurrences"]) for i in result.issues] == [
        ("placeholder", "N/a", 7)
    ]


def test_figures_in_other_forms(tmp_path: Path) -> None:
    header = fixture(ECONOMIC, ECONOMIC_FILES[0]).split(b"\r\n")[0] + b"\r\n"
    data = header + (
        b'R1,Fictional One,"\xc2\xa31,234.50","-1,000",0,"1,463",12.0,1,2014-09-30,2016\r\n'
        b"R2,Fictional Two,1.2E+08,n/k,,12.5,-3,maybe,31/02/2014,16\r\n"
    )
    result = read(ECONOMIC, data, tmp_path)
    first, second = result.rows
    assert (first["turnover"], first["profit_before_tax"]) == (1234.5, -1000.0)
    assert (first["memberships"], first["employees"]) == (1463, 12)
    named = ("snapshot_id", "locator", "cuk_organisation_id", "registered_name")
    assert {value for name, value in second.items() if name not in named} == {None}
    bad = {i["field"]: i["value"] for i in result.issues if i["kind"] == "unreadable-value"}
    assert bad == {
        "Turnover": "1.2E+08",
        "Profit before tax": "n/k",
        "Memberships": "12.5",
        "Employees": "-3",
        "Is Most Recent?": "maybe",
        "Year End Date": "31/02/2014",
        "Economic Year": "16",
    }


def test_words_that_nobody_mapped_are_counted(tmp_path: Path) -> None:
    data = fixture(ORGS, ORG_FILES[0])
    for old, new in ((b'"Workers"', b'"Fictional Owners"'), (b'"DETINI"', b'"DfE NI"')):
        data = data.replace(old, new)
    issues = [i for i in read(ORGS, data, tmp_path).issues if i["kind"] == "unmapped-value"]
    assert {(i["field"], i["value"], i["occurrences"]) for i in issues} == {
        ("Ownership Classification", "Fictional Owners", 3),
        ("Registrar", "DfE NI", 1),
    }


@pytest.mark.parametrize(
    ("source", "name", "column"),
    [
        (ORGS, ORG_FILES[0], b"Ownership Classification"),
        (ORGS, ORG_FILES[2], b"Registered Number"),
        (ECONOMIC, ECONOMIC_FILES[0], b"Employees"),
    ],
)
def test_a_renamed_column_is_refused(source: str, name: str, column: bytes, tmp_path: Path) -> None:
    data = fixture(source, name).replace(column, b"Fictional Column", 1)
    with pytest.raises(BadInput, match=f"{name}: its header lacks '{column.decode()}'") as refused:
        read(source, data, tmp_path, name)
    assert "uk.coop" in refused.value.remedy


@pytest.mark.parametrize("source", [ORGS, ECONOMIC])
def test_the_files_are_not_taken_for_one_another(source: str, tmp_path: Path) -> None:
    other = (ECONOMIC, ECONOMIC_FILES[0]) if source == ORGS else (ORGS, ORG_FILES[0])
    with pytest.raises(BadInput, match="its header lacks"):
        read(source, fixture(*other), tmp_path)


def test_a_file_cut_inside_an_address_is_refused(tmp_path: Path) -> None:
    data = fixture(ORGS, ORG_FILES[0])
    with pytest.raises(BadInput, match="never closes"):
        read(ORGS, data[: data.index(b"Seymour Street")], tmp_path)


@pytest.mark.corpus
def test_the_corpus_loses_nothing(corpus: Path, tmp_path: Path) -> None:
    name = "open_data_organisations_2017_06.csv"
    result = read(ORGS, (corpus / "coops_uk" / name).read_bytes(), tmp_path / "o", name)
    assert len(result.rows) == 8_371
    assert result.snapshot.quarantined == 0
    assert {issue["kind"] for issue in result.issues} == {"absent-column", "lost-letter"}
    name = "open_data_economic_2016_06.csv"
    result = read(ECONOMIC, (corpus / "coops_uk" / name).read_bytes(), tmp_path / "e", name)
    assert len(result.rows) == 32_292
    assert result.snapshot.quarantined == 0
    assert sum(one["employees"] is not None for one in result.rows) == 1_970
    assert sum(one["turnover"] is not None for one in result.rows) == 27_894
    assert {issue["kind"] for issue in result.issues} == {"placeholder"}


@pytest.mark.parametrize(
    "links",
    [
        (f"{FOLDER}/2017-06/{ORG_FILES[0]}", f"{FOLDER}/2023-06/{ORG_FILES[1]}"),
        (
            f"https://www.uk.coop{FOLDER}/2023-06/{ORG_FILES[1]}",
            f"https://www.uk.coop{FOLDER}/2017-06/{ORG_FILES[0]}",
            f"{FOLDER}/2026-07/open_data_outlets_2026_07.csv",
        ),
    ],
)
def test_live_takes_the_newest_link_once(
    links: tuple[str, ...], home: Settings, loopback: Loopback
) -> None:
    newest, path = ORG_FILES[1], f"{FOLDER}/2023-06/{ORG_FILES[1]}"
    loopback.route(PAGE, page(*links), content_type="text/html")
    loopback.route(path, fixture(ORGS, newest), headers={"ETag": '"a"'}, content_type="text/csv")
    first = refresh(ORGS, home, loopback)
    assert not first.problem
    (landed,) = first.new
    assert (landed.receipt.published_on, landed.receipt.published_basis) == (
        date(2023, 6, 1),
        "file name",
    )
    second = refresh(ORGS, home, loopback)
    assert (second.new, second.problem) == ([], "")
    assert loopback.asked(path)[-1].header("If-None-Match") == '"a"'

    after = f"{FOLDER}/2026-07/{ORG_FILES[2]}"
    loopback.route(PAGE, page(after, *links), content_type="text/html")
    loopback.route(after, fixture(ORGS, ORG_FILES[1]) + b"\r\n", headers={"ETag": '"a"'})
    (landed,) = refresh(ORGS, home, loopback).new
    assert landed.receipt.published_on == date(2026, 7, 1)
    assert loopback.asked(after)[0].header("If-None-Match") == ""


def test_live_leaves_an_edition_older_than_what_landed(home: Settings, loopback: Loopback) -> None:
    for month, name in (("2019-06", ECONOMIC_FILES[1]), ("2016-06", ECONOMIC_FILES[0])):
        loopback.route(PAGE, page(f"{FOLDER}/{month}/{name}"), content_type="text/html")
        loopback.route(f"{FOLDER}/{month}/{name}", fixture(ECONOMIC, name))
        intake = refresh(ECONOMIC, home, loopback)
        assert not intake.problem
        assert len(intake.new) == (1 if month == "2019-06" else 0)


def test_live_knows_a_file_that_was_given_before(home: Settings, loopback: Loopback) -> None:
    inbox = home.inbox / ECONOMIC
    inbox.mkdir(parents=True)
    (inbox / ECONOMIC_FILES[0]).write_bytes(fixture(ECONOMIC, ECONOMIC_FILES[0]))
    path = f"{FOLDER}/2016-06/open_data_economic_2016_06_0.csv"
    loopback.route(PAGE, page(path), content_type="text/html")
    loopback.route(path, fixture(ECONOMIC, ECONOMIC_FILES[0]))
    intake = refresh(ECONOMIC, home, loopback)
    assert not intake.problem
    assert [one.receipt.origin for one in intake.new] == ["inbox"]
    assert [one.published_on for one in intake.read] == [date(2016, 6, 1)]


@pytest.mark.parametrize("source", [ORGS, ECONOMIC])
def test_live_page_without_a_link_says_so(source: str, home: Settings, loopback: Loopback) -> None:
    loopback.route(PAGE, page("/sites/default/files/guide.pdf"), content_type="text/html")
    failed = failure(refresh(source, home, loopback))
    assert isinstance(failed, BadInput)
    assert "https://www.uk.coop/resources/open-data" in str(failed)
    assert "observatory land" in failed.remedy


def test_live_html_in_place_of_the_file_is_refused(home: Settings, loopback: Loopback) -> None:
    path = f"{FOLDER}/2023-06/{ORG_FILES[1]}"
    loopback.route(PAGE, page(path), content_type="text/html")
    loopback.route(path, "<!doctype html><html>moved</html>", content_type="text/html")
    intake = refresh(ORGS, home, loopback)
    assert isinstance(failure(intake), BadInput)
    assert ORG_FILES[1] in str(failure(intake))
