"""The data dictionary: what each published table and column means, told by the contracts.

What belongs here: turning contracts into Markdown. What does not: any meaning of its own.
"""

from __future__ import annotations

from observatory.models.contracts import ColumnContract, Contract
from observatory.models.project import Project

_OPENING = """\
# Data dictionary

Every table of a release, with what one row is and what each column means. This page is made
from the contracts in `dbt_like_models/` by `python -m observatory.models describe`; change
those, not this page.

*May be republished* says what the licences of a column's sources allow: `rows` as published,
or only `derived facts` about organisations that we list. *Key* columns together name one row.
A column is null where no source says; null never means no.
"""
_RUN_NOTE = "\nIt describes the run; a change in it alone makes no new version.\n"


def data_dictionary(project: Project) -> str:
    """Return the Markdown page of all published tables, in alphabetical order."""
    contracts = [model.contract for model in project.published()]
    tables = [f"- [`{one.name}`](#{one.name}): {_first_sentence(one)}" for one in contracts]
    contents = "\n".join(tables)
    return "\n".join([_OPENING, f"{contents}\n", *map(_table, contracts)]).rstrip() + "\n"


def _table(contract: Contract) -> str:
    run = _RUN_NOTE if contract.published == "run" else ""
    header = "| column | type | meaning | may be republished | sources |\n|---|---|---|---|---|"
    rows = "\n".join(_row(contract, column) for column in contract.columns)
    return f"## {contract.name}\n\n{_one_line(contract.description)}\n{run}\n{header}\n{rows}\n"


def _row(contract: Contract, column: ColumnContract) -> str:
    sources = ", ".join(f"`{one}`" for one in column.sources) or "the observatory"
    cells = (
        f"`{column.name}`",
        column.type,
        _meaning(contract, column),
        column.licence or "",
        sources,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _meaning(contract: Contract, column: ColumnContract) -> str:
    parts = [_one_line(column.description).rstrip(".")]
    if column.unit:
        parts.append(f"Unit: {column.unit}")
    if column.enum:
        parts.append("One of: " + ", ".join(f"`{value}`" for value in column.enum))
    if column.references:
        parts.append(f"Refers to `{column.references}`")
    if column.name in contract.grain:
        parts.append("Key")
    if column.not_a_change:
        parts.append("A new value alone counts as no change")
    return ". ".join(parts)


def _first_sentence(contract: Contract) -> str:
    return _one_line(contract.description).partition(". ")[0].rstrip(".")


def _one_line(text: str) -> str:
    return " ".join(text.split())
