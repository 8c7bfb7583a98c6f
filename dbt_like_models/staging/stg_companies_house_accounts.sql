-- What: the accounts that watched companies filed with software, each filing once.
-- Grain: one row a company, balance sheet date and what is read: copies of one filing in the archives of
-- its day and of its month are one row, an amendment is another. is_chosen marks the one that counts for
-- its company and date: the filing that was published last (an amendment comes after what it amends); of two
-- published on one day the one with more figures, then the larger key.
-- A filing without any date is left out: it is of no period. Absence says nothing: paper is not here.
with sequence as (
    select
        snapshot_id,
        first_published_on,
        fetched_at
    from stg_snapshot_sequence
    where source = 'companies_house_accounts'
),

landed as (
    select
        snapshot_id,
        published_basis
    from lake.snapshots
    where source = 'companies_house_accounts'
),

filings as (
    select
        snapshot_id,
        locator,
        member,
        company_number,
        company_name,
        period_start_on,
        package,
        legal_form,
        charity_number,
        is_dormant,
        has_group_figures,
        employees,
        employees_tag,
        employees_missing,
        turnover,
        turnover_tag,
        turnover_missing,
        net_assets,
        net_assets_tag,
        net_assets_missing,
        profit,
        profit_tag,
        profit_missing,
        staff_costs,
        staff_costs_tag,
        staff_costs_missing,
        currency,
        parent_name,
        controlling_party_name,
        principal_activities,
        wording,
        has_cic_report,
        consultation_held,
        stakeholder_wording,
        affirmed,
        transferred_from,
        cic_affirmed,
        coalesce(period_end_on, made_up_to) as period_end_on
    from lake.companies_house_accounts
),

told as (
    select
        filings.*,
        sequence.first_published_on as published_on,
        sequence.fetched_at,
        -- a daily archive's members are of product 223, a month's of 224; of a filing that was landed alone
        -- the day that it was landed on tells nothing
        case
            when coalesce(landed.published_basis, 'fetched') = 'fetched' then 'unknown'
            when filings.member like 'Prod223%' then 'day'
            else 'month'
        end as published_precision,
        md5(
            concat_ws(
                '|',
                coalesce(filings.period_start_on::varchar, ''),
                coalesce(filings.employees::varchar, filings.employees_missing, ''),
                coalesce(filings.turnover::varchar, filings.turnover_missing, ''),
                coalesce(filings.net_assets::varchar, filings.net_assets_missing, ''),
                coalesce(filings.profit::varchar, filings.profit_missing, ''),
                coalesce(filings.staff_costs::varchar, filings.staff_costs_missing, ''),
                coalesce(filings.currency, ''),
                coalesce(filings.is_dormant::varchar, ''),
                coalesce(filings.principal_activities, ''),
                coalesce(filings.parent_name, ''),
                coalesce(filings.controlling_party_name, '')
            )
        )[1:12] as version
    from filings
    inner join sequence on filings.snapshot_id = sequence.snapshot_id
    left join landed on filings.snapshot_id = landed.snapshot_id
    where filings.period_end_on is not null
),

-- of the copies of a filing the first one counts; one with the CIC report before one without
copies as (
    select
        *,
        count(*) over a_filing as copies,
        min(published_on) over a_filing as first_published_on,
        min(fetched_at) over a_filing as first_fetched_at
    from told
    window a_filing as (partition by company_number, period_end_on, version)
    qualify row_number() over (
        partition by company_number, period_end_on, version
        order by has_cic_report desc nulls last, published_on asc, snapshot_id asc, locator asc
    ) = 1
),

final as (
    select
        snapshot_id,
        locator,
        first_published_on as published_on,
        first_fetched_at as fetched_at,
        published_precision,
        copies,
        company_number,
        company_name,
        period_start_on,
        period_end_on,
        package,
        legal_form,
        charity_number,
        is_dormant,
        has_group_figures,
        employees,
        employees_tag,
        employees_missing,
        turnover,
        turnover_tag,
        turnover_missing,
        net_assets,
        net_assets_tag,
        net_assets_missing,
        profit,
        profit_tag,
        profit_missing,
        staff_costs,
        staff_costs_tag,
        staff_costs_missing,
        currency,
        parent_name,
        controlling_party_name,
        principal_activities,
        wording,
        has_cic_report,
        consultation_held,
        stakeholder_wording,
        affirmed,
        transferred_from,
        cic_affirmed,
        'companies_house_accounts' as source,
        concat_ws('|', company_number, period_end_on, version) as record_key,
        count(*) over a_period as filings_of_period,
        row_number() over (
            partition by company_number, period_end_on
            order by
                first_published_on desc,
                (employees is not null)::integer + (turnover is not null)::integer
                + (net_assets is not null)::integer + (profit is not null)::integer
                + (staff_costs is not null)::integer desc,
                version desc
        ) = 1 as is_chosen
    from copies
    window a_period as (partition by company_number, period_end_on)
)

select
    source,
    record_key,
    snapshot_id,
    locator,
    published_on,
    published_precision,
    fetched_at,
    copies,
    filings_of_period,
    is_chosen,
    company_number,
    company_name,
    period_start_on,
    period_end_on,
    package,
    legal_form,
    charity_number,
    is_dormant,
    has_group_figures,
    employees,
    employees_tag,
    employees_missing,
    turnover,
    turnover_tag,
    turnover_missing,
    net_assets,
    net_assets_tag,
    net_assets_missing,
    profit,
    profit_tag,
    profit_missing,
    staff_costs,
    staff_costs_tag,
    staff_costs_missing,
    currency,
    parent_name,
    controlling_party_name,
    principal_activities,
    wording,
    has_cic_report,
    consultation_held,
    stakeholder_wording,
    affirmed,
    transferred_from,
    cic_affirmed
from final
