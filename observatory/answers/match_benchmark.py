"""How well names are matched, measured on labelled names whose numbers the matcher never sees.

What belongs here: the two benchmarks, their split and their figures. What does not: matching
(``observatory/linkage.py``) and the rivals that it is compared with (``bench/linkage.py``).

1. ``payment_strings``: suppliers in payments of NHS bodies, whose company numbers researchers
   found by hand (codes 1-5; negative codes are no companies, so every match on one is wrong;
   codes 6-13 are leads, told apart), among all companies that the corpus has. The names of CICs
   and societies of 2018 come without numbers: a hit on one cannot be judged, since it may be the
   company under the name it bore then. With ``unnumbered`` they are added and every hit on one
   counts as wrong, which gives a lower bound.
2. ``notice_suppliers``: suppliers in Contracts Finder notices that state a company number.

Halves are split by a hash of the number (of the string, where there is none): all strings of a
company are in one half. Rules and weights were chosen on the development half alone.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Literal

import duckdb

from observatory.answers.proportions import Share
from observatory.identifiers import normalise_company_number, normalise_name, normalise_postcode
from observatory.linkage import Asker, Held, Match, decide
from observatory.linkage_blocking import candidates

Half = Literal["development", "test"]
_TRADING = re.compile(r"[(]?\bt/a\b|[(]?\btrading as\b", re.IGNORECASE)
# The payments were made in 2013-20 (docs/sources/nhs_spend.md).
PAID_FROM, PAID_TO = date(2013, 1, 1), date(2020, 12, 31)


@dataclass(frozen=True)
class Labelled:
    """An asker with the truth: its ``org_id``, or None for no company. ``group`` is ``found``,
    ``no company`` or ``lead`` (scored apart); ``half`` of the split."""

    asker: Asker
    org_id: str | None
    group: Literal["found", "no company", "lead"]
    half: Half


@dataclass(frozen=True)
class Benchmark:
    """Labelled askers and the register in which they are looked up."""

    name: str
    labelled: tuple[Labelled, ...]
    register: tuple[Held, ...]


@dataclass(frozen=True)
class Figures:
    """What a matcher reached on one half. ``leads`` counts the leads that were matched with the
    number that researchers noted; ``seconds`` is wall time."""

    benchmark: str
    half: Half
    decoys: int
    precision: Share
    recall: Share
    leads: Share
    tiers: Mapping[str, Share] = field(default_factory=dict)
    seconds: float = 0.0


Matcher = Callable[[Sequence[Asker], Sequence[Held]], Iterable[Match]]


def ours(askers: Sequence[Asker], register: Sequence[Held]) -> list[Match]:
    """Match as the pipeline does where its register is whole."""
    by_name: dict[str, list[Held]] = {}
    for held in register:
        if name := normalise_name(held.name):
            by_name.setdefault(name, []).append(held)
    with duckdb.connect() as con:
        con.execute("set enable_progress_bar = false")
        con.execute(
            "create table register as select unnest($names::varchar[]) as name_normalised",
            {"names": [name for name, rows in by_name.items() for _ in rows]},
        )
        found, weights = candidates(con, "register", askers)
    matches: list[Match] = []
    for asker in askers:
        names = (held for name in found.get(asker.key, ()) for held in by_name[name])
        matches += decide(asker, names, weights)
    return matches


def measure(benchmark: Benchmark, half: Half, matcher: Matcher = ours) -> Figures:
    """Run ``matcher`` on one half of a benchmark and return what it reached."""
    asked = [one for one in benchmark.labelled if one.half == half]
    began = time.perf_counter()
    answers = matcher([one.asker for one in asked], benchmark.register)
    matched = {one.key: one for one in answers if one.decision == "match"}
    seconds = time.perf_counter() - began
    scored = [one for one in asked if one.group != "lead"]
    leads = [one for one in asked if one.group == "lead"]
    tiers: dict[str, list[bool]] = {}
    for one in scored:
        if match := matched.get(one.asker.key):
            tiers.setdefault(match.tier, []).append(match.org_id == one.org_id)
    right = sum(map(sum, tiers.values()))
    noted = [matched.get(one.asker.key) for one in leads]
    return Figures(
        benchmark.name,
        half,
        len({one.org_id for one in benchmark.register}),
        precision=Share(right, sum(map(len, tiers.values()))),
        recall=Share(right, sum(one.group == "found" for one in scored)),
        leads=Share(
            sum(bool(m and m.org_id == one.org_id) for m, one in zip(noted, leads, strict=True)),
            sum(m is not None for m in noted),
        ),
        tiers={tier: Share(sum(hits), len(hits)) for tier, hits in tiers.items()},
        seconds=seconds,
    )


def payment_strings(corpus: Path, *, unnumbered: bool = False) -> Benchmark:
    """Read benchmark 1 from the corpus folder. Raises OSError where a file is missing."""
    register = list(_companies(corpus))
    labelled = []
    for row, held in _payments(corpus):
        code = int(row["matchcodeCH"].split()[0])
        org_id = held.org_id if held else None
        group: Literal["found", "no company", "lead"] = (
            "no company" if code < 0 else "found" if code <= 5 and org_id else "lead"
        )
        asker = Asker(row["supplier"], (row["supplier"],), None, PAID_FROM, PAID_TO)
        labelled.append(Labelled(asker, org_id, group, _half(org_id or row["supplier"])))
        register += [held] if held else []
    if unnumbered:
        known = {normalise_name(held.name) for held in register}
        register += [held for held in _listed(corpus) if normalise_name(held.name) not in known]
    name = "payment strings" + (" and names without numbers" if unnumbered else "")
    return Benchmark(name, tuple(labelled), tuple(sorted(set(register), key=repr)))


def notice_suppliers(corpus: Path) -> Benchmark:
    """Read benchmark 2: the suppliers of notices that state a company number.

    The corpus's companies are mostly one county's, so almost none of these is among them. Half
    of the numbers (by hash) are therefore listed under the name that the notice states, without
    what follows ``t/a``; the other half is not listed, and every match on one of these is wrong.
    So the benchmark tells wrong matches well, and recall only as far as the name is the
    register's own.
    """
    register = [*_companies(corpus), *(one for _, one in _payments(corpus) if one)]
    known = {held.org_id for held in register}
    labelled = []
    for name, number, postcode, day in sorted(set(_parties(corpus))):
        org_id = f"GB-COH-{number}"
        if org_id not in known and _half(f"listed {number}") == "development":
            register.append(Held(org_id, _TRADING.split(name)[0]))
            known.add(org_id)
        is_listed = org_id in known
        asker = Asker(f"{name}|{number}", (name,), postcode or None, day, day)
        group: Literal["found", "no company"] = "found" if is_listed else "no company"
        labelled.append(Labelled(asker, org_id if is_listed else None, group, _half(org_id)))
    return Benchmark("notice suppliers", tuple(labelled), tuple(register))


def _payments(corpus: Path) -> Iterator[tuple[dict[str, str], Held | None]]:
    """Yield each payee's row, and the company that the researchers noted with it."""
    with (corpus / "nhs_spend" / "supplier_matches.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            number = normalise_company_number(row["companynumber"])
            name = row["companyname"]
            yield row, Held(f"GB-COH-{number}", name) if number and name else None


def _half(key: str) -> Half:
    number = key.removeprefix("GB-COH-")
    even = int(hashlib.sha256(number.encode()).hexdigest(), 16) % 2 == 0
    return "development" if even else "test"


def _companies(corpus: Path) -> Iterator[Held]:
    folder = corpus / "companies_house"
    (extract,) = (folder / "basic").glob("BasicCompanyDataAsOneFile-*.zip")
    with zipfile.ZipFile(extract) as archive, archive.open(archive.namelist()[0]) as member:
        yield from _basic(csv.reader(TextIOWrapper(member, encoding="utf-8", newline="")))
    for path in sorted((folder / "basic").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            yield from _basic(csv.reader(file))
    for path in sorted((folder / "advanced_search").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                since = row["incorporation_date"]
                yield Held(
                    f"GB-COH-{row['company_number']}",
                    row["company_name"],
                    registered_on=date.fromisoformat(since) if since else None,
                )


def _basic(rows: Iterator[list[str]]) -> Iterator[Held]:
    """Yield the current and previous names of each company in the published layout."""
    place = {name.strip(): at for at, name in enumerate(next(rows))}
    for row in rows:
        org_id = f"GB-COH-{row[place['CompanyNumber']].strip()}"
        postcode = normalise_postcode(row[place["RegAddress.PostCode"]])
        began = _day(row[place["IncorporationDate"]])
        changes = [
            (row[place[f"PreviousName_{n}.CompanyName"]], row[place[f"PreviousName_{n}.CONDATE"]])
            for n in range(1, 11)
        ]
        since = _day(changes[0][1])
        name = row[place["CompanyName"]]
        yield Held(org_id, name, postcode=postcode, since=since, registered_on=began)
        for old, until in changes:
            if old.strip():
                yield Held(
                    org_id, old, "previous", postcode, until=_day(until), registered_on=began
                )


def _listed(corpus: Path) -> Iterator[Held]:
    """Yield the names of CICs and societies of June 2018, which come without numbers."""
    for kind in ("community-interest-company", "registered-society"):
        path = corpus / "companies_house" / "names-2018-06" / f"{kind}.txt.gz"
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            for place, row in enumerate(csv.reader(file)):
                if row:
                    yield Held(f"{kind}-{place}", row[0])


def _parties(corpus: Path) -> Iterator[tuple[str, str, str, date]]:
    """Yield name, company number, postcode and day of every supplier that states a number."""
    for release in _releases(corpus / "procurement" / "contracts_finder"):
        for party in release.get("parties") or ():
            told = party.get("identifier") or {}
            number = normalise_company_number(told.get("id"))
            if "supplier" in party.get("roles", ()) and told.get("scheme") == "GB-COH":
                address = party.get("address") or {}
                postcode = normalise_postcode(address.get("postalCode")) or ""
                if number and party.get("name"):
                    yield party["name"], number, postcode, date.fromisoformat(release["date"][:10])


def _releases(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("*.json*")):
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines() if path.suffix == ".jsonl" else [text]
        for package in map(json.loads, lines):
            yield from package.get("releases", [package])


def _day(text: str) -> date | None:
    return datetime.strptime(text, "%d/%m/%Y").date() if text.strip() else None
