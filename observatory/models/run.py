"""Building the models: one DuckDB file, one writer, each model whole or not at all.

What belongs here: the order of work and what happens when a model fails. What does not: the
statements (``tables.py``, ``checks.py``) and what is stale (``freshness.py``).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from observatory.errors import ObservatoryError, PermanentError, in_words, no_room, unforeseen
from observatory.models import abreast, checks, engine, freshness, tables
from observatory.models.checks import TestResult
from observatory.models.freshness import built_fingerprint, plan
from observatory.models.project import Model, Project

__all__ = ["ModelResult", "ModelsFailedError", "build", "built_fingerprint", "plan"]

Status = Literal["built", "fresh", "failed", "skipped"]
Attach = Callable[[duckdb.DuckDBPyConnection], object]


@dataclass(frozen=True)
class ModelResult:
    """What became of one model. ``rows`` is None when it failed or was skipped; ``seconds`` is wall
    time with its tests; ``tests`` are there when they ran; ``error`` says why not."""

    name: str
    status: Status
    rows: int | None = None
    seconds: float = 0.0
    tests: tuple[TestResult, ...] = ()
    error: str = ""

    @property
    def warnings(self) -> tuple[TestResult, ...]:
        """The tests that failed without stopping the build."""
        return tuple(one for one in self.tests if one.severity == "warn" and not one.passed)


class ModelsFailedError(PermanentError):
    """At least one model failed; ``results`` has every model, the built ones too."""

    def __init__(self, results: list[ModelResult]) -> None:
        self.results = results
        failed = [one for one in results if one.status == "failed"]
        skipped = sum(one.status == "skipped" for one in results)
        text = "\n".join(one.error for one in failed)
        after = f"\nnot built, since they need these: {skipped}" if skipped else ""
        super().__init__(f"models that failed: {len(failed)}\n{text}{after}")


def build(
    project: Project,
    database: Path,
    attach: Attach,
    *,
    select: Iterable[str] | None = None,
    on_model: Callable[[ModelResult], object] | None = None,
    lake_versions: Mapping[str, str] | None = None,
    force: bool = False,
    wait_seconds: float = 600.0,
) -> list[ModelResult]:
    """Build the stale models (of ``select``, when given) and return a result for each.

    ``attach`` puts the lake's views into the connection; ``lake_versions`` gives the version
    of each lake view, by its name without the schema; a view without one is always taken as
    changed. ``on_model`` is called with each result as it comes. A model is made, tested and
    recorded in one transaction: when it fails, its previous table stays, what needs it is
    skipped, and the rest is built.

    Raises ModelsFailedError at the end when a model failed, with the results; PermanentError when
    ``select`` names no model or needs a table that was never built; TransientError when
    another writer holds the database.
    """
    chosen = _chosen(project, select)
    with engine.writer(database, wait_seconds=wait_seconds) as con:
        freshness.prepare(con)
        attach(con)
        engine.load_macros(con, project.macros)
        if project.complete:
            _drop_leftovers(con, project)
        work = _Build(project, con, lake_versions or {}, force)
        results = []
        for result in abreast.each(chosen, work.one, con, engine.THREADS):
            results.append(result)
            if on_model is not None:
                on_model(result)
    if any(one.status == "failed" for one in results):
        raise ModelsFailedError(results)
    return results


def _chosen(project: Project, select: Iterable[str] | None) -> list[Model]:
    if select is None:
        return list(project.models.values())
    names = {project.model(name).name for name in select}
    return [model for name, model in project.models.items() if name in names]


def _drop_leftovers(con: duckdb.DuckDBPyConnection, project: Project) -> None:
    """Drop the tables that this runner once made and no model makes any more."""
    for name in freshness.recorded(con):
        if name not in project.models:
            con.execute(f"drop table {tables.quoted(name)}")
            freshness.forget(con, name)


class _Build:
    """One run over one database; remembers what stands and what broke. Several threads build at
    the same time, each a model whose needs are done with, so that none reads what another writes.
    """

    def __init__(
        self,
        project: Project,
        con: duckdb.DuckDBPyConnection,
        lake_versions: Mapping[str, str],
        force: bool,
    ) -> None:
        self.project = project
        self.lake_versions = lake_versions
        self.force = force
        self.standing = freshness.recorded(con)
        self.rows = freshness.recorded_rows(con)
        self.broken: set[str] = set()

    def one(self, con: duckdb.DuckDBPyConnection, model: Model) -> ModelResult:
        """Build one model, unless it is fresh or something it needs is broken or missing."""
        in_the_way = [name for name in model.before if name in self.broken]
        if in_the_way:
            self.broken.add(model.name)
            return ModelResult(model.name, "skipped", error=f"needs {', '.join(in_the_way)}")
        # The recorded prints of what stands, not today's: a table made on a stale one is
        # itself stale once that one is built again.
        print_ = freshness.fingerprint(self.project, model, self.standing, self.lake_versions)
        if print_ and print_ == self.standing.get(model.name) and not self.force:
            return ModelResult(model.name, "fresh", self.rows.get(model.name))
        started = time.perf_counter()
        try:
            rows, tests = self._make(con, model, print_)
        except _TestsFailedError as error:
            return self._failed(con, model, str(error), started, error.tests)
        except ObservatoryError as error:
            return self._failed(con, model, str(in_words(error)), started)
        except duckdb.Error as error:
            told = unforeseen(error) if no_room(error) else f"{error}{engine.remedy(error)}"
            return self._failed(con, model, str(told), started)
        self.standing[model.name] = print_
        return ModelResult(model.name, "built", rows, time.perf_counter() - started, tests)

    def _make(
        self, con: duckdb.DuckDBPyConnection, model: Model, print_: str
    ) -> tuple[int, tuple[TestResult, ...]]:
        missing = [name for name in model.before if name not in self.standing]
        if missing:
            raise PermanentError(
                f"needs {', '.join(missing)}, which was never built",
                where=str(model.path),
                remedy="build that too",
            )
        con.begin()
        try:
            tables.make(con, model)
            tables.comment(con, model)
            rows, tests = checks.check(con, model)
            wrong = [str(one) for one in tests if one.severity == "error" and not one.passed]
            if wrong:
                raise _TestsFailedError(model, wrong, tests)
            freshness.record(con, model.name, print_, rows)
            con.commit()
        except BaseException:
            con.rollback()
            raise
        return rows, tests

    def _failed(
        self,
        con: duckdb.DuckDBPyConnection,
        model: Model,
        error: str,
        started: float,
        tests: tuple[TestResult, ...] = (),
    ) -> ModelResult:
        self.broken.add(model.name)
        freshness.distrust(con, model.name)
        seconds = time.perf_counter() - started
        return ModelResult(model.name, "failed", None, seconds, tests, error)


class _TestsFailedError(PermanentError):
    def __init__(self, model: Model, wrong: list[str], tests: tuple[TestResult, ...]) -> None:
        self.tests = tests
        super().__init__("\n".join(wrong), where=str(model.contract.path))
