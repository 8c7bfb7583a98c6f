"""The short summary that ends every refresh: what was found, what changed, what to do next."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

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
) -> Summary:
    """Summarise one refresh; the two newest releases are compared when one was published."""
    known = history(settings.releases)
    newest = known[-1] if known else None
    published = isinstance(release, Published)
    definition, headline = _headline(newest) if newest else ("", {})
    changes = _changes(known[-2], known[-1]) if published and len(known) > 1 else []
    problems = [f"{one.source_id}: {one.problem}" for one in intakes if one.problem]
    if release is not None:
        message = release.message
    elif failures:
        message = "Nothing was published; the release before, if any, is untouched."
    else:
        message = "Nothing changed: no source brought anything new, and nothing was published."
    return Summary(
        version=str(newest.version) if newest else "",
        published=published,
        message=message,
        folder=str(newest.path) if newest else "",
        definition=definition,
        headline=headline,
        changes=changes,
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


def _changes(before: ReleaseRef, after: ReleaseRef) -> list[str]:
    with duckdb.connect() as con:
        con.execute(f"attach '{_quoted(before.path)}' as old_release (read_only)")
        con.execute(f"attach '{_quoted(after.path)}' as new_release (read_only)")
        rows = con.execute(_CHANGED).fetchall()
    said = [
        f"{name} ({org_id}): {old or 'not listed'} → {new or 'no longer listed'}"
        for org_id, name, old, new in rows[:_LISTED]
    ]
    if len(rows) > _LISTED:
        said.append(f"and {len(rows) - _LISTED} more verdicts changed")
    counted = f"{len(rows)} verdicts changed since {before.version}"
    return [counted + (":" if said else "."), *said]


_CHANGED = """
with old as (
    select c.org_id, c.verdict, o.name from old_release.classifications c
    join old_release.definitions d using (definition_id)
    left join old_release.organisations o using (org_id) where d.is_headline
),
new as (
    select c.org_id, c.verdict, o.name from new_release.classifications c
    join new_release.definitions d using (definition_id)
    left join new_release.organisations o using (org_id) where d.is_headline
)
select org_id, coalesce(new.name, old.name, org_id), old.verdict, new.verdict
from old full join new using (org_id)
where old.verdict is distinct from new.verdict
  and coalesce(new.verdict, old.verdict) not in ('undetermined')
order by org_id
"""


def _command() -> str:
    """The command as it can be typed here: by its name, or by its path where that is not found."""
    if shutil.which("observatory"):
        return "observatory"
    path = Path(sys.executable).with_name("observatory")
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _quoted(folder: Path) -> str:
    return str(folder / DATABASE).replace("'", "''")
