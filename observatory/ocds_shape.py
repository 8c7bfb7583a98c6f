"""What of an Open Contracting release is read, and the nested columns that it becomes.

Three things worth knowing before you touch this. The structure is the allow-list: contact points,
descriptions and delivery addresses (an object in 2021, a list since) are not in it. A party's
``details`` are read as JSON, because only so is an absent declaration told from a null one. And
where a form keeps codes, money and dates differs by year and notice type: each place is read here,
and which of them counts is decided in the models.

What belongs here: fields and their columns, the same for every publisher. What does not: the row
as a whole and its lines (``ocds_sql.py``), code lists (each source's words).
"""

from __future__ import annotations

_CODE = {"scheme": "VARCHAR", "id": "VARCHAR"}
_CODED: dict[str, object] = {"classification": _CODE, "additionalClassifications": [_CODE]}
# An amount is cast later and not by json_transform, so that one that is no number can be reported.
_MONEY = {"amount": "VARCHAR", "currency": "VARCHAR"}
_BOTH_MONEY = {**_MONEY, "amountGross": "VARCHAR"}
_PERIOD = {"startDate": "VARCHAR", "endDate": "VARCHAR"}
_RESERVED = {"otherRequirements": {"reservedParticipation": ["VARCHAR"]}}
_TECHNIQUES = {
    "techniques": {"hasFrameworkAgreement": "BOOLEAN", "hasDynamicPurchasingSystem": "BOOLEAN"}
}
_NAMED: dict[str, object] = {"id": "VARCHAR", "name": "VARCHAR"}
_DOCUMENT = {
    "id": "VARCHAR",
    "documentType": "VARCHAR",
    "noticeType": "VARCHAR",
    "url": "VARCHAR",
}

STRUCTURE: dict[str, object] = {
    "ocid": "VARCHAR",
    "id": "VARCHAR",
    "date": "VARCHAR",
    "tag": ["VARCHAR"],
    "planning": {"documents": [_DOCUMENT]},
    "tender": {
        "title": "VARCHAR",
        **_CODED,
        "items": [_CODED],
        "mainProcurementCategory": "VARCHAR",
        "procurementMethod": "VARCHAR",
        "procurementMethodDetails": "VARCHAR",
        "legalBasis": _CODE,
        "specialRegime": ["VARCHAR"],
        "value": _MONEY,
        "suitability": {"vcse": "BOOLEAN"},
        **_RESERVED,
        **_TECHNIQUES,
        "lots": [
            {
                "id": "VARCHAR",
                "status": "VARCHAR",
                "value": _MONEY,
                "contractPeriod": _PERIOD,
                **_RESERVED,
                **_TECHNIQUES,
            }
        ],
        "contractPeriod": _PERIOD,
        "documents": [_DOCUMENT],
    },
    "buyer": _NAMED,
    "parties": [
        {
            **_NAMED,
            "identifier": {**_CODE, "legalName": "VARCHAR"},
            "additionalIdentifiers": [_CODE],
            "address": {
                "streetAddress": "VARCHAR",
                "locality": "VARCHAR",
                "region": "VARCHAR",
                "postalCode": "VARCHAR",
                "countryName": "VARCHAR",
            },
            "roles": ["VARCHAR"],
            "details": "JSON",
        }
    ],
    "awards": [
        {
            "id": "VARCHAR",
            "status": "VARCHAR",
            "date": "VARCHAR",
            "datePublished": "VARCHAR",
            "value": _BOTH_MONEY,
            "suppliers": [_NAMED],
            "contractPeriod": _PERIOD,
            "relatedLots": ["VARCHAR"],
            "documents": [_DOCUMENT],
            "items": [_CODED],
        }
    ],
    "contracts": [
        {
            "id": "VARCHAR",
            "awardID": "VARCHAR",
            "status": "VARCHAR",
            "value": _BOTH_MONEY,
            "period": _PERIOD,
            "dateSigned": "VARCHAR",
            "documents": [_DOCUMENT],
            "items": [_CODED],
        }
    ],
}

CODE_TYPE = "STRUCT(scheme VARCHAR, id VARCHAR)[]"
PARTY_TYPE = (
    "STRUCT(id VARCHAR, name VARCHAR, scheme VARCHAR, identifier VARCHAR, legal_name VARCHAR, "
    f"additional_identifiers {CODE_TYPE}, street_address VARCHAR, locality VARCHAR, "
    "region VARCHAR, postal_code VARCHAR, country_name VARCHAR, roles VARCHAR[], kinds VARCHAR[], "
    "scale VARCHAR, vcse BOOLEAN, public_service_mutual BOOLEAN, mutual_declared VARCHAR)[]"
)
AWARD_TYPE = (
    "STRUCT(id VARCHAR, status VARCHAR, awarded_on DATE, published_at TIMESTAMP, amount DOUBLE, "
    "amount_gross DOUBLE, currency VARCHAR, start_on DATE, end_on DATE, "
    "suppliers STRUCT(id VARCHAR, name VARCHAR)[], lot_ids VARCHAR[], cpv_codes VARCHAR[], "
    "notice_url VARCHAR)[]"
)
CONTRACT_TYPE = (
    "STRUCT(id VARCHAR, award_id VARCHAR, status VARCHAR, amount DOUBLE, amount_gross DOUBLE, "
    "currency VARCHAR, signed_on DATE, start_on DATE, end_on DATE, cpv_codes VARCHAR[], "
    "notice_url VARCHAR)[]"
)
LOT_TYPE = (
    "STRUCT(id VARCHAR, status VARCHAR, amount DOUBLE, currency VARCHAR, start_on DATE, "
    "end_on DATE, reserved_participation VARCHAR[], has_framework BOOLEAN)[]"
)

# The one declaration of which four states are kept apart: the UK extension allows null, and the
# only suppliers seen (3 notices of 2025-26) did not have the key at all.
_MENTIONED = "contains(p.details, 'publicServiceMissionOrganization')"
_MUTUAL = "json_extract(p.details, '$.publicServiceMissionOrganization')"
_DECLARED = f"""case json_type(p.details, '$.publicServiceMissionOrganization')
        when 'NULL' then 'null'
        when 'BOOLEAN' then {_MUTUAL}::varchar
        else case when {_MUTUAL} is null then 'absent' else 'unreadable' end
    end"""

# The names and addresses here are as published: SCREEN takes out of them what is personal.
_PARTY = f"""{{
    'id': bare(p.id), 'name': bare(p.name), 'scheme': bare(p.identifier.scheme),
    'identifier': bare(p.identifier.id), 'legal_name': bare(p.identifier.legalName),
    'additional_identifiers': filled(list_transform(
        p.additionalIdentifiers, lambda i: {{'scheme': bare(i.scheme), 'id': bare(i.id)}}
    )),
    'street_address': bare(p.address.streetAddress),
    'locality': bare(p.address.locality), 'region': bare(p.address.region),
    'postal_code': bare(p.address.postalCode),
    'country_name': bare(p.address.countryName), 'roles': p.roles,
    'kinds': case when contains(p.details, 'classifications') then filled(list_filter(
        json_extract_string(p.details, '$.classifications[*].id'), lambda one: one is not null
    )) end,
    'scale': bare(json_extract_string(p.details, '$.scale')),
    'vcse': try_cast(json_extract(p.details, '$.vcse') as boolean),
    'public_service_mutual': case
        when {_MENTIONED} then try_cast({_MUTUAL} as boolean)
    end,
    'mutual_declared': case when {_MENTIONED} then {_DECLARED} else 'absent' end
}}"""
_ITEM_CODES = (
    "flatten(list_transform("
    "{0}, lambda i: [i.classification] || coalesce(i.additionalClassifications, [])))"
)


def given(values: str, sql: str) -> str:
    """Return SQL for ``sql`` where there are ``values``: DuckDB sets a lambda up anew for every
    chunk of rows, although there is nothing in its list, and few notices have lots or contracts."""
    return f"case when {values} is not null then {sql} end"


def item_codes(items: str) -> str:
    """Return SQL for the codes of the items in a list, whatever their scheme, as a list."""
    return f"coalesce({_ITEM_CODES.format(items)}, [])"


def _own_codes(items: str) -> str:
    return f"filled(in_order(cpv({item_codes(items)})))"


def _notice_url(documents: str, kind: str) -> str:
    named = f"list_filter({documents}, lambda d: d.documentType = '{kind}')[1].url"
    return f"web(coalesce({named}, {documents}[1].url))"


_AWARD = f"""{{
    'id': bare(a.id), 'status': bare(a.status), 'awarded_on': day_of(a.date),
    'published_at': moment_of(a.datePublished), 'amount': number_of(a.value.amount),
    'amount_gross': number_of(a.value.amountGross),
    'currency': bare(a.value.currency), 'start_on': day_of(a.contractPeriod.startDate),
    'end_on': day_of(a.contractPeriod.endDate),
    'suppliers': list_transform(
        a.suppliers, lambda s: {{'id': bare(s.id), 'name': bare(s.name)}}
    ),
    'lot_ids': filled(a.relatedLots), 'cpv_codes': {_own_codes("a.items")},
    'notice_url': {_notice_url("a.documents", "awardNotice")}
}}"""
_CONTRACT = f"""{{
    'id': bare(c.id), 'award_id': bare(c.awardID), 'status': bare(c.status),
    'amount': number_of(c.value.amount), 'amount_gross': number_of(c.value.amountGross),
    'currency': bare(c.value.currency), 'signed_on': day_of(c.dateSigned),
    'start_on': day_of(c.period.startDate), 'end_on': day_of(c.period.endDate),
    'cpv_codes': {_own_codes("c.items")},
    'notice_url': {_notice_url("c.documents", "contractNotice")}
}}"""
_LOT = """{
    'id': bare(l.id), 'status': bare(l.status), 'amount': number_of(l.value.amount),
    'currency': bare(l.value.currency), 'start_on': day_of(l.contractPeriod.startDate),
    'end_on': day_of(l.contractPeriod.endDate),
    'reserved_participation': filled(l.otherRequirements.reservedParticipation),
    'has_framework': l.techniques.hasFrameworkAgreement
}"""


def _documents(of: str) -> str:
    return f"flatten(list_transform({of}, lambda x: coalesce(x.documents, [])))"


# Every document of a release that may be a notice: its id is the notice's number, and its
# noticeType says which of the forms UK1 to UK17 it is.
DOCUMENTS = f"""(
        coalesce(r.planning.documents, []) || coalesce(r.tender.documents, [])
        || coalesce({given("r.awards", _documents("r.awards"))}, [])
        || coalesce({given("r.contracts", _documents("r.contracts"))}, [])
    )"""


def _nested(of: str, one: str, fields: str, kind: str) -> str:
    return given(of, f"list_transform({of}, lambda {one}: {fields})::{kind}")


# The nested columns of a row, by name.
NESTED = {
    "lots": _nested("r.tender.lots", "l", _LOT, LOT_TYPE),
    "parties": _nested("r.parties", "p", _PARTY, PARTY_TYPE),
    "awards": _nested("r.awards", "a", _AWARD, AWARD_TYPE),
    "contracts": _nested("r.contracts", "c", _CONTRACT, CONTRACT_TYPE),
}
