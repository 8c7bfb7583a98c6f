"""The monthly file of companies at its publisher: found on its page, and landed once."""

from __future__ import annotations

from pathlib import Path

import pytest

from observatory.landing.receipts import Scope
from observatory.settings import Settings
from tests.loopback import Loopback
from tests.sources.basic_files import (
    DATA,
    ID,
    PAGE_PATH,
    RECORDS,
    ZIP,
    lines,
    page,
    zipped,
)
from tests.sources.reading import failure, refresh


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
def test_the_index_page_of_2020_names_its_one_file(
    corpus: Path, home: Settings, loopback: Loopback
) -> None:
    html = (corpus / "companies_house/basic/en_output-2020-06.html").read_bytes()
    loopback.route(PAGE_PATH, html, content_type="text/html")
    loopback.route(f"/{ZIP}", zipped(DATA))
    assert [one.receipt.file_name for one in refresh(ID, home, loopback).new] == [ZIP]
