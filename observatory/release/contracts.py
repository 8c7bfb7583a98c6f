"""What a release needs to know of each published table, and where it learns it.

What belongs here: the release's own view of a table contract, taken from the model project at
one border. What does not: how a contract is written in YAML (``observatory/models``), and how a
table is written to a file (``formats.py``). This floor lies below the models, so the project
is known here only by its shape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, cast

from observatory.errors import PermanentError

Kind = Literal["facts", "run"]

# The table that the others are about; JSON Lines nest them below it.
PARENT = "organisations"


class ColumnLike(Protocol):
    """A column of a contract, as ``observatory.models.contracts`` has it."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def type(self) -> str: ...  # noqa: D102
    @property
    def description(self) -> str: ...  # noqa: D102
    @property
    def licence(self) -> str | None: ...  # noqa: D102
    @property
    def sources(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def enum(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def references(self) -> str: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def not_a_change(self) -> bool: ...  # noqa: D102


class ContractLike(Protocol):
    """A table's contract."""

    @property
    def description(self) -> str: ...  # noqa: D102
    @property
    def grain(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def published(self) -> str: ...  # noqa: D102
    @property
    def order_by(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def recorded(self) -> bool: ...  # noqa: D102
    @property
    def columns(self) -> Sequence[ColumnLike]: ...  # noqa: D102


class ModelLike(Protocol):
    """A model: a table with a contract."""

    @property
    def contract(self) -> ContractLike: ...  # noqa: D102


class ProjectLike(Protocol):
    """All models by name."""

    @property
    def models(self) -> Mapping[str, ModelLike]: ...  # noqa: D102


@dataclass(frozen=True)
class ReleaseColumn:
    """One published column. ``references`` is ``table.column`` or empty; ``licence`` says what
    may be republished of what its ``sources`` publish; ``enum`` lists the accepted values."""

    name: str
    type: str
    description: str
    licence: str
    sources: tuple[str, ...] = ()
    enum: tuple[str, ...] = ()
    references: str = ""
    unit: str = ""
    not_a_change: bool = False


@dataclass(frozen=True)
class ReleaseTable:
    """One published table. ``key`` names the columns that identify a row (empty: none)."""

    name: str
    description: str
    kind: Kind
    key: tuple[str, ...]
    order_by: tuple[str, ...]
    columns: tuple[ReleaseColumn, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns in contract order."""
        return tuple(column.name for column in self.columns)

    @property
    def total_order(self) -> tuple[str, ...]:
        """``order_by``, then the key, then every other column: rows that tie on all of these
        are equal, so the order of a file never depends on the order of arrival."""
        return tuple(dict.fromkeys((*self.order_by, *self.key, *self.column_names)))


def published_tables(project: ProjectLike) -> tuple[ReleaseTable, ...]:
    """Return the published tables of ``project``, by name.

    A reference to a table that is not published cannot hold inside a release and is left out,
    but an organisation's key always refers to the published table of organisations.
    Raises PermanentError when a table's key or order names a column that it does not have.
    """
    published = {
        name: model.contract
        for name, model in sorted(project.models.items())
        if model.contract.published in ("facts", "run")
    }
    return tuple(_table(name, contract, published) for name, contract in published.items())


def _table(
    name: str, contract: ContractLike, published: Mapping[str, ContractLike]
) -> ReleaseTable:
    table = ReleaseTable(
        name=name,
        description=contract.description.strip(),
        kind=cast(Kind, contract.published),
        key=tuple(contract.grain),
        order_by=tuple(contract.order_by),
        columns=tuple(_column(column, published, name) for column in contract.columns),
    )
    unknown = set(table.key + table.order_by) - set(table.column_names)
    if unknown:
        raise PermanentError(
            f"the contract's grain or order names {', '.join(sorted(unknown))}, "
            "which is not one of its columns",
            where=name,
        )
    return table


def _column(column: ColumnLike, published: Mapping[str, ContractLike], table: str) -> ReleaseColumn:
    return ReleaseColumn(
        name=column.name,
        type=column.type,
        description=column.description.strip(),
        licence=column.licence or "",
        sources=tuple(column.sources),
        enum=tuple(column.enum),
        references=_reference(column, published, table),
        unit=column.unit,
        not_a_change=column.not_a_change,
    )


def _reference(column: ColumnLike, published: Mapping[str, ContractLike], table: str) -> str:
    if column.references.partition(".")[0] in published:
        return column.references
    # Models are built and tested against the table of all organisations; a release holds
    # only the published ones, and whatever it says of an organisation must be about these.
    parent = published.get(PARENT)
    if parent is None or table == PARENT or tuple(parent.grain) != (column.name,):
        return ""
    return f"{PARENT}.{column.name}"
