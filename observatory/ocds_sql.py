"""The SQL of ``ocds.py``: lines in, one row a release out.

What belongs here: macros, the row as a whole, and which releases SQL must not read as they are.
What does not: the fields and their nested columns (``ocds_shape.py``), mending, publishers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from observatory.ocds_lines import BODY
from observatory.ocds_shape import DOCUMENTS, NESTED, STRUCTURE, given, item_codes

# Macros: text without surrounding space, '' as null; the same with e-mail addresses and telephone
# numbers taken out; the publisher's own calendar day of a date-time (its zone is local time, so
# 2022-10-03T00:00:00+01:00 is the third); the moment in UTC; a number that is a number.
# The tests in front of ``stripped`` and of the telephone numbers are there for speed: most texts
# have no space around them, and a telephone number begins with 0 or +44.
# One thread: a second takes 60 MB of its own, and finding those costs the time that it saves (on
# two cores, taken in turn, 10,000 releases took 1.01 s with one and 1.06 s with two).
SETUP = r"""
set threads = 1;
set timezone = 'UTC';
create or replace macro stripped(x) as nullif(trim(x, e' \t\r\n'), '');
create or replace macro bare(x) as case when x < '!' or x[-1] < '!' then stripped(x) else x end;
create or replace macro without_addresses(x) as regexp_replace(
    x, '[A-Za-z0-9._%+''-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+', '[e-mail removed]', 'g'
);
create or replace macro telephone() as
    '(?:\+44[\s-]?(?:\(0\))?[\s-]?|\b0)[1-9](?:[\s-]?[0-9]){8,9}\b';
create or replace macro without_telephones(x) as regexp_replace(
    x, telephone(), '[telephone removed]', 'g'
);
create or replace macro is_personal(x) as contains(x, '@')
    or (contains(x, '0') or contains(x, '+44')) and regexp_matches(x, telephone());
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
create or replace macro web(x) as trim(
    list_filter([x], lambda one: starts_with(one, 'https://') or starts_with(one, 'http://'))[1]
);
create or replace macro in_order(l) as list_filter(
    l, lambda one, place: one is not null and list_position(l, one) = place
);
create or replace macro cpv(codes) as list_transform(
    list_filter(codes, lambda one: one.scheme = 'CPV'), lambda one: bare(one.id)
);
"""


def _no_list(name: str) -> str:
    """Return SQL that says whether a field is given and is no list, which reads as null."""
    return f"""case
        when r.{name} is null and contains(text, '{name}"')
            then json_type(sound, '$.{name}') != 'NULL'
    end"""


def _no_object(name: str, *empty: str) -> str:
    """Return SQL that says whether a field is given and is no object, which reads as an object of
    nulls: ``empty`` are fields that a real one has."""
    nulls = "".join(f" and r.{name}.{field} is null" for field in empty)
    return f"""case
        when r.{name} is not null{nulls} then json_type(sound, '$.{name}') != 'OBJECT'
    end"""


def _no_objects(of: str, name: str, *empty: str) -> str:
    """Return SQL that says whether a field of an entry in the list ``of`` is given and is no
    object. Its JSON is asked only where an entry has none of the fields that a real one has."""
    nulls = "".join(f" and x.{name}.{field} is null" for field in empty)
    return f"""case
        when len(list_filter(r.{of}, lambda x: x.{name} is not null{nulls})) > 0
            then len(list_filter(
                json_type(sound, '$.{of}[*].{name}'), lambda one: one not in ('OBJECT', 'NULL')
            )) > 0
    end"""


def _nameless(values: str) -> str:
    """Return SQL that says whether an entry has no id: it may be no object."""
    return given(values, f"len({values}) > len(list_filter({values}, lambda x: x.id is not null))")


_SUPPLIERS = """case
        when len(list_filter(r.awards, lambda a: a.suppliers is null)) > 0
            and contains(text, 'suppliers"')
            then len(list_filter(
                json_type(sound, '$.awards[*].suppliers'), lambda one: one not in ('ARRAY', 'NULL')
            )) > 0
    end"""
# What SQL must not read as it is: no JSON, no release (a package in a line, say), entities in
# text, a field's name that is broken by spaces, a party listed twice, what is no list or
# no object although OCDS says so.
# (The search for a name begins with a letter: quotes are too many to stop at each.)
_ODD = f"""(
    r is null
    or coalesce(r.ocid, '') = ''
    or coalesce(r.id, '') = ''
    or regexp_matches(text, '&(?:#[0-9]+|#x[0-9a-fA-F]+|[a-zA-Z]+);')
    or regexp_matches(text, '"[A-Za-z]* +[A-Za-z]*" *:')
    or len(r.parties) > len(list_distinct(list_transform(r.parties, lambda p: p.id)))
    or {" or ".join(map(_no_list, ("parties", "awards", "contracts", "tag")))}
    or {_no_object("tender", "title", "procurementMethod")}
    or {_no_object("buyer", "id", "name")}
    or {_no_object("planning", "documents")}
    or {_nameless("r.awards")}
    or {_nameless("r.contracts")}
    or {_SUPPLIERS}
    or {_no_object("tender.value", "amount", "currency")}
    or {_no_objects("parties", "identifier", "scheme", "id", "legalName")}
    or {_no_objects("awards", "value", "amount", "currency")}
    or {_no_objects("contracts", "value", "amount", "currency")}
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


_CONTRACTS_LOST = f"len(list_filter(r.contracts, lambda c: {_lost('c', _TYPED_OF_CONTRACT)}))"
# The list costs more than the question whether there is anything to list.
_UNREADABLE = f"""case
    when {_lost("r", _TYPED)}
        or len(list_filter(r.awards, lambda a: {_lost("a", _TYPED_OF_AWARD)})) > 0
        or {given("r.contracts", _CONTRACTS_LOST)} > 0
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

_RESERVED_LOTS = """flatten(list_transform(
            r.tender.lots, lambda l: coalesce(l.otherRequirements.reservedParticipation, [])
        ))"""


def _codes_of(values: str) -> str:
    """Return SQL for the codes of the items of awards or contracts."""
    codes = f"flatten(list_transform({values}, lambda x: {item_codes('x.items')}))"
    return f"coalesce({given(values, codes)}, [])"


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
            || {_codes_of("r.awards")}
            || {_codes_of("r.contracts")}
        ) as codes,
        coalesce(r.tender.otherRequirements.reservedParticipation, [])
        || coalesce({given("r.tender.lots", _RESERVED_LOTS)}, []) as reserved
    from parsed
),
listed as (
    select
        *,
        list_transform(documents, lambda d: bare(d.noticeType)) as forms,
        list_filter(
            [bare(r.id)] || list_transform(documents, lambda d: bare(d.id)),
            lambda one: strlen(one) = 11 and regexp_full_match(one, '[0-9]{{6}}-[0-9]{{4}}')
        ) as numbers
    from judged
)
select
    KEYS,
    {_UNREADABLE} as unreadable,
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


def rows(lines: str, base: int) -> str:
    """Return SQL for the rows of ``lines`` (``ocds_lines.py``), whose places are ``base`` and what
    DuckDB counts as their row's id."""
    keys = f"{base}::bigint as base, odd, locator"
    return _ROWS.replace("KEYS", keys).replace("SOURCE", lines)


def mended_rows(lines: str) -> str:
    """Return SQL for the rows of mended ``lines``, which are read as they are."""
    keys = "place, part, locator"
    return _ROWS.replace("KEYS", keys).replace("SOURCE", lines).replace(_ODD, "false")


def odd_from(row: int) -> str:
    """Return SQL for the lines from a ``row`` on that must be mended: place, locator."""
    located = f"select base + rowid as place, {_LOCATOR} as locator from ocds_read"
    return f"{located} where odd and rowid >= {row} order by place"


def releases(*, mended: bool) -> str:
    """Return SQL for the view ``ocds_line``: every release that is kept, with its place and part,
    in no order and with what is personal; ``mended`` when there are mended ones."""
    rest = "* exclude (place, part, locator)"
    return f"""
create or replace temp view ocds_line as
select base + rowid as place, 0::bigint as part, {_LOCATOR} as locator,
    * exclude (base, odd, locator)
from ocds_read where not odd
{f"union all select place, part, locator, {rest} from ocds_mended" if mended else ""}
"""


_LOCATOR = f"coalesce(locator, 'line ' || (base + rowid) % {BODY})"
