"""All models as one subsettable multi-asset, each with its tests as a check."""

from collections.abc import Iterator, Sequence

import dagster as dg

from assets.reports import in_words, report, watched_over
from assets.sources import asset_name
from observatory.build import build_models, lake_owners
from observatory.models.lineage import column_lineage
from observatory.models.project import Model, Project
from observatory.models.run import ModelResult, ModelsFailedError
from observatory.settings import from_environment

CHECK = "contract"
LINEAGE = "dagster/column_lineage"
SHOWN = 6  # origins of a column that its description names
CHECKED = "Every test of the table's contract: its grain, its columns and what they refer to."


def _deps(model: Model) -> list[str]:
    owners = lake_owners()
    # lake.snapshots and its kin describe every source, so they name no one asset.
    reads = [owner for name in sorted(model.reads_lake) for owner in owners.get(name, ())]
    return [*sorted(model.depends_on), *dict.fromkeys(map(asset_name, reads))]


def _lineage(project: Project, model: Model) -> dg.TableColumnLineage:
    """Where each column comes from, as far as SQL says; a column without origins has none."""
    owners = lake_owners()

    def keys(table: str) -> list[str]:
        if table in project.models:
            return [table]
        return [asset_name(one) for one in owners.get(table.removeprefix("lake."), ())]

    # Several lake tables may belong to one source's asset, and a column come from two of them.
    return dg.TableColumnLineage(
        {
            column: [
                dg.TableColumnDep(dg.AssetKey(asset), origin)
                for asset, origin in dict.fromkeys(
                    (key, origin) for table, origin in origins for key in keys(table)
                )
            ]
            for column, origins in column_lineage(project, model.name).items()
        }
    )


def _described(description: str, origins: Sequence[dg.TableColumnDep]) -> str:
    """What a column means, and which columns it comes from.

    Dagster's own UI hides the metadata of column lineage (only Dagster+ draws it), but shows what
    a column's description says.
    """
    named = [f"{one.asset_key.path[-1]}.{one.column_name}" for one in origins]
    more = [f"{len(named) - SHOWN} more"] if len(named) > SHOWN else []
    return f"{description} From {', '.join([*named[:SHOWN], *more])}." if named else description


def _spec(project: Project, model: Model, *, lineage: bool) -> dg.AssetSpec:
    traced = {LINEAGE: _lineage(project, model)} if lineage else {}
    origins = traced[LINEAGE].deps_by_column if traced else {}
    columns = [
        dg.TableColumn(one.name, one.type, _described(one.description, origins.get(one.name, ())))
        for one in model.contract.columns
    ]
    return dg.AssetSpec(
        model.name,
        deps=_deps(model),
        description=model.contract.description,
        group_name=model.layer,
        owners=["team:observatory"],
        kinds={"duckdb"},
        metadata={
            "dagster/column_schema": dg.TableSchema(columns),
            "grain": ", ".join(model.contract.grain),
            "published": model.contract.published,
            **traced,
        },
        skippable=True,
    )


def _check(result: ModelResult) -> dg.AssetCheckResult:
    failing = [test for test in result.tests if not test.passed]
    said = "\n".join(str(test) for test in failing)
    return dg.AssetCheckResult(
        asset_key=result.name,
        check_name=CHECK,
        passed=result.status == "built" and not failing,
        severity=(
            dg.AssetCheckSeverity.ERROR if result.status == "failed" else dg.AssetCheckSeverity.WARN
        ),
        description=result.error or said or "every test of the contract holds",
        metadata={"tests": len(result.tests)},
    )


def _materialized(result: ModelResult) -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(
        asset_key=result.name,
        metadata={
            "dagster/row_count": result.rows or 0,
            "was_fresh": result.status == "fresh",
            "seconds": round(result.seconds, 3),
        },
        # Only a hand asks for a fresh model: it learns that nothing was to be done, and its check
        # stands as it was.
        check_results=[_check(result)] if result.status == "built" else [],
    )


def model_assets(project: Project, *, lineage: bool, pool: str | None) -> dg.AssetsDefinition:
    """Every model of the project as one multi-asset; a run may ask for any of them."""
    specs = [_spec(project, model, lineage=lineage) for model in project.models.values()]

    @dg.multi_asset(
        name="models",
        specs=specs,
        check_specs=[
            dg.AssetCheckSpec(CHECK, asset=spec.key, description=CHECKED) for spec in specs
        ],
        can_subset=True,
        pool=pool,
    )
    def models(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        asked = [key.path[-1] for key in context.selected_asset_keys]
        failure: ModelsFailedError | None = None
        with in_words(), watched_over("models") as problems:
            try:
                results = build_models(from_environment(), asked, report)
            except ModelsFailedError as error:
                results, failure = error.results, error
                problems.append(str(error))
        for result in results:
            if result.status in ("built", "fresh"):
                yield _materialized(result)
            elif result.status == "failed":
                yield _check(result)
        if failure:
            raise dg.Failure(description=str(failure), allow_retries=False)

    return models


def published(project: Project) -> list[str]:
    """The models whose tables a release carries."""
    return [name for name, model in project.models.items() if model.contract.published != "no"]
