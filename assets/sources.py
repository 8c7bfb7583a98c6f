"""One asset a source, made from the registry: landing and lake for that source."""

from collections.abc import Iterator
from datetime import timedelta

# No `from __future__ import annotations` here: Dagster reads the annotations of its functions at
# run time, and refuses those that are text.
import dagster as dg

from assets.reports import in_words, report
from observatory import outlook
from observatory.intake import Intake, take_in
from observatory.settings import from_environment
from observatory.sources.base import Source, registry

GROUP = "sources"
# A run's tag: the event that started it, such as ``watcher`` or ``night of 2026-11-23``.
EVENT = "observatory/event"
FRESH, STANDING = "fresh", "standing"
_EXPECTED = "The newest version held is no older than its publisher's rhythm lets us expect."
_WELL = "The last try was well; else it says what is broken, since when, and what to do."


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
        check_specs=[
            dg.AssetCheckSpec(FRESH, asset=asset_name(source.id), description=_EXPECTED),
            dg.AssetCheckSpec(STANDING, asset=asset_name(source.id), description=_WELL),
        ],
    )
    def lake_source(
        context: dg.AssetExecutionContext, config: SourceConfig
    ) -> Iterator[dg.MaterializeResult[None]]:
        with in_words():
            event = context.run.tags.get(EVENT, "Dagster")
            intake = take_in(source, from_environment(), offline=config.offline, event=event)
        report(intake)
        for landed in intake.landed:
            context.log.info(landed.message)
        with in_words():
            seen = outlook.of(source, from_environment())
        yield dg.MaterializeResult(
            data_version=dg.DataVersion(intake.data_version),
            metadata={**_metadata(intake), **_shown(seen)},
            check_results=_checks(source, seen),
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


def _shown(seen: outlook.Outlook) -> dict[str, dg.MetadataValue]:
    """What ``observatory status`` shows of a source, for the UI."""
    told = {
        "last_event": seen.last_event,
        "last_success": seen.last_success,
        "next_due": seen.next_due,
        "broken_since": seen.broken_since,
    }
    shown: dict[str, dg.MetadataValue] = {
        name: dg.MetadataValue.text(value or "never") for name, value in told.items()
    }
    if seen.lag_days is not None:
        shown["lag_days"] = dg.MetadataValue.int(seen.lag_days)
    return shown


def _checks(source: Source, seen: outlook.Outlook) -> list[dg.AssetCheckResult]:
    key, warn = asset_name(source.id), dg.AssetCheckSeverity.WARN
    age = "nothing has landed" if seen.lag_days is None else f"{seen.lag_days} days old"
    return [
        dg.AssetCheckResult(
            asset_key=key,
            check_name=FRESH,
            passed=not seen.late and seen.lag_days is not None,
            severity=warn,
            description=f"{age}; {source.freshness_days} days are expected at most",
        ),
        dg.AssetCheckResult(
            asset_key=key,
            check_name=STANDING,
            passed=not seen.problem,
            severity=warn,
            description=f"broken since {seen.broken_since}: {seen.problem}"
            if seen.problem
            else "the last try was well",
        ),
    ]


def source_assets() -> list[dg.AssetsDefinition]:
    """Every source of the registry as an asset."""
    return [_asset(source) for source in registry().values()]
