-- What: what a filing said in each publication that tells something, for every filing of a published
-- organisation.
-- Grain: one row a subject and place. A subject is what a later row may replace: a record; of accounts, which
-- never change, the company's accounts for one date, since an amendment is another filing.
-- The two parts of a charity's return are two records. A listed document has no figures.
with sightings as (
    select
        source,
        record_key,
        place,
        published_on,
        fetched_at,
        snapshot_id,
        held_in,
        locator
    from his_sightings
    where version > 0
),

filings as (
    select * exclude (reasons, published_precision, period_basis)
    from ret_filings
),

filers as (
    select distinct
        record_key,
        org_id,
        unnest(
            case
                when source = 'charity_commission_part_a' then [source, 'charity_commission_part_b']
                else [source]
            end
        ) as source
    from filings
),

received as (
    select
        record_key,
        fetched_at
    from stg_companies_house_accounts
),

charity_parts as (
    select
        source,
        snapshot_id,
        locator,
        period_start_on,
        period_end_on,
        return_received_on as filed_on,
        total_gross_income as income_gbp,
        total_gross_expenditure as expenditure_gbp,
        case
            when not has_government_contracts then coalesce(income_from_government_contracts, 0)
            else income_from_government_contracts
        end as government_contracts_gbp,
        case
            when not has_government_grants then coalesce(income_from_government_grants, 0)
            else income_from_government_grants
        end as government_grants_gbp,
        -- "charity only" and "consolidated" are two boxes: figures are of the group when only the second is
        -- ticked
        not(coalesce(is_consolidated, false) and not coalesce(is_charity_only, false)) as is_own,
        case when is_own then coalesce(assets_total_assets_and_liabilities, funds_total) end
            as net_assets_gbp,
        case when is_own then employees end as employees
    from lake.charity_returns
),

figures as (
    select * exclude (is_own)
    from charity_parts
    union all by name
    select
        'oscr_returns' as source,
        snapshot_id,
        locator,
        period_end_on,
        return_received_on as filed_on,
        income as income_gbp,
        expenditure as expenditure_gbp,
        employees
    from lake.oscr_returns
    union all by name
    select
        'coops_uk_economic' as source,
        snapshot_id,
        locator,
        year_end_on as period_end_on,
        turnover as turnover_gbp,
        profit_before_tax as profit_before_tax_gbp,
        member_funds as member_funds_gbp,
        memberships as members,
        employees
    from lake.coops_uk_economic
),

versioned as (
    select
        filers.org_id,
        sightings.source || '|' || sightings.record_key as subject,
        sightings.record_key,
        sightings.place,
        sightings.published_on,
        sightings.fetched_at,
        sightings.snapshot_id,
        figures.* exclude (snapshot_id)
    from sightings
    inner join filers on sightings.source = filers.source and sightings.record_key = filers.record_key
    inner join figures
        on
            sightings.source = figures.source
            and sightings.held_in = figures.snapshot_id
            and sightings.locator = figures.locator
),

documents as (
    select
        filings.* exclude (is_chosen, published_on, snapshot_id, locator),
        sightings.source || '|' || sightings.record_key as subject,
        sightings.place,
        sightings.published_on,
        sightings.fetched_at,
        sightings.snapshot_id,
        sightings.locator
    from filings
    inner join sightings
        on filings.source = sightings.source and filings.record_key = sightings.record_key
    where filings.source = 'fca_society_pages'
),

accounts as (
    select
        filings.* exclude (is_chosen),
        received.fetched_at,
        filings.org_id || '|' || filings.period_end_on as subject,
        -- of two published on one day the one that counts stands last
        row_number() over (
            partition by filings.org_id, filings.period_end_on
            order by filings.published_on, filings.is_chosen, filings.record_key
        ) as place
    from filings
    left join received on filings.record_key = received.record_key
    where filings.source = 'companies_house_accounts'
),

final as (
    select *
    from versioned
    union all by name
    select *
    from documents
    union all by name
    select *
    from accounts
)

select
    org_id,
    subject,
    source,
    record_key,
    place,
    published_on,
    fetched_at,
    snapshot_id,
    locator,
    period_start_on,
    period_end_on,
    turnover_gbp,
    income_gbp,
    expenditure_gbp,
    profit_before_tax_gbp,
    profit_after_tax_gbp,
    net_assets_gbp,
    member_funds_gbp,
    staff_costs_gbp,
    members,
    employees,
    government_contracts_gbp,
    government_grants_gbp,
    filed_on,
    url
from final
