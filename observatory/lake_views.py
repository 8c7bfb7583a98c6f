"""The lake seen from SQL: schema ``lake`` in somebody's DuckDB connection.

What belongs here: views over the Parquet files and the lake's own tables. What does not: writing
files, and anything that joins, corrects or chooses records (the models).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date
from typing import TYPE_CHECKING

import duckdb

from observatory.errors import PermanentError
from observatory.lake_tables import (
    DATA_ISSUES,
    LOCATOR,
    OWN_TABLES,
    RECORDS,
    SNAPSHOTS,
    SOURCES,
    Dataset,
    families,
    family_columns,
    literal,
    quoted,
    record_locator,
)
from observatory.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from observatory.lake import LakeSnapshot
    from observatory.sources.base import Source

# Keys of records are written with the macros that the models normalise identifiers with.
_MACROS = PROJECT_ROOT / "sql" / "macros" / "identifiers.sql"

Held = Mapping[str, Sequence["LakeSnapshot"]]
_Row = tuple[date | int | str | None, ...]


def create(
    con: duckdb.DuckDBPyConnection,
    sources: Sequence[Source],
    held: Held,
    failing: Mapping[str, date] | None = None,
) -> None:
    """Create or replace schema ``lake`` in ``con`` for ``sources`` and the snapshots ``held``
    of each; ``failing`` says since when a source's tries fail. Raises PermanentError when two
    sources declare one dataset, or a family bears the name of a dataset.
    """
    con.execute("create schema if not exists lake")
    taken = {own.name: "the lake itself" for own in OWN_TABLES}
    for source in sources:
        for dataset in source.datasets:
            if dataset.name in taken:
                raise PermanentError(
                    f"dataset {dataset.name!r} is declared by {source.id} "
                    f"and by {taken[dataset.name]}"
                )
            taken[dataset.name] = source.id
            distinct = [one for one in held[source.id] if not one.same_as]
            present = [one for one in distinct if one.reader_version == source.reader_version]
            arms = [_view(dataset, present)] + [
                _older(con, dataset, one) for one in distinct if one not in present
            ]
            con.execute(
                f'create or replace view lake."{dataset.name}" as '
                + " union all by name ".join(f"({arm})" for arm in arms if arm)
            )
    _families(con, sources, taken)
    _records(con, sources)
    _snapshots(con, held)
    _issues(con, held)
    _sources(con, sources, held, failing or {})


def _view(dataset: Dataset, snapshots: Sequence[LakeSnapshot]) -> str:
    if not snapshots:
        return _empty(dataset) + " limit 0"
    if not dataset.record_locator:
        return _scan(dataset, LOCATOR.name, snapshots)
    plain = [one for one in snapshots if not one.runs.get(dataset.name)]
    arms = [_scan(dataset, record_locator(()), plain)] if plain else []
    for one in snapshots:
        runs = one.runs.get(dataset.name)
        if runs:
            arms.append(_scan(dataset, record_locator(runs), [one]))
    return " union all ".join(arms)


def _scan(dataset: Dataset, locator: str, snapshots: Sequence[LakeSnapshot]) -> str:
    files = ", ".join(quoted(str(one.parquet(dataset.name))) for one in snapshots)
    columns = ", ".join(f'"{column.name}"' for column in dataset.data_columns)
    return (
        f"select snapshot_id, {locator} as locator, {columns} "
        f"from read_parquet([{files}], file_row_number = true)"
    )


def _older(con: duckdb.DuckDBPyConnection, dataset: Dataset, one: LakeSnapshot) -> str:
    """Return SQL for what an older reader made of a dataset, in the columns of the present one:
    what it did not read is null, and so is what no longer is of that type. Empty when it had no
    such dataset."""
    if dataset.name not in one.runs:
        return ""
    file = quoted(str(one.parquet(dataset.name)))
    held = {row[0] for row in con.execute(f"describe from read_parquet({file})").fetchall()}
    counted = record_locator(one.runs[dataset.name])
    locator = LOCATOR.name if LOCATOR.name in held else counted
    columns = ", ".join(
        f'try_cast("{column.name}" as {column.type}) as "{column.name}"'
        if column.name in held
        else f'null::{column.type} as "{column.name}"'
        for column in dataset.data_columns
    )
    return (
        f"select snapshot_id, {locator} as locator, {columns} "
        f"from read_parquet({file}, file_row_number = true)"
    )


def _empty(dataset: Dataset) -> str:
    columns = dataset.columns if dataset in OWN_TABLES else dataset.view_columns
    return "select " + ", ".join(f'null::{one.type} as "{one.name}"' for one in columns)


def _families(
    con: duckdb.DuckDBPyConnection, sources: Sequence[Source], taken: Mapping[str, str]
) -> None:
    owners = {one.name: source.id for source in sources for one in source.datasets}
    for family, members in families(one for s in sources for one in s.datasets).items():
        if family in taken:
            raise PermanentError(f"family {family!r} bears the name of a dataset")
        wanted = ", ".join(f'"{column.name}"' for column in family_columns(members))
        arms = " union all by name ".join(
            f'select {quoted(owners[one.name])} as source, * from lake."{one.name}"'
            for one in members
        )
        con.execute(f'create or replace view lake."{family}" as select {wanted} from ({arms})')


def _records(con: duckdb.DuckDBPyConnection, sources: Sequence[Source]) -> None:
    con.execute(_MACROS.read_text(encoding="utf-8"))
    arms = [f"({_empty(RECORDS)} limit 0)"]
    for source in sources:
        for one in source.datasets:
            if one.history:
                facts = ", ".join(f'"{name}"' for name in one.history.facts)
                arms.append(
                    f"select {quoted(source.id)}, {quoted(one.name)}, snapshot_id, locator, "
                    f'({one.history.key})::varchar, hash({facts}) from lake."{one.name}"'
                )
    con.execute("create or replace view lake.records as " + " union all ".join(arms))


def _fill(con: duckdb.DuckDBPyConnection, table: Dataset, rows: Sequence[_Row]) -> None:
    con.execute(f"create or replace table lake.{table.name} as {_empty(table)} limit 0")
    if rows:
        values = ", ".join(f"({', '.join(map(literal, row))})" for row in rows)
        con.execute(f"insert into lake.{table.name} values {values}")


def _snapshots(con: duckdb.DuckDBPyConnection, held: Held) -> None:
    rows: list[_Row] = [
        (
            one.snapshot_id,
            one.source,
            one.sha256,
            one.published_on,
            one.published_basis,
            one.fetched_at.astimezone(UTC).replace(tzinfo=None),
            str(one.scope),
            one.url or None,
            ", ".join(one.file_names),
            one.rows,
            one.quarantined,
            one.content_hash,
            one.same_as or None,
            one.reader_version,
        )
        for source_id in sorted(held)
        for one in held[source_id]
    ]
    _fill(con, SNAPSHOTS, rows)


def _issues(con: duckdb.DuckDBPyConnection, held: Held) -> None:
    files = [
        str(one.folder / "issues.parquet") for source_id in sorted(held) for one in held[source_id]
    ]
    query = f"{_empty(DATA_ISSUES)} limit 0"
    if files:
        columns = ", ".join(f'"{column.name}"' for column in DATA_ISSUES.columns)
        query = f"select {columns} from read_parquet([{', '.join(map(quoted, files))}])"
    con.execute(f"create or replace table lake.data_issues as {query}")


def _sources(
    con: duckdb.DuckDBPyConnection,
    sources: Sequence[Source],
    held: Held,
    failing: Mapping[str, date],
) -> None:
    rows: list[_Row] = []
    for source in sorted(sources, key=lambda one: one.id):
        mine = held[source.id]
        fetched = max((one.fetched_at for one in mine), default=None)
        rows.append(
            (
                source.id,
                source.title,
                source.publisher,
                source.homepage,
                source.licence,
                source.licence_url,
                source.attribution,
                source.republish,
                source.keeps,
                source.cadence,
                source.freshness_days,
                max((one.published_on for one in mine), default=None),
                fetched.astimezone(UTC).replace(tzinfo=None) if fetched else None,
                len(mine),
                failing.get(source.id),
            )
        )
    _fill(con, SOURCES, rows)
