"""How one release's schema differs from the one before, and what kind of version that makes.

What belongs here: comparing the contracts of two releases, and refusing a version that would break
what analysts built on the one before. What does not: rows and cells (``facts.py``).

A version is *major* when something that a reader may rely on is gone or means something else: a
table or column removed, a column with another type or unit, a table with another key. It is
*minor* when only something was added, or a column accepts other values or refers elsewhere.
Otherwise only the data differ, and it is a *patch*. Columns are read by name: their order and the
wording of descriptions make no kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from observatory.errors import PermanentError
from observatory.release.contracts import ReleaseColumn, ReleaseTable

VersionKind = Literal["first", "major", "minor", "patch"]
KINDS: Final[tuple[VersionKind, ...]] = ("first", "major", "minor", "patch")
ALLOW: Final = "--allow-breaking"


@dataclass(frozen=True)
class SchemaChange:
    """One difference of two schemas: ``table`` or ``table.column``, and what became of it."""

    kind: Literal["major", "minor"]
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True)
class Evolution:
    """The kind of a version, and the differences that make it."""

    kind: VersionKind
    changes: tuple[SchemaChange, ...] = ()


def evolution(before: Sequence[ReleaseTable] | None, after: Sequence[ReleaseTable]) -> Evolution:
    """Compare the tables of a release with those of the one before (None: there is none)."""
    if before is None:
        return Evolution("first")
    changes = tuple(differences(before, after))
    kinds = {change.kind for change in changes}
    return Evolution("major" if "major" in kinds else "minor" if kinds else "patch", changes)


def refuse_breaking(found: Evolution, previous: str, *, allowed: bool) -> None:
    """Raise PermanentError that names each table and column which the new version would break for
    readers of ``previous``, unless somebody ``allowed`` it by hand."""
    broken = [str(change) for change in found.changes if change.kind == "major"]
    if not broken or allowed:
        return
    raise PermanentError(
        f"readers of {previous} would break, so nothing was published:\n  " + "\n  ".join(broken),
        where="release",
        remedy=f"put it back in its contract, or publish a major version by hand: "
        f"`observatory refresh {ALLOW}`",
    )


def differences(
    before: Iterable[ReleaseTable], after: Iterable[ReleaseTable]
) -> Iterator[SchemaChange]:
    """Yield what differs, table by table and column by column, in the order of their names."""
    old, new = ({table.name: table for table in tables} for tables in (before, after))
    for name in sorted(old.keys() | new.keys()):
        if name not in new:
            yield SchemaChange("major", name, "the table was removed")
        elif name not in old:
            yield SchemaChange("minor", name, "the table was added")
        else:
            yield from _table(old[name], new[name])


def _table(old: ReleaseTable, new: ReleaseTable) -> Iterator[SchemaChange]:
    if set(old.key) != set(new.key):
        was, now = (", ".join(one.key) or "none" for one in (old, new))
        yield SchemaChange("major", old.name, f"its key was ({was}) and is ({now})")
    before, after = ({column.name: column for column in one.columns} for one in (old, new))
    for name in sorted(before.keys() | after.keys()):
        where = f"{old.name}.{name}"
        if name not in after:
            yield SchemaChange("major", where, "the column was removed")
        elif name not in before:
            yield SchemaChange("minor", where, f"the column was added ({after[name].type})")
        else:
            yield from _column(where, before[name], after[name])


def _column(where: str, old: ReleaseColumn, new: ReleaseColumn) -> Iterator[SchemaChange]:
    if _plain(old.type) != _plain(new.type):
        yield SchemaChange("major", where, f"its type was {old.type} and is {new.type}")
    if old.unit != new.unit:
        was, now = old.unit or "none", new.unit or "none"
        yield SchemaChange("major", where, f"its unit was {was} and is {now}")
    if set(old.enum) != set(new.enum):
        yield SchemaChange("minor", where, _accepted(old.enum, new.enum))
    if old.references != new.references:
        was, now = old.references or "nothing", new.references or "nothing"
        yield SchemaChange("minor", where, f"it referred to {was} and refers to {now}")


def _accepted(old: Sequence[str], new: Sequence[str]) -> str:
    parts = [
        f"{word} {', '.join(sorted(values))}"
        for word, values in (("with", set(new) - set(old)), ("without", set(old) - set(new)))
        if values
    ]
    return f"other accepted values: {'; '.join(parts)}"


def _plain(kind: str) -> str:
    return "".join(kind.split()).upper()
