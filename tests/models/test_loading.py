from __future__ import annotations

import pytest

from observatory.errors import PermanentError
from observatory.models.project import load
from tests.models.conftest import ID_CONTRACT, LAKE, Files


def test_models_come_after_what_they_read(files: Files) -> None:
    files.model("a_last", "select id from m_middle")
    files.model("m_middle", "with z_first as (select id from z_first) select id from z_first")
    files.model("z_first", "select number as id from lake.societies join codes on true")
    files.seed("codes", "id\nx\n")
    project = files.load()
    assert list(project.models) == ["codes", "z_first", "m_middle", "a_last"]
    first = project.model("z_first")
    assert (first.depends_on, first.reads_lake, first.layer) == (
        ("codes",),
        ("societies",),
        "staging",
    )
    assert project.upstream(["m_middle"]) == ["codes", "z_first", "m_middle"]


def test_a_table_that_only_a_test_reads_is_built_before(files: Files) -> None:
    files.model("a", "select 'x' as id", "tests: [{name: t, sql: select id from b where false}]")
    files.model("b", "select 'x' as id")
    model = files.load().model("a")
    assert (model.depends_on, model.tested_against) == ((), ("b",))
    assert list(files.load().models) == ["b", "a"]


def test_a_referenced_table_is_built_before(files: Files) -> None:
    files.model(
        "a", "select 'x' as id", ID_CONTRACT.replace("VARCHAR,", "VARCHAR, references: b.id,")
    )
    files.model("b", "select 'x' as id")
    assert list(files.load().models) == ["b", "a"]


def test_a_cycle_is_named(files: Files) -> None:
    files.model("a", "select id from b")
    files.model("b", "select id from c")
    files.model("c", "select id from a")
    with pytest.raises(PermanentError, match=r"circle: \w -> \w -> \w -> \w"):
        files.load()


def test_a_model_that_reads_itself_is_named(files: Files) -> None:
    files.model("a", "select id from a")
    with pytest.raises(PermanentError, match="reads itself"):
        files.load()


@pytest.mark.parametrize("table", ["nobody", "lake.nobody", "elsewhere.societies", "societies"])
def test_an_unknown_table_is_named_with_the_file(files: Files, table: str) -> None:
    path = files.model("a", f"select id from {table}")
    with pytest.raises(PermanentError, match=f"reads '{table}'") as raised:
        files.load()
    assert str(path) in str(raised.value)


def test_a_duplicate_is_named_with_both_files(files: Files) -> None:
    first = files.model("a", "select 'x' as id", layer="entities")
    second = files.model("a", "select 'x' as id", layer="evidence")
    with pytest.raises(PermanentError, match="the same table") as raised:
        files.load()
    assert str(first) in str(raised.value)
    assert str(second) in str(raised.value)


def test_a_model_without_contract_is_named(files: Files) -> None:
    path = files.model("a", "select 'x' as id")
    path.with_suffix(".yml").unlink()
    with pytest.raises(PermanentError, match="has no contract"):
        files.load()


def test_a_contract_without_model_is_named(files: Files) -> None:
    files.contract("a")
    with pytest.raises(PermanentError, match=r"beside one \.sql"):
        files.load()


def test_seeds_and_models_do_not_mix(files: Files) -> None:
    files.model("a", "select 'x' as id", layer="seeds")
    with pytest.raises(PermanentError, match=r"seeds are \.csv"):
        files.load()


def test_a_seed_that_is_landed_is_no_table(files: Files) -> None:
    files.seed("codes", "id\nx\n")
    (files.folder / "seeds" / "societies.csv").write_text("number\n1\n")
    assert list(files.load().models) == ["codes"]


def test_all_problems_can_be_told_at_once(files: Files) -> None:
    files.model("good", "select 'x' as id")
    files.model("a_needs", "select id from needs_broken")
    files.model("broken", "select id from nobody")
    files.model("needs_broken", "select id from broken")
    files.model("worse", "drop table good")
    problems: list[PermanentError] = []
    project = load(files.folder, LAKE, problems=problems)
    assert list(project.models) == ["good"]
    assert len(problems) == 4


def test_macros_over_models_are_left_to_the_release(files: Files) -> None:
    files.model("a", "select 'x' as id")
    files.macros.mkdir(parents=True)
    (files.macros / "plain.sql").write_text("-- from a\ncreate or replace macro f(x) as x + 1;")
    (files.macros / "over.sql").write_text("create or replace macro g() as table select * from a;")
    assert list(files.load().macros) == ["plain.sql"]


def test_a_name_that_no_model_has_is_refused(files: Files) -> None:
    files.model("a", "select 'x' as id")
    with pytest.raises(PermanentError, match="no model 'b'"):
        files.load().upstream(["b"])
