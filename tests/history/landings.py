"""Fifteen landings of five sources about fictional organisations, many of them out of turn.

What belongs here: which bytes arrive when. What does not: publishers' layouts
(``tests/archetypes``) and what must come of it (``test_snapshots.py``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from observatory import build
from observatory.intake import take_in
from observatory.landing.accept import land_file
from observatory.landing.store import Landing
from observatory.settings import Settings
from observatory.sources.base import get
from tests.archetypes import companies, notices, registers

TABLES: Final = ("organisations", "names", "returns", "awards")


@dataclass(frozen=True)
class Arrival:
    """One file: when it came, of which source, what the publisher's date is, and its bytes."""

    fetched: str
    source: str
    published: date
    data: bytes

    def at(self, moment: str) -> Arrival:
        """The same file, received at another time."""
        return replace(self, fetched=moment)


def _society(name: str, number: str = "99911", **more: object) -> Mapping[str, Any]:
    return {"number": number, "name": name, "form": "Co-operative Society",
            "registered": date(2015, 2, 5), "postcode": "ZZ1 1AA", **more}  # fmt: skip


def _fca(edition: int, *rows: Mapping[str, Any]) -> bytes:
    # others, so that one row more or less does not look like half a file; no two editions are alike
    others = [_society(f"Fictional Filler {n + edition} Limited", f"9992{n}") for n in range(8)]
    return registers.societies([*rows, *others])


def _company(name: str, number: str = "99000011", **more: object) -> Mapping[str, Any]:
    return {"number": number, "name": name, "category": "Community Interest Company",
            "incorporated": date(2014, 3, 1), "postcode": "ZZ1 1AB", **more}  # fmt: skip


def _companies(edition: int, *rows: Mapping[str, Any]) -> bytes:
    others = [_company(f"Fictional Filler {n + edition} C.I.C.", f"9900009{n}") for n in range(8)]
    return companies.basic([*rows, *others])


def _member(name: str, ident: str, number: str, **more: object) -> Mapping[str, Any]:
    return {"id": ident, "number": number, "registrar": "FCA", "name": name, "form": "Society",
            "postcode": "ZZ1 1AA", "nation": "England", "ownership": "Workers",
            "incorporated": date(2015, 2, 5), **more}  # fmt: skip


def _figures(turnover: int) -> bytes:
    rows = [{"id": "R99011", "name": "Fictional Alder Care Limited", "turnover": turnover,
             "members": 12, "employees": 9, "ends": date(2025, 3, 31)}]  # fmt: skip
    return registers.coops_figures(rows)


def _award(amount: int, released: date) -> Mapping[str, Any]:
    return {"ocid": "ocds-b5fd17-fic990", "title": "Fictional home care",
            "buyer": "Fictional County Council", "cpv": "85310000", "amount": amount,
            "awarded": released, "start": date(2026, 4, 1), "end": date(2028, 3, 31),
            "suppliers": [{"name": "Fictional Birch Care C.I.C.", "company": "99000011",
                           "postcode": "ZZ1 1AB"}]}  # fmt: skip


def _package(*rows: Mapping[str, Any]) -> bytes:
    """Releases of one process: each its own id, by its day."""
    package = json.loads(notices.contracts_finder(rows))
    for release, row in zip(package["releases"], rows, strict=True):
        release["id"] = f"fic990-{row['awarded']}"
        release["awards"][0]["date"] = "2026-02-20T00:00:00Z"
    return json.dumps(package).encode()


_ALDER: Final = _member("Fictional Alder Care Limited", "R99011", "99911", trading="Alder Fic")
_BIRCH: Final = _member(
    "Fictional Birch Care C.I.C.", "R99012", "99000011", registrar="Companies House", form="CIC"
)
_ROWAN: Final = _member("Fictional Rowan Care Limited", "R99013", "99912")
_OLD: Final = {"name": "Fictional Birch Limited", "until": date(2026, 2, 10)}
_A: Final = _society("Fictional Alder Limited")
_B: Final = _society("Fictional Alder Care Limited")
_R: Final = _society("Fictional Rowan Care Limited", "99912")
_FIRST, _SECOND = _award(100, date(2026, 2, 20)), _award(120, date(2026, 3, 20))
ARRIVALS: Final[Sequence[Arrival]] = (
    Arrival("2026-02-01T08:00", "coops_uk_organisations", date(2026, 1, 1),
            registers.coops([_ALDER, _BIRCH])),
    Arrival("2026-02-02T08:00", "fca_societies", date(2026, 1, 31), _fca(1, _A, _R)),
    Arrival("2026-02-03T08:00", "companies_house_basic", date(2026, 2, 1),
            _companies(1, _company("Fictional Birch Limited"))),
    Arrival("2026-03-03T08:00", "companies_house_basic", date(2026, 3, 1),
            _companies(2, _company("Fictional Birch Care C.I.C.", previous=[_OLD]))),
    Arrival("2026-03-10T08:00", "contracts_finder", date(2026, 3, 21), _package(_SECOND)),
    Arrival("2026-04-02T08:00", "fca_societies", date(2026, 3, 31), _fca(2, _B, _R)),
    # older than the first of its source, and it says otherwise
    Arrival("2026-04-06T08:00", "fca_societies", date(2026, 1, 15), _fca(3, _B, _R)),
    # without the company; then, late, one from between
    Arrival("2026-05-02T08:00", "companies_house_basic", date(2026, 5, 1), _companies(3)),
    Arrival("2026-05-04T08:00", "companies_house_basic", date(2026, 4, 1),
            _companies(4, _company("Fictional Birch Care C.I.C.", previous=[_OLD],
                                status="Active - Proposal to Strike off"))),
    Arrival("2026-05-10T08:00", "coops_uk_economic", date(2026, 4, 15), _figures(900_000)),
    # the release before the one that came first, and that one again
    Arrival("2026-06-01T08:00", "contracts_finder", date(2026, 2, 21), _package(_FIRST, _SECOND)),
    Arrival("2026-06-03T08:00", "companies_house_basic", date(2026, 6, 1),
            _companies(5, _company("Fictional Birch Care C.I.C.", previous=[_OLD]))),
    Arrival("2026-06-15T08:00", "coops_uk_economic", date(2026, 6, 14), _figures(880_000)),
    # another trading name, and an organisation that is published only from now on
    Arrival("2026-06-20T08:00", "coops_uk_organisations", date(2026, 6, 1),
            registers.coops([{**_ALDER, "trading": "Fictional Alder"}, _BIRCH, _ROWAN])),
    # between two snapshots that came long ago, and it repeats the one before it
    Arrival("2026-06-25T08:00", "fca_societies", date(2026, 2, 28),
            _fca(1, _A, _R).replace(b"\r\n", b"\n")),
)  # fmt: skip


def landed(folder: Path, arrivals: Iterable[Arrival], patch: pytest.MonkeyPatch) -> Settings:
    """A home below ``folder`` in which these files arrived, each at its time, and the histories are
    built."""
    settings = Settings(home=folder / "home", contact="observatory@example.org")
    sources = set()
    for number, one in enumerate(arrivals):
        patch.setenv("OBSERVATORY_NOW", f"{one.fetched}:00+00:00")
        path = folder / str(number) / _file_name(one)
        path.parent.mkdir(parents=True)
        path.write_bytes(one.data)
        source = get(one.source)
        land_file(source, path, Landing(settings.landing), origin="command",
                  published_on=one.published)  # fmt: skip
        sources.add(one.source)
    for name in sorted(sources):
        intake = take_in(replace(get(name), fetch=None), settings, offline=True)
        assert not intake.problem, intake.problem
    project = build.load_project(settings)
    wanted = [f"{table}_history" for table in TABLES] + ["data_issues"]
    build.build_models(settings, select=project.upstream(wanted))
    return settings


_NAMES: Final[Mapping[str, Callable[[date], str]]] = {
    "companies_house_basic": lambda day: f"BasicCompanyDataAsOneFile-{day}.csv",
    "coops_uk_organisations": lambda day: f"open_data_organisations_{day:%Y_%m}.csv",
    "coops_uk_economic": lambda day: f"open_data_economic_{day:%Y_%m}.csv",
    "contracts_finder": lambda day: f"package_{day}.json",
    "fca_societies": lambda day: "SocietyList.csv",
}


def _file_name(one: Arrival) -> str:
    return _NAMES[one.source](one.published)
