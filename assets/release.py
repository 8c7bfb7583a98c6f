"""The release as an asset: staged, verified and published, or left as it is."""

from collections.abc import Sequence

import dagster as dg

from assets.reports import in_words, report, watched_over
from observatory import code_version
from observatory.build import cause, load_project, lost, mark_released, publishers_have_landed
from observatory.dashboard import companion as site
from observatory.errors import PermanentError
from observatory.models import engine
from observatory.release.publish import Published, Unchanged, publish
from observatory.settings import Settings, from_environment

NAME = "release"


class ReleaseConfig(dg.Config):
    """How one release is offered: a major version (one that breaks readers of the version before)
    only by hand, never by a schedule or sensor."""

    allow_breaking: bool = False


def _publish(settings: Settings, *, allow_breaking: bool = False) -> Published | Unchanged:
    """Publish what is built. Raises PermanentError when that would not rest on all that landed."""
    if not publishers_have_landed(settings):
        raise PermanentError(
            "nothing complete has landed from any publisher, so nothing is published",
            where=str(settings.landing),
            remedy="run observatory refresh with a network, land a file with "
            "`observatory land SOURCE FILE`, or try `observatory refresh --sample`",
        )
    if missing := lost(settings):
        raise PermanentError(
            "the release before was built on what the lake no longer holds: " + ", ".join(missing),
            where=str(settings.lake),
            remedy="see above why it could not be read again; nothing was published",
        )
    with engine.alone(settings.build_database):
        project = load_project(settings)
        outcome = publish(
            settings.build_database,
            project,
            settings.releases,
            companions=(site.writer(settings),),
            allow_breaking=allow_breaking,
            cause=cause(settings),
            code=code_version.of(project.code_fingerprint, settings.project_root),
        )
        mark_released(settings)
    return outcome


def release_asset(tables: Sequence[str], *, pool: str | None) -> dg.AssetsDefinition:
    """The release over the published tables."""

    @dg.asset(
        name=NAME,
        deps=list(tables),
        group_name="release",
        description="An immutable version: DuckDB, Parquet, CSV, JSON Lines, the site, checksums.",
        owners=["team:observatory"],
        kinds={"duckdb"},
        pool=pool,
    )
    def release(
        context: dg.AssetExecutionContext, config: ReleaseConfig
    ) -> dg.MaterializeResult[None]:
        with in_words(), watched_over("release"):
            outcome = _publish(from_environment(), allow_breaking=config.allow_breaking)
        report(outcome)
        context.log.info(outcome.message)
        return dg.MaterializeResult(
            data_version=dg.DataVersion(outcome.facts_hash),
            metadata={
                "version": outcome.version,
                "published": isinstance(outcome, Published),
                "message": outcome.message,
            },
        )

    return release
