"""The SQL of ``ocds.findings``: what of a publisher's releases nobody has accounted for.

What belongs here: queries over the tables that ``ocds.read`` leaves: ``ocds_read`` and not the view
over it, which sorts whole rows. What does not: the row itself (``ocds_sql.py``).
"""

from __future__ import annotations

from observatory.ocds_lines import BODY
from observatory.ocds_sql import COUNTED

# Values that did not survive typing, one row each: locator, field, value.
UNREADABLE = """
select locator, one.field, left(scrubbed(one.value), 60)
from (select locator, unnest(unreadable) as one from ocds_read where odd is null)
order by all
"""

# Organisation identifiers that break their list's form, one row each: locator, identifier.
BAD_COMPANY_NUMBERS = """
select distinct locator, p.identifier
from (select locator, unnest(parties) as p from ocds_read where odd is null)
where p.scheme = 'GB-COH' and normalise_company_number(p.identifier) is null
order by all
"""

# Code-list values as used, with how often: field, value, occurrences.
VOCABULARY = """
with releases as (
    select tags, procurement_method, reserved_participation, parties, awards
    from ocds_read where odd is null
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
)
select field, value, count(*) from used where value is not null group by all order by all
"""

# Names of fields as used in the releases that were looked through, with how often: field,
# occurrences. Equal lists are counted first.
FIELDS = """
with own as (select fields.own as names, count(*) as n from ocds_read group by all),
parties as (select fields.parties as names, count(*) as n from ocds_read group by all),
awards as (select fields.awards as names, count(*) as n from ocds_read group by all),
used as (
    select unnest(names[1]) as field, n from own
    union all select 'tender.' || unnest(names[2]), n from own
    union all select 'parties.' || unnest(flatten(names)), n from parties
    union all select 'awards.' || unnest(flatten(names)), n from awards
)
select field, sum(n)::bigint from used group by all order by all
"""

# Whether some releases were not looked through for names of fields.
SAMPLED = f"select count(*) > 0 from ocds_read where place % {BODY} > {COUNTED}"
