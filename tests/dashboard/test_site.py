"""The files of the site: links, determinism, escaping, and pages of a poorer release."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb
import pytest

from observatory.dashboard import beside, build, figures, palette, words
from observatory.dashboard.charts import bars, draw, lines, tiles
from observatory.dashboard.charts.parts import Chart
from observatory.dashboard.files import contact_link
from observatory.dashboard.reader import opened
from observatory.errors import PermanentError
from observatory.release.database import DATABASE, METADATA_TABLE
from observatory.settings import Settings
from tests.dashboard.fictional_rows import FORMULA, HOSTILE, MUTUAL, SCRIPT, SPENT


class Links(HTMLParser):
    """Every address and anchor of a page, and whatever its policy would refuse."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.anchors: set[str] = set()
        self.refused: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.found += [value for name in ("href", "src") if (value := held.get(name))]
        self.anchors |= {value for value in (held.get("id"),) if value}
        inline = tag == "style" or (tag == "script" and not held.get("src"))
        if inline and held.get("type") != "application/ld+json":
            self.refused.append(tag)
        self.refused += [name for name in held if name == "style" or name.startswith("on")]


@pytest.fixture(scope="session")
def pages(folder: Path) -> dict[Path, Links]:
    """Every page of the site, read once."""
    return {path: Links(path.read_text("utf-8")) for path in (folder / "site").rglob("*.html")}


def test_no_internal_link_is_broken(folder: Path, pages: dict[Path, Links]) -> None:
    broken = []
    for path, page in pages.items():
        for address in page.found:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            base = folder if parts.path.startswith("/") else path.parent
            target = (base / unquote(parts.path).lstrip("/")).resolve() if parts.path else path
            known = target.is_file() and target.is_relative_to(folder)
            other = pages.get(target)
            if not known or (parts.fragment and other and parts.fragment not in other.anchors):
                broken.append(f"{path.relative_to(folder)}: {address}")
    assert broken == []


def test_nothing_inline_and_only_web_and_mail_links(pages: dict[Path, Links]) -> None:
    for path, page in pages.items():
        assert page.refused == [], path
        schemes = {urlsplit(address).scheme for address in page.found}
        assert schemes <= {"", "http", "https", "mailto"}, path


def test_a_name_is_text_wherever_it_stands(folder: Path) -> None:
    for path in (folder / "site").rglob("*.html"):
        assert "<script>alert" not in path.read_text("utf-8"), path
    held = json.loads((folder / "site" / "data" / "organisations.json").read_text("utf-8"))
    assert SCRIPT in held["name"]


def _shown(folder: Path, org_id: str) -> str:
    """The page of an organisation as a reader sees it: text alone, in one line."""
    path = folder / "site" / "organisations" / words.organisation_file(org_id)
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", path.read_text("utf-8"))).split())
    return re.sub(r" ([,:;.)])", r"\1", text).replace("( ", "(")


def test_a_page_tells_parent_route_successors_and_rights_with_their_records(folder: Path) -> None:
    shown = _shown(folder, MUTUAL)
    for said in (
        "Public parent Fictional Council (by citation, example.org)",
        "Left it 2011 Route Right to Request (example.org) Begun by staff",
        "Earliest contract held 1 January 2024",
        "(match probable)",
        "Came from Fictional Council: spun out, 2011 (example.org)",
        "Fictional Harbour Library Society: service passed on, date not known (probable)",
        "Employees, through a trust share 75 to 100% from 6 April 2016 example.org",
        "Employees seats Not known on record from 1 April 2014 to 31 March 2016",
    ):
        assert said.lower() in shown.lower(), said
    followed = _shown(folder, SPENT).lower()
    assert "followed by fictional vale home care cic" in followed
    assert "no source read so far names the public body that it came from" in followed
    assert "that is no sign either way" in followed
    page = folder / "site" / "organisations" / words.organisation_file(SPENT)
    assert f'href="{words.organisation_file(MUTUAL)}"' in page.read_text("utf-8")


def test_a_page_of_one_that_ended_speaks_of_the_past_and_ends_no_company(folder: Path) -> None:
    shown = _shown(folder, SPENT)
    assert "It probably met the headline definition in the past" in shown
    assert "until it ended" not in shown
    assert "Left the register" not in shown
    # evidence that does not decide is not shown as if it did
    assert "Not shown to meet; not enough to decide: record 1" in shown
    listed = (folder / "site" / "organisations" / "list-1.html").read_text("utf-8")
    assert '<span class="verdict probable">Probably met</span>' in listed


def test_the_same_release_gives_the_same_bytes(published: Settings, folder: Path) -> None:
    before = {path: path.read_bytes() for path in (folder / "site").rglob("*") if path.is_file()}
    again = published.home / "again"
    again.mkdir()
    for held in folder.iterdir():
        if held.name not in ("site", "manifest.json", "SHA256SUMS"):
            (again / held.name).symlink_to(held)
    build.build(
        again,
        contact=published.contact,
        docs=published.project_root / "docs" / "methodology",
        cookbook=published.sql / "queries",
    )
    made = {
        folder / path.relative_to(again): path.read_bytes()
        for path in (again / "site").rglob("*")
        if path.is_file()
    }
    assert {path for path in before if before[path] != made.get(path)} == set()
    assert made.keys() == before.keys()


def test_a_second_process_writes_the_same_pages(published: Settings, folder: Path) -> None:
    again = published.home / "beside"
    again.mkdir()
    (again / DATABASE).symlink_to(folder / DATABASE)
    with beside.organisation_pages(again, published.contact):
        pass
    made = list((again / "site").rglob("*.html"))
    assert len(made) > 1
    for path in made:
        assert path.read_bytes() == (folder / path.relative_to(again)).read_bytes(), path


def test_what_goes_wrong_in_the_second_process_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(PermanentError, match="no such database") as raised,
        beside.organisation_pages(tmp_path, ""),
    ):
        pass
    assert raised.value.where == str(tmp_path / DATABASE)


def test_the_second_process_ends_with_the_one_that_asked() -> None:
    program = f"import os; from {beside.__name__} import _end_with_parent as end; end()"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE) as process:
        process.communicate(b"more", timeout=60)
    assert process.returncode == 1


def test_no_page_names_the_time_of_its_making(folder: Path) -> None:
    for path in (folder / "site").rglob("*.html"):
        assert "02:30" not in path.read_text("utf-8"), path


def test_a_page_about_which_nothing_changed_can_be_shared_by_two_releases(folder: Path) -> None:
    for path in (folder / "site" / "organisations").glob("XX-FIC-*.html"):
        assert folder.name not in path.read_text("utf-8"), path
    assert folder.name in (folder / "site" / "assets" / "release.css").read_text("utf-8")


def test_a_release_that_holds_nothing_still_has_every_page(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / DATABASE)) as con:
        con.execute(f"create table {METADATA_TABLE} (key varchar, value varchar)")
        con.execute(f"insert into {METADATA_TABLE} values ('version', 'v2026.11.23.1')")
    none = tmp_path / "none"
    cookbook = Settings(home=tmp_path).sql / "queries"
    build.build(tmp_path, contact="", docs=none, cookbook=cookbook)
    assert len(list((tmp_path / "site").glob("*.html"))) >= 10
    text = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert "No organisation is shown" in text
    assert "Nothing is estimated in its place" in text
    assert "has not said where objections go" in text


def test_every_figure_has_its_data_sql_version_and_caveat(folder: Path) -> None:
    text = (folder / "site" / "index.html").read_text("utf-8")
    shown = re.findall(r'<figure id="([^"]+)" class="figure shown">(.*?)</figure>', text, re.S)
    assert {name for name, _ in shown} >= {"definitions", "stock", "flows", "sectors", "regions"}
    for name, body in shown:
        for must in ("<table", "<pre><code>", 'class="caveat"', "v2026.11.23.1", f"{name}.csv"):
            assert must in body, name
        with opened(folder) as reader:
            sql = re.search(r"<pre><code>(.*?)</code></pre>", body, re.S)
            assert sql
            rows = reader.rows(unescape(sql[1]))
        given = (folder / f"site/figures/{name}.csv").read_text("utf-8")
        assert len(list(csv.DictReader(io.StringIO(given)))) == len(rows), name


def test_csv_of_a_figure_runs_no_formula() -> None:
    text = figures.as_csv({"a": "A", "b": "B"}, [{"a": FORMULA, "b": -1.5}, {"a": "x", "b": None}])
    assert text == f"a,b\r\n'{FORMULA},-1.5\r\nx,\r\n"


def test_colours_of_the_palette_are_told_apart_and_are_those_of_the_sheet() -> None:
    assert len(set(palette.COLOURS.values())) == len(palette.COLOURS)
    sheet = (build.STATIC / "style.css").read_text("utf-8")
    for name, colour in palette.COLOURS.items():
        assert f"--c-{name}: {colour};" in sheet, name
        assert sheet.count(f"--c-{name}:") == 3, f"{name} has no dark colour"


def _drawn(chart: Chart) -> str:
    return draw.svg(draw.specification(chart), SCRIPT, "wide")


def test_charts_keep_hostile_labels_as_text_and_use_variables_only() -> None:
    rows = [{"label": SCRIPT, "mutual": 1, "probable": 2, "possible": 3}]
    drawn = _drawn(bars.certainty(rows, 720))
    assert "<script" not in drawn
    assert "alert(1)" in drawn
    assert "1 to 6" in drawn
    assert not re.search(r'="#[0-9a-f]{3,6}"| style=', drawn)


def test_bars_name_their_shades_and_keep_the_order_of_their_rows() -> None:
    rows = [
        {"label": label, "mutual": count, "probable": 0, "possible": 0}
        for label, count in (("fictional a", 0), ("fictional b", 2), ("fictional c", 0))
    ]
    drawn = _drawn(bars.certainty(rows, 720))
    assert re.findall(">(meet|probably meet|may meet)<", drawn) == [
        "meet", "probably meet", "may meet",
    ]  # fmt: skip
    heights = [
        float(re.search(rf"translate\([\d.]+,([\d.]+)\)[^>]*>{label}<", drawn)[1])  # type: ignore[index]
        for label in ("fictional a", "fictional b", "fictional c")
    ]
    assert heights == sorted(heights)
    assert drawn.count(">none<") == 2


def test_no_map_is_drawn_of_nothing_and_none_is_left_out_of_one() -> None:
    assert tiles.regions([{"region": "Not known", "organisations": 3}], 330) is None
    few = [{"region": "Wales", "organisations": 3}, {"region": "Not known", "organisations": 7}]
    assert tiles.regions(few, 330) is None  # of most the region is not known: no 0 would be true
    rows = [{"region": "Wales", "organisations": 3}, {"region": "Not known", "organisations": 2}]
    drawn = _drawn(tiles.regions(rows, 330))
    assert len(re.findall(r">(?:0|3)</text>", drawn)) == len(tiles.PLACES)
    assert ">2</text>" in drawn
    assert "var(--c-q4)" not in drawn  # three are few, though they are the most


def test_labels_at_the_ends_of_lines_do_not_cover_each_other() -> None:
    ends = {name: {"name": name, "y": 10.0} for name in "abc"}
    heights = sorted(one["at"] for one in lines.spread_labels(ends))
    assert [round(b - a, 6) for a, b in pairwise(heights)] == [0.7, 0.7]


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a?b=c", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("http://[", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(url: str | None, kept: bool) -> None:
    assert bool(words.web_link(url)) is kept


def test_no_two_ids_share_a_page() -> None:
    ids = ["GB-COH-1", "GB/COH/1", "GB~2FCOH~2F1", "..", "a b", "a%20b", HOSTILE]
    files = {words.organisation_file(one) for one in ids}
    assert len(files) == len(ids)
    assert not any("/" in name or "%" in name for name in files)


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("objections@example.org", "mailto:objections@example.org"),
        ("https://example.org/object", "https://example.org/object"),
        ("a@b.org?cc=x@y.org", ""),
        ("the office", ""),
        ("", ""),
    ],
)
def test_the_contact_is_a_link_where_it_is_an_address(contact: str, link: str) -> None:
    assert contact_link(contact) == link
