-- What: which returns are due from the published organisations and which are overdue, by each register's own
-- rule and as its newest record says.
-- Grain: one row an organisation, source and obligation.
-- Overdue is a statement against somebody: it rests on an identifier, tells its basis and day, and links to
-- the register. filing_rules has the law of each.
with companies as (
    select * from due_companies
),

societies as (
    select * from due_societies
),

listed_societies as (
    select * from due_listed_societies
),

charities as (
    select * from due_charities
),

final as (
    select *
    from companies
    union all by name
    select *
    from societies
    union all by name
    select *
    from listed_societies
    union all by name
    select *
    from charities
)

select
    org_id,
    source,
    obligation,
    rule_id,
    last_period_end_on,
    period_end_on,
    due_on,
    last_filed_on,
    state,
    state_basis,
    as_of,
    snapshot_id,
    locator,
    url
from final
