"""What four publishers serve on the loopback interface: fictional records in the real layouts.

What belongs here: what is published on a given day, and where. What does not: misbehaviour
(``publisher.py``) and what is expected of the observatory (the tests).
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Any, Final

from tests.archetypes import notices, registers
from tests.loopback import Answer
from tests.sources.reading import fixture
from tests.sources.workbooks import Cell, xlsx

Row = Mapping[str, Any]

SOCIETIES: Final = "fca_societies"
PAIRS: Final = "mutual_companies"
AWARDS: Final = "contracts_finder"
PROVIDERS: Final = "registered_providers"
SOURCES: Final = (SOCIETIES, PAIRS, AWARDS, PROVIDERS)

LIST: Final = "/societylist/SocietyList.csv"
CROSSWALK: Final = "/drkane/charity-lookups/main/relationships/mutual-companies.csv"
SEARCH: Final = "/Published/Notices/OCDS/Search"
PROVIDERS_PAGE: Final = "/government/publications/current-registered-providers-of-social-housing"
WORKBOOK: Final = (
    "/media/6a0000000000000000000000/List_of_registered_providers_2_November_2026.xlsx"
)
# Where each source's data lie, beside the page that leads there.
FILES: Final = {SOCIETIES: LIST, PAIRS: CROSSWALK, AWARDS: SEARCH, PROVIDERS: WORKBOOK}
_FRONT_PAGE: Final = f'<html><body><a href="//files.example{LIST}">The list</a></body></html>'
_LISTING: Final = f'<html><body><a href="https://assets.example{WORKBOOK}">List</a></body></html>'

Routes = dict[str, list[Answer]]


@dataclass(frozen=True)
class World:
    """All that is published on ``day``: rows by source, keyed by what identifies one."""

    day: date
    rows: Mapping[str, Mapping[str, Row]] = field(default_factory=dict)

    def put(self, source: str, **rows: Row) -> World:
        """The same world with these rows of a source new or changed."""
        return replace(self, rows={**self.rows, source: {**self.rows.get(source, {}), **rows}})

    def without(self, source: str, key: str) -> World:
        """The same world with one row of a source gone."""
        kept = {name: row for name, row in self.rows[source].items() if name != key}
        return replace(self, rows={**self.rows, source: kept})

    def on(self, day: date) -> World:
        """The same world, published anew on another day."""
        return replace(self, day=day)

    def body(self, source: str) -> bytes:
        """The file that a source's publisher serves."""
        rows = [self.rows[source][key] for key in sorted(self.rows[source])]
        if source == SOCIETIES:
            return registers.societies(rows)
        if source == PAIRS:
            return registers.lookup(rows)
        if source == AWARDS:
            return notices.contracts_finder(rows)
        return _workbook(rows)

    def answer(self, source: str) -> Answer:
        """What a publisher in good order answers: an ETag of the bytes, the day as Last-Modified;
        the notices' service sends neither."""
        body = self.body(source)
        if source == AWARDS:
            return Answer(body, content_type="application/json")
        modified = datetime.combine(self.day, time(1), UTC)
        return Answer(
            body,
            headers={
                "ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
                "Last-Modified": format_datetime(modified, usegmt=True),
            },
        )

    def routes(self) -> Routes:
        """Every page and file of every publisher."""
        pages = {"/": _FRONT_PAGE, PROVIDERS_PAGE: _LISTING}
        found: Routes = {
            path: [Answer(text.encode(), content_type="text/html")] for path, text in pages.items()
        }
        return found | {FILES[one]: [self.answer(one)] for one in SOURCES}


def first(day: date) -> World:
    """The world of the first night: eight societies, two of them companies as well, six providers
    and three awards."""
    world = World(day)
    for n in range(1, 9):
        world = world.put(SOCIETIES, **{f"s{n:02}": society(n)})
    for n in (1, 2):
        world = world.put(PAIRS, **{f"p{n:02}": pair(n)})
    for n in range(1, 7):
        world = world.put(PROVIDERS, **{f"r{n:02}": provider(n)})
    for n in (1, 2, 3):
        world = world.put(AWARDS, **{f"a{n:02}": award(n)})
    return world


def society(n: int, **changes: object) -> Row:
    """A registered society that does not exist (numbers from 990000 on were never given)."""
    return {
        "number": f"99{n:04}",
        "name": f"Fictional Society {n} Limited",
        "form": "Community Benefit Society",
        "postcode": "ZZ1 1AA",
        "registered": date(2012, 1, n % 28 + 1),
        **changes,
    }


def pair(n: int) -> Row:
    """The society's number in another register."""
    return {"a": f"GB-MPR-99{n:04}", "b": f"GB-COH-IP99{n:04}", "source": "fictional"}


def provider(n: int, **changes: object) -> Row:
    """A provider of social housing that does not exist."""
    return {
        "name": f"Fictional Homes {n} Limited",
        "number": f"F99{n:02}",
        "registered": date(2001, 3, n % 28 + 1),
        "form": "Registered society",
        **changes,
    }


def award(n: int, **changes: object) -> Row:
    """A public contract that was never awarded."""
    return {
        "ocid": f"ocds-b5fd17-00000000-0000-4000-8000-{n:012}",
        "title": f"Fictional service {n}",
        "buyer": "Fictional Council",
        "cpv": "85000000",
        "amount": 1000.0 * n,
        "awarded": date(2026, 11, n % 20 + 1),
        "start": date(2026, 12, 1),
        "end": date(2027, 11, 30),
        "suppliers": [{"name": f"Fictional Society {n} Limited", "postcode": "ZZ1 1AA"}],
        **changes,
    }


def _workbook(rows: list[Row]) -> bytes:
    header = next(
        csv.reader(io.StringIO(fixture(PROVIDERS, "providers_2024-04.csv").decode("utf-8-sig")))
    )
    sheet: list[list[Cell]] = [[name.replace("_", " ").capitalize() for name in header]]
    for row in rows:
        said: dict[str, Cell] = {
            "organisation_name": row["name"],
            "registration_number": row["number"],
            "registration_date": row["registered"],
            "designation": "Non-profit",
            "corporate_form": row["form"],
        }
        sheet.append([said[name] for name in header])
    return xlsx({"Providers": sheet})
