"""How an evaluation looks on a terminal of 100 columns. Names are shown as text, never as markup.

What does not belong here: anything that decides a figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from observatory.answers.evaluate import Evaluation
from observatory.answers.evaluate_records import NOTHING, Case
from observatory.answers.evaluate_scores import VIEWS, WIDEST, Scores, View, Wrong
from observatory.answers.proportions import Interval, Share

_VIEWS: dict[View, str] = {
    "inferred": "inferred evidence only (the figure that counts)",
    "all": "all evidence (a consistency check: the curated list comes from such labels)",
}
_BEFORE = (
    "Counts with 95 % intervals (Wilson; of F1, by its Jaccard share). Where a class has fewer "
    "than 30 organisations with records, no single figure is claimed and no threshold applies. "
    f"Breakdowns are at the widest reading ({WIDEST})."
)
_USUAL = ("identifier", "name", NOTHING)


def render(told: Evaluation) -> Group:
    """Return the evaluation for a rich console."""
    return Group(*_parts(told))


def _parts(told: Evaluation) -> Iterator[RenderableType]:
    yield Text(f"Release {told.release} against the labels of {told.folder}", style="bold")
    for remark in told.remarks:
        yield Text(f"Note: {remark}.")
    if not told.has_build:
        yield Text(
            "Note: the build database could not be read, so organisations that the release does "
            "not list count as not found."
        )
    yield Text("\nWhat is labelled, and what is held of it", style="bold")
    yield _coverage(told)
    yield Text(
        "Only the first two groups are scored. 2+ is: records of two or more independent sources. "
        "Inferred is: taken for at least possible by records other than the curated list; the "
        f"last three columns are the published verdict ({told.headline})."
    )
    yield Text(f"\n{_BEFORE}")
    for definition in told.definitions:
        for view in VIEWS:
            yield Text(f"\n{definition.title}: {_VIEWS[view]}", style="bold")
            if not definition.is_headline and _alike(told, definition.definition_id, view):
                yield Text(f"The same figures as under {told.headline}, in every cut.")
            else:
                yield _scores(told.scores, definition.definition_id, view)
    yield from _wrong(told)
    yield Text("\nWhat the records held of each scored organisation say", style="bold")
    for one in told.held:
        yield Text(f"  {one.case.labelled.group}: {one.case.labelled.name}: {one.words}")
    yield from _names(
        "Known from the curated list alone, so nothing is claimed of them", told.without_records()
    )
    yield from _names("Not found", told.not_found())


def _alike(told: Evaluation, definition_id: str, view: View) -> bool:
    def figures(one: str) -> list[Scores]:
        mine = [each for each in told.scores if (each.definition_id, each.view) == (one, view)]
        return [replace(each, definition_id="") for each in mine]

    return figures(definition_id) == figures(told.headline)


def _coverage(told: Evaluation) -> Table:
    columns = ("rows", "found", "with records", "2+", "inferred", "mutual", "+prob.", "+poss.")
    shown = _table(("group", *columns))
    for row in told.coverage():
        cells = [str(value) for key, value in row.items() if key != "group"]
        shown.add_row(str(row["group"]), *cells, *["–"] * (len(columns) - len(cells)))
    return shown


def _scores(scores: Sequence[Scores], definition_id: str, view: View) -> Table:
    """All together at each reading; every other cut at the widest."""
    shown = _table(("taken for one when", "precision", "recall", "F1"))
    mine = [one for one in scores if (one.definition_id, one.view) == (definition_id, view)]
    by = "all"
    for one in mine:
        if one.by != "all" and one.strictness != WIDEST:
            continue
        if one.by != by:
            shown.add_section()
            shown.add_row(f"by {one.by}", "", "", "")
            by = one.by
        name = one.strictness if one.by == "all" else f"  {one.group}"
        shown.add_row(Text(name), *_figures(one))
    return shown


def _figures(one: Scores) -> tuple[str, str, str]:
    value, interval = one.f1, one.f1_interval
    told = "–" if value is None else _percent(interval)
    if value is not None and one.is_enough:
        told = f"{value:.0%} ({told})"
    return _share(one.precision, one.is_enough), _share(one.recall, one.is_enough), told


def _share(share: Share, is_enough: bool) -> str:
    if share.value is None:
        return "–"
    figure = f"{share.value:.0%}, " if is_enough else ""
    return f"{figure}{share.hits} of {share.of} ({_percent(share.interval)})"


def _percent(interval: Interval | None) -> str:
    return "–" if interval is None else f"{interval[0]:.0%}–{interval[1]:.0%}"


def _wrong(told: Evaluation) -> Iterator[RenderableType]:
    """The headline's wrong cases, and those of another definition that are wrong only there."""
    for view in VIEWS:
        listed: set[tuple[str, ...]] = set()
        yield Text(f"\nWrong even when `possible` counts, by {_VIEWS[view]}", style="bold")
        for definition in told.definitions:
            mine = [
                one
                for one in told.wrong
                if (one.definition_id, one.view) == (definition.definition_id, view)
            ]
            fresh = [one for one in mine if one.case.org_ids not in listed]
            listed |= {one.case.org_ids for one in mine}
            only = "" if definition.is_headline else ", wrong only here"
            if fresh or definition.is_headline:
                yield Text(f"{definition.definition_id}{only}: {len(fresh)}")
            if fresh:
                yield _wrong_table(fresh)


def _wrong_table(rows: Iterable[Wrong]) -> Table:
    shown = Table(box=box.SIMPLE_HEAD, header_style="bold")
    shown.add_column("label", width=8)
    shown.add_column("organisation", ratio=2, overflow="fold")
    shown.add_column("verdict", width=12)
    shown.add_column("reason", ratio=4, overflow="fold")
    for one in rows:
        name = f"{one.case.labelled.name} ({', '.join(one.case.org_ids)})"
        shown.add_row(one.case.labelled.group, Text(name), one.verdict, Text(one.reason))
    return shown


def _names(title: str, cases: Sequence[Case]) -> Iterator[RenderableType]:
    """The organisations by group; what is said of one beside its name only where it is telling."""
    if not cases:
        return
    yield Text(f"\n{title}: {len(cases)}", style="bold")
    for group in sorted({one.labelled.group for one in cases}):
        members = [one for one in cases if one.labelled.group == group]
        told = (
            one.labelled.name if one.how in _USUAL else f"{one.labelled.name} ({one.how})"
            for one in members
        )
        yield Text(f"  {group}, {len(members)}: {'; '.join(told)}")


def _table(columns: Sequence[str]) -> Table:
    shown = Table(box=box.SIMPLE_HEAD, header_style="bold")
    for place, name in enumerate(columns):
        shown.add_column(name, justify="right" if place else "left", no_wrap=not place)
    return shown
