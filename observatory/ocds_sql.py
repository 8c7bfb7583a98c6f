"""The SQL of ``ocds.py``: the declared structure of a release, and the row made from it.

What belongs here: the allow-list of published fields and how each becomes a column. What does
not: files, mending, publishers.
"""

from __future__ import annotations

import json

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
SETUP = r"""
set timezone = 'UTC';
create or replace temp table ocds_raw (place bigint, part bigint, locator varchar, text varchar);
create or replace temp table ocds_parsed as
select 0::bigint as place, 0::bigint as part, '' as locator, json_transform('{}', 'STRUCTURE') as r
limit 0;
create or replace macro bare(x) as nullif(trim(x, e' \t\r\n'), '');
create or replace macro without_addresses(x) as regexp_replace(
    x, '[A-Za-z0-9._%+''-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+', '[e-mail removed]', 'g'
);
create or replace macro without_telephones(x) as regexp_replace(
    x, '(?:\+44[\s-]?(?:\(0\))?[\s-]?|\b0)[1-9](?:[\s-]?[0-9]){8,9}\b', '[telephone removed]', 'g'
);
create or replace macro scrubbed(x) as bare(
    without_telephones(case when contains(x, '@') then without_addresses(x) else x end)
);
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
""".replace("STRUCTURE", json.dumps(STRUCTURE))

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

# A sole trader's address is a home: it is not kept where a supplier without a register number
# bears what may be a person's own name.
_PARTY = """{
    'id': bare(p.id), 'name': scrubbed(p.name), 'scheme': bare(p.identifier.scheme),
    'identifier': bare(p.identifier.id), 'legal_name': scrubbed(p.identifier.legalName),
    'street_address': case
        when p.identifier.id is not null or not list_contains(p.roles, 'supplier')
            then scrubbed(p.address.streetAddress)
        when not looks_like_person(p.name) then scrubbed(p.address.streetAddress)
    end,
    'locality': scrubbed(p.address.locality), 'postal_code': bare(p.address.postalCode),
    'country_name': bare(p.address.countryName), 'roles': p.roles, 'scale': bare(p.details.scale),
    'vcse': p.details.vcse, 'public_service_mutual': p.details.publicServiceMissionOrganization
}"""
_AWARD = """{
    'id': bare(a.id), 'status': bare(a.status), 'awarded_on': day_of(a.date),
    'published_at': moment_of(a.datePublished), 'amount': number_of(a.value.amount),
    'currency': bare(a.value.currency), 'start_on': day_of(a.contractPeriod.startDate),
    'end_on': day_of(a.contractPeriod.endDate),
    'suppliers': list_transform(
        a.suppliers, lambda s: {'id': bare(s.id), 'name': scrubbed(s.name)}
    ),
    'notice_url': web(coalesce(
        list_filter(a.documents, lambda d: d.documentType = 'awardNotice')[1].url,
        a.documents[1].url
    ))
}"""
_ITEM_CODES = (
    "flatten(list_transform("
    "{0}, lambda i: [i.classification] || coalesce(i.additionalClassifications, [])))"
)

# Lines of a file, each with its locator in front; the file was written by ``ocds.py``.
INSERT = """
insert into ocds_raw
select (select count(*) from ocds_raw) + row_number() over () as place, 0, locator, text
from read_csv(
    ?, columns = {'locator': 'VARCHAR', 'text': 'VARCHAR'}, header = false, auto_detect = false,
    delim = chr(1), quote = '', escape = '', new_line = '\\n', max_line_size = 30000000
)
"""

# One parse of each text; what is not JSON has no structure.
PARSE = f"""
insert into ocds_parsed
select
    place, part, locator,
    case when json_valid(text) then json_transform(text, '{json.dumps(STRUCTURE)}') end as r
from ocds_raw
"""

# What SQL must not read as it is: no JSON, no release (a package in a line, say), entities in
# text, a party listed twice, a list that is no list.
NEEDS_MENDING = """
select place, locator, text
from ocds_parsed inner join ocds_raw using (place, part, locator)
where
    r is null
    or coalesce(r.ocid, '') = ''
    or coalesce(r.id, '') = ''
    or regexp_matches(text, '&(?:#[0-9]+|#x[0-9a-fA-F]+|[a-zA-Z]+);')
    or len(r.parties) > len(list_distinct(list_transform(r.parties, lambda p: p.id)))
    or case when r.parties is null then json_type(text, '$.parties') != 'NULL' end
    or case when r.awards is null then json_type(text, '$.awards') != 'NULL' end
    or case when r.tag is null then json_type(text, '$.tag') != 'NULL' end
order by place
"""

SELECT = f"""
select
    locator,
    bare(r.ocid) as ocid,
    bare(r.id) as release_id,
    moment_of(r.date) as released_at,
    filled(r.tag) as tags,
    scrubbed(r.tender.title) as title,
    filled(in_order(cpv(
        [r.tender.classification]
        || coalesce(r.tender.additionalClassifications, [])
        || coalesce({_ITEM_CODES.format("r.tender.items")}, [])
        || coalesce(flatten(list_transform(
            r.awards, lambda a: coalesce({_ITEM_CODES.format("a.items")}, [])
        )), [])
    ))) as cpv_codes,
    bare(r.tender.procurementMethod) as procurement_method,
    scrubbed(r.tender.procurementMethodDetails) as procurement_method_details,
    bare(r.buyer.id) as buyer_id,
    scrubbed(r.buyer.name) as buyer_name,
    number_of(r.tender.value.amount) as tender_amount,
    bare(r.tender.value.currency) as tender_currency,
    r.tender.suitability.vcse as suitability_vcse,
    filled(in_order(
        coalesce(r.tender.otherRequirements.reservedParticipation, [])
        || coalesce(flatten(list_transform(
            r.tender.lots, lambda l: coalesce(l.otherRequirements.reservedParticipation, [])
        )), [])
    )) as reserved_participation,
    day_of(r.tender.contractPeriod.startDate) as contract_start_on,
    day_of(r.tender.contractPeriod.endDate) as contract_end_on,
    list_transform(r.parties, lambda p: {_PARTY})::{PARTY_TYPE} as parties,
    list_transform(r.awards, lambda a: {_AWARD})::{AWARD_TYPE} as awards
from ocds_parsed
order by place, part
"""

# Values that did not survive typing, one row each: locator, field, value.
UNREADABLE = """
with awards as (select locator, unnest(r.awards) as a from ocds_parsed),
given as (
    select locator, 'date' as field, r.date as value, moment_of(r.date) is not null as good
    from ocds_parsed
    union all
    select locator, 'tender.value.amount', r.tender.value.amount,
        number_of(r.tender.value.amount) is not null from ocds_parsed
    union all
    select locator, 'tender.contractPeriod', unnest([
        r.tender.contractPeriod.startDate, r.tender.contractPeriod.endDate
    ]) as value, day_of(value) is not null from ocds_parsed
    union all
    select locator, 'awards.value.amount', a.value.amount,
        number_of(a.value.amount) is not null from awards
    union all
    select locator, 'awards.date', unnest([
        a.date, a.datePublished, a.contractPeriod.startDate, a.contractPeriod.endDate
    ]) as value, day_of(value) is not null from awards
)
select locator, field, left(scrubbed(value), 60) from given
where not good and bare(value) is not null
order by all
"""

# Organisation identifiers that break their list's form, one row each: locator, identifier.
BAD_COMPANY_NUMBERS = """
select distinct locator, p.identifier
from (select locator, unnest(parties) as p from ocds_release)
where p.scheme = 'GB-COH' and normalise_company_number(p.identifier) is null
order by all
"""

# Code-list values as used, with how often: field, value, occurrences.
VOCABULARY = """
with parties as (select unnest(parties) as p from ocds_release),
used as (
    select 'tag' as field, unnest(tags) as value from ocds_release
    union all select 'tender.procurementMethod', procurement_method from ocds_release
    union all select 'tender.otherRequirements.reservedParticipation',
        unnest(reserved_participation) from ocds_release
    union all select 'parties.roles', unnest(p.roles) from parties
    union all select 'parties.details.scale', p.scale from parties
    union all select 'parties.identifier.scheme', p.scheme from parties
    union all select 'awards.status', a.status
        from (select unnest(awards) as a from ocds_release)
)
select field, value, count(*) from used where value is not null group by all order by all
"""

# Names of fields as used, with how often: field, occurrences.
FIELDS = """
with used as (
    select unnest(json_keys(text)) as field from ocds_raw
    union all select 'tender.' || unnest(json_keys(text, '$.tender')) from ocds_raw
    union all select 'parties.' || unnest(flatten(json_keys(text, '$.parties[*]'))) from ocds_raw
    union all select 'awards.' || unnest(flatten(json_keys(text, '$.awards[*]'))) from ocds_raw
)
select field, count(*) from used group by all order by all
"""
