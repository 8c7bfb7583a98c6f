"""The short summary that ends every refresh: what was found, what changed, what to do next."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from observatory.answers import verdict_changes
from observatory.answers.verdict_changes import VerdictChange
from observatory.intake import Intake
from observatory.models.run import ModelResult
from observatory.release.connections import reading
from observatory.release.database import DATABASE
from observatory.release.publish import Published, Unchanged
from observatory.release.versions import ReleaseRef, history
from observatory.settings import Settings

# Verdict changes beyond these are counted, not listed: the changes table has them all.
_LISTED = 10


@dataclass(frozen=True)
class Summary:
    """``headline`` counts verdicts under the headline definition; ``changes`` are sentences."""

    version: str
    published: bool
    message: str
    folder: str
    definition: str
    headline: dict[str, int]
    changes: list[str]
    verdict_changes: list[dict[str, Any]]
    models_built: int
    new_files: int
    problems: list[str]

    def as_dict(self) -> dict[str, Any]:
        """The summary for a program."""
        return dict(vars(self))

    def lines(self) -> Iterator[str]:
        """The summary for a person."""
        yield ""
        if self.headline:
            yield f"Public service mutuals under {self.definition} (the headline definition):"
            yield (
                f"  {self.headline.get('mutual', 0)} mutual, "
                f"{self.headline.get('probable', 0)} probable, "
                f"{self.headline.get('possible', 0)} possible"
            )
        yield from (f"  {change}" for change in self.changes)
        yield self.message
        if self.folder:
            yield f"The release lies in {self.folder}"
        if self.problems:
            yield ""
            yield "What went wrong:"
            yield from (f"  {problem}" for problem in self.problems)
        if self.folder:
            command = _command()
            yield f"Next: {command} explain 'Explore York', {command} query, {command} status"


def of(
    intakes: Sequence[Intake],
    models: Sequence[ModelResult],
    release: Published | Unchanged | None,
    failures: Sequence[str],
    settings: Settings,
    published: Sequence[Published] = (),
) -> Summary:
    """Summarise one refresh; each release that it ``published`` is compared with the one before:
    first the one that new rules make of what had landed, then the one that new records make."""
    known = history(settings.releases)
    newest = known[-1] if known else None
    definition, headline = _headline(newest) if newest else ("", {})
    compared = [
        (one.previous, verdict_changes.between(one.previous.path, one.release.path))
        for one in published
        if one.previous
    ]
    problems = [f"{one.source_id}: {one.problem}" for one in intakes if one.problem]
    if release is not None:
        message = release.message
    elif failures:
        message = "Nothing was published; the release before, if any, is untouched."
    else:
        message = "Nothing changed: no source brought anything new, and nothing was published."
    return Summary(
        version=str(newest.version) if newest else "",
        published=isinstance(release, Published),
        message=message,
        folder=str(newest.path) if newest else "",
        definition=definition,
        headline=headline,
        changes=[line for previous, found in compared for line in _changes(previous, found)],
        verdict_changes=[one.as_dict() for _, found in compared for one in found],
        models_built=len(models),
        new_files=sum(len(one.new) for one in intakes),
        problems=[*problems, *failures],
    )


def _headline(release: ReleaseRef) -> tuple[str, dict[str, int]]:
    with reading(release.path / DATABASE) as con:
        rows = con.execute(
            "select c.definition_id, c.verdict, count(*) from classifications c "
            "join definitions d using (definition_id) where d.is_headline group by all"
        ).fetchall()
    return (rows[0][0] if rows else "", {verdict: count for _, verdict, count in rows})


def _changes(before: ReleaseRef, found: Sequence[VerdictChange]) -> list[str]:
    """Count the changes since ``before`` by what caused them, then name the first of them."""
    counted = f"{len(found)} verdicts changed since {before.version}"
    if not found:
        return [counted + "."]
    causes = Counter(detail for one in found for detail in one.details)
    by_rule = {detail for one in found if "rule" in one.causes for detail in one.details}
    said = [
        f"  {count:,} by {detail}" for detail, count in causes.most_common() if detail in by_rule
    ]
    said = said[:_LISTED] + [str(one) for one in found[:_LISTED]]
    if len(found) > _LISTED:
        said.append(f"and {len(found) - _LISTED} more verdicts changed")
    return [counted + ":", *said]


def _command() -> str:
    """The command as it can be typed here: by its name, or by its path where that is not found."""
    if shutil.which("observatory"):
        return "observatory"
    path = Path(sys.executable).with_name("observatory")
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
