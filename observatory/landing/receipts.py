"""What the landing remembers of each body, and how bodies make up snapshots.

No input or output happens here: ``store.py`` writes and reads these.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from observatory.errors import BadInput

ScopeKind = Literal["whole", "part", "extract", "increment"]
# "newest record": the file holds no date of its own, and was published no earlier than that day.
PublishedBasis = Literal[
    "given", "file name", "content", "last-modified", "newest record", "fetched"
]
Origin = Literal["download", "inbox", "command", "sample", "seed"]

_PART = re.compile(r"part\s*(\d+)\s*(?:of|_|/)\s*(\d+)", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class Scope:
    """How much of the publication a body holds.

    Only between two ``whole`` snapshots can a row vanish or a file shrink. ``part n of m``
    bodies of one publication date make one whole snapshot when all m are there.
    """

    kind: ScopeKind
    part: int = 0
    of: int = 0

    def __str__(self) -> str:
        return f"part {self.part} of {self.of}" if self.kind == "part" else self.kind

    @classmethod
    def parse(cls, text: str) -> Scope:
        """Read ``whole``, ``extract``, ``increment`` or ``part 2 of 7``. Raises BadInput."""
        cleaned = text.strip().lower()
        if cleaned in ("whole", "extract", "increment"):
            return cls(cleaned)  # type: ignore[arg-type]
        found = _PART.fullmatch(cleaned)
        if found and 1 <= int(found[1]) <= int(found[2]):
            return cls("part", int(found[1]), int(found[2]))
        raise BadInput(
            f"{text!r} is not a scope",
            where="--scope",
            remedy="use whole, extract, increment or 'part 2 of 7'",
        )


@dataclass(frozen=True)
class Receipt:
    """One body, received once. ``fetched_at`` is the known time of all that it tells us;
    ``published_on`` is the publisher's own date and ``published_basis`` says how we know it."""

    source: str
    sha256: str
    size_bytes: int
    file_name: str
    origin: Origin
    fetched_at: datetime
    published_on: date
    published_basis: PublishedBasis
    scope: Scope
    url: str = ""
    etag: str = ""
    last_modified: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def sort_key(self) -> tuple[date, str]:
        """Publication order; ties are broken by the body's hash, never by arrival."""
        return (self.published_on, self.sha256)


@dataclass(frozen=True)
class Snapshot:
    """One version of a source: a body, or all the parts of one publication."""

    source: str
    receipts: tuple[Receipt, ...]

    @property
    def sha256(self) -> str:
        """The body's hash, or the hash of the parts' hashes in part order."""
        if len(self.receipts) == 1:
            return self.receipts[0].sha256
        joined = "\n".join(receipt.sha256 for receipt in self.receipts)
        return hashlib.sha256(joined.encode()).hexdigest()

    @property
    def snapshot_id(self) -> str:
        """``<source>-<first 12 hex digits of the hash>``: the same wherever and whenever
        the same bytes are landed."""
        return f"{self.source}-{self.sha256[:12]}"

    @property
    def published_on(self) -> date:
        """The publisher's date of this version."""
        return self.receipts[0].published_on

    @property
    def fetched_at(self) -> datetime:
        """When the last body needed for this version was received (known time)."""
        return max(receipt.fetched_at for receipt in self.receipts)

    @property
    def scope(self) -> Scope:
        """The scope of the version: complete parts make a whole."""
        scope = self.receipts[0].scope
        return Scope("whole") if scope.kind == "part" else scope


def snapshots(receipts: Iterable[Receipt]) -> list[Snapshot]:
    """Group receipts of one source into snapshots, in publication order.

    Parts make a snapshot only when all of them are there; until then they wait. When one part
    was landed twice with different bytes, the one that the publisher changed last wins
    (Last-Modified), then the greater hash: never the one that happened to arrive last.
    """
    found: list[Snapshot] = []
    for (_, of), group in _editions(receipts).items():
        if of == 0:
            found += [Snapshot(receipt.source, (receipt,)) for receipt in group.values()]
        elif len(group) == of:
            found.append(Snapshot(group[1].source, tuple(group[n] for n in sorted(group))))
    return sorted(found, key=lambda one: (one.published_on, one.snapshot_id))


def waiting(receipts: Iterable[Receipt]) -> list[str]:
    """Say in words which editions in parts are not complete, and so are not read yet."""
    return [
        f"{len(group)} of the {of} parts of {day} landed; "
        f"part {', '.join(str(n) for n in range(1, of + 1) if n not in group)} is still missing"
        for (day, of), group in sorted(_editions(receipts).items())
        if of and len(group) < of
    ]


def _editions(receipts: Iterable[Receipt]) -> dict[tuple[date, int], dict[int, Receipt]]:
    """The receipts by publication date and number of parts (0: bodies that are no parts), and in
    these by part."""
    found: dict[tuple[date, int], dict[int, Receipt]] = {}
    ordered = sorted(receipts, key=lambda one: (one.published_on, _changed(one), one.sha256))
    for place, receipt in enumerate(ordered):
        group = found.setdefault((receipt.published_on, receipt.scope.of), {})
        group[receipt.scope.part or place] = receipt
    return found


def _changed(receipt: Receipt) -> float:
    """When the publisher last changed the body, as seconds since 1970; 0 when it did not say."""
    try:
        return parsedate_to_datetime(receipt.last_modified).timestamp()
    except (TypeError, ValueError):
        return 0.0
