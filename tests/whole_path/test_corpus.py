"""The whole path on real published files: nothing lost, nothing twice, whatever the order."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import duckdb
import pytest

from tests import naive_survival
from tests.lifelines_oracle import log_rank_by_lifelines, survival_by_lifelines
from tests.release.descriptions import frictionless_problems
from tests.whole_path.corpus_files import FILES, land_all, observatory
from tests.whole_path.strata import strata

pytestmark = pytest.mark.corpus

_ONE_CURVE = (
    "select time_days, estimate from survival where method = 'kaplan-meier' and "
    "population_id = ? and end_of = ? and stratum_by = ? and stratum = ? order by 1"
)


# The only files that two builds from the same landing may write differently: the database, whose
# pages DuckDB lays out as its threads finish, and what carries its hash.
_CARRIES_THE_DATABASE = {
    "observatory.duckdb",
    "datapackage.json",
    "dcat.jsonld",
    "manifest.json",
    "SHA256SUMS",
}


_TABLES = "select table_name from duckdb_tables() where not internal"
_DECLARED = {
    "column": "select table_name || '.' || column_name, data_type, comment, is_nullable "
    "from duckdb_columns() where not internal",
    "key": "select table_name || ': ' || constraint_text from duckdb_constraints()",
    "view": "select view_name, sql, comment from duckdb_views() where not internal",
    "macro": "select function_name, list(macro_definition order by 1) from duckdb_functions() "
    "where not internal group by 1",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A home in which every file was landed in order and refreshed once."""
    return _build(tmp_path_factory.mktemp("forward"), request, reverse=False)


@pytest.fixture(scope="module")
def reversed_and_twice(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Path:
    """A home in which the files were landed in the opposite order, and then again."""
    return _build(tmp_path_factory.mktemp("backward"), request, reverse=True)


def _build(home: Path, request: pytest.FixtureRequest, *, reverse: bool) -> Path:
    corpus = _corpus()
    patch = pytest.MonkeyPatch()
    request.addfinalizer(patch.undo)
    patch.setenv("OBSERVATORY_NOW", "2026-11-23T02:30:00+00:00")
    files = FILES[::-1] if reverse else FILES
    land_all(corpus, home, files)
    if reverse:
        land_all(corpus, home, files)
    result = observatory("refresh", "--offline", home=home)
    assert result.exit_code == 0, result.output
    return home


def _corpus() -> Path:
    import os

    from observatory.settings import PROJECT_ROOT

    named = os.environ.get("OBSERVATORY_CORPUS")
    path = Path(named) if named else PROJECT_ROOT.parent / "shared" / "corpus"
    if not (path / "README.md").is_file():
        pytest.skip(f"no corpus at {path}: set OBSERVATORY_CORPUS to its folder")
    return path


def _one(database: Path, sql: str) -> object:
    with duckdb.connect(str(database), read_only=True) as con:
        row = con.execute(sql).fetchone()
        assert row is not None
        return row[0]


def _release(home: Path) -> Path:
    return (home / "releases" / "latest").resolve()


def _build_database(home: Path) -> Path:
    return home / "warehouse" / "build.duckdb"


def test_the_build_database_knows_every_company_and_society(built: Path) -> None:
    database = _build_database(built)
    companies = "select count(distinct company_number) from stg_companies_house_basic"
    societies = "select count(*) from stg_fca_societies"
    assert _one(database, companies) == 75_826
    assert _one(database, societies) == 6_464


def test_every_society_is_joined_to_its_cooperatives_uk_row_by_number(built: Path) -> None:
    joined = """
        select count(distinct fca.org_id)
        from ent_record_organisations as fca
        join ent_record_organisations as coops using (org_id)
        where fca.source = 'fca_societies' and coops.source = 'coops_uk_organisations'
          and coops.basis = 'identifier'
    """
    assert _one(_build_database(built), joined) == 6_464


def test_each_award_supplier_pair_is_published_once(built: Path) -> None:
    database = _release(built) / "observatory.duckdb"
    assert _one(database, "select count(*) from awards") == 311
    distinct = "select count(*) from (select distinct ocid, award_id, supplier_id from awards)"
    assert _one(database, distinct) == 311
    valid = "select count(*) from awards where supplier_company_number is not null"
    assert _one(database, valid) == 101


def test_the_nine_digit_company_number_is_an_issue_not_a_key(built: Path) -> None:
    database = _release(built) / "observatory.duckdb"
    issue = "select distinct kind from data_issues where value like '%458577871%'"
    assert _one(database, issue) == "invalid-company-number"
    assert (
        _one(database, "select count(*) from identifiers where identifier like '%458577871%'") == 0
    )


def test_no_record_is_lost_without_an_issue(built: Path) -> None:
    with duckdb.connect(str(_release(built) / "observatory.duckdb"), read_only=True) as con:
        kept = dict(
            con.execute(
                "select source, sum(rows + quarantined) from snapshots "
                "where list_contains(?, source) group by source",
                [sorted({one.source for one in FILES})],
            ).fetchall()
        )
    assert kept == {
        "companies_house_basic": 75_740 + 87,
        "fca_societies": 6_464,
        "mutual_companies": 12_252,
        "coops_uk_organisations": 8_371,
        "coops_uk_economic": 32_292,
        "contracts_finder": 401,
        "companies_house_search": 16_305,
    }


def test_the_opposite_order_and_landing_twice_give_the_same_bytes(
    built: Path, reversed_and_twice: Path
) -> None:
    """Every file of the release but those of the named list: tables, JSON Lines, descriptions and
    each of the thousands of pages."""
    forward, backward = _hashes(_release(built)), _hashes(_release(reversed_and_twice))
    assert forward.keys() == backward.keys()
    kinds = {Path(name).suffix for name in forward}
    assert {".csv", ".parquet", ".jsonl", ".html", ".json", ".xml"} <= kinds
    differing = {name for name in forward if forward[name] != backward[name]}
    assert differing <= _CARRIES_THE_DATABASE, sorted(differing - _CARRIES_THE_DATABASE)[:20]


def test_two_builds_give_the_same_database_table_by_table(
    built: Path, reversed_and_twice: Path
) -> None:
    one, other = _told(_release(built)), _told(_release(reversed_and_twice))
    assert len(one) > 100
    assert {name for name in one if one[name] != other.get(name)} == set()
    assert one.keys() == other.keys()


def _told(release: Path) -> dict[str, object]:
    """What the database says: rows of each table by number and hash, columns with their comments,
    keys, views and macros."""
    with duckdb.connect(str(release / "observatory.duckdb"), read_only=True) as con:
        tables = [row[0] for row in con.execute(_TABLES).fetchall()]
        told: dict[str, object] = {
            f"table {name}": con.execute(
                f'select count(*), bit_xor(hash(t)), sum(hash(t)) from "{name}" as t'
            ).fetchone()
            for name in tables
        }
        for kind, sql in _DECLARED.items():
            for row in con.execute(sql).fetchall():
                told[f"{kind} {row[0]}"] = row[1:]
    return told


def _hashes(release: Path) -> dict[str, str]:
    files = (path for path in release.rglob("*") if path.is_file())
    return {path.relative_to(release).as_posix(): _sha(path) for path in files}


def test_a_second_refresh_publishes_nothing_and_says_so(built: Path) -> None:
    before = _release(built)
    result = observatory("refresh", "--offline", "--json", home=built)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["published"] is False
    assert told["models_built"] == 0
    assert _release(built) == before


def test_the_release_verifies_and_tells_of_a_changed_byte(built: Path, tmp_path: Path) -> None:
    assert observatory("verify", home=built).exit_code == 0


def test_frictionless_finds_every_row_of_the_release_valid(built: Path) -> None:
    assert frictionless_problems(_release(built)) == []


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("Explore York Libraries and Archives Mutual Limited", "GB-MPR-32357R"),
        ("06273905", "GB-COH-06273905"),
        ("GB-MPR-64C", "GB-MPR-64C"),
    ],
)
def test_explain_finds_an_organisation_however_it_is_named(
    built: Path, asked: str, expected: str
) -> None:
    result = observatory("explain", asked, "--json", home=built)
    assert result.exit_code == 0, result.output
    assert expected in result.stdout


def test_the_labelled_organisations_are_scored_and_nobody_is_lost(built: Path) -> None:
    """Every row of the labels is in one group, and adds up through every cut."""
    result = observatory("evaluate", str(_corpus() / "gold"), "--json", home=built)
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    rows = {one["group"]: one for one in told["coverage"]}
    assert sum(one["labelled"] for one in rows.values()) == 68 + 92
    assert told["remarks"] == []
    records = rows["positive"]["with_records"] + rows["negative"]["with_records"]
    assert records > 0
    for definition in ("dcms-2018", "cabinet-office-2012"):
        for by in ("all", "sector", "legal form", "register of controllers"):
            cut = [
                one["true_positives"] + one["false_positives"] + one["false_negatives"]
                + one["true_negatives"]
                for one in told["scores"]
                if (one["definition"], one["evidence"], one["by"], one["strictness"])
                == (definition, "inferred", by, "plus possible")
            ]  # fmt: skip
            assert sum(cut) == records, (definition, by)
    assert all(one["reason"] for one in told["wrong"])
    # each scored organisation with records is told with what they say
    assert len(told["records"]) == records
    assert all(one["words"] for one in told["records"])


def test_a_sheet_of_the_real_organisations_is_weighted_once_it_is_filled_in(
    built: Path, tmp_path: Path
) -> None:
    """The loop alone: the answers are this test's, and nobody has reviewed anything."""
    sheet = tmp_path / "sheet.csv"
    drawn = observatory("review-sample", str(sheet), "--per-verdict", "4", home=built)
    assert drawn.exit_code == 0, drawn.output
    words = ("evaluate", str(_corpus() / "gold"), "--reviewed", str(sheet), "--json")
    before = json.loads(observatory(*words, home=built).stdout)["population"]["figures"]
    assert {one["value"] for one in before} == {None}
    with sheet.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    taken = {"mutual": "yes", "probable": "yes", "possible": "no"}
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({**row, "is_mutual": taken.get(row["verdict"], "no")} for row in rows)
    after = json.loads(observatory(*words, home=built).stdout)["population"]["figures"]
    told = {(one["measure"], one["strictness"]): one for one in after}
    strata = {row["stratum"]: int(row["stratum_population"]) for row in rows}
    yes = sum(of for name, of in strata.items() if name.startswith(("mutual", "probable")))
    every = yes + sum(of for name, of in strata.items() if name.startswith("possible"))
    assert told[("precision", "plus probable")]["value"] == 1.0
    assert told[("precision", "plus possible")]["value"] == pytest.approx(yes / every)
    assert told[("recall", "plus probable")]["value"] == pytest.approx(1.0)
    for one in after:
        low, high = one["interval_95"]
        # the interval of a recall is drawn: it need not hold an estimate of 1 itself
        assert 0 <= low <= high <= 1


def test_every_survival_curve_is_that_of_lifelines(built: Path) -> None:
    """On every stratum of the real organisations; where lifelines refuses a stratum, because its
    risk set is empty for a while, by the definition read day by day."""
    refused = []
    compared = 0
    with duckdb.connect(str(_build_database(built)), read_only=True) as con:
        at_risk = strata(con)
        drawn = con.execute(
            "select count(distinct (population_id, end_of, stratum_by, stratum)) from survival"
        ).fetchone()
        assert drawn == (len(at_risk),)
        for key, (entry, exit_, ended) in at_risk.items():
            curve = dict(con.execute(_ONE_CURVE, list(key)).fetchall())
            peer = survival_by_lifelines(entry, exit_, ended, list(curve))
            if peer is not None:
                expected = peer.estimate.tolist()
            else:
                assert naive_survival.empties_early(entry, exit_), key
                refused.append(key)
                naive = naive_survival.kaplan_meier(entry, exit_, ended)
                expected = [naive[day] for day in curve]
            assert list(curve.values()) == pytest.approx(expected, abs=1e-9), key
            compared += 1
    assert compared > 100
    # old cohorts whose last members all left before younger ones had entered
    assert 0 < len(refused) < compared / 10, refused


def test_every_log_rank_test_is_that_of_lifelines(built: Path) -> None:
    """And where members enter late, which lifelines' test cannot heed, that of its definition."""
    with duckdb.connect(str(_build_database(built)), read_only=True) as con:
        at_risk = strata(con)
        tests = con.execute(
            "select population_id, end_of, stratum_by, strata, statistic, p_value"
            " from survival_tests order by all"
        ).fetchall()
        assert {one[0] for one in tests} >= {"co-operatives", "companies-2024"}
        for population, end_of, by, names, statistic, p_value in tests:
            groups = [at_risk[population, end_of, by, name] for name in names]
            naive = naive_survival.log_rank(groups)
            assert statistic == pytest.approx(naive, rel=1e-9), (population, by)
            if any(max(entry) > 0 for entry, _, _ in groups):
                continue
            peer = log_rank_by_lifelines(groups)
            assert (statistic, p_value) == pytest.approx(peer, rel=1e-9), (population, by)


def test_every_matched_curve_is_that_of_lifelines_with_weights(built: Path) -> None:
    with duckdb.connect(str(_build_database(built)), read_only=True) as con:
        keys = con.execute(
            "select distinct population_id, comparator_id, matched_on, side from survival_matched"
            " order by all"
        ).fetchall()
        assert ("curated-mutuals", "co-operatives", "legal form and cohort", "comparator") in keys
        for key in keys:
            these = "population_id = ? and comparator_id = ? and matched_on = ? and side = ?"
            entry, exit_, ended, weights = zip(
                *con.execute(
                    "select entry_days, exit_days, cause is not null, weight from srv_matches"
                    f" where {these}",
                    key,
                ).fetchall(),
                strict=True,
            )
            days, ours = zip(
                *con.execute(
                    f"select time_days, estimate from survival_matched where {these} order by 1",
                    key,
                ).fetchall(),
                strict=True,
            )
            peer = survival_by_lifelines(entry, exit_, ended, days, weights)
            assert peer is not None, key
            assert ours == pytest.approx(peer.estimate, abs=1e-9), key


def test_the_real_cohorts_show_as_they_were_published(built: Path) -> None:
    """Companies of the first week of 2024 by type, community interest companies apart, and the
    societies and companies that Co-operatives UK listed in 2017."""
    with duckdb.connect(str(_build_database(built)), read_only=True) as con:
        counts = {
            (population, by, name): (members, ends)
            for population, by, name, members, ends in con.execute(
                "select population_id, stratum_by, stratum, members, events from survival_rates"
                " where measure = 'median' and end_of = 'legal end'"
            ).fetchall()
        }
        assert counts["companies-2024", "legal_form", "cic"] == (67, 1)
        assert counts["cics-searched", "all", "all"] == (67, 1)
        # 187 without the right to leave 'limited' out of the name, and 18 with it
        assert counts["companies-2024", "legal_form", "company-limited-by-guarantee"] == (205, 22)
        assert counts["companies-2024", "legal_form", "private-company"] == (15840, 1385)
        members, ends = counts["co-operatives", "all", "all"]
        assert (members > 8000, ends) == (True, 1544)
        longest = con.execute(
            "select max(time_days) from survival where population_id = 'companies-2024'"
        ).fetchone()
        assert longest == (421,)  # from 1 January 2024 to the download of 25 February 2025


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
