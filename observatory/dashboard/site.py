"""What all pages of one site share while it is built: the release, figures, contact and texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from observatory.dashboard import figures
from observatory.dashboard.figures import Figure, Plan
from observatory.dashboard.reader import Reader

HEADLINE = "dcms-2018"


@dataclass(frozen=True)
class Site:
    """A site under construction. ``contact`` is where objections go (a mail address or a web
    address; empty when none is set), ``docs`` the folder of the methodology's Markdown and
    ``cookbook`` that of the named queries."""

    reader: Reader
    contact: str
    docs: Path
    cookbook: Path
    figures: dict[str, Figure] = field(default_factory=dict)

    def figure(self, plan: Plan) -> Figure:
        """Make a figure once; its data are written with the pages."""
        if plan.id not in self.figures:
            self.figures[plan.id] = figures.make(self.reader, plan)
        return self.figures[plan.id]

    @property
    def headline(self) -> str:
        """The id of the headline definition."""
        if not self.reader.has("definitions", "definition_id", "is_headline"):
            return HEADLINE
        row = self.reader.one("select definition_id from definitions where is_headline")
        return str(row.get("definition_id", HEADLINE))

    def query(self, name: str) -> str:
        """The SQL of a query of the cookbook."""
        return (self.cookbook / f"{name}.sql").read_text(encoding="utf-8")
