"""The SQL of ``ocds.findings``: what of a publisher's releases nobody has accounted for.

What belongs here: queries over what ``ocds.read`` leaves, that is ``ocds_line`` and
``ocds_fields`` (``ocds_release`` sorts whole rows). What does not: the row (``ocds_sql.py``).
"""

from observatory.ocds_lines import BODY

# Values that did not survive typing, one row each: locator, field, value.
UNREADABLE = """
select locator, one.field, left(scrubbed(one.value), 60)
from (select locator, unnest(unreadable) as one from ocds_line)
order by all
"""

# Organisation identifiers that break their list's form, one row each: locator, identifier.
BAD_COMPANY_NUMBERS = """
select distinct locator, p.identifier
from (select locator, unnest(parties) as p from ocds_line)
where p.scheme = 'GB-COH' and normalise_company_number(p.identifier) is null
order by all
"""

# Code-list values as used, with how often: field, value, occurrences. Equal sets are counted first.
VOCABULARY = """
with releases as (
    select
        tags, notice_types, special_regime, legal_basis_scheme, procurement_method,
        reserved_participation, count(*) as n
    from ocds_line group by all
),
parties as (
    select p.roles as roles, p.scale as scale, p.scheme as scheme, count(*) as n
    from (select unnest(parties) as p from ocds_line) group by all
),
used as (
    select 'tag' as field, unnest(tags) as value, n from releases
    union all select 'tender.procurementMethod', procurement_method, n from releases
    union all select 'tender.otherRequirements.reservedParticipation',
        unnest(reserved_participation), n from releases
    union all select 'parties.roles', unnest(roles), n from parties
    union all select 'parties.details.scale', scale, n from parties
    union all select 'parties.identifier.scheme', scheme, n from parties
    union all select 'awards.status', a.status, 1
        from (select unnest(awards) as a from ocds_line)
    union all select 'contracts.status', c.status, 1
        from (select unnest(contracts) as c from ocds_line)
    union all select 'noticeType', unnest(notice_types), n from releases
    union all select 'tender.specialRegime', unnest(special_regime), n from releases
    union all select 'tender.legalBasis.scheme', legal_basis_scheme, n from releases
)
select field, value, sum(n)::bigint from used where value is not null group by all order by all
"""

# Whether names of fields are looked for in the release at a place: in every one up to COUNTED in a
# body, and in each tenth after it. Parsing a text once more for them costs as much as its row.
COUNTED = 1_000


def is_sampled(place: int) -> bool:
    """Say whether names of fields are looked for in the release at this place."""
    return place % BODY <= COUNTED or place % 10 == 0


def names_in(lines: str) -> str:
    """Return SQL for the names of fields used in each of ``lines`` (``text``), by their parent."""
    return f"""
select
    json_keys(text, ['$', '$.tender']) as own,
    json_keys(text, '$.parties[*]') as parties,
    case when contains(text, 'awards"') then json_keys(text, '$.awards[*]') end as awards,
    case when contains(text, 'contracts"') then json_keys(text, '$.contracts[*]') end as contracts
from ({lines})
"""


# Names of fields as used in the releases that were looked through, with how often: field,
# occurrences. Equal lists are counted first.
FIELDS = """
with own as (select own as names, count(*) as n from ocds_fields group by all),
parties as (select parties as names, count(*) as n from ocds_fields group by all),
awards as (select awards as names, count(*) as n from ocds_fields group by all),
contracts as (select contracts as names, count(*) as n from ocds_fields group by all),
used as (
    select unnest(names[1]) as field, n from own
    union all select 'tender.' || unnest(names[2]), n from own
    union all select 'parties.' || unnest(flatten(names)), n from parties
    union all select 'awards.' || unnest(flatten(names)), n from awards
    union all select 'contracts.' || unnest(flatten(names)), n from contracts
)
select field, sum(n)::bigint from used group by all order by all
"""

# Whether some releases were not looked through for names of fields.
SAMPLED = f"select count(*) > 0 from ocds_line where place % {BODY} > {COUNTED}"
