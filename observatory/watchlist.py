"""Which organisations are watched closely: the candidates of the last published release.

What belongs here: the numbers by which registers know them, for readers that ask about one
organisation at a time or choose among many. What does not: who becomes a candidate (the models),
and what a reader does with a number (the source modules). It comes from a release, which never
changes, so there is no circle: a newly watched organisation is read at the next run.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import duckdb

from observatory.errors import PermanentError
from observatory.release.connections import reading
from observatory.release.database import DATABASE
from observatory.release.versions import latest

# A link by name alone, or to two organisations at once, watches the wrong ones.
_CANDIDATES = """
    select distinct identifiers.scheme, identifiers.identifier
    from identifiers
    inner join organisations on identifiers.org_id = organisations.org_id
    where organisations.is_candidate
        and identifiers.scheme in ('GB-COH', 'GB-MPR')
        and identifiers.confidence in ('exact', 'probable')
"""


class Watched(Protocol):
    """Whom a reader is to look at: company numbers (eight characters, as Companies House
    writes them) and society numbers (the FCA's full registration numbers)."""

    @property
    def company_numbers(self) -> frozenset[str]:
        """Companies, societies and others under a number of Companies House."""

    @property
    def society_numbers(self) -> frozenset[str]:
        """Societies under their number in the Mutuals Public Register."""


@dataclass(frozen=True)
class WatchList:
    """The watch list of one release; empty, with no version, before the first one."""

    version: str = ""
    company_numbers: frozenset[str] = frozenset()
    society_numbers: frozenset[str] = frozenset()

    @property
    def fingerprint(self) -> str:
        """A hash of whom it names, whatever the release: equal lists, equal fingerprints."""
        names = [f"GB-COH-{one}" for one in self.company_numbers]
        names += [f"GB-MPR-{one}" for one in self.society_numbers]
        return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:12]

    def and_also(self, company_numbers: frozenset[str]) -> WatchList:
        """This list with ``company_numbers`` beside its own."""
        return replace(self, company_numbers=self.company_numbers | company_numbers)


NOBODY = WatchList()


def last_published(releases: Path) -> WatchList:
    """Return the candidates of the release that ``releases/latest`` names, or ``NOBODY``.

    Raises PermanentError when that release has no table to tell them from.
    """
    release = latest(releases)
    if release is None:
        return NOBODY
    try:
        with reading(release.path / DATABASE) as con:
            found = con.execute(_CANDIDATES).fetchall()
    except duckdb.Error as error:
        raise PermanentError(
            f"the watch list cannot be read from this release ({error})",
            where=str(release.path),
            remedy="run `observatory verify`; publish again if the release is damaged",
        ) from error
    return WatchList(
        str(release.version),
        frozenset(str(one) for scheme, one in found if scheme == "GB-COH"),
        frozenset(str(one) for scheme, one in found if scheme == "GB-MPR"),
    )
