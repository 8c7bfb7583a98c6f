-- What: the annual return that a registered society owed the FCA next, by the last year end that figures of
-- Co-operatives UK show of it.
-- Grain: one row a society whose next return was not yet due when the figures were published.
-- The FCA's list of societies states no year end, and its pages are asked of the watched only. The figures
-- tell nothing of what was filed since: a day that had passed when they were published is left out, and
-- nothing is called overdue. Of societies that the register then no longer held nothing is due, and Northern
-- Ireland has another law.
with figures as (
    select
        org_id,
        source,
        max(period_end_on) as last_period_end_on,
        arg_max(snapshot_id, (period_end_on, snapshot_id)) as snapshot_id,
        arg_max(locator, (period_end_on, snapshot_id)) as locator
    from returns_by_source
    where source = 'coops_uk_economic' and starts_with(org_id, 'GB-MPR-')
    group by org_id, source
),

rules as (
    select
        rule_id,
        months
    from filing_rules
    where rule_id = 'ccbsa2014-annual-return'
),

societies as (
    select
        org_id,
        ended_on,
        uk_nation
    from ent_organisations
    where coalesce(status, 'unknown') != 'ended' or ended_on is not null
),

next_ends as (
    select
        figures.*,
        rules.rule_id,
        rules.months,
        snapshots.published_on as as_of,
        -- a year end that falls on the last day of a month does so in a leap year too
        case
            when figures.last_period_end_on = last_day(figures.last_period_end_on)
                then last_day((figures.last_period_end_on + interval 1 year)::date)
            else (figures.last_period_end_on + interval 1 year)::date
        end as period_end_on
    from figures
    inner join snapshots on figures.snapshot_id = snapshots.snapshot_id
    inner join societies on figures.org_id = societies.org_id
    cross join rules
    where
        coalesce(societies.ended_on > snapshots.published_on, true)
        and coalesce(societies.uk_nation, '') != 'Northern Ireland'
),

final as (
    select
        *,
        months_after(period_end_on, months) as due_on
    from next_ends
)

select
    org_id,
    source,
    'annual return' as obligation,
    rule_id,
    last_period_end_on,
    period_end_on,
    due_on,
    'due' as state,
    'worked out from the last year end that Co-operatives UK lists, not the register' as state_basis,
    as_of,
    snapshot_id,
    locator
from final
where due_on >= as_of
