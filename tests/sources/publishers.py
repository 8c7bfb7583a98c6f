"""Every publisher that is asked for files, at its own paths, for what is asked of all alike.

What belongs here: for each fetched source the answers of a good day, the path where a fault
strikes, and what a reader needs before it asks (a key, a day, somebody to watch). What does not:
what the files mean (each source's own tests).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import pytest

from observatory.settings import Settings
from observatory.sources import companies_house_search as search_module
from tests.loopback import Loopback
from tests.sources import accounts_files as accounts
from tests.sources import basic_files as basic
from tests.sources import charity_files as charities
from tests.sources import test_charity_lookups as lookups
from tests.sources import test_companies_house_profile as profile
from tests.sources import test_companies_house_psc as psc
from tests.sources import test_companies_house_search as search
from tests.sources import test_coops_uk as coops
from tests.sources import test_cqc_active_locations as cqc
from tests.sources import test_fca_societies as societies
from tests.sources import test_fca_society_pages as pages
from tests.sources import test_mutual_companies as mutuals
from tests.sources import test_ocp_registry as ocp
from tests.sources import test_ods_organisations as ods
from tests.sources import test_oscr as oscr
from tests.sources import test_registered_providers as providers
from tests.sources.notices import package
from tests.sources.reading import fixture
from tests.sources.watching import watch
from tests.sources.workbooks import Cell

Ready = Callable[[Settings, pytest.MonkeyPatch], None]
Sheet = list[list[Cell]]
# In place of the words for a file: a service that answers in JSON or pages is told otherwise.
NO_PACKAGE: Final = {"page": "not a release package", "empty": "not a release package"}
NO_JSON: Final = {"page": "not JSON", "empty": "not JSON", "gone": ""}


def _at_once(home: Settings, patch: pytest.MonkeyPatch) -> None:
    del home, patch


@dataclass(frozen=True)
class Publisher:
    """One publisher: ``pages`` lead to ``files``, which hold the same good ``body``; ``renamed``
    is that body with a column or field under another name, where the format names any.

    ``planted`` is the body with a person in a further column, where it is no text. ``says``
    replaces what is said of a fault; ``bears`` are faults that are none here, with why.
    """

    files: tuple[str, ...]
    body: bytes
    renamed: bytes = b""
    pages: Mapping[str, str] = field(default_factory=dict)
    ready: Ready = _at_once
    says: Mapping[str, str] = field(default_factory=dict)
    bears: Mapping[str, str] = field(default_factory=dict)
    planted: bytes = b""

    def serve(self, publisher: Loopback) -> None:
        """Answer as on a good day."""
        for path, page in self.pages.items():
            publisher.route(path, page, content_type="text/html")
        for path in self.files:
            publisher.route(path, self.body, headers={"ETag": '"1"'})


def _charities() -> dict[str, Publisher]:
    found = {}
    for table in charities.TABLES:
        rows = [
            one | {"date_of_extract": "2026-11-22T00:00:00"} for one in charities.records(table)
        ]
        key = "registered_charity_number"
        other = [{("number" if k == key else k): v for k, v in one.items()} for one in rows]
        found[table.dataset_name] = Publisher(
            (f"/data/json/publicextract.{table.name}.zip",),
            charities.zipped(charities.as_json(rows), charities.member(table)),
            charities.zipped(charities.as_json(other), charities.member(table)),
        )
    return found


def _oscr(source_id: str) -> Publisher:
    member, data = oscr.MEMBERS[source_id].replace("05-Nov", "22-Nov"), oscr.data(source_id)
    renamed = data.replace(b"Charity Number", b"Number", 1)
    good, other = (oscr.zipped(one, member) for one in (data, renamed))
    return Publisher((oscr.PATHS[source_id],), good, other)


def _lookup(source_id: str) -> Publisher:
    data = lookups.data(source_id)
    path = f"/drkane/charity-lookups/main/relationships/{lookups.FILES[source_id]}.csv"
    return Publisher((path,), data, data.replace(b"org_id_a", b"one", 1))


def _coops(source_id: str, name: str, column: bytes) -> Publisher:
    path = f"{coops.FOLDER}/{name[-11:-4].replace('_', '-')}/{name}"
    data = fixture(source_id, name)
    return Publisher(
        (path,), data, data.replace(column, b"Other", 1), {coops.PAGE: coops.page(path)}
    )


def _workbook(
    path: str, page: tuple[str, str], make: Callable[[], Sheet], pack: Callable[[Sheet], bytes]
) -> Publisher:
    other = make()
    other[0][0] = "Something else"
    more: Sheet = [
        [*row, "Jane Canary" if place else "Contact"] for place, row in enumerate(make())
    ]
    return Publisher((path,), pack(make()), pack(other), dict([page]), planted=pack(more))


def _notices(path: str) -> Publisher:
    renamed = package(1).replace(b'"releases"', b'"published"')
    return Publisher((path,), package(1), renamed, says=NO_PACKAGE)


def _months() -> Publisher:
    good = package(1, stamp="2019-02-01T10:00:00Z")
    renamed = good.replace(b'"releases"', b'"published"')
    says = {**NO_PACKAGE, "gone": "has an address any more"}
    return Publisher(("/v1/Notices",), good, renamed, ready=_february, says=says)


def _february(home: Settings, patch: pytest.MonkeyPatch) -> None:
    """The second month that the services have, so that a walk is short."""
    patch.setenv("OBSERVATORY_NOW", "2019-02-10T02:30:00+00:00")


def _watching(home: Settings, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("OBSERVATORY_COMPANIES_HOUSE_KEY", "a-key")
    watch(home.releases, companies=["09999901"], societies=["99901R"])


def _one_month(home: Settings, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("OBSERVATORY_COMPANIES_HOUSE_KEY", "a-key")
    patch.setenv("OBSERVATORY_NOW", "2024-02-10T02:30:00")
    patch.setattr(search_module, "_FIRST", (2024, 1))
    cohorts = {"cic": "company_subtype=community-interest-company"}
    patch.setattr(search_module, "COHORTS", cohorts)


_DAILY = "Accounts_Bulk_Data-2026-11-20.zip"
_CQC_FILE = f"/system/files/2026-09/{cqc.NAME}"

PUBLISHERS: dict[str, Publisher] = {
    **_charities(),
    **{source_id: _oscr(source_id) for source_id in oscr.MEMBERS},
    **{source_id: _lookup(source_id) for source_id in lookups.FILES},
    "mutual_companies": Publisher(
        (mutuals.PATH,), mutuals.DATA, mutuals.DATA.replace(b"org_id_a", b"one", 1)
    ),
    "coops_uk_organisations": _coops(coops.ORGS, coops.ORG_FILES[1], b"CUK Organisation ID"),
    "coops_uk_economic": _coops(coops.ECONOMIC, coops.ECONOMIC_FILES[1], b"CUK Organisation ID"),
    "fca_societies": Publisher(
        (societies.FILE,),
        fixture(societies.ID, societies.NEW),
        fixture(societies.ID, societies.NEW).replace(b"Society Name", b"Name", 1),
        {"/": societies.FRONT},
    ),
    "fca_society_pages": Publisher(
        (pages.SOCIETY,),
        pages.PAGE.encode(),
        pages={
            pages.SEARCHED: pages.SEARCH,
            pages.LISTED: json.dumps(pages.ROWS),
        },
        ready=_watching,
        says={"page": "title is 'Sorry'", "empty": "title is ''"},
    ),
    "cqc_active_locations": _workbook(
        _CQC_FILE, (cqc.PAGE, f'<a href="{_CQC_FILE}">x</a>'), cqc.sheet, cqc.workbook
    ),
    "registered_providers": _workbook(
        providers.ASSET,
        (providers.PAGE, providers.page(providers.NAME)),
        providers.sheet,
        providers.workbook,
    ),
    "ods_organisations": Publisher((ods.PATH,), ods.BOTH),
    "companies_house_basic": Publisher(
        (f"/{basic.ZIP}",),
        basic.zipped(basic.DATA),
        basic.zipped(basic.DATA.replace(b"CompanyNumber", b"Number", 1)),
        {basic.PAGE_PATH: basic.page(basic.ZIP)},
    ),
    "companies_house_accounts": Publisher(
        (f"/{_DAILY}",), accounts.archive(), pages={accounts.PAGE_PATH: accounts.page(_DAILY)}
    ),
    "companies_house_psc": Publisher(
        (f"/{psc.WHOLE}",),
        psc.zipped(psc.LINES),
        psc.zipped(psc.LINES.replace(b'"company_number"', b'"number"')),
        {psc.PAGE: psc.page(psc.WHOLE)},
    ),
    "companies_house_profile": Publisher(
        ("/company/09999901",),
        profile.GOOD,
        profile.GOOD.replace(b'"company_status"', b'"state"'),
        ready=_watching,
        says=NO_JSON,
        bears={"gone": "the register does not know the number: that is the answer, and lands"},
    ),
    "companies_house_search": Publisher(
        (search.PATH,),
        search.page(search.item("09999901")),
        search.page(search.item("09999901")).replace(b'"company_number"', b'"number"'),
        ready=_one_month,
        says=NO_JSON,
        bears={"gone": "nothing was incorporated: that is the answer, and lands"},
    ),
    "contracts_finder": _notices("/Published/Notices/OCDS/Search"),
    "find_a_tender": _notices("/api/1.0/ocdsReleasePackages"),
    "public_contracts_scotland": _months(),
    "sell2wales": _months(),
    "ocp_registry": Publisher(
        (ocp.FTS, ocp.CF), ocp.packed(ocp.line(1)), says={"gone": "under its number"}
    ),
}
# Not asked for a file: it streams, and has a publisher of its own in its tests.
STREAMED = frozenset({"companies_house_stream"})
