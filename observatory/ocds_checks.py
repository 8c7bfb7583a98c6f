"""The SQL of ``ocds.findings``: what of a publisher's releases nobody has accounted for.

What belongs here: queries over the table that ``ocds.read`` leaves, ``ocds_read`` (the view over it
sorts whole rows). What does not: the row itself (``ocds_sql.py``).
"""

from observatory.ocds_sql import BODY, COUNTED

# Values that did not survive typing, one row each: locator, field, value.
UNREADABLE = """
select locator, one.field, left(scrubbed(one.value), 60)
from (select locator, unnest(unreadable) as one from ocds_read where not odd)
order by all
"""

# Organisation identifiers that break their list's form, one row each: locator, identifier.
BAD_COMPANY_NUMBERS = """
select distinct locator, p.identifier
from (select locator, unnest(parties) as p from ocds_read where not odd)
where p.scheme = 'GB-COH' and normalise_company_number(p.identifier) is null
order by all
"""

# Code-list values as used, with how often: field, value, occurrences.
VOCABULARY = """
with releases as (
    select
        tags, notice_types, special_regime, legal_basis_scheme, procurement_method,
        reserved_participation, parties, awards, contracts
    from ocds_read where not odd
),
parties as (select unnest(parties) as p from releases),
used as (
    select 'tag' as field, unnest(tags) as value from releases
    union all select 'tender.procurementMethod', procurement_method from releases
    union all select 'tender.otherRequirements.reservedParticipation',
        unnest(reserved_participation) from releases
    union all select 'parties.roles', unnest(p.roles) from parties
    union all select 'parties.details.scale', p.scale from parties
    union all select 'parties.identifier.scheme', p.scheme from parties
    union all select 'awards.status', a.status
        from (select unnest(awards) as a from releases)
    union all select 'contracts.status', c.status
        from (select unnest(contracts) as c from releases)
    union all select 'noticeType', unnest(notice_types) from releases
    union all select 'tender.specialRegime', unnest(special_regime) from releases
    union all select 'tender.legalBasis.scheme', legal_basis_scheme from releases
)
select field, value, count(*) from used where value is not null group by all order by all
"""

# Names of fields as used in the releases that were looked through, with how often: field,
# occurrences. Equal lists are counted first.
FIELDS = """
with own as (select fields.own as names, count(*) as n from ocds_read group by all),
parties as (select fields.parties as names, count(*) as n from ocds_read group by all),
awards as (select fields.awards as names, count(*) as n from ocds_read group by all),
contracts as (select fields.contracts as names, count(*) as n from ocds_read group by all),
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
SAMPLED = f"select count(*) > 0 from ocds_read where not odd and place % {BODY} > {COUNTED}"
