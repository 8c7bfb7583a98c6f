"""The SQL of ``ocds.py``: the declared structure of a release, and the row made from it.

What belongs here: the allow-list of published fields and how each becomes a column. What does
not: files, mending, publishers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from observatory.ocds_lines import BODY

_CODE = {"scheme": "VARCHAR", "id": "VARCHAR"}
_CODED = {"classification": _CODE, "additionalClassifications": [_CODE]}
# An amount is cast here and not by json_transform, so that one that is no number can be reported.
_MONEY = {"amount": "VARCHAR", "currency": "VARCHAR"}
_PERIOD = {"startDate": "VARCHAR", "endDate": "VARCHAR"}
_RESERVED = {"otherRequirements": {"reservedParticipation": ["VARCHAR"]}}
_NAMED = {"id": "VARCHAR", "name": "VARCHAR"}

STRUCTURE = {
    "ocid": "VARCHAR",
    "id": "VARCHAR",
    "date": "VARCHAR",
    "tag": ["VARCHAR"],
    "tender": {
        "title": "VARCHAR",
        **_CODED,
        "items": [_CODED],
        "procurementMethod": "VARCHAR",
        "procurementMethodDetails": "VARCHAR",
        "value": _MONEY,
        "suitability": {"vcse": "BOOLEAN"},
        **_RESERVED,
        "lots": [_RESERVED],
        "contractPeriod": _PERIOD,
    },
    "buyer": _NAMED,
    "parties": [
        {
            **_NAMED,
            "identifier": {**_CODE, "legalName": "VARCHAR"},
            "address": {
                "streetAddress": "VARCHAR",
                "locality": "VARCHAR",
                "postalCode": "VARCHAR",
                "countryName": "VARCHAR",
            },
            "roles": ["VARCHAR"],
            "details": {
                "scale": "VARCHAR",
                "vcse": "BOOLEAN",
                "publicServiceMissionOrganization": "BOOLEAN",
            },
        }
    ],
    "awards": [
        {
            "id": "VARCHAR",
            "status": "VARCHAR",
            "date": "VARCHAR",
            "datePublished": "VARCHAR",
            "value": _MONEY,
            "suppliers": [_NAMED],
            "contractPeriod": _PERIOD,
            "documents": [{"documentType": "VARCHAR", "url": "VARCHAR"}],
            "items": [_CODED],
        }
    ],
}

# Macros: text without surrounding space, '' as null; the same with e-mail addresses and telephone
# numbers taken out; the publisher's own calendar day of a date-time (its zone is local time, so
# 2022-10-03T00:00:00+01:00 is the third); the moment in UTC; a number that is a number.
# For speed: most texts have no space around them, a telephone number begins with 0 or +44, and
# with two threads DuckDB still reads one file with one, while keeping rows in order costs it more.
SETUP = r"""
set threads = 1;
set timezone = 'UTC';
create or replace macro stripped(x) as nullif(trim(x, e' \t\r\n'), '');
create or replace macro bare(x) as case
    when x < '!' or suffix(x, ' ') or suffix(x, e'\t') or suffix(x, e'\r') or suffix(x, e'\n')
        then stripped(x)
    else x
end;
create or replace macro without_addresses(x) as regexp_replace(
    x, '[A-Za-z0-9._%+''-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+', '[e-mail removed]', 'g'
);
create or replace macro without_telephones(x) as regexp_replace(
    x, '(?:\+44[\s-]?(?:\(0\))?[\s-]?|\b0)[1-9](?:[\s-]?[0-9]){8,9}\b', '[telephone removed]', 'g'
);
create or replace macro is_personal(x) as contains(x, '@')
    or (contains(x, '0') or contains(x, '+44')) and without_telephones(x) != x;
create or replace macro scrubbed(x) as case
    when is_personal(x) then stripped(without_telephones(without_addresses(x)))
    else bare(x)
end;
create or replace macro day_of(x) as try_cast(left(trim(x), 10) as date);
create or replace macro moment_of(x) as try_cast(trim(x) as timestamptz) at time zone 'UTC';
create or replace macro number_of(x) as case
    when isfinite(try_cast(trim(x) as double)) then try_cast(trim(x) as double)
end;
create or replace macro filled(l) as case when len(l) > 0 then l end;
create or replace macro web(x) as case when regexp_matches(x, '^https?://') then trim(x) end;
create or replace macro in_order(l) as list_filter(
    l, lambda one, place: one is not null and list_position(l, one) = place
);
create or replace macro cpv(codes) as list_transform(
    list_filter(codes, lambda one: one.scheme = 'CPV'), lambda one: bare(one.id)
);
"""

PARTY_TYPE = (
    "STRUCT(id VARCHAR, name VARCHAR, scheme VARCHAR, identifier VARCHAR, legal_name VARCHAR, "
    "street_address VARCHAR, locality VARCHAR, postal_code VARCHAR, country_name VARCHAR, "
    "roles VARCHAR[], scale VARCHAR, vcse BOOLEAN, public_service_mutual BOOLEAN)[]"
)
AWARD_TYPE = (
    "STRUCT(id VARCHAR, status VARCHAR, awarded_on DATE, published_at TIMESTAMP, amount DOUBLE, "
    "currency VARCHAR, start_on DATE, end_on DATE, suppliers STRUCT(id VARCHAR, name VARCHAR)[], "
    "notice_url VARCHAR)[]"
)

# Texts of parties and awards are as published here: ``ocds_screen.py`` takes out what is personal.
_PARTY = """{
    'id': bare(p.id), 'name': bare(p.name), 'scheme': bare(p.identifier.scheme),
    'identifier': bare(p.identifier.id), 'legal_name': bare(p.identifier.legalName),
    'street_address': bare(p.address.streetAddress), 'locality': bare(p.address.locality),
    'postal_code': bare(p.address.postalCode), 'country_name': bare(p.address.countryName),
    'roles': p.roles, 'scale': bare(p.details.scale), 'vcse': p.details.vcse,
    'public_service_mutual': p.details.publicServiceMissionOrganization
}"""
_AWARD = """{
    'id': bare(a.id), 'status': bare(a.status), 'awarded_on': day_of(a.date),
    'published_at': moment_of(a.datePublished), 'amount': number_of(a.value.amount),
    'currency': bare(a.value.currency), 'start_on': day_of(a.contractPeriod.startDate),
    'end_on': day_of(a.contractPeriod.endDate),
    'suppliers': list_transform(a.suppliers, lambda s: {'id': bare(s.id), 'name': bare(s.name)}),
    'notice_url': web(coalesce(
        list_filter(a.documents, lambda d: d.documentType = 'awardNotice')[1].url,
        a.documents[1].url
    ))
}"""
_ITEM_CODES = (
    "flatten(list_transform("
    "{0}, lambda i: [i.classification] || coalesce(i.additionalClassifications, [])))"
)

# Names of fields are counted in every release up to this place of a body, and in each tenth after
# it: looking for them means parsing the text three more times.
COUNTED = 1_000

# What SQL must not read as it is: no JSON, no release (a package in a line, say), entities in
# text, a party listed twice, a list that is none.
_ODD = """(
    r is null
    or coalesce(r.ocid, '') = ''
    or coalesce(r.id, '') = ''
    or regexp_matches(text, '&(?:#[0-9]+|#x[0-9a-fA-F]+|[a-zA-Z]+);')
    or len(r.parties) > len(list_distinct(list_transform(r.parties, lambda p: p.id)))
    or case when r.parties is null and contains(text, '"parties"')
        then json_type(sound, '$.parties') != 'NULL' end
    or case when r.awards is null and contains(text, '"awards"')
        then json_type(sound, '$.awards') != 'NULL' end
    or case when r.tag is null and contains(text, '"tag"')
        then json_type(sound, '$.tag') != 'NULL' end
)"""

# Values with a type, and the macro that gives it.
_TYPED = (
    ("date", "moment_of"),
    ("tender.value.amount", "number_of"),
    ("tender.contractPeriod.startDate", "day_of"),
    ("tender.contractPeriod.endDate", "day_of"),
)
_TYPED_OF_AWARD = (
    ("value.amount", "number_of"),
    ("date", "day_of"),
    ("datePublished", "moment_of"),
    ("contractPeriod.startDate", "day_of"),
    ("contractPeriod.endDate", "day_of"),
)


def _lost(of: str, typed: Iterable[tuple[str, str]]) -> str:
    """Return SQL that says whether any of the fields is given and cannot be typed."""
    return " or ".join(f"({of}.{x} is not null and {to}({of}.{x}) is null)" for x, to in typed)


def _lost_values(of: str, prefix: str, typed: Iterable[tuple[str, str]]) -> str:
    """Return SQL for a list of those fields with their values."""
    return ", ".join(
        f"case when {_lost(of, [(field, to)])} then "
        f"{{'field': '{prefix}{field}', 'value': {of}.{field}}} end"
        for field, to in typed
    )


# The list costs more than the question whether there is anything to list.
_UNREADABLE = f"""case
    when {_lost("r", _TYPED)}
        or len(list_filter(r.awards, lambda a: {_lost("a", _TYPED_OF_AWARD)})) > 0
        then list_filter(
            [{_lost_values("r", "", _TYPED)}] || coalesce(flatten(list_transform(
                r.awards, lambda a: [{_lost_values("a", "awards.", _TYPED_OF_AWARD)}]
            )), []),
            lambda one: bare(one.value) is not null
        )
end"""

# One pass over SOURCE (place, part, locator, text, and the text again where it is JSON): the row,
# and beside it the text of what must be mended first, the names of the fields used, and the values
# that did not survive typing. What is used twice is a column first: DuckDB evaluates an argument
# of a macro as often as the macro names it, inside a lambda once an element.
_ROWS = f"""
with parsed as (
    select *, json_transform(sound, '{json.dumps(STRUCTURE)}') as r from (SOURCE)
),
judged as (
    select
        *,
        coalesce({_ODD}, false) as is_odd,
        cpv(
            [r.tender.classification]
            || coalesce(r.tender.additionalClassifications, [])
            || coalesce({_ITEM_CODES.format("r.tender.items")}, [])
            || coalesce(flatten(list_transform(
                r.awards, lambda a: coalesce({_ITEM_CODES.format("a.items")}, [])
            )), [])
        ) as codes,
        coalesce(r.tender.otherRequirements.reservedParticipation, [])
        || coalesce(flatten(list_transform(
            r.tender.lots, lambda l: coalesce(l.otherRequirements.reservedParticipation, [])
        )), []) as reserved
    from parsed
),
ordered as (
    select * replace (in_order(codes) as codes, in_order(reserved) as reserved) from judged
)
select
    place,
    part,
    case when is_odd then text end as odd,
    case when not is_odd and (place % {BODY} <= {COUNTED} or place % 10 = 0) then {{
        'own': json_keys(sound, ['$', '$.tender']),
        'parties': json_keys(sound, '$.parties[*]'),
        'awards': json_keys(sound, '$.awards[*]')
    }} end as fields,
    {_UNREADABLE} as unreadable,
    locator,
    bare(r.ocid) as ocid,
    bare(r.id) as release_id,
    moment_of(r.date) as released_at,
    filled(r.tag) as tags,
    scrubbed(r.tender.title) as title,
    filled(codes) as cpv_codes,
    bare(r.tender.procurementMethod) as procurement_method,
    scrubbed(r.tender.procurementMethodDetails) as procurement_method_details,
    bare(r.buyer.id) as buyer_id,
    scrubbed(r.buyer.name) as buyer_name,
    number_of(r.tender.value.amount) as tender_amount,
    bare(r.tender.value.currency) as tender_currency,
    r.tender.suitability.vcse as suitability_vcse,
    filled(reserved) as reserved_participation,
    day_of(r.tender.contractPeriod.startDate) as contract_start_on,
    day_of(r.tender.contractPeriod.endDate) as contract_end_on,
    list_transform(r.parties, lambda p: {_PARTY})::{PARTY_TYPE} as parties,
    list_transform(r.awards, lambda a: {_AWARD})::{AWARD_TYPE} as awards
from ordered
"""


def rows(source: str, mended: bool = False) -> str:
    """Return SQL for the rows of ``source``; what was ``mended`` is read as it is."""
    query = _ROWS.replace("SOURCE", source)
    return query.replace(_ODD, "false") if mended else query


RELEASES = """
create or replace temp view ocds_release as
select * exclude (place, part, odd, fields, unreadable) from ocds_read
where odd is null
order by place, part
"""
