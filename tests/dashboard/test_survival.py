"""The survival explorer over estimates that a test gives: shown as they are, grey where few."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, expect

from observatory.dashboard import build
from observatory.dashboard.charts import curves, draw
from observatory.dashboard.server import Server, serve
from observatory.release.database import DATABASE, METADATA_TABLE
from observatory.settings import Settings
from observatory.survival_strata import SMALL_TOGETHER
from tests.dashboard.conftest import serving
from tests.dashboard.visits import visit

_ROWS = """
create table survival_populations as
select * from (values
    ('cohort-lists', 'Fictional cohorts', 'mutuals', 'A fictional warning.', true),
    ('companies', 'Fictional comparators', 'comparator', 'A fictional limit.', true),
    ('unfollowed', 'Fictional living', 'comparator', 'Never drawn.', false)
) as t (population_id, title, kind, caveat, lists_the_ended);
alter table survival_populations add column label varchar;
update survival_populations set label = kind;
alter table survival_populations add column selection varchar default 'named';
alter table survival_populations add column time_zero varchar default 'a fictional day';
alter table survival_populations add column observed_from date;
create table survival as
select
    p.population_id, e.end_of, s.stratum_by, s.stratum, 'kaplan-meier' as method, 'any' as cause,
    (365.25 * t.at)::integer as time_days, (p.begin - 2 * t.at)::bigint as at_risk,
    1::bigint as events, 1::bigint as censored, (1 - 0.05 * t.at)::double as estimate,
    (0.9 - 0.05 * t.at)::double as lower, least(1, 1.05 - 0.05 * t.at)::double as upper
from (values ('cohort-lists', 24), ('companies', 500)) as p (population_id, begin)
cross join (values ('end of mutual status'), ('legal end')) as e (end_of)
cross join (values
    ('all', 'all'), ('sector', 'Fictional health'), ('sector', 'Fictional care'),
    ('legal_form', 'cic'), ('legal_form', 'fictional-form'), ('region', 'Fictional North'),
    ('size_at_birth', 'unknown')
) as s (stratum_by, stratum)
cross join (select unnest(range(1, 11)) as at) as t;
create table survival_sensitivity as
select s.* exclude (stratum_by, stratum, method, cause), d.dating
from survival as s
cross join (values ('middle'), ('shortest'), ('longest')) as d (dating)
where s.population_id = 'cohort-lists' and s.stratum_by = 'all';
create table survival_matched as
select
    'cohort-lists' as population_id, 'companies' as comparator_id, w.matched_on, e.side,
    time_days, at_risk, events, estimate, lower, upper, w.matched, 24 as followed
from survival
cross join (values ('mutuals'), ('comparator')) as e (side)
cross join (values ('legal form and cohort', 20), ('legal form, cohort and region', 11))
    as w (matched_on, matched)
where population_id = 'companies' and stratum_by = 'all' and end_of = 'legal end'
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release that holds estimates and nothing else."""
    made = tmp_path_factory.mktemp("survival")
    with duckdb.connect(str(made / DATABASE)) as con:
        con.execute(f"create table {METADATA_TABLE} (key varchar, value varchar)")
        con.execute(f"insert into {METADATA_TABLE} values ('version', 'v2026.11.23.1')")
        con.execute(_ROWS)
    cookbook = Settings(home=made).sql / "queries"
    build.build(made, contact="", docs=made / "none", cookbook=cookbook)
    return made


def test_estimates_are_shown_as_the_models_made_them(folder: Path) -> None:
    text = (folder / "site" / "survival.html").read_text("utf-8")
    main = re.search(r'<figure id="survival-main".*?</figure>', text, re.S)
    assert main
    assert "A fictional warning." in main[0]
    assert main[0].count("<tr>") == 1 + 2 * 10
    given = (folder / "site" / "figures" / "survival-main.csv").read_text("utf-8")
    assert "end of mutual status,3.0,18,1,1,0.85,0.75,0.9\n" in given
    assert "stroke-dasharray" in main[0]  # from the eighth year on fewer than ten are at risk


def test_a_long_curve_is_drawn_in_as_many_steps_as_can_be_seen() -> None:
    rows = [
        {"curve": name, "years": at / 100, "estimate": 1 - at / 4000, "lower": 0.1, "upper": 1.0,
         "method": "kaplan-meier", "at_risk": 3000 - at - 100 * len(name)}
        for name in ("a", "bb", "ccc", "dddd", "eeeee", "ffffff", "ggggggg")
        for at in range(1, 2001)
    ]  # fmt: skip
    drawn = draw.svg(draw.specification(curves.survival(rows, 720)), "many", "wide")
    assert len(drawn) < 40_000
    assert ">Ffffff<" in drawn
    assert ">Ggggggg<" not in drawn  # six at most; the table has all


@pytest.mark.parametrize("width", [720, 320])
def test_names_stand_apart_and_no_curve_goes_on_beyond_what_was_observed(width: int) -> None:
    lasts = {f"a fictional group of {one}": year for year, one in enumerate("abcdef", start=1)}
    rows = [
        {"curve": name, "years": float(year), "estimate": 0.99, "lower": None, "upper": None,
         "at_risk": 30, "method": "kaplan-meier"}
        for name, last in lasts.items() for year in range(1, last + 1)
    ]  # fmt: skip
    layers = draw.specification(curves.survival(rows, width))["layer"]
    texts = [one for layer in layers for one in layer["data"]["values"] if "said" in one]
    heights = sorted((one["estimate"] for one in texts), reverse=True)
    assert {one["curve"] for one in texts} == set(lasts)
    assert all(above - below > 0.05 for above, below in pairwise(heights))
    assert 0 < heights[-1] < heights[0] <= 1.0
    drawn = [one for layer in layers for one in layer["data"]["values"] if "said" not in one]
    assert {name: max(one["years"] for one in drawn if one["curve"] == name) for name in lasts} == {
        name: float(last) for name, last in lasts.items()
    }


@pytest.mark.parametrize(
    ("method", "first", "second"), [("kaplan-meier", 1.0, 0.9), ("aalen-johansen", 0.0, 0.1)]
)
def test_a_curve_begins_where_nobody_has_ended(method: str, first: float, second: float) -> None:
    row = {"curve": "any", "years": 2.0, "lower": None, "upper": None, "at_risk": 30}
    drawn = draw.specification(
        curves.survival([{**row, "method": method, "estimate": second}], 720)
    )
    points = [
        one
        for layer in drawn["layer"]
        for one in layer["data"]["values"]
        if one["years"] == 0 and "part" in one
    ]
    assert [one["estimate"] for one in points] == [first]


def test_every_division_comparison_and_reading_of_dates_has_its_figure(folder: Path) -> None:
    """A division that nothing is known of is named, and not drawn."""
    text = (folder / "site" / "survival.html").read_text("utf-8")
    assert re.findall(r'<figure id="survival-([^"]+)"', text)[1:9] == [
        "cohort-lists-legal-form",
        "cohort-lists-region",
        "cohort-lists-sector",
        "cohort-lists-causes",
        "comparators",
        "cohort-lists-beside-companies",
        "companies-legal-form",
        "cohort-lists-dating",
    ]
    assert "Fictional cohorts: no record tells of any of them by size at birth" in text
    assert "no: followed from the first sight" in text
    # the closer way of matching, with how many of each side it holds
    assert "matched on legal form, cohort and region: 11 of 24 that are followed" in text
    given = (folder / "site" / "figures" / "survival-cohort-lists-dating.csv").read_text("utf-8")
    assert {line.split(",")[0] for line in given.splitlines()[1:]} == {
        '"Middle', "Longest", "Shortest"
    }  # fmt: skip


def test_small_groups_are_drawn_together_only_where_they_do_not_fit() -> None:
    def rows(count: int) -> list[dict[str, object]]:
        names = [f"group {chr(97 + n)}" for n in range(count)]
        return [
            {"curve": name, "years": year, "estimate": 1 - year / 20, "lower": None, "upper": None,
             "at_risk": 30, "method": "kaplan-meier"}
            for name in [*names, SMALL_TOGETHER] for year in (1, 2, 3)
        ]  # fmt: skip

    few = draw.svg(draw.specification(curves.survival(rows(6), 720)), "few", "wide")
    many = draw.svg(draw.specification(curves.survival(rows(7), 720)), "many", "wide")
    assert "together" not in few
    assert "Group f" in few
    assert "together" in many
    assert "Group f" not in many


def test_the_explorer_shows_one_division_at_a_time(folder: Path, browser: Browser) -> None:
    server: Server = serve(0, lambda: folder)
    with serving(server), visit(browser, server) as one:
        one.go("survival.html")
        choices = one.page.locator("#choices > figure")
        expect(choices).to_have_count(8)
        one.page.get_by_label("Show", exact=True).select_option("Fictional cohorts, by sector")
        expect(one.page.locator("#survival-cohort-lists-sector")).to_be_visible()
        expect(one.page.locator("#survival-comparators")).to_be_hidden()
        one.page.reload()
        expect(one.page.locator("#survival-comparators")).to_be_hidden()
        expect(one.page.locator("#survival-cohort-lists-sector svg.wide")).to_contain_text(
            "Fictional care"
        )
        one.check()


def test_without_scripts_nothing_is_offered_that_needs_them(folder: Path, browser: Browser) -> None:
    server: Server = serve(0, lambda: folder)
    with serving(server), visit(browser, server, scripts=False) as one:
        one.go("survival.html")
        expect(one.page.locator("#choices > figure")).to_have_count(8)
        expect(one.page.locator("#choose")).to_be_hidden()
        one.check()


@pytest.mark.parametrize(
    ("most", "said"), [(1, "1 organisation."), (9, "9 organisations."), (10, "")]
)
def test_few_are_said_to_be_few_before_their_curve(most: int, said: str) -> None:
    told = curves.how_few([{"at_risk": 1}, {"at_risk": most}])
    assert told.endswith(said)
    assert bool(told) is bool(said)
