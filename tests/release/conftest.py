"""A small build database with a project to match; every organisation in it is fictional."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pytest

from observatory.models.contracts import ColumnContract, Contract, Licence, Published
from observatory.release.manifest import MANIFEST, SUMS, read_manifest, sha256_of


@dataclass(frozen=True)
class SmallModel:
    contract: Contract


@dataclass(frozen=True)
class SmallProject:
    models: Mapping[str, SmallModel]

    def changed(self, table: str, **changes: object) -> SmallProject:
        """The same project with another contract for one table."""
        contract = replace(self.models[table].contract, **changes)  # type: ignore[arg-type]
        return SmallProject({**self.models, table: SmallModel(contract)})

    def column(self, table: str, name: str, **changes: object) -> SmallProject:
        """The same project with another contract for one column."""
        columns = tuple(
            replace(one, **changes) if one.name == name else one  # type: ignore[arg-type]
            for one in self.models[table].contract.columns
        )
        return self.changed(table, columns=columns)


def column(
    name: str, kind: str = "VARCHAR", licence: Licence = "derived facts", **more: object
) -> ColumnContract:
    return ColumnContract(name, kind, f"The {name}.", licence, **more)  # type: ignore[arg-type]


def contract(
    name: str, grain: tuple[str, ...], published: Published, *columns: ColumnContract
) -> SmallModel:
    described = f"One row a {name.rstrip('s')}; it's a test."
    return SmallModel(
        Contract(name, Path(name), described, grain, columns, published, order_by=grain)
    )


def small_project() -> SmallProject:
    models = {
        "organisations": contract(
            "organisations",
            ("org_id",),
            "facts",
            column("org_id", sources=("register",)),
            column("name", sources=("register",)),
            column("registers", "VARCHAR[]"),
            column("registered_on", "DATE"),
            column("is_watched", "BOOLEAN"),
            column("known_from", "TIMESTAMP", not_a_change=True),
        ),
        "evidence": contract(
            "evidence",
            ("evidence_id",),
            "facts",
            column("evidence_id"),
            column("org_id", references="organisations.org_id"),
            column("signal_id"),
            column("value_seen", licence="rows", sources=("notices",)),
            column("weight", "DOUBLE"),
            column("place", "STRUCT(line INTEGER, member VARCHAR)"),
        ),
        "addresses_history": contract(
            "addresses_history",
            ("org_id", "valid_from"),
            "facts",
            column("org_id", references="organisations.org_id"),
            column("valid_from", "DATE"),
        ),
        "sources": contract(
            "sources",
            ("source",),
            "run",
            *(column(name, licence="rows") for name in SOURCE_COLUMNS),
        ),
        "ent_hidden": contract("ent_hidden", ("id",), "no", column("id")),
    }
    return SmallProject(models)


SOURCE_COLUMNS = (
    "source",
    "title",
    "publisher",
    "homepage",
    "licence",
    "licence_url",
    "attribution",
    "republish",
)

BUILD = """
create table organisations as select * from (values
    ('XX-FIC-2', '=cmd|'' /C calc''!A0', ['GB-MPR', 'GB-COH'], date '2011-04-01', true,
     timestamp '2026-11-01 02:30:00'),
    ('XX-FIC-1', 'Fictional "Care", Ltd' || chr(10) || 'CIC', [], null, false,
     timestamp '2026-11-01 02:30:00.25'),
    ('XX-FIC-3', '', null, date '1999-12-31', null, null)
) as t (org_id, name, registers, registered_on, is_watched, known_from);
alter table organisations alter registers type varchar[];
create table evidence as select * from (values
    ('E2', 'XX-FIC-1', 'award', '@home', -1.5::double, {'line': 3::int, 'member': 'a.csv'}),
    ('E1', 'XX-FIC-1', 'form', 'CIC', 1e20::double, null),
    ('E3', 'XX-FIC-3', 'form', null, null, null)
) as t (evidence_id, org_id, signal_id, value_seen, weight, place);
create table addresses_history as
select 'XX-FIC-1' as org_id, date '2012-01-01' as valid_from;
create table sources as select * from (values
    ('register', 'Fictional register', 'F', 'https://example.org/r', 'OGL-UK-3.0', '', 'A',
     'derived facts'),
    ('notices', 'Fictional notices', 'F', '', 'OGL-UK-3.0', 'https://example.org/l', 'B', 'rows'),
    ('closed', 'Fictional closed list', 'F', '', 'none', '', '', 'none')
) as t (source, title, publisher, homepage, licence, licence_url, attribution, republish);
create table ent_hidden as select '1' as id;
"""


@pytest.fixture
def project() -> SmallProject:
    return small_project()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "build.duckdb"
    change(path, BUILD)
    return path


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    return tmp_path / "releases"


@pytest.fixture
def release(pristine: Path, tmp_path: Path) -> Path:
    """A copy of the module's ``pristine`` release that a test may spoil."""
    folder = tmp_path / pristine.name
    shutil.copytree(pristine, folder)
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(0o644)
    return folder


def reseal(release: Path) -> None:
    """Bring manifest and checksums in line with the files, as a forger (or a bug) would."""
    content = json.loads((release / MANIFEST).read_text())
    for entry in content["files"]:
        entry["sha256"] = sha256_of(release / entry["path"])
        entry["size_bytes"] = (release / entry["path"]).stat().st_size
    (release / MANIFEST).write_text(json.dumps(content))
    sums = {entry.path: entry.sha256 for entry in read_manifest(release).files}
    sums[MANIFEST] = sha256_of(release / MANIFEST)
    (release / SUMS).write_text("".join(f"{sums[name]}  {name}\n" for name in sorted(sums)))


def change(database: Path, sql: str) -> None:
    with duckdb.connect(str(database)) as con:
        con.execute(sql)
