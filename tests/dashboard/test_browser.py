"""The site in a real browser: every page type, in both themes, on a desk and on a phone."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from observatory import live_status
from observatory.dashboard.server import Server, serve
from tests.dashboard.conftest import serving
from tests.dashboard.fictional_rows import FORMULA, HOSTILE, MUTUAL, REJECTED, SCRIPT, SPENT
from tests.dashboard.visits import DESKTOP, PHONE, visit

# Every kind of page once; organisations twice, since rejected and hostile ones look different.
PAGES = (
    "index.html",
    "organisations.html",
    "organisations/list-1.html",
    f"organisations/{MUTUAL}.html",
    f"organisations/{HOSTILE}.html",
    f"organisations/{REJECTED}.html",
    "sectors.html",
    "places.html",
    "places/Fictional-Council.html",
    "survival.html",
    "benefits.html",
    "methodology.html",
    "methodology/classification.html",
    "data.html",
    "dictionary/classifications.html",
    "sources.html",
    "status.html",
)
# A source of the fictional release.
LANDED = "companies_house_basic"
# Packed, as they are served; the budget of publishing.md.
OVERVIEW_BYTES, ORGANISATION_BYTES = 250_000, 15_000


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound_and_accessible_in_both_themes_and_on_a_phone(
    path: str, browser: Browser, server: Server
) -> None:
    with visit(browser, server) as one:
        one.go(path)
        for theme, size in (("light", DESKTOP), ("dark", DESKTOP), ("dark", PHONE)):
            # Without motion: colours that are still on their way from one theme have no contrast.
            one.page.emulate_media(
                color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce"
            )
            one.page.set_viewport_size({"width": size[0], "height": size[1]})
            found = Axe().run(one.page)
            assert found.violations_count == 0, f"{theme} {size}\n{found.generate_report()}"
            assert one.overflow() <= 0, f"{path} is wider than {size[0]} pixels"
        one.check()


def test_a_source_that_fails_after_the_release_is_shown_stale_at_once(
    browser: Browser, folder: Path, tmp_path: Path
) -> None:
    release = tmp_path / folder.name
    release.symlink_to(folder, target_is_directory=True)
    known = {"succeeded_at": "2026-11-23T02:30:00+00:00", "failing_since": None}
    failing = known | {"failing_since": "2026-12-01T02:30:00+00:00"}
    told = {"as_of": "2026-12-03T02:31:00+00:00", "sources": {LANDED: failing}}
    (tmp_path / live_status.NAME).write_text(json.dumps(told), encoding="utf-8")
    with serving(serve(0, lambda: release)) as made, visit(browser, made) as one:
        one.go("sources.html")
        row = one.page.locator(f"tr#{LANDED}")
        expect(row.locator(".health.stale")).to_have_text("Stale")
        expect(row).to_contain_text("cannot be read since 1 December 2026")
        expect(one.page.locator("#since")).to_contain_text("As of 3 December 2026: 1 source cannot")
        assert Axe().run(one.page).violations_count == 0
        one.go("status.html")
        expect(one.page.locator("#since")).to_contain_text("1 source cannot be read")
        one.check()
    with serving(serve(0, lambda: release)) as made, visit(browser, made, scripts=False) as one:
        one.go("sources.html")
        expect(one.page.locator(f"tr#{LANDED} .health")).not_to_have_text("Stale")
        expect(one.page.locator("#since")).to_be_hidden()


def test_a_missing_page_says_so_and_leads_back(browser: Browser, server: Server) -> None:
    with visit(browser, server) as one:
        one.go("organisations/nothing.html")
        expect(one.page.get_by_role("heading", level=1)).to_have_text("There is no such page")
        assert Axe().run(one.page).violations_count == 0
        one.page.get_by_role("link", name="begin at the overview").click()
        expect(one.page).to_have_title("Overview · Mutuals Observatory")
        assert one.foreign == []


def test_the_list_is_loaded_when_somebody_asks_and_not_before(
    browser: Browser, server: Server
) -> None:
    with visit(browser, server) as one:
        one.go("organisations.html")
        rows = one.page.locator("#listing tbody tr")
        expect(rows).to_have_count(5)
        expect(one.page.locator("#found")).to_have_text("5 organisations")
        assert not any(url.endswith(".json") for url in one.sizes)
        with one.page.expect_response("**/organisations.json"):
            one.page.get_by_label("Name, former name or number").focus()
        expect(rows).to_have_count(5)
        one.check()


def test_search_filter_sort_and_what_is_not_listed(browser: Browser, server: Server) -> None:
    with visit(browser, server) as one:
        one.go("organisations.html")
        rows = one.page.locator("#listing tbody tr")
        expect(rows).to_have_count(5)
        one.page.get_by_label("Name, former name or number").fill("old name")
        expect(rows).to_have_count(1)
        expect(rows.first).to_contain_text("Fictional Vale Home Care CIC")
        one.page.get_by_role("button", name="Clear").click()
        one.page.get_by_label("Still going?").select_option("yes")
        expect(rows).to_have_count(1)
        expect(rows.first).to_contain_text("Harbour Library")
        one.page.reload()  # what was asked stands in the address
        expect(rows).to_have_count(1)
        one.page.get_by_role("button", name="Clear").click()
        one.page.get_by_role("button", name="Organisation", exact=True).click()
        expect(rows.first).to_contain_text(SCRIPT)
        one.page.get_by_role("button", name="Organisation", exact=True).click()
        expect(rows.last).to_contain_text(SCRIPT)
        expect(one.page.locator("th[aria-sort=descending]")).to_have_count(1)
        one.page.get_by_label("Name, former name or number").fill("Nobody of this name")
        absent = one.page.locator("#absent")
        expect(absent).to_be_visible()
        expect(absent).to_contain_text("Fictional title of companies_house_basic")
        one.check()


def test_the_download_has_what_is_shown_and_runs_no_formula(
    browser: Browser, server: Server
) -> None:
    with visit(browser, server) as one:
        one.go("organisations.html?verdict=not_mutual")
        with one.page.expect_download() as waiting:
            one.page.get_by_role("button", name="Download what is shown").click()
        text = Path(waiting.value.path()).read_text("utf-8")
        (row,) = csv.DictReader(io.StringIO(text))
        assert (row["id"], row["name"]) == (REJECTED, f"'{FORMULA}")
        one.check()


def test_the_theme_is_switched_and_kept(browser: Browser, server: Server) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    with visit(browser, server) as one:
        one.go("index.html")
        light = one.page.evaluate(paper)
        one.page.get_by_role("button", name="Use dark colours").click()
        dark = one.page.evaluate(paper)
        assert light != dark
        one.go("sectors.html")
        assert one.page.evaluate(paper) == dark
        one.page.get_by_role("button", name="Use light colours").click()
        assert one.page.evaluate(paper) == light


def test_a_chart_becomes_interactive_on_request_and_not_before(
    browser: Browser, server: Server
) -> None:
    with visit(browser, server) as one:
        one.go("index.html")
        assert not any("vega" in url or "/figures/" in url for url in one.sizes)
        assert one.transferred <= OVERVIEW_BYTES
        figure = one.page.locator("#sectors")
        figure.get_by_role("button", name="Make interactive").click()
        expect(figure.get_by_role("button")).to_contain_text("Interactive")
        figure.locator(".drawing svg .mark-rect path").first.hover()
        expect(one.page.locator("#vg-tooltip-element")).to_contain_text("Social care")
        one.page.get_by_role("button", name="Use dark colours").click()
        expect(figure.locator(".drawing svg")).to_have_count(1)
        one.check()


def test_a_page_of_an_organisation_keeps_to_its_budget(browser: Browser, server: Server) -> None:
    with visit(browser, server) as one:
        one.go("organisations.html")
        shared = set(one.sizes)
        one.go(f"organisations/{MUTUAL}.html")
        own = {url: size for url, size in one.sizes.items() if url not in shared}
        assert 0 < sum(own.values()) <= ORGANISATION_BYTES


def test_everything_reads_without_scripts(browser: Browser, server: Server) -> None:
    with visit(browser, server, scripts=False) as one:
        one.go("index.html")
        expect(one.page.locator("#definitions svg.wide")).to_be_visible()
        one.page.locator("#definitions summary", has_text="Data table").click()
        expect(one.page.locator("#definitions table")).to_be_visible()
        expect(one.page.get_by_role("button")).to_have_count(0)
        one.go("organisations.html")
        expect(one.page.locator("#listing tbody tr")).to_have_count(5)
        # what needs a script is not offered without one
        expect(one.page.locator("#filters")).to_be_hidden()
        expect(one.page.get_by_role("button")).to_have_count(0)
        one.page.get_by_role("link", name="Part 1").click()
        one.page.get_by_role("link", name="Fictional Vale Home Care CIC").click()
        expect(one.page.get_by_role("heading", level=1)).to_have_text(
            "Fictional Vale Home Care CIC"
        )
        one.check()


@pytest.mark.parametrize("path", ["organisations.html", "data.html", "sources.html"])
def test_a_wide_table_of_words_fits_a_phone_with_every_cell(
    path: str, browser: Browser, server: Server
) -> None:
    cut = (
        "cells => cells.filter(one => one.getBoundingClientRect().right"
        " > document.documentElement.clientWidth).length"
    )
    with visit(browser, server, size=PHONE) as one:
        one.go(path)
        cells = one.page.locator(".lines tbody td:visible")
        assert cells.count() > 0
        assert cells.evaluate_all(cut) == 0


def test_who_has_no_page_has_the_reason_in_the_list(browser: Browser, server: Server) -> None:
    with visit(browser, server) as one:
        held = {"why": {"texts": ["A fictional reason."], "rows": [0] * 5}, "page": [""] * 5}
        one.page.route(
            "**/organisations.json",
            lambda route: route.fulfill(json=route.fetch().json() | held),
        )
        one.go("organisations.html?verdict=not_mutual")
        row = one.page.locator("#listing tbody tr")
        expect(row).to_contain_text("A fictional reason.")
        one.check()


def test_names_of_others_do_no_harm(browser: Browser, server: Server) -> None:
    with visit(browser, server) as one:
        one.go(f"organisations.html?q={quote(SCRIPT)}")
        row = one.page.locator("#listing tbody tr")
        expect(row).to_have_count(1)
        expect(row).to_contain_text(SCRIPT)
        row.get_by_role("link").click()
        expect(one.page.get_by_role("heading", level=1)).to_have_text(SCRIPT)
        assert one.page.locator("a[href^='javascript:' i]").count() == 0
        one.check()


def test_a_keyboard_reaches_the_content_and_the_menu_of_a_phone(
    browser: Browser, server: Server
) -> None:
    with visit(browser, server, size=PHONE) as one:
        one.go("index.html")
        one.page.keyboard.press("Tab")
        expect(one.page.locator(":focus")).to_have_text("Skip to the content")
        one.page.keyboard.press("Enter")
        expect(one.page.locator("#main")).to_be_focused()
        menu = one.page.get_by_role("button", name="Menu")
        menu.focus()
        one.page.keyboard.press("Enter")
        expect(menu).to_have_attribute("aria-expanded", "true")
        one.page.get_by_role("link", name="Places").click()
        expect(one.page.get_by_role("heading", level=1)).to_have_text("Places")


def test_an_organisation_page_says_what_it_must(browser: Browser, server: Server) -> None:
    with visit(browser, server) as one:
        one.go(f"organisations/{SPENT}.html")
        text = one.page.locator("main").inner_text()
        for words in (
            "Probably met",
            "until",
            "taken in-house",
            "October 2019",
            "Fictional Council",
        ):
            assert words.lower() in text.lower()
        contact = one.page.locator("#object a").first
        expect(contact).to_have_attribute("href", "mailto:objections@example.org")
        assert one.page.locator("meta[name=robots]").count() == 0
        one.go(f"organisations/{REJECTED}.html")
        expect(one.page.locator("meta[name=robots]")).to_have_attribute("content", "noindex")
        expect(one.page.locator("main")).to_contain_text("on the records held")
