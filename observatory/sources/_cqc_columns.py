"""The columns of CQC's directory of active locations, and what its rows may say of persons.

What belongs here: the published columns, read or left out on purpose, and the flag columns that
become lists. What does not: the workbook and the fetching (``cqc_active_locations.py``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from observatory.identifiers import read_company_number
from observatory.lake import history
from observatory.sources._layout import Field, Layout, plain
from observatory.sources._values import COUNT, Kind, parse_flag
from observatory.sources._workbook import DAY

MARKER: Final = "Location ID"
# "Service type - Domiciliary care service": Y where the location is registered for it.
_FLAGS: Final = {
    "service type": "Service types",
    "regulated activity": "Regulated activities",
    "service user band": "Service user bands",
}
# Only of these is a name the name of an organisation: an individual's or a partnership's is, or
# holds, that of a person, and so may the name of the place where they work.
_NAMED: Final = frozenset({"organisation", "nhs body"})
_OWNERSHIP: Final = "Provider Ownership Type"
_BLANKED: Final = frozenset(
    plain(name)
    for name in (
        "Location Name",
        "Provider Name",
        "Brand Name",
        "Brand ID",
        "Provider Companies House Number",
        "Provider Charity Number",
    )
)


def _company_number(cell: str) -> str:
    found = read_company_number(cell)
    if not found.value:
        raise ValueError(f"is no company number: {found.problem}")
    return found.value


def _charity_number(cell: str) -> str:
    """Return a charity number; office programs had made ``1234567.0`` of it."""
    text = re.sub(r"\.0$", "", re.sub(r"\s", "", cell)).upper()
    if not re.fullmatch(r"[1-9][0-9]{5,6}(?:-[0-9]{1,3})?|SC[0-9]{6}", text, re.ASCII):
        raise ValueError("is no charity number")
    return text


def _list(cell: str) -> str:
    json.loads(cell)
    return cell


def _yes_no(cell: str) -> str:
    return parse_flag({"Y": "yes", "N": "no"}.get(cell.upper(), cell))


_LIST: Final = Kind("VARCHAR[]", _list)
_YES_NO: Final = Kind("BOOLEAN", _yes_no)
_COMPANY: Final = Kind("VARCHAR", _company_number)
_CHARITY: Final = Kind("VARCHAR", _charity_number)
_NONE: Final = frozenset({"-"})
_RATINGS: Final = frozenset(
    {
        "Outstanding",
        "Good",
        "Requires improvement",
        "Inadequate",
        "Insufficient evidence to rate",
        "Inspected but not rated",
        "No published rating",
    }
)


def _f(header: str, name: str, meaning: str, kind: Kind | None = None, **more: object) -> Field:
    return Field(name, meaning, (header,), **({"kind": kind} if kind else {}), **more)  # type: ignore[arg-type]


LAYOUT: Final = Layout(
    "cqc_active_locations",
    (
        _f("Location ID", "location_id", "CQC's key of the location", needed=True),
        _f("Location HSCA start date", "location_started_on", "registered since", DAY),
        _f("Dormant (Y/N)", "is_dormant", "registered but not operating", _YES_NO),
        _f("Care home?", "is_care_home", "a care home", _YES_NO),
        _f("Location Name", "location_name", "null where a person may be named"),
        _f("Location ODS Code", "location_ods_code", "NHS organisation code"),
        _f("Care homes beds", "care_home_beds", "beds", COUNT),
        _f("Location Type/Sector", "location_sector", "such as Social Care Org"),
        _f("Location Inspection Directorate", "inspection_directorate", "who inspects it"),
        _f("Location Primary Inspection Category", "inspection_category", "main kind of service"),
        _f(
            "Location Latest Overall Rating",
            "overall_rating",
            "latest overall rating",
            vocabulary=_RATINGS,
            nulls=_NONE,
        ),
        _f("Publication Date", "rating_published_on", "when that rating was published", DAY),
        _f(
            "Inherited Rating (Y/N)",
            "is_rating_inherited",
            "the rating was given under an earlier provider",
            _YES_NO,
        ),
        _f("Location Region", "location_region", "region of England"),
        _f("Location Local Authority", "location_local_authority", "upper-tier authority"),
        _f("Location Postal Code", "location_postcode", "postcode"),
        _f("Brand ID", "brand_id", "key of the group it trades under", nulls=_NONE),
        _f("Brand Name", "brand_name", "the group it trades under", nulls=_NONE),
        _f(
            "Provider Companies House Number",
            "provider_company_number_published",
            "as published",
            nulls=_NONE,
        ),
        _f(
            "Provider Companies House Number",
            "provider_company_number",
            "in eight characters; null where it is no company number",
            _COMPANY,
            nulls=_NONE,
        ),
        _f(
            "Provider Charity Number",
            "provider_charity_number",
            "number without the decimal that the workbook may add",
            _CHARITY,
            nulls=_NONE,
        ),
        _f("Provider ID", "provider_id", "CQC's key of the provider", needed=True),
        _f("Provider Name", "provider_name", "null where the provider is a person or partners"),
        _f("Provider HSCA start date", "provider_started_on", "registered since", DAY),
        _f("Provider Type/Sector", "provider_sector", "such as Social Care Org"),
        _f(
            _OWNERSHIP,
            "provider_ownership_type",
            "what kind of body the provider is",
            vocabulary=frozenset({"Organisation", "Individual", "Partnership", "NHS Body"}),
        ),
        _f("Provider Postal Code", "provider_postcode", "null for persons and partners"),
        _f("Provider Local Authority", "provider_local_authority", "upper-tier authority"),
        _f("Provider Region", "provider_region", "region of England"),
        _f("Service types", "service_types", "services it is registered for", _LIST),
        _f("Regulated activities", "regulated_activities", "activities", _LIST),
        _f("Service user bands", "service_user_bands", "whom it may serve", _LIST),
        _f(
            "Location Dual Registered",
            "dual_registration",
            "set where a second provider has registered the same place",
            optional=True,
        ),
        _f(
            "Primary ID (Dual registration locations)",
            "dual_primary_id",
            "the location to count where a place is registered twice",
            optional=True,
        ),
    ),
    remedy="download HSCA_Active_Locations from CQC's page again; if its columns have really "
    "changed, observatory/sources/_cqc_columns.py must learn them",
    ignored=frozenset(
        # Persons.
        {
            "Registered manager",
            "Provider Nominated Individual Name",
            "Provider Main Partner Name",
            "Location Telephone Number",
            "Provider Telephone Number",
        }
        # Addresses below the postcode: they may be homes, and nothing is matched on them.
        | {
            f"{whose} {part}"
            for whose in ("Location", "Provider")
            for part in (
                "Street Address",
                "Address Line 2",
                "City",
                "County",
                "PAF ID",
                "UPRN ID",
                "PAF / UPRN ID",
                "Latitude",
                "Longitude",
                "Web Address",
                "Parliamentary Constituency",
                "NHS Region",
            )
        }
        | {
            "Location ONSPD CCG Code",
            "Location ONSPD CCG",
            "Location Commissioning CCG Code",
            "Location Commissioning CCG",
            "Provider Inspection Directorate",
            "Provider Primary Inspection Category",
        }
    ),
    unique=("location_id",),
    history=history(
        "location_id",
        "provider_id location_name location_ods_code location_sector "
        "inspection_category location_started_on is_dormant is_care_home care_home_beds "
        "overall_rating rating_published_on is_rating_inherited location_region "
        "location_local_authority location_postcode brand_id brand_name service_types "
        "regulated_activities service_user_bands dual_primary_id provider_name "
        "provider_company_number provider_charity_number provider_ownership_type "
        "provider_sector provider_started_on provider_postcode provider_region "
        "provider_local_authority",
    ),
)
_TAKEN: Final = frozenset(plain(one.header) for one in LAYOUT.fields)
_IGNORED: Final = frozenset(map(plain, LAYOUT.ignored))


def folded(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """Yield the sheet's rows, with its flag columns folded into one list a kind, without the
    columns that are left out, and without names and numbers where the provider is a person.

    Columns that nobody knows keep their header and lose their cells: they may name somebody.
    """
    header: list[str] = []
    for row in rows:
        if not row:
            yield []
        elif not header:
            header = row
            yield [name for name in header if _stays(name)] + list(_FLAGS.values())
        else:
            yield _folded(header, row)


def _folded(header: Sequence[str], row: Sequence[str]) -> list[str]:
    cells = {plain(name): cell for name, cell in zip(header, row, strict=False)}
    named = plain(cells.get(plain(_OWNERSHIP), "")) in _NAMED
    kept = [
        "" if not _shows(name, named) else cells[plain(name)] for name in header if _stays(name)
    ]
    found: dict[str, list[str]] = {kind: [] for kind in _FLAGS}
    for name, cell in zip(header, row, strict=False):
        kind, _, value = name.partition(" - ")
        if plain(kind) in found and cell.strip().upper() in ("Y", "YES", "TRUE"):
            found[plain(kind)].append(value.strip())
    return kept + [json.dumps(sorted(values), ensure_ascii=False) for values in found.values()]


def _stays(name: str) -> bool:
    kind, separator, _ = name.partition(" - ")
    flag = bool(separator) and plain(kind) in _FLAGS
    return bool(name) and not flag and plain(name) not in _IGNORED


def _shows(name: str, named: bool) -> bool:
    if plain(name) not in _TAKEN:
        return False
    personal = plain(name) in _BLANKED or plain(name) == plain("Provider Postal Code")
    return named or not personal
