"""One asset a source, made from the registry: landing and lake for that source."""

from collections.abc import Iterator
from datetime import timedelta

# No `from __future__ import annotations` here: Dagster reads the annotations of its functions at
# run time, and refuses those that are text.
import dagster as dg

from assets.reports import in_words, report
from observatory.intake import Intake, take_in
from observatory.settings import from_environment
from observatory.sources.base import Source, registry

GROUP = "sources"


class SourceConfig(dg.Config):
    """``offline`` leaves the publisher alone: only the inbox and packaged seeds are read."""

    offline: bool = False


def asset_name(source_id: str) -> str:
    """The asset's name: the layer, then the source."""
    return f"lake_{source_id}"


def _asset(source: Source) -> dg.AssetsDefinition:
    @dg.asset(
        name=asset_name(source.id),
        group_name=GROUP,
        description=f"{source.title}, from {source.publisher}. Published: {source.cadence}.",
        owners=["team:observatory"],
        kinds={"parquet"},
        metadata={
            "publisher": source.publisher,
            "homepage": dg.MetadataValue.url(source.homepage),
            "licence": source.licence,
            "republish": source.republish,
            "limits": source.limits.evidence,
        },
        code_version=str(source.reader_version),
        freshness_policy=dg.FreshnessPolicy.time_window(
            fail_window=timedelta(days=source.freshness_days)
        ),
    )
    def lake_source(
        context: dg.AssetExecutionContext, config: SourceConfig
    ) -> Iterator[dg.MaterializeResult[None]]:
        with in_words():
            intake = take_in(source, from_environment(), offline=config.offline)
        report(intake)
        for landed in intake.landed:
            context.log.info(landed.message)
        yield dg.MaterializeResult(
            data_version=dg.DataVersion(intake.data_version), metadata=_metadata(intake)
        )
        if intake.problem:
            # The step fails so that Dagster shows it red; nothing downstream is in this run,
            # so the source keeps its last good snapshot and blocks nobody.
            raise dg.Failure(description=intake.problem, allow_retries=False)

    return lake_source


def _metadata(intake: Intake) -> dict[str, dg.MetadataValue]:
    return {
        "landed": dg.MetadataValue.int(len(intake.new)),
        "refused": dg.MetadataValue.int(len(intake.rejected)),
        "rows_read": dg.MetadataValue.int(sum(one.rows for one in intake.read)),
        "changed": dg.MetadataValue.bool(intake.changed),
    }


def source_assets() -> list[dg.AssetsDefinition]:
    """Every source of the registry as an asset."""
    return [_asset(source) for source in registry().values()]
