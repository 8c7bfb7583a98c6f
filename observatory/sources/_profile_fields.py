"""What is kept of a company profile of Companies House, and the words that may stand there.

What belongs here: the allow-list and its columns. What does not: requests and bodies
(``companies_house_profile.py``), what a status means (the models).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from observatory.lake import Column, Dataset, history
from observatory.sources import _companies_house_codes as codes

DATASET: Final = Dataset(
    "companies_house_profile",
    (
        Column("company_number", "VARCHAR", "the number that was asked about"),
        Column("asked_at", "TIMESTAMP", "when it was asked about, UTC"),
        Column("is_known", "BOOLEAN", "whether the register has a company of this number"),
        Column("company_name", "VARCHAR", "registered name"),
        Column("company_status", "VARCHAR", "code of its status"),
        Column("company_status_detail", "VARCHAR", "code that qualifies the status"),
        Column("company_type", "VARCHAR", "code of its form"),
        Column("company_subtype", "VARCHAR", "code of its kind within the form"),
        Column("is_community_interest_company", "BOOLEAN", "whether it is one; null: not told"),
        Column("incorporated_on", "DATE", "date of incorporation or registration"),
        Column("ceased_on", "DATE", "date of dissolution, conversion or closure"),
        Column("jurisdiction", "VARCHAR", "code of its jurisdiction"),
        Column("sic_codes", "VARCHAR[]", "SIC 2007 codes, in published order"),
        Column(
            "previous_names",
            "STRUCT(name VARCHAR, effective_from DATE, ceased_on DATE)[]",
            "names before the present one, in published order",
        ),
        Column("postcode", "VARCHAR", "postcode of the registered office; no more of the address"),
        Column("accounts_made_up_to", "DATE", "year end of the last accounts"),
        Column("accounts_type", "VARCHAR", "kind of the last accounts"),
        Column("accounts_next_due_on", "DATE", "when the next accounts are due"),
        Column("is_accounts_overdue", "BOOLEAN", "whether the publisher calls them overdue"),
        Column("confirmation_made_up_to", "DATE", "date of the last confirmation statement"),
        Column("confirmation_next_due_on", "DATE", "when the next statement is due"),
        Column("is_confirmation_overdue", "BOOLEAN", "whether the publisher calls it overdue"),
        Column("has_been_liquidated", "BOOLEAN", "as published"),
        Column("has_insolvency_history", "BOOLEAN", "as published"),
        Column("has_super_secure_pscs", "BOOLEAN", "as published"),
        Column("is_office_disputed", "BOOLEAN", "registered office in dispute, as published"),
        Column("other_register_number", "VARCHAR", "number in another register: a successor hint"),
        Column("partial_data", "VARCHAR", "code of the register that holds the rest of the facts"),
    ),
    history=history(
        "company_number",
        "is_known company_name company_status company_status_detail company_type "
        "company_subtype is_community_interest_company incorporated_on ceased_on "
        "jurisdiction sic_codes previous_names postcode accounts_made_up_to "
        "accounts_type is_accounts_overdue confirmation_made_up_to "
        "is_confirmation_overdue has_been_liquidated has_insolvency_history "
        "has_super_secure_pscs is_office_disputed other_register_number partial_data",
    ),
)

_PATHS: Final = {
    "company_name": "company_name",
    "company_status": "company_status",
    "company_status_detail": "company_status_detail",
    "company_type": "type",
    "company_subtype": "subtype",
    "is_community_interest_company": "is_community_interest_company",
    "incorporated_on": "date_of_creation",
    "ceased_on": "date_of_cessation",
    "jurisdiction": "jurisdiction",
    "sic_codes": "sic_codes",
    "previous_names": "previous_company_names",
    "postcode": "registered_office_address.postal_code",
    "accounts_made_up_to": "accounts.last_accounts.made_up_to",
    "accounts_type": "accounts.last_accounts.type",
    "accounts_next_due_on": "accounts.next_due",
    "is_accounts_overdue": "accounts.overdue",
    "confirmation_made_up_to": "confirmation_statement.last_made_up_to",
    "confirmation_next_due_on": "confirmation_statement.next_due",
    "is_confirmation_overdue": "confirmation_statement.overdue",
    "has_been_liquidated": "has_been_liquidated",
    "has_insolvency_history": "has_insolvency_history",
    "has_super_secure_pscs": "has_super_secure_pscs",
    "is_office_disputed": "registered_office_is_in_dispute",
    "other_register_number": "external_registration_number",
    "partial_data": "partial_data_available",
}
# Read by no path above, on purpose: addresses beyond the postcode (they may be a home and name a
# person), links, charges, members' lists, and what repeats another field.
_LEFT_OUT: Final = (
    "can_file company_number date_of_dissolution etag foreign_company_details has_charges "
    "branch_company_details last_full_members_list_date links previous_names annual_return "
    "service_address corporate_annotation delayed_profile registered_office_address status "
    "undeliverable_registered_office_address"
)
_IGNORED: Final = frozenset(_LEFT_OUT.split())
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "company_status": codes.STATUSES,
    "company_status_detail": codes.STATUS_DETAILS,
    "company_type": codes.TYPES,
    "company_subtype": codes.SUBTYPES,
    "jurisdiction": codes.JURISDICTIONS,
}
_TYPES: Final = {one.name: one.type for one in DATASET.columns}


class Finding(NamedTuple):
    """Something unknown or unreadable in a profile."""

    kind: str
    severity: str
    field: str
    value: str
    detail: str


def kept(profile: Mapping[str, Any]) -> tuple[dict[str, Any], list[Finding]]:
    """Return the kept fields of a profile by column, and what was odd about them."""
    found: list[Finding] = []
    row = {name: _value(name, _at(profile, path), found) for name, path in _PATHS.items()}
    for name, words in _WORDS.items():
        if row[name] is not None and row[name] not in words:
            detail = "a code that nobody has mapped yet; kept as published"
            found.append(Finding("unmapped-value", "unmapped", _PATHS[name], row[name], detail))
    known = _IGNORED | {path.partition(".")[0] for path in _PATHS.values()}
    for name in sorted(profile.keys() - known):
        detail = "a field that this reader does not know and does not read"
        found.append(Finding("unknown-field", "drift", name, "", detail))
    return row, found


def _value(name: str, value: Any, found: list[Finding]) -> Any:  # noqa: ANN401 - JSON
    kind = _TYPES[name]
    if value is None or value == "":
        return None
    if name == "previous_names":
        return [_previous(one, found) for one in value if isinstance(one, dict)]
    if kind == "DATE":
        return _day(_PATHS[name], value, found)
    if kind == "VARCHAR[]" and isinstance(value, list):
        return [one for one in value if isinstance(one, str)]
    if isinstance(value, bool if kind == "BOOLEAN" else str) and kind != "VARCHAR[]":
        return value
    detail = f"it is not of the kind {kind.lower()}; read as null"
    found.append(Finding("unreadable-value", "repaired", _PATHS[name], "", detail))
    return None


def _previous(one: Mapping[str, Any], found: list[Finding]) -> dict[str, Any]:
    dates = {
        name: _day(f"previous_company_names.{name}", one.get(name), found)
        for name in ("effective_from", "ceased_on")
    }
    return {"name": one.get("name"), **dates}


def _day(field: str, value: Any, found: list[Finding]) -> str | None:  # noqa: ANN401 - JSON
    if value is None:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except (ValueError, TypeError):
        detail = "it is not a date; read as null"
        found.append(Finding("unreadable-value", "repaired", field, str(value)[:40], detail))
        return None


def _at(profile: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 - JSON
    value: Any = profile
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value
