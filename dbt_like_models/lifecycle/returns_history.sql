-- What: the figures of every filing, from when to when each version of it was published.
-- Grain: one row an organisation, source, record and valid_from.
-- A filing of accounts never changes: it stands until an amendment for the same date is published. The two
-- parts of a charity's return are two records. A figure that is missing says why in returns_by_source.
with versions as (
    select
        source,
        record_key,
        version_number,
        snapshot_id,
        locator,
        valid_from,
        valid_to,
        known_from,
        known_to,
        first_seen_on,
        is_present
    from stg_record_versions
    where
        source in (
            'coops_uk_economic', 'charity_commission_part_a', 'charity_commission_part_b', 'oscr_returns',
            'fca_society_pages'
        )
),

filers as (
    select
        scheme,
        identifier,
        org_id
    from ent_filers
),

co_operatives as (
    select
        record_organisations.org_id,
        record_organisations.record_key
    from ent_record_organisations as record_organisations
    inner join ent_published on record_organisations.org_id = ent_published.org_id
    where
        record_organisations.source in ('coops_uk_organisations', 'coops_uk_economic')
        and record_organisations.confidence = 'exact'
),

filings as (
    select *
    from ret_filings
    where source in ('companies_house_accounts', 'fca_society_pages')
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
        charity_number,
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

charities as (
    select
        filers.org_id,
        figures.* exclude (charity_number, is_own)
    from charity_parts as figures
    inner join filers on filers.scheme = 'GB-CHC' and figures.charity_number = filers.identifier
    union all by name
    select
        filers.org_id,
        'oscr_returns' as source,
        figures.snapshot_id,
        figures.locator,
        figures.period_end_on,
        figures.return_received_on as filed_on,
        figures.income as income_gbp,
        figures.expenditure as expenditure_gbp,
        figures.employees
    from lake.oscr_returns as figures
    inner join filers on filers.scheme = 'GB-SC' and figures.charity_number = filers.identifier
    union all by name
    select
        co_operatives.org_id,
        'coops_uk_economic' as source,
        figures.snapshot_id,
        figures.locator,
        figures.year_end_on as period_end_on,
        figures.turnover as turnover_gbp,
        figures.profit_before_tax as profit_before_tax_gbp,
        figures.member_funds as member_funds_gbp,
        figures.memberships as members,
        figures.employees
    from lake.coops_uk_economic as figures
    inner join co_operatives on figures.cuk_organisation_id = co_operatives.record_key
),

versioned as (
    select
        charities.*,
        versions.record_key,
        versions.valid_from,
        versions.valid_to,
        versions.known_from,
        versions.known_to
    from charities
    inner join versions
        on
            charities.source = versions.source
            and charities.snapshot_id = versions.snapshot_id
            and charities.locator = versions.locator
),

accounts as (
    select
        filings.* exclude (reasons, is_chosen, published_precision, period_basis),
        filings.published_on as valid_from,
        received.fetched_at as known_from,
        lead(filings.published_on) over in_order as valid_to,
        lead(received.fetched_at) over in_order as known_to
    from filings
    left join received on filings.record_key = received.record_key
    where filings.source = 'companies_house_accounts'
    -- of two published on one day the one that counts stands last
    window in_order as (
        partition by filings.org_id, filings.period_end_on
        order by filings.published_on, filings.is_chosen, filings.record_key
    )
),

documents as (
    select
        filings.* exclude (reasons, is_chosen, published_precision, period_basis),
        versions.first_seen_on as valid_from,
        versions.known_from
    from filings
    inner join versions on filings.source = versions.source and filings.record_key = versions.record_key
    where filings.source = 'fca_society_pages' and versions.is_present
),

final as (
    select *
    from versioned
    union all by name
    select *
    from accounts
    union all by name
    select *
    from documents
)

select
    org_id,
    record_key,
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
    valid_from,
    valid_to,
    known_from,
    known_to,
    source,
    snapshot_id,
    locator,
    url
from final
