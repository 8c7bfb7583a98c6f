"""The SQL of ``ocds.py``: lines in, one row a release out.

What belongs here: macros, the row as a whole, and which releases SQL must not read as they are.
What does not: the fields and their nested columns (``ocds_shape.py``), mending, publishers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from observatory.ocds_shape import DOCUMENTS, NESTED, STRUCTURE, item_codes

# Macros: text without surrounding space, '' as null; the same with e-mail addresses and telephone
# numbers taken out; the publisher's own calendar day of a date-time (its zone is local time, so
# 2022-10-03T00:00:00+01:00 is the third); the moment in UTC; a number that is a number.
# The tests in front of ``stripped`` and of the telephone numbers are there for speed: most texts
# have no space around them, and a telephone number begins with 0 or +44.
# One thread: lines are numbered in their order, which a second one would only wait for.
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

# A line at a time: chr(1) is in no JSON. Small buffers keep DuckDB's memory small and at hand: with
# those of 32 MB a reader of 10,000 releases (32 MB) spends a tenth of its time on fresh memory, and
# by itself DuckDB would take 16 times the longest line: 458 MiB.
_READ_LINES = (
    "read_csv({path}, columns = {columns}, header = false, auto_detect = false, delim = chr(1), "
    "quote = '', escape = '', new_line = '\\n', {size})"
)
_ANY_SIZE = "max_line_size = 30000000, buffer_size = 32000000"
_USUAL_SIZE = "max_line_size = 2000000, buffer_size = 4000000"
_SOUND = "case when json_valid(text) then text end"
BODY = 1_000_000_000  # places of one body are below this
# Field names are counted in every release up to this place in a body, and in each tenth after it.
COUNTED = 1_000


def clean_lines(path: Path, number: int) -> str:
    """Return SQL for the lines of a clean JSON Lines body, the ``number``-th of a snapshot. The
    query raises InvalidInputException at a line that is empty, very long, no JSON or not UTF-8."""
    lines = _lines(path, _USUAL_SIZE, "text")
    given = "coalesce(text, error('an empty line'))"
    return f"select {_numbered(number)}, text, {given} as sound from {lines}"


def plain_lines(path: Path, number: int, first: int = 0) -> str:
    """Return SQL for the lines of a JSON Lines body, be they JSON or not, or of a piece of it
    that begins after ``first`` lines."""
    lines = _lines(path, _ANY_SIZE, "text")
    return f"select {_numbered(number, first)}, text, {_SOUND} as sound from {lines}"


def located_lines(path: Path, number: int) -> str:
    """Return SQL for lines that were written with their locator in front."""
    lines = _lines(path, _ANY_SIZE, "locator", "text")
    return f"select {_place(number)}, locator, text, {_SOUND} as sound from {lines}"


def mended_lines(path: Path) -> str:
    """Return SQL for lines of place, part, locator and the mended release."""
    lines = _lines(path, _ANY_SIZE, "place", "part", "locator", "text")
    return (
        "select place::bigint as place, part::bigint as part, locator, text, "
        f"{_SOUND} as sound from {lines}"
    )


def before(number: int) -> int:
    """Return the place before the first line of the ``number``-th body."""
    return number * BODY


def _numbered(number: int, first: int = 0) -> str:
    return f"{_place(number, first)}, 'line ' || ({first} + row_number() over ()) as locator"


def _place(number: int, first: int = 0) -> str:
    return f"{before(number) + first} + row_number() over () as place, 0::bigint as part"


def _lines(path: Path, size: str, *columns: str) -> str:
    types = ", ".join(f"{name}: 'VARCHAR'" for name in columns)
    return _READ_LINES.format(path=_text(path), columns=f"{{{types}}}", size=size)


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


# What SQL must not read as it is: no JSON, no release (a package in a line, say), entities in
# text, a field's name that is broken by spaces, a party listed twice, a list that is none.
# (The search for a name begins with a letter: quotes are too many to stop at each.)
_ODD = """(
    r is null
    or coalesce(r.ocid, '') = ''
    or coalesce(r.id, '') = ''
    or regexp_matches(text, '&(?:#[0-9]+|#x[0-9a-fA-F]+|[a-zA-Z]+);')
    or regexp_matches(text, '"[A-Za-z]* +[A-Za-z]*" *:')
    or len(r.parties) > len(list_distinct(list_transform(r.parties, lambda p: p.id)))
    or case when r.parties is null and contains(text, 'parties"')
        then json_type(sound, '$.parties') != 'NULL' end
    or case when r.awards is null and contains(text, 'awards"')
        then json_type(sound, '$.awards') != 'NULL' end
    or case when r.contracts is null and contains(text, 'contracts"')
        then json_type(sound, '$.contracts') != 'NULL' end
    or case when r.tag is null and contains(text, 'tag"')
        then json_type(sound, '$.tag') != 'NULL' end
)"""


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
_TYPED_OF_CONTRACT = (
    ("value.amount", "number_of"),
    ("dateSigned", "day_of"),
    ("period.startDate", "day_of"),
    ("period.endDate", "day_of"),
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
        or len(list_filter(r.contracts, lambda c: {_lost("c", _TYPED_OF_CONTRACT)})) > 0
        then list_filter(
            [{_lost_values("r", "", _TYPED)}]
            || coalesce(flatten(list_transform(
                r.awards, lambda a: [{_lost_values("a", "awards.", _TYPED_OF_AWARD)}]
            )), [])
            || coalesce(flatten(list_transform(
                r.contracts, lambda c: [{_lost_values("c", "contracts.", _TYPED_OF_CONTRACT)}]
            )), []),
            lambda one: bare(one.value) is not null
        )
end"""

_NESTED = ",\n    ".join(f"{sql} as {name}" for name, sql in NESTED.items())

# One pass over SOURCE (place, part, locator, text, and the text again where it is JSON): the row,
# and beside it whether it must be mended first, the names of the fields used, and the values that
# did not survive typing. What is used twice is a column first: DuckDB evaluates an argument of a
# macro as often as the macro names it, inside a lambda once an element.
_ROWS = f"""
with parsed as (
    select *, json_transform(sound, '{json.dumps(STRUCTURE)}') as r from (SOURCE)
),
judged as (
    select
        *,
        coalesce({_ODD}, false) as odd,
        {DOCUMENTS} as documents,
        cpv(
            [r.tender.classification]
            || coalesce(r.tender.additionalClassifications, [])
            || {item_codes("r.tender.items")}
            || coalesce(flatten(list_transform(r.awards, lambda a: {item_codes("a.items")})), [])
            || coalesce(flatten(list_transform(r.contracts, lambda c: {item_codes("c.items")})), [])
        ) as codes,
        coalesce(r.tender.otherRequirements.reservedParticipation, [])
        || coalesce(flatten(list_transform(
            r.tender.lots, lambda l: coalesce(l.otherRequirements.reservedParticipation, [])
        )), []) as reserved
    from parsed
),
listed as (
    select
        *,
        list_transform(documents, lambda d: bare(d.noticeType)) as forms,
        list_filter(
            [bare(r.id)] || list_transform(documents, lambda d: bare(d.id)),
            lambda one: regexp_full_match(one, '[0-9]{{6}}-[0-9]{{4}}')
        ) as numbers
    from judged
)
select
    place,
    part,
    odd,
    case when not odd and (place % {BODY} <= {COUNTED} or place % 10 = 0) then {{
        'own': json_keys(sound, ['$', '$.tender']),
        'parties': case when r.parties is not null then json_keys(sound, '$.parties[*]') end,
        'awards': case when r.awards is not null then json_keys(sound, '$.awards[*]') end,
        'contracts': case when r.contracts is not null then json_keys(sound, '$.contracts[*]') end
    }} end as fields,
    {_UNREADABLE} as unreadable,
    locator,
    bare(r.ocid) as ocid,
    bare(r.id) as release_id,
    moment_of(r.date) as released_at,
    filled(r.tag) as tags,
    scrubbed(r.tender.title) as title,
    filled(in_order(codes)) as cpv_codes,
    filled(in_order(forms)) as notice_types,
    filled(in_order(numbers)) as notice_ids,
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
    filled(in_order(reserved)) as reserved_participation,
    day_of(r.tender.contractPeriod.startDate) as contract_start_on,
    day_of(r.tender.contractPeriod.endDate) as contract_end_on,
    {_NESTED}
from listed
"""


def rows(source: str, *, mended: bool = False) -> str:
    """Return SQL for the rows of ``source``; what was ``mended`` is read as it is."""
    query = _ROWS.replace("SOURCE", source)
    return query.replace(_ODD, "false") if mended else query


def odd_after(place: int) -> str:
    """Return SQL for the lines after ``place`` that must be mended: place, locator."""
    return f"select place, locator from ocds_read where odd and place > {place} order by place"


RELEASES = """
create or replace temp view ocds_release as
select * exclude (place, part, odd, fields, unreadable) from ocds_read
where not odd
order by place, part
"""
