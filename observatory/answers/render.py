"""How an explanation looks on a terminal: verdicts first, then each criterion and record.

What does not belong here: anything that decides what is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from rich.console import Group, RenderableType
from rich.text import Text

from observatory.answers.explanation import (
    NO_ELIGIBILITY,
    Correction,
    Evidence,
    Explanation,
    Verdict,
)
from observatory.answers.identity import NameMatch
from observatory.answers.render_lineage import came_from, rights
from observatory.answers.tables import Table, as_table

Found = TypeVar("Found")

_VERDICTS = {"not_mutual": "not a mutual"}


def render(explanation: Explanation) -> Group:
    """Return the explanation for a rich console. Names are shown as text, never as markup."""
    return Group(*_parts(explanation))


def _parts(told: Explanation) -> Iterator[RenderableType]:
    if told.org_id:
        yield Text(f"{told.name}  ({told.org_id})", style="bold")
        if told.matched_by == "part of a name":
            yield Text(f"Found by a part of its name, {told.query!r}.")
    if told.standing != "listed":
        yield Text(told.message)
    if told.near:
        columns = ("org_id", "name", "offered for")
        yield as_table(Table(columns, [(one.org_id, one.name, one.how) for one in told.near]))
    yield from (Text(line) for line in _about(told))
    if told.verdicts:
        yield as_table(_verdict_table(told))
        for verdict in told.verdicts:
            yield from (Text(line) for line in _verdict(verdict))
    yield from _under("Where it came from, and what followed", came_from(told.lineage))
    yield from _under("Who holds rights in it, as records tell", rights(told.lineage))
    yield from _listed_under("Objections", told.corrections, _correction)
    yield from _listed_under("Evidence", told.evidence, _evidence)
    if told.standing != "listed":
        yield from _absent(told)
    yield Text(f"\n{NO_ELIGIBILITY} To object: {told.objections}")


def _under(title: str, lines: Iterator[str]) -> Iterator[RenderableType]:
    for at, line in enumerate(lines):
        if at == 0:
            yield Text(f"\n{title}", style="bold")
        yield Text(line)


def _listed_under(
    title: str, found: Sequence[Found], lines: Callable[[Found], Iterator[str]]
) -> Iterator[RenderableType]:
    if found:
        yield Text(f"\n{title}", style="bold")
    for one in found:
        yield from (Text(line) for line in lines(one))


def _about(told: Explanation) -> Iterator[str]:
    if told.identifiers:
        shown = (f"{one.scheme} {one.identifier}" for one in told.identifiers)
        yield f"Identifiers: {', '.join(shown)}"
    if told.other_names:
        yield f"Also known as: {'; '.join(told.other_names)}"
    for one in told.name_matches:
        yield _name_match(one)
    for key, value in told.facts.items():
        if value is not None:
            yield f"{key.replace('_', ' ').capitalize()}: {value}"


def _name_match(one: NameMatch) -> str:
    said = {
        "match": "Joined by judgement" if one.basis == "judgement" else "Joined by name",
        "rejected-by-judgement": "Kept apart by judgement",
        "review": "Not joined, to be reviewed",
    }[one.decision]
    sure = "" if one.basis == "judgement" else f" (score {one.score:.2f})"
    return f"{said}: {one.source} {one.role} {one.asked_name!r}: {one.explanation}{sure}"


def _verdict_table(told: Explanation) -> Table:
    rows = [
        (
            ("* " if one.is_headline else "") + one.definition,
            _VERDICTS.get(one.verdict, one.verdict) + (" (disputed)" if one.is_disputed else ""),
            one.basis,
            one.band,
            one.valid_from,
            one.valid_to or ("ended, date not known" if one.has_ended else None),
        )
        for one in told.verdicts
    ]
    return Table(("definition (* headline)", "verdict", "basis", "sure", "from", "until"), rows)


def _verdict(verdict: Verdict) -> Iterator[str]:
    yield f"\n{verdict.definition}: {_VERDICTS.get(verdict.verdict, verdict.verdict)}"
    yield f"  {verdict.reason}"
    for one in verdict.criteria:
        behind = (
            f" [{', '.join(name[:6] for name in one.evidence_ids)}]" if one.evidence_ids else ""
        )
        yield f"  - {one.title}: {one.words}{behind}"
    if verdict.what_would_change_it:
        yield f"  What would change it: {verdict.what_would_change_it}"


def _correction(one: Correction) -> Iterator[str]:
    yield f"  {one.correction_id}, received {one.received_on}, {one.status}: {one.claim}"
    if one.answer:
        acted = "" if one.effect == "note" else f" ({one.effect})"
        yield f"      answered {one.answered_on}: {one.answer}{acted}"


def _evidence(one: Evidence) -> Iterator[str]:
    yield f"  [{one.evidence_id[:6]}] {one.direction} '{one.criterion}' ({one.strength}): {one.why}"
    published = f", published {one.published_on}" if one.published_on else ""
    yield f"      seen: {one.value_seen}"
    yield f"      in: {one.source_title}{published}, snapshot {one.snapshot_id}, {one.locator}"
    if one.valid_from or one.valid_to:
        yield f"      true from {one.valid_from or 'unknown'} to {one.valid_to or 'now or unknown'}"
    if one.url:
        yield f"      at: {one.url}"


def _absent(told: Explanation) -> Iterator[RenderableType]:
    yield Text("\nWhat was looked at", style="bold")
    rows = [(one.title, one.newest_published_on, one.snapshots, one.rows) for one in told.looked_at]
    yield as_table(Table(("source", "newest version", "versions", "records"), rows))
    if told.would_count:
        yield Text("What would count under the headline definition", style="bold")
        yield from (Text(f"  - {line}") for line in told.would_count)
