"""Every promise of a release, broken once: verify must name each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from observatory.release.manifest import MANIFEST, SUMS
from observatory.release.publish import publish
from observatory.release.verify import verify
from tests.release.conftest import BUILD, change, reseal, small_project


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("pristine")
    change(home / "build.duckdb", BUILD)
    moment = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
    publish(home / "build.duckdb", small_project(), home / "releases", built_at=moment)
    folder = (home / "releases" / "latest").resolve()
    assert verify(folder) == []
    return folder


def said(release: Path) -> str:
    return "\n".join(str(problem) for problem in verify(release))


def in_database(release: Path, sql: str) -> None:
    with duckdb.connect(str(release / "observatory.duckdb")) as con:
        con.execute(sql)
    reseal(release)


@pytest.mark.parametrize(
    "name",
    ["observatory.duckdb", "parquet/evidence.parquet", "csv/evidence.csv", "organisations.jsonl",
     "manifest.json"],
)  # fmt: skip
def test_one_flipped_bit_is_caught_in_every_kind_of_file(release: Path, name: str) -> None:
    content = bytearray((release / name).read_bytes())
    content[len(content) // 2] ^= 1
    (release / name).write_bytes(content)
    assert verify(release) != []
    if name != MANIFEST:
        assert f"{name}: has other bytes than it was released with" in said(release)


def test_missing_unknown_and_linked_files_are_caught(release: Path) -> None:
    (release / "csv" / "evidence.csv").unlink()
    (release / "csv" / "extra.csv").write_text("a\r\n")
    kept = (release / "csv" / "sources.csv").rename(release.parent / "sources.csv")
    (release / "csv" / "sources.csv").symlink_to(kept)
    text = said(release)
    assert "csv/evidence.csv: is missing" in text
    assert "csv/extra.csv: is not named in the manifest" in text
    assert "csv/sources.csv: has other bytes" in text


def test_checksums_that_leave_a_file_out_are_caught(release: Path) -> None:
    lines = (release / SUMS).read_text().splitlines(keepends=True)
    (release / SUMS).write_text("".join(lines[1:]))
    assert "SHA256SUMS: does not list the same files" in said(release)


def test_a_release_in_another_folder_is_caught(release: Path) -> None:
    moved = release.rename(release.with_name("v2020.01.01.1"))
    assert "says v2026.11.23.1, but lies in v2020.01.01.1" in said(moved)


def test_no_release_at_all_is_a_problem_not_a_crash(tmp_path: Path) -> None:
    assert "manifest cannot be read" in said(tmp_path)


UNKEYED = (
    "create table t as from evidence; drop table evidence; create table evidence as from t; "
    "drop table t; "
)


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        (UNKEYED + "insert into evidence from evidence where evidence_id = 'E1'",
         'evidence: 1 keys ("evidence_id") are there more than once'),
        (UNKEYED + "update evidence set evidence_id = null where evidence_id = 'E1'",
         "evidence: 1 rows have no value in their key"),
        (UNKEYED + "update evidence set org_id = 'XX-FIC-9' where evidence_id = 'E1'",
         "evidence: 1 values of org_id are not in organisations.org_id"),
        ("alter table evidence add column secret varchar",
         "evidence in DuckDB: has the undeclared column secret (VARCHAR)"),
        ("alter table evidence drop column weight",
         "evidence in DuckDB: lacks the declared column weight (DOUBLE)"),
        ("alter table evidence alter weight type float",
         "evidence in DuckDB: has weight as FLOAT, not as DOUBLE"),
        ("create table personal as select 1 as x",
         "personal: is a table that the manifest does not declare"),
        ("drop table evidence", "evidence: is declared, but the database does not hold it"),
        ("update evidence set value_seen = 'other' where evidence_id = 'E1'",
         "its facts are not those that the manifest's hash was taken of"),
        ("update organisations set known_from = null",
         "parquet/organisations.parquet: has other values than the table in DuckDB"),
        ("delete from evidence where evidence_id = 'E1'",
         "csv/evidence.csv: has 3 rows, where DuckDB has 2"),
        ("update _observatory set value = 'v1' where key = 'version'", "says it is"),
    ],
)  # fmt: skip
def test_a_database_that_breaks_a_promise_is_caught_even_when_the_hashes_are_right(
    release: Path, sql: str, problem: str
) -> None:
    in_database(release, sql)
    assert problem in said(release)


def in_parquet(folder: Path, select: str) -> None:
    path = folder / "parquet" / "evidence.parquet"
    with duckdb.connect() as con:
        con.execute(f"create table t as {select} from '{path}'")
        con.execute(f"copy t to '{path}' (format parquet)")


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        text = (folder / name).read_bytes()
        assert old.encode() in text
        (folder / name).write_bytes(text.replace(old.encode(), new.encode(), 1))

    return apply


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda folder: in_parquet(folder, "select *, 1 as secret"),
         "parquet/evidence.parquet: has the undeclared column secret"),
        (lambda folder: in_parquet(folder, "select * exclude (weight)"),
         "parquet/evidence.parquet: lacks the declared column weight"),
        (lambda folder: in_parquet(folder, "select * replace ('x' as value_seen)"),
         "parquet/evidence.parquet: has other values"),
        (edit("csv/evidence.csv", "evidence_id,org_id", "org_id,evidence_id"),
         "csv/evidence.csv: its header is"),
        (edit("csv/evidence.csv", "'@home", "@home"), "csv/evidence.csv: has other values"),
        (edit("csv/evidence.csv", "E3,XX-FIC-3,form,,,\r\n", ""), "has 2 rows, where"),
        (edit("organisations.jsonl", '"evidence":[{', '"other":[{'), "nests 1 rows of evidence"),
        (edit("organisations.jsonl", "XX-FIC-1", "XX-FIC-7"), "line 2 is not in the order"),
        (edit("organisations.jsonl", "-1.5", "NaN"), "organisations.jsonl: cannot be read: NaN"),
    ],
)  # fmt: skip
def test_a_copy_that_differs_from_the_database_is_caught_even_when_the_hashes_are_right(
    release: Path, spoil: Callable[[Path], None], problem: str
) -> None:
    spoil(release)
    reseal(release)
    assert problem in said(release)
