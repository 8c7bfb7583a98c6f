"""The bytes of each format: what is written, and that the content alone decides it."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from observatory.errors import PermanentError
from observatory.release import formats
from observatory.release.contracts import ReleaseColumn, ReleaseTable, published_tables
from observatory.release.stage import stage
from tests.release.conftest import BUILD, SmallProject, change, column

MOMENT = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)


def staged(database: Path, project: SmallProject, releases: Path, version: str) -> Path:
    return stage(database, project, releases, version=version, built_at=MOMENT).folder


def table(*columns: tuple[str, str], order: tuple[str, ...] = ()) -> ReleaseTable:
    return ReleaseTable(
        "t",
        "Fictional.",
        "facts",
        (),
        order,
        tuple(ReleaseColumn(n, k, n, "rows") for n, k in columns),
    )


def test_csv_is_rfc_4180_with_iso_times_json_lists_and_no_formulas(
    database: Path, project: SmallProject, releases: Path
) -> None:
    folder = staged(database, project, releases, "v2026.11.23.1")
    assert (folder / "csv" / "organisations.csv").read_bytes().decode() == (
        "org_id,name,registers,registered_on,is_watched,known_from\r\n"
        'XX-FIC-1,"Fictional ""Care"", Ltd\nCIC",[],,false,2026-11-01T02:30:00.250000Z\r\n'
        'XX-FIC-2,\'=cmd|\' /C calc\'!A0,"[""GB-MPR"",""GB-COH""]",2011-04-01,true,'
        "2026-11-01T02:30:00Z\r\n"
        'XX-FIC-3,"",,1999-12-31,,\r\n'
    )
    assert (folder / "csv" / "evidence.csv").read_bytes().decode() == (
        "evidence_id,org_id,signal_id,value_seen,weight,place\r\n"
        "E1,XX-FIC-1,form,CIC,1e+20,\r\n"
        'E2,XX-FIC-1,award,\'@home,-1.5,"{""line"":3,""member"":""a.csv""}"\r\n'
        "E3,XX-FIC-3,form,,,\r\n"
    )


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\0"])
def test_each_character_that_a_spreadsheet_runs_is_defused_in_csv_only(
    tmp_path: Path, first: str
) -> None:
    with duckdb.connect() as con:
        con.execute("create table t (a varchar, n integer)")
        con.execute("insert into t values (?, -5), (?, null)", [f"{first}1+1", f"x{first}"])
        formats.write_csv(con, table(("a", "VARCHAR"), ("n", "INTEGER")), tmp_path / "t.csv")
        formats.write_parquet(
            con, table(("a", "VARCHAR"), ("n", "INTEGER")), tmp_path / "t.parquet"
        )
        raw = con.execute(f"select a from '{tmp_path}/t.parquet' order by n nulls last").fetchall()
    text = (tmp_path / "t.csv").read_bytes().decode()
    cells = {row[0]: row[1] for row in csv.reader(io.StringIO(text, newline=""))}
    assert cells == {"a": "n", f"'{first}1+1": "-5", f"x{first}": ""}
    assert raw == [(f"{first}1+1",), (f"x{first}",)]


@settings(max_examples=60)
@given(
    st.lists(st.one_of(st.none(), st.text(st.characters(codec="utf-8"), max_size=12)), max_size=6)
)
def test_whatever_text_a_cell_holds_csv_can_be_read_back(
    tmp_path: Path, texts: list[str | None]
) -> None:
    shape = table(("i", "INTEGER"), ("a", "VARCHAR"))
    path = tmp_path / "t.csv"
    with duckdb.connect() as con:
        con.execute("create table t (i integer, a varchar)")
        for index, text in enumerate(texts):
            con.execute("insert into t values (?, ?)", [index, text])
        formats.write_csv(con, shape, path)
        wanted = con.execute(f"select {', '.join(formats.csv_cells(shape))} from t order by i")
        cells = wanted.fetchall()
        back = con.execute(formats.read_csv(shape, path)).fetchall()
    assert back == cells
    data = path.read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(data.decode(), newline="")))[1:]
    assert [row[1] for row in read] == [cell or "" for _, cell in cells]
    assert not any(row[1][:1] in tuple("=+-@\t\r\0") for row in read if row[1])


def test_json_lines_nest_everything_known_of_an_organisation(
    database: Path, project: SmallProject, releases: Path
) -> None:
    folder = staged(database, project, releases, "v2026.11.23.1")
    text = (folder / "organisations.jsonl").read_text(encoding="utf-8")
    assert text.endswith("}\n")
    records = [json.loads(line) for line in text.splitlines()]
    assert [record["org_id"] for record in records] == ["XX-FIC-1", "XX-FIC-2", "XX-FIC-3"]
    one, two, _ = records
    assert one["name"] == 'Fictional "Care", Ltd\nCIC'
    assert one["known_from"] == "2026-11-01T02:30:00.250000Z"
    assert [item["evidence_id"] for item in one["evidence"]] == ["E1", "E2"]
    assert one["evidence"][1] == {
        "evidence_id": "E2",
        "signal_id": "award",
        "value_seen": "@home",
        "weight": -1.5,
        "place": {"line": 3, "member": "a.csv"},
    }
    assert two["name"].startswith("=cmd")
    assert two["evidence"] == []
    assert "addresses_history" not in one


def test_children_of_an_organisation_that_is_not_there_do_not_stop_the_stream(
    database: Path, project: SmallProject, releases: Path
) -> None:
    change(database, "insert into evidence values ('E0', 'XX-FIC-0', 's', 'x', 0, null), "
                     "('E8', 'XX-FIC-2b', 's', 'x', 0, null)")  # fmt: skip
    folder = staged(database, project, releases, "v2026.11.23.1")
    lines = (folder / "organisations.jsonl").read_text(encoding="utf-8").splitlines()
    held = {json.loads(line)["org_id"]: len(json.loads(line)["evidence"]) for line in lines}
    assert held == {"XX-FIC-1": 2, "XX-FIC-2": 0, "XX-FIC-3": 1}


def test_the_same_rows_give_the_same_bytes_in_any_version_and_order(
    database: Path, project: SmallProject, releases: Path, tmp_path: Path
) -> None:
    first = staged(database, project, releases, "v2026.11.23.1")
    other = tmp_path / "other.duckdb"
    change(other, BUILD)
    change(other, "create or replace table evidence as from evidence order by evidence_id desc")
    second = staged(other, project, tmp_path / "elsewhere", "v2027.01.01.7")
    names = {path.relative_to(first) for path in first.rglob("*.*") if path.suffix in
             (".parquet", ".csv", ".jsonl")}  # fmt: skip
    assert len(names) == 13
    for name in names:
        if name.stem != "releases":
            assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_many_row_groups_are_the_same_bytes_on_one_thread_and_on_four(tmp_path: Path) -> None:
    shape = table(("kind", "VARCHAR"), ("i", "BIGINT"), order=("kind",))
    found = []
    for threads in (1, 4):
        with duckdb.connect() as con:
            con.execute(f"set threads = {threads}")
            con.execute(
                "create table t as select 'k' || i % 7 as kind, i from range(250000) r(i) "
                "order by hash(i)"
            )
            formats.write_parquet(con, shape, tmp_path / "t.parquet")
            formats.write_csv(con, shape, tmp_path / "t.csv")
        found.append([(tmp_path / f"t.{kind}").read_bytes() for kind in ("parquet", "csv")])
    assert found[0] == found[1]


def test_the_database_has_comments_keys_and_what_it_is(
    database: Path, project: SmallProject, releases: Path
) -> None:
    folder = staged(database, project, releases, "v2026.11.23.1")
    with duckdb.connect(str(folder / "observatory.duckdb"), read_only=True) as con:
        tables = con.execute(
            "select table_name, comment, has_primary_key from duckdb_tables() order by 1"
        ).fetchall()
        comment = con.execute(
            "select comment from duckdb_columns() where column_name = 'value_seen'"
        ).fetchone()
        about = dict(con.execute("from _observatory").fetchall())
    assert [name for name, *_ in tables] == [
        "_observatory", "addresses_history", "changes", "evidence", "organisations",
        "releases", "sources",
    ]  # fmt: skip
    assert tables[3] == ("evidence", "One row a evidence; it's a test.", True)
    assert comment == ("The value_seen.",)
    assert about["version"] == "v2026.11.23.1"
    assert about["built_at"] == "2026-11-23T02:30:00+00:00"


def test_an_organisation_named_anywhere_is_one_of_the_release(project: SmallProject) -> None:
    hidden = project.column("evidence", "org_id", references="ent_hidden.id")
    hidden = hidden.column("addresses_history", "org_id", references="")
    found = {one.name: one for one in published_tables(hidden)}
    for name in ("evidence", "addresses_history"):
        columns = {column.name: column.references for column in found[name].columns}
        assert columns["org_id"] == "organisations.org_id"
    assert not any(column.references for column in found["organisations"].columns)


def test_a_column_may_not_hide_a_nested_table(
    database: Path, project: SmallProject, releases: Path
) -> None:
    columns = (*project.models["organisations"].contract.columns, column("evidence"))
    change(database, "alter table organisations add column evidence varchar")
    with pytest.raises(PermanentError, match="the column evidence has the name of a table"):
        staged(
            database, project.changed("organisations", columns=columns), releases, "v2026.01.01.1"
        )
