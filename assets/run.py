"""``observatory refresh``: the same assets, run in the command's own process.

As under the daemon: the sources, each of which may fail alone, then whatever they left stale. When
rules changed since the last release, what had landed is first built and released with the new
rules, so that every change between two releases has one cause.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import dagster as dg

from assets.graph import make
from assets.history import forget
from assets.instance import open_instance
from assets.jobs import SOURCES_JOB
from assets.release import NAME as RELEASE
from assets.reports import listening
from assets.sources import EVENT, asset_name
from observatory import clock
from observatory.build import lost, stale
from observatory.errors import ObservatoryError
from observatory.intake import Intake
from observatory.landing.reach import one_refresh
from observatory.models.run import ModelResult
from observatory.release.publish import Published, Unchanged
from observatory.release.versions import history
from observatory.settings import Settings


@dataclass
class Outcome:
    """All that one refresh did; ``failures`` are steps that failed outside the sources."""

    intakes: list[Intake] = field(default_factory=list)
    models: list[ModelResult] = field(default_factory=list)
    # The last release that was published, or that none was due.
    release: Published | Unchanged | None = None
    published: list[Published] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """True when no source and no step failed."""
        return not self.failures and not any(one.problem for one in self.intakes)


def refresh(
    settings: Settings,
    source_ids: Sequence[str],
    *,
    offline: bool,
    allow_breaking: bool = False,
    heard: Callable[[object], None] = lambda _: None,
) -> Outcome:
    """Run the assets of these sources, then the stale models and the release.

    ``allow_breaking`` lets a release be a major version. ``heard`` is called with each Intake,
    ModelResult and release outcome as it happens, for progress. Never raises for a failing source
    or model: the outcome tells. Raises PermanentError when the clock is set to no time, or
    Dagster's folder is damaged.
    """
    clock.now()  # a clock that is set wrong ends the run before it begins
    os.environ["DAGSTER_HOME"] = str(settings.dagster)
    definitions = make(for_ui=False)
    outcome = Outcome()

    def listener(event: object) -> None:
        _collect(outcome, event)
        heard(event)

    with open_instance(settings) as instance, listening(listener), one_refresh():
        if rules_first := _stale_by_rules(settings):
            result = _run(
                definitions, instance, "refresh", [*rules_first, RELEASE], offline, allow_breaking
            )
            outcome.failures += _failures(result)
        names = [asset_name(one) for one in source_ids]
        result = _run(definitions, instance, SOURCES_JOB, names, offline)
        if len(outcome.intakes) < len(source_ids):  # a step fell before it could tell its outcome
            told = {one.problem for one in outcome.intakes}
            outcome.failures += [one for one in _failures(result) if one not in told]
        answer = stale(settings)
        if answer:
            result = _run(
                definitions, instance, "refresh", [*answer.models, RELEASE], offline, allow_breaking
            )
            outcome.failures += _failures(result)
        forget(instance)
    return outcome


def _stale_by_rules(settings: Settings) -> tuple[str, ...]:
    """The models that are stale before any source was asked: only rules or code can have made them
    so. None before the first release, nor while the lake lacks what that one was built on (a
    reader that changed reads it again in this run), nor where the question fails: whatever is in
    the way is told by the run that follows."""
    try:
        if not history(settings.releases) or lost(settings):
            return ()
        return stale(settings).models
    except ObservatoryError:
        return ()


def _run(
    definitions: dg.Definitions,
    instance: dg.DagsterInstance,
    job: str,
    names: Sequence[str],
    offline: bool,
    allow_breaking: bool = False,
) -> dg.ExecuteInProcessResult:
    sources = [name for name in names if name.startswith("lake_")]
    ops: dict[str, object] = {name: {"config": {"offline": offline}} for name in sources}
    if RELEASE in names:
        ops[RELEASE] = {"config": {"allow_breaking": allow_breaking}}
    return definitions.resolve_job_def(job).execute_in_process(
        instance=instance,
        asset_selection=[dg.AssetKey(name) for name in names],
        run_config={
            "ops": ops,
            # Dagster prints every event of a run; the command prints its own lines.
            "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
        },
        tags={EVENT: "command"},
        raise_on_error=False,
    )


def _collect(outcome: Outcome, event: object) -> None:
    if isinstance(event, Intake):
        outcome.intakes.append(event)
    elif isinstance(event, ModelResult) and event.status == "built":
        outcome.models.append(event)
    elif isinstance(event, Published):
        outcome.release = event
        outcome.published.append(event)
    elif isinstance(event, Unchanged) and not outcome.published:
        outcome.release = event


def _failures(result: dg.ExecuteInProcessResult) -> list[str]:
    """The failed steps in the words of the error at their root, without Dagster's wrapping."""
    words = []
    for event in result.all_events:
        if event.event_type_value != "STEP_FAILURE":
            continue
        data = event.step_failure_data
        reason = data.user_failure_data.description if data.user_failure_data else None
        error = data.error
        while error is not None and error.cause is not None:
            error = error.cause
        words.append(reason or (error.message.strip() if error else "") or event.step_key or "")
    return words
