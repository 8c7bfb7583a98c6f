-- What: returns filed, due and overdue, as events of the published organisations.
-- Grain: one row an organisation, event, source and record.
-- The product of accounts gives no date of filing: theirs is the archive's. A return that is overdue is an
-- event of the day after it was due; which day the register showed that is in the detail.
with filed as (
    select
        org_id,
        source,
        snapshot_id,
        locator,
        url,
        filed_on,
        published_on,
        published_precision,
        period_end_on,
        period_basis
    from ret_filings
    where filed_on is not null or source = 'companies_house_accounts'
),

owed as (
    select
        org_id,
        source,
        obligation,
        period_end_on,
        due_on,
        state,
        state_basis,
        as_of,
        snapshot_id,
        locator,
        url
    from returns_due
    where state in ('due', 'overdue')
),

dated as (
    select
        org_id,
        source,
        snapshot_id,
        locator,
        url,
        case when source = 'companies_house_accounts' then 'accounts published' else 'return filed' end
            as event,
        case
            when source != 'companies_house_accounts' then filed_on::varchar
            when published_precision = 'day' then published_on::varchar
            when published_precision = 'month' then strftime(published_on, '%Y-%m')
        end as stated,
        coalesce(
            'for the period to ' || period_end_on
            || case when period_basis = 'year end before filing' then ', by its year end' else '' end,
            'period not known'
        ) as detail,
        false as is_adverse
    from filed
    union all by name
    select
        org_id,
        source,
        snapshot_id,
        locator,
        url,
        case when state = 'overdue' then 'return overdue' else 'return due' end as event,
        case when state = 'overdue' then coalesce(due_on + 1, as_of) else due_on end::varchar as stated,
        concat_ws(
            '',
            obligation,
            case when due_on is not null then ' due ' || due_on end,
            ': ',
            state_basis,
            ' (record of ',
            as_of,
            ')'
        ) as detail,
        state = 'overdue' as is_adverse
    from owed
)

select
    org_id,
    event,
    detail,
    is_adverse,
    source,
    snapshot_id,
    locator,
    url,
    stated_from(stated) as event_from,
    stated_to(stated) as event_to,
    stated_precision(stated) as precision
from dated
