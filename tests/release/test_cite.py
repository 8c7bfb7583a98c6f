"""A citation names a version, a question and the hash of its answer, and is held to them again."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from observatory.errors import BadInput, PermanentError
from observatory.release import records
from observatory.release.citation import Citation, Named, parse
from observatory.release.citation_formats import FORMATS, bibtex, csl_json, text
from observatory.release.cite import cite, recompute
from observatory.release.publish import publish
from observatory.release.versions import Version
from tests.release.conftest import BUILD, change, small_project

DAY = date(2026, 12, 1)
SQL = "select org_id, count(*) as n from evidence where value_seen <> '50% & more' group by all"
AWKWARD = "fictional #1 & 50% {of} \"it\" = 'x'; é\n next"


def with_figure(folder: Path, _downloads: object) -> None:
    figures = folder / "site" / "figures"
    figures.mkdir(parents=True)
    (figures / "evidence-by-signal.sql").write_text(
        "-- How much evidence of each signal?\n"
        "select signal_id, count(*) as n from evidence group by all\n",
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("cited")
    change(home / "build.duckdb", BUILD)
    publish(
        home / "build.duckdb",
        small_project(),
        home / "releases",
        built_at=datetime(2026, 11, 23, 2, 30, tzinfo=UTC),
        companions=[with_figure],
    )
    return home / "releases"


@pytest.fixture
def cookbook(tmp_path: Path) -> Path:
    (tmp_path / "of-organisation.sql").write_text(
        "-- What is held of one organisation?\n"
        "-- $org_id: the organisation\n"
        "-- $least: the least weight (default: -100)\n"
        "select evidence_id from evidence where org_id = $org_id\n"
        "    and coalesce(weight, 0) > cast($least as double)\n",
        encoding="utf-8",
    )
    return tmp_path


ASKED: list[tuple[str, Mapping[str, str], str, int]] = [
    ("organisations", {}, "table", 3),
    ("figure:evidence-by-signal", {}, "figure", 2),
    ("of-organisation", {"org_id": "XX-FIC-1"}, "query", 2),
    (SQL, {}, "sql", 1),
    ("select $a as a", {"a": AWKWARD}, "sql", 1),
]


@pytest.mark.parametrize("format_", sorted(FORMATS))
@pytest.mark.parametrize(("asked", "given", "kind", "rows"), ASKED)
def test_whatever_is_cited_in_whatever_format_holds(
    releases: Path,
    cookbook: Path,
    asked: str,
    given: Mapping[str, str],
    kind: str,
    rows: int,
    format_: str,
) -> None:
    made = cite(releases / "latest", asked, given, DAY, cookbook=cookbook)
    assert (made.kind, made.rows, made.version) == (kind, rows, "v2026.11.23.1")
    written = FORMATS[format_](made)
    assert made.string in written
    told = recompute(releases, parse(written), cookbook=cookbook)
    assert told.holds
    assert told.problem == ""


def test_the_string_alone_says_which_question_it_was(releases: Path, cookbook: Path) -> None:
    made = cite(releases / "latest", "of-organisation", {"org_id": AWKWARD}, DAY, cookbook=cookbook)
    named = parse(f"As told in ({made.string}), nobody is.")
    assert isinstance(named, Named)
    assert (named.version, named.kind, named.name) == ("v2026.11.23.1", "query", "of-organisation")
    assert named.parameters == {"org_id": AWKWARD, "least": "-100"}
    assert re.fullmatch(r"[\w.~:/?=&%#-]+", made.string)


def test_the_plain_text_tells_a_person_all(releases: Path, cookbook: Path) -> None:
    made = cite(
        releases / "latest", "of-organisation", {"org_id": "XX-FIC-1"}, DAY, cookbook=cookbook
    )
    told = text(made)
    assert told.startswith(
        "Mutuals Observatory (2026). Mutuals Observatory: public service mutuals in the United "
        "Kingdom, release v2026.11.23.1: What is held of one organisation? "
        "[query of-organisation] (2 rows). Cited 1 December 2026.\n"
    )
    assert "    select evidence_id from evidence where org_id = $org_id" in told
    assert "with least = -100, org_id = XX-FIC-1" in told


def test_each_format_is_what_its_readers_expect(releases: Path) -> None:
    made = cite(releases / "latest", "evidence", {}, DAY)
    (item,) = json.loads(csl_json(made))
    assert item["type"] == "dataset"
    assert item["issued"] == {"date-parts": [[2026, 11, 23]]}
    assert item["accessed"] == {"date-parts": [[2026, 12, 1]]}
    entry = bibtex(made)
    assert entry.startswith("@misc{mutuals-observatory-v2026-11-23-1-table-evidence,\n")
    assert entry.count("{") == entry.count("}")
    assert "  year = {2026},\n" in entry


def test_a_citation_keeps_its_version(releases: Path) -> None:
    made = cite(releases / "latest", "evidence", {}, DAY)
    assert records.cited(releases) == {Version.parse(made.version)}
    written = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in (releases / "cited" / made.version).iterdir()
    ]
    assert made.as_dict() in written


def test_a_changed_answer_and_a_forged_hash_do_not_hold(releases: Path, tmp_path: Path) -> None:
    made = cite(releases / "latest", "evidence", {}, DAY)
    forged = made.string[:-1] + ("0" if made.string[-1] != "0" else "1")
    told = recompute(releases, parse(forged))
    assert not told.holds
    assert told.found == made.digest

    home = tmp_path / "other"
    change(tmp_path / "build.duckdb", BUILD)
    change(tmp_path / "build.duckdb", "update evidence set weight = 2 where evidence_id = 'E1'")
    moment = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
    publish(tmp_path / "build.duckdb", small_project(), home, built_at=moment)
    other = recompute(home, made)
    assert not other.holds
    assert other.problem == "the version gives another answer than was cited"


def test_the_order_of_rows_is_no_difference_but_a_column_is(releases: Path) -> None:
    folder = releases / "latest"
    ordered = [
        cite(folder, f"select org_id from organisations order by org_id {way}", {}, DAY).digest
        for way in ("asc", "desc")
    ]
    assert ordered[0] == ordered[1]
    named = cite(folder, "select org_id as other from organisations", {}, DAY)
    assert named.digest != ordered[0]


def test_a_query_that_was_worded_anew_needs_the_whole_citation(
    releases: Path, cookbook: Path
) -> None:
    made = cite(
        releases / "latest", "of-organisation", {"org_id": "XX-FIC-1"}, DAY, cookbook=cookbook
    )
    path = cookbook / "of-organisation.sql"
    path.write_text(path.read_text(encoding="utf-8") + "    and true\n", encoding="utf-8")
    with pytest.raises(BadInput, match="another text today"):
        recompute(releases, parse(made.string), cookbook=cookbook)
    assert recompute(releases, parse(csl_json(made)), cookbook=cookbook).holds


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("organisation", "has no table, query or figure called organisation"),
        ("figure:organisations", "has no table, query or figure called figure organisations"),
        ("select now()", "depends on the day or on chance .now."),
        ("select current_date - 1", "depends on the day or on chance .current_date."),
        ("from evidence where random() < 2", "depends on the day or on chance .random."),
        ("select 1; select 2", "only one question"),
        ("delete from evidence", "only one question"),
        ("select nothing from evidence", "nothing"),
        ("select * from read_csv('/etc/hostname')", "hostname|disabled"),
    ],
)
def test_what_cannot_be_cited_is_refused_in_words(releases: Path, asked: str, said: str) -> None:
    with pytest.raises(PermanentError, match=said):
        cite(releases / "latest", asked, {}, DAY)


def test_a_word_in_a_text_or_a_comment_is_no_clock(releases: Path) -> None:
    asked = "select 'now() or random()' as a -- today()\n"
    assert cite(releases / "latest", asked, {}, DAY).rows == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", "no citations are in this text"),
        ("observatory:v2026.11.23.1/table/organisations", "no citations"),
        ("{}", "not a citation"),
        ('[{"custom": {"observatory": {"kind": "poem"}}}]', "not a citation"),
        ("[1, 2]", "not a citation"),
    ],
)
def test_what_is_no_citation_is_refused_in_words(given: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        parse(given)


def test_two_citations_in_one_text_are_one_too_many(releases: Path) -> None:
    both = [cite(releases / "latest", name, {}, DAY).string for name in ("evidence", "sources")]
    with pytest.raises(BadInput, match="2 citations"):
        parse(" and ".join(both))


def test_a_version_that_is_not_here_is_named(releases: Path, tmp_path: Path) -> None:
    made = cite(releases / "latest", "evidence", {}, DAY)
    with pytest.raises(PermanentError, match=r"there is no release v2026\.11\.23\.1"):
        recompute(tmp_path, made)


def test_a_damaged_version_does_not_hold_a_citation(releases: Path, tmp_path: Path) -> None:
    made = cite(releases / "latest", "evidence", {}, DAY)
    copy = tmp_path / "releases" / made.version
    copy.mkdir(parents=True)
    (copy / "manifest.json").write_bytes((releases / "latest" / "manifest.json").read_bytes())
    (copy / "observatory.duckdb").write_bytes(
        (releases / "latest" / "observatory.duckdb").read_bytes()
    )
    assert recompute(tmp_path / "releases", made).holds
    with duckdb.connect(str(copy / "observatory.duckdb")) as con:
        con.execute("drop table evidence")
    told = recompute(tmp_path / "releases", made)
    assert "its question cannot be asked" in told.problem
    assert not told.holds


def test_json_brings_back_the_whole_citation(releases: Path) -> None:
    made = cite(releases / "latest", SQL, {}, DAY)
    assert parse(csl_json(made)) == made
    assert isinstance(parse(json.dumps(made.as_dict())), Citation)
