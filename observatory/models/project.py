"""Which models there are and in which order they stand: SQL files, seeds and Python tables.

What belongs here: reading the project folder, and the dependencies, which the SQL itself
declares. What does not: running anything (``run.py``) or knowing any source: the lake's
columns are passed in.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Literal, Protocol

from observatory.errors import PermanentError
from observatory.models import contracts
from observatory.models.contracts import Contract
from observatory.models.imports import imported
from observatory.models.reads import tables_read

Kind = Literal["sql", "seed", "python"]
LAKE = "lake."


class LakeColumn(Protocol):
    """A column of a lake view: its name and DuckDB type (``observatory.lake.Column`` fits)."""

    @property
    def name(self) -> str:
        """The column's name."""

    @property
    def type(self) -> str:
        """The column's DuckDB type."""


LakeTables = Mapping[str, Sequence[LakeColumn]]


@dataclass(frozen=True)
class Model:
    """One table. ``depends_on`` are the models that it reads, ``reads_lake`` the lake's
    views (without the schema), ``tested_against`` the models that only its tests read, which must
    therefore be built before it too."""

    name: str
    layer: str
    kind: Kind
    path: Path
    sql: str
    contract: Contract
    depends_on: tuple[str, ...] = ()
    reads_lake: tuple[str, ...] = ()
    tested_against: tuple[str, ...] = ()

    @property
    def before(self) -> tuple[str, ...]:
        """All the models that must be built before this one."""
        return (*self.depends_on, *self.tested_against)

    def code_hash(self) -> str:
        """Hash what makes the table: SQL, seed bytes or Python module, and the contract
        without its unit tests (which change no row)."""
        digest = hashlib.sha256(self.sql.encode())
        if self.kind == "seed":
            digest.update(self.path.read_bytes())
        if self.kind == "python":
            digest.update(_module_bytes(self.contract))
        promise = replace(self.contract, unit_tests=(), path=Path())
        digest.update(repr(promise).encode())
        return digest.hexdigest()


@dataclass(frozen=True)
class Project:
    """The models by name, each after the models that it needs, and the SQL macros that are
    loaded before them (file name → text). ``complete`` is false when models were left out."""

    folder: Path
    models: Mapping[str, Model]
    lake_tables: LakeTables
    macros: Mapping[str, str]
    complete: bool = True

    @cached_property
    def fingerprint(self) -> str:
        """One hash over the code of every model, whatever the data."""
        lines = [f"{name} {model.code_hash()}" for name, model in self.models.items()]
        lines += [f"{name} {text}" for name, text in sorted(self.macros.items())]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    @cached_property
    def code_fingerprint(self) -> str:
        """One hash over what makes the tables but for the seeds, whose lines are versioned of
        their own: SQL, Python, contracts and macros."""
        lines = [
            f"{name} {model.code_hash()}"
            for name, model in self.models.items()
            if model.kind != "seed"
        ]
        lines += [f"{name} {text}" for name, text in sorted(self.macros.items())]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def model(self, name: str) -> Model:
        """Return the model of that name. Raises PermanentError when there is none."""
        if name not in self.models:
            raise PermanentError(f"there is no model {name!r}", where=str(self.folder))
        return self.models[name]

    def upstream(self, names: Iterable[str]) -> list[str]:
        """Return the named models and all that must be built before them, in build order."""
        wanted: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in wanted:
                wanted.add(name)
                waiting.extend(self.model(name).before)
        return [name for name in self.models if name in wanted]

    def published(self) -> list[Model]:
        """Return the models whose tables a release carries, in alphabetical order."""
        found = [one for one in self.models.values() if one.contract.published != "no"]
        return sorted(found, key=lambda one: one.name)


def load(
    folder: Path,
    lake_tables: LakeTables,
    macros: Path | None = None,
    problems: list[PermanentError] | None = None,
) -> Project:
    """Read the project: ``<layer>/<table>.sql`` or ``seeds/<table>.csv`` with its ``.yml``.

    ``lake_tables`` gives the columns of each lake view, by its name without the schema;
    ``macros`` is a folder of SQL macros (default: ``sql/macros`` beside the project folder).
    Raises PermanentError that names the file: a model without a contract or the reverse, two
    models of one name, SQL that is not one select, an unknown table, a cycle. With a list of
    ``problems`` these are added to it and the models concerned left out, except for a cycle.
    """
    told: list[PermanentError] = []
    linked = _all_linked(_models(folder, lake_tables, told), lake_tables, told)
    if told and problems is None:
        raise told[0]
    if problems is not None:
        problems.extend(told)
    return Project(
        folder=folder,
        models={name: linked[name] for name in _build_order(linked)},
        lake_tables=lake_tables,
        macros=_macros(macros or folder.parent / "sql" / "macros", linked),
        complete=not told,
    )


def _models(folder: Path, lake_tables: LakeTables, told: list[PermanentError]) -> dict[str, Model]:
    """Read every contract with the file beside it.

    A seed named like a lake view is a source's own file: it is landed, and no table here.
    """
    models: dict[str, Model] = {}
    tables: dict[Path, Path] = {}
    for path in sorted([*folder.rglob("*.sql"), *folder.rglob("*.csv")]):
        is_seed = path.relative_to(folder).parts[0] == "seeds"
        if (path.suffix == ".csv") != is_seed:
            told.append(
                PermanentError("seeds are .csv files in seeds/, models .sql", where=str(path))
            )
        tables[path.with_suffix("")] = path
    for contract_path in sorted(folder.rglob("*.yml")):
        try:
            model = _model(folder, contract_path, tables.pop(contract_path.with_suffix(""), None))
            if model.name in models:
                other = models[model.name].path
                raise PermanentError(f"{other} makes the same table", where=str(model.path))
            models[model.name] = model
        except PermanentError as error:
            told.append(error)
    for stem, path in tables.items():
        if path.suffix == ".csv" and stem.name in lake_tables:
            continue
        remedy = f"write {stem.name}.yml beside it"
        told.append(PermanentError("has no contract", where=str(path), remedy=remedy))
    return models


def _all_linked(
    models: Mapping[str, Model], lake_tables: LakeTables, told: list[PermanentError]
) -> dict[str, Model]:
    """Find what each model reads; one that reads a model with a problem has one itself."""
    left = dict(models)
    while True:
        linked: dict[str, Model] = {}
        for name, model in left.items():
            try:
                linked[name] = _linked(model, left, lake_tables)
            except PermanentError as error:
                told.append(error)
        if len(linked) == len(left):
            return linked
        left = {name: models[name] for name in linked}


def _model(folder: Path, contract_path: Path, table_path: Path | None) -> Model:
    contract = contracts.read(contract_path)
    if bool(contract.python) == (table_path is not None):
        raise PermanentError(
            "a contract stands beside one .sql or .csv file, or names one Python function",
            where=str(contract_path),
        )
    kind: Kind = "python"
    sql = ""
    if table_path is not None:
        kind = "seed" if table_path.suffix == ".csv" else "sql"
        sql = table_path.read_text(encoding="utf-8").strip() if kind == "sql" else ""
    return Model(
        name=contract.name,
        layer=contract_path.relative_to(folder).parts[0],
        kind=kind,
        path=table_path or contract_path,
        sql=sql.rstrip(";"),
        contract=contract,
    )


def _linked(model: Model, models: Mapping[str, Model], lake_tables: LakeTables) -> Model:
    read = set(model.contract.depends_on)
    if model.kind == "sql":
        read |= tables_read(model.sql, where=str(model.path))
    tested = {one.references.split(".")[0] for one in model.contract.columns if one.references}
    for test in model.contract.tests:
        tested |= tables_read(test.sql, where=f"{model.contract.path}: test {test.name!r}")
    for table in sorted(read | tested):
        known = table.removeprefix(LAKE) in lake_tables if _in_lake(table) else table in models
        if not known:
            raise PermanentError(f"reads {table!r}, which nothing makes", where=str(model.path))
    if model.name in read:
        raise PermanentError(f"reads itself ({model.name})", where=str(model.path))
    return replace(
        model,
        depends_on=tuple(sorted(one for one in read if not _in_lake(one))),
        reads_lake=tuple(sorted(one.removeprefix(LAKE) for one in read if _in_lake(one))),
        tested_against=tuple(
            sorted(one for one in tested - read - {model.name} if not _in_lake(one))
        ),
    )


def _in_lake(table: str) -> bool:
    return table.startswith(LAKE)


def _build_order(models: Mapping[str, Model]) -> list[str]:
    """Order by dependency; among those that are ready, by name, so that it never varies."""
    sorter = TopologicalSorter({name: model.before for name, model in models.items()})
    try:
        sorter.prepare()
    except CycleError as error:
        path = " -> ".join(error.args[1])
        raise PermanentError(
            f"models read each other in a circle: {path}", where=str(models[error.args[1][0]].path)
        ) from error
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order.extend(ready)
        sorter.done(*ready)
    return order


def _macros(folder: Path, models: Mapping[str, Model]) -> dict[str, str]:
    """Read the macros that models may use: those that read no model themselves.

    DuckDB refuses a macro over a table that does not exist yet, so a macro that reads a
    published table is for readers of a release, and is created there.
    """
    found = {}
    for path in sorted(folder.glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        bare = re.sub(r"--[^\n]*|/\*.*?\*/", " ", text, flags=re.DOTALL)
        tables = re.findall(r"\b(?:from|join)\s+(?:main\.)?\"?(\w+)", bare, re.IGNORECASE)
        if not any(table.lower() in models for table in tables):
            found[path.name] = text
    return found


def _module_bytes(contract: Contract) -> bytes:
    """Return the model's module and every module of this package that it imports, in a fixed
    order: a rule that it uses may stand in any of them."""
    module = contract.python.partition(":")[0]
    found = imported(module, module.partition(".")[0])
    if not found:
        raise PermanentError(f"there is no Python module {module!r}", where=str(contract.path))
    return b"\0".join(found[name] for name in sorted(found))
