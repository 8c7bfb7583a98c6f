"""The strata of survival: who is compared with whom, read from the spells that SQL lays out.

What belongs here: which columns divide a population, from when a member is at risk in a stratum,
and how small strata are put together. What does not: the formulas (``survival.py``), rows of tables
(``survival_tables.py``), and who belongs to a population (``srv_members.sql``).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import duckdb

from observatory.survival import Spells

#: Below this many at risk a stretch of a curve is thin, and a stratum small.
THIN: Final = 10
#: What is not known is no stratum that a test could tell anything about.
NOT_KNOWN: Final = frozenset({"unknown", "unclassified"})
#: The strata of fewer than ten, put together; each is shown by itself too.
SMALL_TOGETHER: Final = "groups of fewer than ten together"

#: What a population is divided by, and the day on which a member enters: one whose size or holders
#: of rights a later record tells lived to that day, so it is at risk in that stratum from then.
STRATA: Final = {
    "all": "entry_days",
    "legal_form": "entry_days",
    "sector": "entry_days",
    "cohort": "entry_days",
    "region": "entry_days",
    "size_at_birth": "sized_days",
    "route": "entry_days",
    "governance": "governed_days",
}


@dataclass(frozen=True)
class Stratum:
    """The members of one population in one stratum, with those that were never at risk.

    ``spells.cause`` 1 and up are the ``causes`` in their order."""

    population: str
    end_of: str
    by: str
    name: str
    spells: Spells
    causes: tuple[str, ...]
    members: int

    @property
    def key(self) -> tuple[str, str, str, str]:
        """The first four columns of each table."""
        return self.population, self.end_of, self.by, self.name

    @property
    def ends(self) -> int:
        """How many ends were observed."""
        return int((self.spells.cause > 0).sum())


def strata(con: duckdb.DuckDBPyConnection) -> Iterator[Stratum]:
    """Yield each stratum of each population and end, by the published reading of dates."""
    for by in STRATA:
        rows = _rows(con, by, "middle")
        divided = itertools.groupby(rows, key=lambda row: row[:2])
        for (population, end_of), members in divided:
            yield from _divided(population, end_of, by, list(members))


def by_dating(con: duckdb.DuckDBPyConnection, dating: str) -> Iterator[Stratum]:
    """Yield each whole population by another reading of its dates, ``dating`` being its name."""
    divided = itertools.groupby(_rows(con, "all", dating), key=lambda row: row[:2])
    for (population, end_of), members in divided:
        yield _stratum(population, end_of, dating, "all", list(members))


def _rows(con: duckdb.DuckDBPyConnection, by: str, dating: str) -> list[tuple[Any, ...]]:
    """Population, end, stratum, entry, exit, cause, and whether at risk."""
    name = "'all'" if by == "all" else f"coalesce({by}, 'unknown')"
    entry = STRATA[by]
    return con.execute(
        f"select population_id, end_of, {name}, {entry}, exit_days, cause, "
        f"is_at_risk and exit_days > {entry} from srv_spells where dating = $dating "
        "order by population_id, end_of, 3, member",
        {"dating": dating},
    ).fetchall()


def _divided(
    population: str, end_of: str, by: str, rows: list[tuple[Any, ...]]
) -> Iterator[Stratum]:
    """Each stratum; and where several are small, all of those once more as one."""
    small: list[list[tuple[Any, ...]]] = []
    for name, members in itertools.groupby(rows, key=lambda row: row[2]):
        own = list(members)
        yield _stratum(population, end_of, by, name, own)
        if name not in NOT_KNOWN and sum(1 for row in own if row[6]) < THIN:
            small.append(own)
    if len(small) > 1:
        together = [row for own in small for row in own]
        yield _stratum(population, end_of, by, SMALL_TOGETHER, together)


def _stratum(
    population: str, end_of: str, by: str, name: str, rows: list[tuple[Any, ...]]
) -> Stratum:
    followed = [row for row in rows if row[6]]
    causes = tuple(sorted({row[5] for row in followed if row[5]}))
    codes = {cause: code for code, cause in enumerate(causes, start=1)}
    spells = Spells.of(
        [row[3] for row in followed],
        [row[4] for row in followed],
        [codes.get(row[5], 0) for row in followed],
    )
    return Stratum(population, end_of, by, name, spells, causes, len(rows))
