"""What Companies House's advanced search gives: the columns of its CSV, and its API's fields.

What belongs here: columns, words and codes of both forms, brought to one. What does not: requests
(``companies_house_search.py``), what a dissolution means (the models).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from observatory.errors import BadInput
from observatory.lake import SnapshotWriter, history
from observatory.sources import _companies_house_codes as codes
from observatory.sources._layout import Field, Layout
from observatory.sources._values import DATE, TEXT, Kind

REMEDY: Final = "look at the answer; if its form has changed, _search_layout.py must learn it"
_SIC = re.compile(r"\d{4,5}(?:\s+\d{4,5})*", re.ASCII)


def _code_of(words: dict[str, str]) -> Kind:
    """A kind that turns the website's words into the API's code; other words stay as they are."""
    known = {word.casefold(): code for code, word in words.items() if word}
    return Kind("VARCHAR", lambda cell: known.get(cell.casefold(), cell))


def _sic(cell: str) -> str:
    if not _SIC.fullmatch(cell):
        raise ValueError("is not a list of SIC codes parted by blanks")
    return f"[{', '.join(cell.split())}]"


LAYOUT: Final = Layout(
    "companies_house_search",
    (
        Field("company_name", "registered name", ("company_name",), needed=True),
        Field("company_number", "eight characters", ("company_number",), needed=True),
        Field(
            "company_status",
            "code of its status on the day of the search",
            ("company_status",),
            _code_of(codes.STATUSES),
            vocabulary=frozenset(codes.STATUSES),
        ),
        Field(
            "company_type",
            "code of its form",
            ("company_type",),
            _code_of(codes.TYPES),
            vocabulary=frozenset(codes.TYPES),
        ),
        Field(
            "company_subtype",
            "code of its kind within the form",
            ("company_subtype",),
            _code_of(codes.SUBTYPES),
            vocabulary=frozenset(codes.SUBTYPES),
        ),
        Field("dissolved_on", "date of dissolution", ("dissolution_date",), DATE),
        Field("incorporated_on", "date of incorporation", ("incorporation_date",), DATE),
        Field("removed_on", "date of removal (overseas entities)", ("removed_date",), DATE),
        Field("registered_on", "date of registration (the same)", ("registered_date",), DATE),
        Field(
            "sic_codes",
            "SIC 2007 codes, in published order",
            ("nature_of_business",),
            Kind("VARCHAR[]", _sic),
        ),
        Field(
            "registered_office_address",
            "registered office in one line; may be a person's home",
            ("registered_office_address",),
            TEXT,
        ),
    ),
    remedy="download the result of the advanced search again; if its columns have really changed, "
    "observatory/sources/_search_layout.py must learn them",
    unique=("company_number",),
    history=history(
        "company_number",
        "company_name company_status company_type company_subtype dissolved_on "
        "incorporated_on removed_on registered_on sic_codes",
    ),
)

_ITEM: Final = {
    "company_name": "company_name",
    "company_number": "company_number",
    "company_status": "company_status",
    "company_type": "company_type",
    "company_subtype": "company_subtype",
    "dissolution_date": "date_of_cessation",
    "incorporation_date": "date_of_creation",
}
_ADDRESS: Final = ("premises", "address_line_1", "address_line_2", "locality", "region",
                   "postal_code", "country")  # fmt: skip


def items(page: Any, where: str) -> list[dict[str, Any]]:  # noqa: ANN401 - JSON
    """Return the companies of a page of the API. Raises BadInput when it is in another form."""
    items = page.get("items") if isinstance(page, dict) else None
    needed = ("company_number", "company_name", "date_of_creation")
    if (
        not isinstance(items, list)
        or not isinstance(page.get("hits"), int)
        or not all(isinstance(one, dict) and all(map(one.get, needed)) for one in items)
    ):
        raise BadInput("the answer is not a page of companies", where=where, remedy=REMEDY)
    return items


def is_json(path: Path) -> bool:
    """Say whether a body is an answer of the API, alone or in a list, and not a CSV."""
    with path.open("rb") as file:
        return file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def bare(found: Any) -> tuple[str, Any] | None:  # noqa: ANN401 - JSON
    """Return a page of the API's answer that a person saved, as the one page of its answer."""
    return ("", [found]) if isinstance(found, dict) and "items" in found else None


def as_cells(item: dict[str, Any]) -> dict[str, str]:
    """Return an item of the API as the cells of a row of the CSV, by column. Its address is that
    of the CSV: without care-of and PO box."""
    cells = {header: str(item.get(name) or "") for header, name in _ITEM.items()}
    address = item.get("registered_office_address") or {}
    cells["nature_of_business"] = " ".join(item.get("sic_codes") or [])
    cells["registered_office_address"] = " ".join(
        str(address[name]) for name in _ADDRESS if address.get(name)
    )
    return cells


def as_row(cells: dict[str, str], locator: str, writer: SnapshotWriter) -> dict[str, object]:
    """Return the row of an item of the API; what cannot be read is null and reported."""
    row: dict[str, object] = {"locator": locator}
    for one in LAYOUT.fields:
        cell = cells.get(one.header, "").strip()
        try:
            value = one.kind.parse(cell) if cell else None
        except ValueError as error:
            value = None
            writer.issue(
                "unreadable-value",
                severity="repaired",
                locator=locator,
                field=one.header,
                value=cell,
                detail=f"it {error}; read as null",
            )
        if value and not one.knows(value):
            writer.issue(
                "unmapped-value",
                severity="unmapped",
                field=one.header,
                value=value,
                detail="a code that nobody has mapped yet; kept as published",
            )
        row[one.name] = value.strip("[]").split(", ") if value and "[" in one.kind.type else value
    return row
