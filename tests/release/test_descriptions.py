"""What describes a release to programs and people: valid to others' readers, and true."""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import rdflib

from observatory.release import licence_names
from observatory.release.datapackage import column_type
from observatory.release.descriptions import CARRY_TIME_OR_HASH
from observatory.release.manifest import read_manifest
from observatory.release.publish import publish
from observatory.release.verify import verify
from observatory.settings import PROJECT_ROOT
from tests.release.conftest import (
    BUILD,
    SmallProject,
    change,
    column,
    contract,
    reseal,
    small_project,
)
from tests.release.descriptions import csvw_problems, dcat_problems, frictionless_problems, graph

DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
DCT = rdflib.Namespace("http://purl.org/dc/terms/")
MOMENT = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("described")
    change(home / "build.duckdb", BUILD)
    change(home / "build.duckdb", "update evidence set signal_id = '=award' where evidence_id='E2'")
    project = small_project().column("evidence", "signal_id", enum=("=award", "form"))
    project = project.column("evidence", "weight", unit="kg")
    project = project.column("organisations", "registers", enum=("GB-MPR", "GB-COH"))
    publish(home / "build.duckdb", project, home / "releases", built_at=MOMENT)
    return (home / "releases" / "latest").resolve()


def package(folder: Path) -> Any:  # noqa: ANN401 - whatever JSON holds
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def resource(folder: Path, name: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    return next(one for one in package(folder)["resources"] if one["name"] == name)


def edit(path: Path, old: str, new: str) -> None:
    content = path.read_bytes()
    assert old.encode() in content, (path, old)
    path.write_bytes(content.replace(old.encode(), new.encode(), 1))


def test_other_peoples_readers_find_every_row_valid(pristine: Path) -> None:
    assert frictionless_problems(pristine) == []
    assert csvw_problems(pristine) == []
    assert dcat_problems(graph(pristine)) == ""


def test_the_package_says_types_keys_units_words_sources_and_licences(pristine: Path) -> None:
    told = resource(pristine, "evidence")
    fields = {field["name"]: field for field in told["schema"]["fields"]}
    assert {name: field["type"] for name, field in fields.items()} == {
        "evidence_id": "string", "org_id": "string", "signal_id": "string",
        "value_seen": "string", "weight": "number", "place": "object",
    }  # fmt: skip
    assert told["schema"]["primaryKey"] == ["evidence_id"]
    assert told["schema"]["foreignKeys"] == [
        {"fields": ["org_id"], "reference": {"resource": "organisations", "fields": ["org_id"]}}
    ]
    assert fields["weight"]["unit"] == "kg"
    assert fields["signal_id"]["constraints"]["enum"] == ["'=award", "form"]
    assert fields["value_seen"]["sourceIds"] == ["notices"]
    assert fields["value_seen"]["mayBeRepublished"] == "rows"
    assert [one["title"] for one in told["sources"]] == ["Fictional notices"]
    assert {one["path"] for one in told["licenses"]} == {
        "https://example.org/l", "https://opensource.org/license/mit",
    }  # fmt: skip
    assert package(pristine)["sources"][1]["attribution"] == "A"
    assert resource(pristine, "organisations")["schema"]["fields"][2]["itemsEnum"]


def test_every_file_of_data_is_in_each_description(pristine: Path) -> None:
    held = {
        path.relative_to(pristine).as_posix()
        for path in pristine.rglob("*")
        if path.suffix in (".csv", ".parquet", ".jsonl", ".duckdb")
    }
    assert {one["path"] for one in package(pristine)["resources"]} == held
    base = "https://example.org/releases/version/"
    named = set(graph(pristine).objects(None, DCAT.downloadURL))
    assert {str(one).removeprefix(base) for one in named} == held


def no_hash(folder: Path) -> None:
    """Let a program see the spoiled file as one that was never changed."""
    content = package(folder)
    for one in content["resources"]:
        one.pop("hash", None)
        one.pop("bytes", None)
    (folder / "datapackage.json").write_text(json.dumps(content), encoding="utf-8")


SPOILED = [
    ("evidence.csv", "E2,XX-FIC-1", "E1,XX-FIC-1", "primary key"),
    ("evidence.csv", "E1,XX-FIC-1", "E1,XX-FIC-9", "foreign"),
    ("evidence.csv", "E1,XX-FIC-1,form", "E1,XX-FIC-1,farm", "enum"),
    ("evidence.csv", "1e+20", "heavy", "weight"),
    ("organisations.csv", "2011-04-01", "1 April 2011", "registered_on"),
    ("organisations.csv", "2026-11-01T02:30:00Z", "yesterday", "known_from"),
]


@pytest.mark.parametrize(("name", "old", "new", "said"), SPOILED)
def test_frictionless_catches_what_breaks_the_declared_schema(
    release: Path, name: str, old: str, new: str, said: str
) -> None:
    edit(release / "csv" / name, old, new)
    assert "hash" in " ".join(frictionless_problems(release))
    no_hash(release)
    found = frictionless_problems(release)
    assert found
    assert said in " ".join(found).casefold()


@pytest.mark.parametrize(("name", "old", "new", "said"), SPOILED)
def test_csvw_catches_what_breaks_the_declared_schema(
    release: Path, name: str, old: str, new: str, said: str
) -> None:
    edit(release / "csv" / name, old, new)
    assert csvw_problems(release) != []


def test_an_undeclared_column_is_caught_by_each_reader(release: Path) -> None:
    path = release / "csv" / "sources.csv"
    lines = path.read_bytes().split(b"\r\n")
    path.write_bytes(b"\r\n".join(line + b",x" if line else line for line in lines))
    assert csvw_problems(release) != []
    no_hash(release)
    assert "sources" in " ".join(frictionless_problems(release))


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("VARCHAR", "string"), ("BIGINT", "integer"), ("DECIMAL(18,3)", "number"),
        ("VARCHAR[]", "array"), ("STRUCT(a INTEGER)[]", "array"), ("STRUCT(a INTEGER)", "object"),
        ("ENUM('a')", "string"), ("timestamp", "datetime"), ("INTERVAL", "any"),
    ],
)  # fmt: skip
def test_each_type_has_a_name_in_the_standard(kind: str, name: str) -> None:
    assert column_type(kind) == name


@pytest.mark.parametrize("gone", [DCT.title, DCT.issued, DCAT.downloadURL, DCT.publisher])
def test_the_shapes_miss_what_a_catalogue_needs(pristine: Path, gone: rdflib.URIRef) -> None:
    described = graph(pristine)
    described.remove((None, gone, None))
    assert str(gone) in dcat_problems(described) or "Conforms: False" in dcat_problems(described)


@pytest.mark.parametrize(
    ("name", "spoil", "problem"),
    [
        ("datapackage.json", lambda one: one["resources"][0]["schema"]["fields"].pop(),
         "declares other columns or another key of csv/addresses_history.csv"),
        ("datapackage.json", lambda one: one["resources"][2]["schema"].pop("primaryKey"),
         "declares other columns or another key of csv/evidence.csv"),
        ("datapackage.json", lambda one: one["resources"][2].update(hash="sha256:0"),
         "gives another hash of csv/evidence.csv"),
        ("datapackage.json", lambda one: one["resources"].pop(2), "does not describe csv/evidence"),
        ("csv-metadata.json", lambda one: one["tables"].pop(0), "does not describe csv/addresses"),
        ("csv-metadata.json", lambda one: one["tables"][2]["tableSchema"]["columns"].pop(0),
         "declares other columns or another key of csv/evidence.csv"),
    ],
)  # fmt: skip
def test_a_description_that_differs_from_the_manifest_is_caught_by_verify(
    release: Path, name: str, spoil: Callable[[Any], None], problem: str
) -> None:
    content = json.loads((release / name).read_text(encoding="utf-8"))
    spoil(content)
    (release / name).write_text(json.dumps(content), encoding="utf-8")
    reseal(release)
    assert problem in "\n".join(f"{one}" for one in verify(release))


def test_the_dictionary_is_in_the_release(pristine: Path) -> None:
    page = (pristine / "DATA-DICTIONARY.md").read_text(encoding="utf-8")
    assert "| `weight` | DOUBLE | The weight. Unit: kg |" in page
    assert "apostrophe in front" in page
    assert "dbt_like_models" not in page


def test_a_licence_is_named_only_by_the_address_of_its_text() -> None:
    terms = {
        "licence": "Open Government Licence v3.0",
        "licence_url": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    }
    assert [one.name for one in licence_names.named([terms])] == ["OGL-UK-3.0"]
    disputed = terms | {"licence": "not settled: the publisher asks for a licence"}
    assert [one.name for one in licence_names.named([disputed])] == [""]
    assert licence_names.named([{"licence": "none is stated", "licence_url": ""}]) == []


def test_a_list_that_refers_and_a_table_that_refers_to_itself(pristine: Path) -> None:
    from observatory.release import csv_metadata, datapackage

    manifest = read_manifest(pristine)
    index = next(at for at, one in enumerate(manifest.tables) if one.table.name == "organisations")
    table = manifest.tables[index].table
    columns = tuple(
        replace(one, references="organisations.org_id")
        if one.name in ("name", "registers")
        else one
        for one in table.columns
    )
    tables = list(manifest.tables)
    tables[index] = replace(tables[index], table=replace(table, columns=columns))
    changed = replace(manifest, tables=tuple(tables))
    told = next(
        one for one in datapackage.describe(changed)["resources"] if one["name"] == "organisations"
    )
    assert told["schema"]["foreignKeys"] == [
        {"fields": ["name"], "reference": {"fields": ["org_id"]}}
    ]
    described = next(
        one for one in csv_metadata.describe(changed)["tables"]
        if one["url"] == "csv/organisations.csv"
    )  # fmt: skip
    assert len(described["tableSchema"]["foreignKeys"]) == 1


def built_twice(home: Path, moment: datetime, *, reverse: bool) -> Path:
    """The second of two releases, each built an hour after the other from ``moment`` on; the rows
    lie in the build database in one order or the other."""
    home.mkdir()
    database, way = home / "build.duckdb", "desc" if reverse else "asc"
    change(database, BUILD)
    change(database, "create table seed_versions as select 'fictional' as seed, 'x' as sha256")
    seeds = contract("seed_versions", ("seed",), "run", column("seed"), column("sha256"))
    models = {**small_project().models, "seed_versions": seeds}
    project = SmallProject(models).changed("seed_versions", recorded=True)
    for hour in (0, 1):
        for table in ("organisations", "evidence"):
            change(database, f"create or replace table {table} as from {table} order by all {way}")
        publish(database, project, home / "releases", built_at=moment + timedelta(hours=hour))
        change(database, "update evidence set weight = 7 where evidence_id = 'E1'")
    return (home / "releases" / "latest").resolve()


def test_two_builds_differ_in_the_named_files_alone(tmp_path: Path) -> None:
    one = built_twice(tmp_path / "one", MOMENT, reverse=False)
    two = built_twice(tmp_path / "two", MOMENT + timedelta(hours=3), reverse=True)
    assert one.name == two.name == "v2026.11.23.2"
    files = {path.relative_to(one).as_posix() for path in one.rglob("*") if path.is_file()}
    assert files == {path.relative_to(two).as_posix() for path in two.rglob("*") if path.is_file()}
    differing = {name for name in files if (one / name).read_bytes() != (two / name).read_bytes()}
    named = {
        name
        for name in files
        if any(fnmatch.fnmatchcase(name, pattern) for pattern in CARRY_TIME_OR_HASH)
    }
    assert differing == named
    tables = [{entry.table.name: entry.content_hash for entry in read_manifest(folder).tables}
              for folder in (one, two)]  # fmt: skip
    assert {name for name in tables[0] if tables[0][name] != tables[1][name]} == {"releases"}


def test_the_files_that_carry_the_moment_are_named_for_people() -> None:
    page = (PROJECT_ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for pattern in CARRY_TIME_OR_HASH:
        assert f"`{pattern.removeprefix('*/').removesuffix('.*')}`" in page
