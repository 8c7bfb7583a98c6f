-- What: the annual return that a published charity owes its regulator.
-- Grain: one row an organisation and charity register.
-- The Charity Commission says in its own words how a charity stands; only those words call a return overdue.
-- The Scottish download has none: of it the day is told, worked out from the last year end, and no more.
with links as (
    select
        source,
        link_key,
        org_id
    from evt_links
    where source in ('charity_commission', 'oscr', 'oscr_former') and may_carry_adverse
),

rules as (
    select
        rule_id,
        source as regulator,
        months
    from filing_rules
    where obligation = 'annual return'
),

charities as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        last_seen_on as as_of,
        latest_period_end_on,
        reporting_status,
        'charity_commission' as regulator,
        'https://register-of-charities.charitycommission.gov.uk/charity-search/-/charity-details/'
        || organisation_number as url
    from stg_charity_commission
    where status = 'active'
    union all by name
    select
        source,
        record_key,
        snapshot_id,
        locator,
        last_seen_on as as_of,
        latest_period_end_on,
        'oscr' as regulator,
        'https://www.oscr.org.uk/about-charities/search-the-register/charity-details?number='
        || regexp_replace(charity_number, '^SC0*', '') as url
    from stg_oscr
    where status = 'active'
),

final as (
    select
        links.org_id,
        charities.source,
        charities.snapshot_id,
        charities.locator,
        charities.as_of,
        charities.url,
        charities.reporting_status,
        charities.latest_period_end_on,
        rules.rule_id,
        rules.months,
        regexp_matches(lower(charities.reporting_status), 'overdue|default') as is_called_overdue,
        -- a year end that falls on the last day of a month does so in a leap year too
        case
            when charities.latest_period_end_on = last_day(charities.latest_period_end_on)
                then last_day((charities.latest_period_end_on + interval 1 year)::date)
            else (charities.latest_period_end_on + interval 1 year)::date
        end as next_period_end_on
    from charities
    inner join links on charities.source = links.source and charities.record_key = links.link_key
    inner join rules on charities.regulator = rules.regulator
)

select
    org_id,
    source,
    'annual return' as obligation,
    rule_id,
    latest_period_end_on as last_period_end_on,
    as_of,
    snapshot_id,
    locator,
    url,
    case when not coalesce(is_called_overdue, false) then next_period_end_on end as period_end_on,
    case
        when not coalesce(is_called_overdue, false) then months_after(next_period_end_on, months)
    end as due_on,
    case
        when is_called_overdue then 'overdue'
        when months_after(next_period_end_on, months) >= as_of then 'due'
        else 'unknown'
    end as state,
    case
        when is_called_overdue then 'the register says: ' || reporting_status
        when months_after(next_period_end_on, months) >= as_of
            then 'worked out from the last year end that the register shows'
        else 'the register does not say how it stands'
    end as state_basis
from final
where is_called_overdue or latest_period_end_on is not null
