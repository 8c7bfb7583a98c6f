"""The data dictionary of the project's documentation, made from the models' contracts.

What belongs here: which tables it tells of, and who makes the page. What does not: the wording of
a table or column (``observatory/release/dictionary.py``, which every release uses too).
"""

from __future__ import annotations

from collections.abc import Mapping

from observatory.models.project import Project
from observatory.release.contracts import published_tables
from observatory.release.dictionary import describe
from observatory.release.recorded import recorded_tables
from observatory.release.register import with_own_tables

_OPENING = """\
Every table of a release, with what one row is and what each column means. This page is made
from the contracts in `dbt_like_models/` by `python -m observatory.models describe`; change
those, not this page."""


def data_dictionary(project: Project, licences: Mapping[str, str] | None = None) -> str:
    """Return the Markdown page of all published tables, in alphabetical order; ``licences``
    gives the licence of each source by its id."""
    histories = (one.history for one in recorded_tables(project))
    tables = (*with_own_tables(published_tables(project)), *histories)
    return describe(tables, licences or {}, _OPENING)
