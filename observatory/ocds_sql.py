"""The SQL of ``ocds.py``: lines in, one row a release out.

What belongs here: macros, the row as a whole, and which releases SQL must not read as they are.
What does not: the fields and their nested columns (``ocds_shape.py``), mending, publishers.
"""

from __future__ import annotations

import json
from pathlib import Path

from observatory.ocds_shape import DOCUMENTS, NESTED, STRUCTURE, item_codes

# Macros: text without surrounding space, '' as null; the same with e-mail addresses and telephone
# numbers taken out; the publisher's own calendar day of a date-time (its zone is local time, so
# 2022-10-03T00:00:00+01:00 is the third); the moment in UTC; a number that is a number.
SETUP = r"""
attach if not exists ':memory:' as ocds_lines (row_group_size 2048);
set timezone = 'UTC';
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
"""

# DuckDB would take 16 times the longest line as its buffer: 458 MiB.
_READ_LINES = (
    "read_csv({path}, columns = {columns}, header = false, auto_detect = false, delim = chr(1), "
    "quote = '', escape = '', new_line = '\\n', max_line_size = 30000000, buffer_size = 32000000)"
)
# DuckDB gives each thread whole row groups: small ones let two threads parse a day of notices.
LINES = "ocds_lines.lines"
_BODY = 1_000_000_000  # places of one body are below this


def plain_lines(path: Path, number: int, first: int = 0) -> str:
    """Return SQL for the lines of a clean JSON Lines body, the ``number``-th of a snapshot, or of
    a piece of it that begins after ``first`` lines."""
    lines = _READ_LINES.format(path=_text(path), columns="{'text': 'VARCHAR'}")
    return (
        f"select {number * _BODY + first} + row_number() over () as place, 0 as part, "
        f"'line ' || ({first} + row_number() over ()) as locator, text from {lines}"
    )


def located_lines(path: Path, number: int) -> str:
    """Return SQL for lines that were written with their locator in front."""
    columns = "{'locator': 'VARCHAR', 'text': 'VARCHAR'}"
    lines = _READ_LINES.format(path=_text(path), columns=columns)
    place = f"{number * _BODY} + row_number() over ()"
    return f"select {place} as place, 0 as part, locator, text from {lines}"


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


# What SQL must not read as it is: no JSON, no release (a package in a line, say), entities in
# text, a field's name that is broken by spaces, a party listed twice, a list that is none.
_ODD = """(
    r is null
    or coalesce(r.ocid, '') = ''
    or coalesce(r.id, '') = ''
    or regexp_matches(text, '&(?:#[0-9]+|#x[0-9a-fA-F]+|[a-zA-Z]+);')
    or regexp_matches(text, '"[A-Za-z]* +[A-Za-z]*" *:')
    or len(r.parties) > len(list_distinct(list_transform(r.parties, lambda p: p.id)))
    or case when r.parties is null then json_type(sound, '$.parties') != 'NULL' end
    or case when r.awards is null then json_type(sound, '$.awards') != 'NULL' end
    or case when r.contracts is null then json_type(sound, '$.contracts') != 'NULL' end
    or case when r.tag is null then json_type(sound, '$.tag') != 'NULL' end
)"""


def _given(field: str, value: str, typed: str) -> str:
    return f"{{'field': '{field}', 'value': {value}, 'good': {typed}({value}) is not null}}"


_GIVEN = ", ".join(
    _given(field, f"r.{field}", typed)
    for field, typed in (
        ("date", "moment_of"),
        ("tender.value.amount", "number_of"),
        ("tender.contractPeriod.startDate", "day_of"),
        ("tender.contractPeriod.endDate", "day_of"),
    )
)
_GIVEN_OF_AWARD = ", ".join(
    _given(f"awards.{field}", f"a.{field}", typed)
    for field, typed in (
        ("value.amount", "number_of"),
        ("date", "day_of"),
        ("datePublished", "moment_of"),
        ("contractPeriod.startDate", "day_of"),
        ("contractPeriod.endDate", "day_of"),
    )
)
_GIVEN_OF_CONTRACT = ", ".join(
    _given(f"contracts.{field}", f"c.{field}", typed)
    for field, typed in (
        ("value.amount", "number_of"),
        ("dateSigned", "day_of"),
        ("period.startDate", "day_of"),
        ("period.endDate", "day_of"),
    )
)
_ALL_GIVEN = f"""[{_GIVEN}]
        || coalesce(flatten(list_transform(r.awards, lambda a: [{_GIVEN_OF_AWARD}])), [])
        || coalesce(flatten(list_transform(r.contracts, lambda c: [{_GIVEN_OF_CONTRACT}])), [])"""

_NESTED = ",\n    ".join(f"{sql} as {name}" for name, sql in NESTED.items())

# One pass over lines (place, part, locator, text): the row, and beside it the text of what must be
# mended first, the names of the fields used, and the values that did not survive typing.
_ROWS = f"""
with sound as (
    select place, part, locator, text, case when json_valid(text) then text end as sound
    from LINES
),
parsed as (
    select *, json_transform(sound, '{json.dumps(STRUCTURE)}') as r from sound
)
select
    place,
    part,
    {_ODD} is true as odd,
    case when {_ODD} is not true then {{
        'own': json_keys(sound, ['$', '$.tender']),
        'parties': json_keys(sound, '$.parties[*]'),
        'awards': json_keys(sound, '$.awards[*]'),
        'contracts': json_keys(sound, '$.contracts[*]')
    }} end as fields,
    list_filter(
        {_ALL_GIVEN},
        lambda one: not one.good and bare(one.value) is not null
    ) as unreadable,
    locator,
    bare(r.ocid) as ocid,
    bare(r.id) as release_id,
    moment_of(r.date) as released_at,
    filled(r.tag) as tags,
    scrubbed(r.tender.title) as title,
    filled(in_order(cpv(
        [r.tender.classification]
        || coalesce(r.tender.additionalClassifications, [])
        || {item_codes("r.tender.items")}
        || coalesce(flatten(list_transform(r.awards, lambda a: {item_codes("a.items")})), [])
        || coalesce(flatten(list_transform(r.contracts, lambda c: {item_codes("c.items")})), [])
    ))) as cpv_codes,
    filled(in_order(list_transform({DOCUMENTS}, lambda d: bare(d.noticeType)))) as notice_types,
    filled(in_order(list_filter(
        [bare(r.id)] || list_transform({DOCUMENTS}, lambda d: bare(d.id)),
        lambda one: regexp_full_match(one, '[0-9]{{6}}-[0-9]{{4}}')
    ))) as notice_ids,
    bare(r.tender.mainProcurementCategory) as main_category,
    bare(r.tender.legalBasis.scheme) as legal_basis_scheme,
    bare(r.tender.legalBasis.id) as legal_basis,
    filled(r.tender.specialRegime) as special_regime,
    bare(r.tender.procurementMethod) as procurement_method,
    scrubbed(r.tender.procurementMethodDetails) as procurement_method_details,
    bare(r.buyer.id) as buyer_id,
    scrubbed(r.buyer.name) as buyer_name,
    number_of(r.tender.value.amount) as tender_amount,
    bare(r.tender.value.currency) as tender_currency,
    r.tender.suitability.vcse as suitability_vcse,
    r.tender.techniques.hasFrameworkAgreement as has_framework,
    r.tender.techniques.hasDynamicPurchasingSystem as has_dynamic_purchasing,
    filled(in_order(
        coalesce(r.tender.otherRequirements.reservedParticipation, [])
        || coalesce(flatten(list_transform(
            r.tender.lots, lambda l: coalesce(l.otherRequirements.reservedParticipation, [])
        )), [])
    )) as reserved_participation,
    day_of(r.tender.contractPeriod.startDate) as contract_start_on,
    day_of(r.tender.contractPeriod.endDate) as contract_end_on,
    {_NESTED}
from parsed
"""
_MENDED = _ROWS.replace(f"{_ODD} is true as odd", "false as odd").replace(
    f"case when {_ODD} is not true then", "case when true then"
)
ODD_LINES = f"""
select place, lines.locator, lines.text
from {LINES} as lines
inner join ocds_read using (place)
where ocds_read.odd
order by place
"""


def parse(*, known: bool) -> str:
    """Return SQL that reads the lines into ``ocds_read``; ``known``: the table is there."""
    into = "insert into ocds_read " if known else "create temp table ocds_read as "
    return into + _ROWS.replace("LINES", LINES)


def insert_mended(path: Path) -> str:
    """Return SQL that adds the lines of a file: place, part, locator and the mended release."""
    columns = "{'place': 'BIGINT', 'part': 'BIGINT', 'locator': 'VARCHAR', 'text': 'VARCHAR'}"
    lines = _READ_LINES.format(path=_text(path), columns=columns)
    return "insert into ocds_read " + _MENDED.replace("LINES", lines)


RELEASES = """
create or replace temp view ocds_release as
select * exclude (place, part, odd, fields, unreadable) from ocds_read
where not odd
order by place, part
"""
