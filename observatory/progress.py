"""Progress of a refresh: a bar on a terminal, plain lines elsewhere.

Only says what happened; what it means is in the summary (``answers/summary.py``).
"""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from observatory.intake import Intake
from observatory.models.run import ModelResult

if TYPE_CHECKING:
    from typing import Self


class RefreshProgress:
    """Listens to a refresh. ``steps`` is the number of sources; models extend it as they come."""

    def __init__(self, console: Console, steps: int) -> None:
        self._console = console
        self._bar: Progress | None = None
        if console.is_terminal:
            self._bar = Progress(
                TextColumn("[progress.description]{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=console,
                transient=True,
            )
            self._task = self._bar.add_task("sources", total=steps)
            self._models = self._bar.add_task("models", total=None, visible=False)

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar:
            self._bar.stop()

    def heard(self, event: object) -> None:
        """Take one event of the run: an Intake or a ModelResult (others are ignored)."""
        if isinstance(event, Intake):
            self._line(intake_line(event))
            if self._bar:
                self._bar.advance(self._task)
        elif isinstance(event, ModelResult) and self._bar:
            self._bar.update(self._models, description=f"models: {event.name}", visible=True)
            self._bar.advance(self._models)

    def _line(self, text: str) -> None:
        self._console.print(text, highlight=False, soft_wrap=True, markup=False)


def intake_line(intake: Intake) -> str:
    """One source's turn in one line, and its problem below it when there was one."""
    parts = [_count(len(intake.new), "new file")] if intake.new else []
    if intake.read:
        rows = sum(one.rows for one in intake.read)
        parts.append(f"{rows:,} records read")
    if not parts:
        parts.append("nothing new")
    quarantined = sum(one.quarantined for one in intake.read)
    if quarantined:
        parts.append(f"{quarantined:,} quarantined (see data_issues)")
    if intake.rejected:
        parts.append(_count(len(intake.rejected), "file") + " refused")
    line = f"{intake.source_id}: {', '.join(parts)}"
    if intake.problem:
        problem = intake.problem.replace("\n", "\n    ")
        line += f"\n    {problem}"
    return line


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" + ("" if number == 1 else "s")
