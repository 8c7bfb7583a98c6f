-- What: the accounts and confirmation statement that Companies House says are due next from a company.
-- Grain: one row an organisation and obligation, by the newest of what the bulk product and the profile show.
-- The register states the days. The profile says itself whether they are overdue; the bulk product does not,
-- and a day that had passed when it was published is told as such. Stubs of societies bear bogus days and
-- are left out, as is what files elsewhere.
with links as (
    select
        source,
        link_key,
        org_id
    from evt_links
    where
        may_carry_adverse
        and source in ('companies_house_basic', 'companies_house_profile')
        and regexp_matches(org_id, '^GB-COH-([0-9]{2}|SC|NI|R0|OC|SO|NC)')
),

listed as (
    select
        'companies_house_basic' as source,
        companies.snapshot_id,
        companies.locator,
        companies.company_number,
        snapshots.published_on as as_of,
        companies.company_status as words,
        [
            {
                'obligation': 'accounts',
                'due_on': companies.accounts_next_due_on,
                'last_made_up_to': companies.accounts_made_up_to,
                'is_called_overdue': null::boolean
            },
            {
                'obligation': 'confirmation statement',
                'due_on': companies.confirmation_next_due_on,
                'last_made_up_to': companies.confirmation_made_up_to,
                'is_called_overdue': null::boolean
            }
        ] as obligations
    from lake.companies_house_basic as companies
    inner join snapshots on companies.snapshot_id = snapshots.snapshot_id
    union all by name
    select
        'companies_house_profile' as source,
        snapshot_id,
        locator,
        company_number,
        asked_at::date as as_of,
        company_status as words,
        [
            {
                'obligation': 'accounts',
                'due_on': accounts_next_due_on,
                'last_made_up_to': accounts_made_up_to,
                'is_called_overdue': is_accounts_overdue
            },
            {
                'obligation': 'confirmation statement',
                'due_on': confirmation_next_due_on,
                'last_made_up_to': confirmation_made_up_to,
                'is_called_overdue': is_confirmation_overdue
            }
        ] as obligations
    from lake.companies_house_profile
    where is_known
),

newest as (
    select
        listed.*,
        links.org_id
    from listed
    inner join links on listed.source = links.source and listed.company_number = links.link_key
    qualify
        row_number() over (
            partition by links.org_id
            order by
                listed.as_of desc,
                listed.source desc,
                listed.snapshot_id desc,
                length(listed.locator) desc,
                listed.locator desc
        ) = 1
),

apart as (
    select
        org_id,
        source,
        snapshot_id,
        locator,
        company_number,
        as_of,
        unnest(obligations) as one
    from newest
),

final as (
    select
        org_id,
        source,
        snapshot_id,
        locator,
        as_of,
        one.last_made_up_to as last_period_end_on,
        one['obligation'] as obligation,
        one['due_on'] as due_on,
        case one.obligation when 'accounts' then 'ca2006-accounts' else 'ca2006-confirmation' end as rule_id,
        'https://find-and-update.company-information.service.gov.uk/company/' || company_number as url,
        case
            when one.is_called_overdue then 'overdue'
            when one.is_called_overdue is null and one.due_on < as_of then 'overdue'
            when one.due_on is not null then 'due'
            else 'unknown'
        end as state,
        case
            when one.is_called_overdue then 'the register calls it overdue'
            when one.due_on is null then 'the register shows no day'
            when one.is_called_overdue is null and one.due_on < as_of
                then 'the day that the register shows had passed when it was published'
            else 'the register shows the day'
        end as state_basis
    from apart
)

select
    org_id,
    source,
    obligation,
    rule_id,
    last_period_end_on,
    due_on,
    state,
    state_basis,
    as_of,
    snapshot_id,
    locator,
    url
from final
where due_on is not null or state != 'unknown'
