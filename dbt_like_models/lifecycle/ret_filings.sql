-- What: the annual returns that published organisations filed, of every source, in one form.
-- Grain: one row a source and record. Figures are as stated, null where the source states none; reasons has
-- what a record tells of that, the seed return_gaps what holds of its source.
-- A society's return is a listed document, not read. Its period ends on the day in the file's name;
-- else, when it was filed within the seven months that the law allows, on the last year end before; else
-- it is not known, since a late return may be an earlier year's.
with filers as (
    select
        scheme,
        identifier,
        org_id
    from ent_filers
),

published as (
    select org_id
    from ent_published
),

co_operatives as (
    select
        record_organisations.record_key,
        record_organisations.org_id
    from ent_record_organisations as record_organisations
    inner join published on record_organisations.org_id = published.org_id
    where
        record_organisations.source in ('coops_uk_organisations', 'coops_uk_economic')
        and record_organisations.confidence = 'exact'
),

-- "charity only" and "consolidated" are two boxes: figures are of the group when only the second is ticked
charity_details as (
    select
        organisation_number,
        period_end_on,
        employees,
        net_assets,
        funds_total,
        coalesce(is_consolidated, false) and not coalesce(is_charity_only, false) as is_of_group
    from stg_charity_commission_returns
    where source = 'charity_commission_part_b'
),

society_pages as (
    select
        society_number,
        year_end_month,
        year_end_day
    from stg_fca_society_pages
),

listed as (
    select
        documents.source,
        documents.record_key,
        documents.snapshot_id,
        documents.locator,
        documents.published_on,
        documents.society_number,
        documents.document_id,
        documents.filed_on,
        case
            when documents.named_period_end_on <= documents.filed_on then documents.named_period_end_on
        end as named_on,
        [
            least(
                last_day(make_date(one, society_pages.year_end_month, 1)),
                make_date(one, society_pages.year_end_month, 1) + (society_pages.year_end_day - 1)::integer
            )
            for one in [year(documents.filed_on), year(documents.filed_on) - 1]
        ] as year_ends
    from stg_fca_society_documents as documents
    left join society_pages on documents.society_number = society_pages.society_number
    where documents.document_kind = 'annual-return' and documents.filed_on is not null
),

society_returns as (
    select
        *,
        list_filter(
            year_ends,
            lambda one: one < filed_on and one + interval 7 month >= filed_on and named_on is null
        )[1] as year_end_on,
        coalesce(named_on, year_end_on) as period_end_on,
        case
            when named_on is not null then 'named in the file'
            when year_end_on is not null then 'year end before filing'
        end as period_basis,
        -- filed again for one period: the higher id is the later one
        row_number() over (
            partition by society_number, period_end_on
            order by try_cast(document_id as bigint) desc, document_id desc
        ) = 1 as is_chosen
    from listed
),

accounts as (
    select
        filers.org_id,
        filings.source,
        filings.record_key,
        filings.snapshot_id,
        filings.locator,
        filings.published_on,
        filings.published_precision,
        filings.period_start_on,
        filings.period_end_on,
        filings.is_chosen,
        'stated' as period_basis,
        case when filings.currency = 'GBP' then filings.turnover end as turnover_gbp,
        case when filings.currency = 'GBP' then filings.profit end as profit_after_tax_gbp,
        case when filings.currency = 'GBP' then filings.net_assets end as net_assets_gbp,
        case when filings.currency = 'GBP' then filings.staff_costs end as staff_costs_gbp,
        round(filings.employees)::bigint as employees,
        list_filter(
            [
                gap_in_pounds(
                    'turnover_gbp', filings.turnover, filings.turnover_missing, filings.currency
                ),
                gap_in_pounds(
                    'profit_after_tax_gbp', filings.profit, filings.profit_missing, filings.currency
                ),
                gap_in_pounds(
                    'net_assets_gbp', filings.net_assets, filings.net_assets_missing, filings.currency
                ),
                gap_in_pounds(
                    'staff_costs_gbp', filings.staff_costs, filings.staff_costs_missing, filings.currency
                ),
                { 'measure': 'employees', 'reason': replace(filings.employees_missing, '-', ' ') }
            ],
            lambda one: one.reason is not null
        ) as reasons
    from stg_companies_house_accounts as filings
    inner join filers on filers.scheme = 'GB-COH' and filings.company_number = filers.identifier
),

charity_returns as (
    select
        filers.org_id,
        filings.source,
        filings.record_key,
        filings.snapshot_id,
        filings.locator,
        filings.published_on,
        filings.period_start_on,
        filings.period_end_on,
        filings.return_received_on as filed_on,
        filings.total_gross_income as income_gbp,
        filings.total_gross_expenditure as expenditure_gbp,
        'stated' as period_basis,
        true as is_chosen,
        case
            when not details.is_of_group then coalesce(details.net_assets, details.funds_total)
        end as net_assets_gbp,
        case when not details.is_of_group then details.employees end as employees,
        case
            when not filings.has_government_contracts
                then coalesce(filings.income_from_government_contracts, 0)
            else filings.income_from_government_contracts
        end as government_contracts_gbp,
        case
            when not filings.has_government_grants then coalesce(filings.income_from_government_grants, 0)
            else filings.income_from_government_grants
        end as government_grants_gbp,
        [
            {
                'measure': measure,
                'reason': case
                    when details.organisation_number is null and filings.total_gross_income <= 500000
                        then 'asked above 500,000 pounds only'
                    when details.is_of_group then 'stated for its group only'
                    else 'not stated'
                end
            }
            for measure in ['net_assets_gbp', 'employees']
        ] as reasons
    from stg_charity_commission_returns as filings
    inner join filers on filers.scheme = 'GB-CHC' and filings.charity_number = filers.identifier
    left join charity_details as details
        on
            filings.organisation_number = details.organisation_number
            and filings.period_end_on = details.period_end_on
    where filings.source = 'charity_commission_part_a'
),

scottish_returns as (
    select
        filers.org_id,
        filings.source,
        filings.record_key,
        filings.snapshot_id,
        filings.locator,
        filings.published_on,
        filings.period_end_on,
        filings.return_received_on as filed_on,
        filings.income as income_gbp,
        filings.expenditure as expenditure_gbp,
        filings.employees,
        'stated' as period_basis,
        true as is_chosen
    from stg_oscr_returns as filings
    inner join filers on filers.scheme = 'GB-SC' and filings.charity_number = filers.identifier
),

co_operative_returns as (
    select
        filers.org_id,
        filings.source,
        filings.record_key,
        filings.snapshot_id,
        filings.locator,
        filings.published_on,
        filings.year_end_on as period_end_on,
        filings.turnover as turnover_gbp,
        filings.profit_before_tax as profit_before_tax_gbp,
        filings.member_funds as member_funds_gbp,
        filings.memberships as members,
        filings.employees,
        'stated' as period_basis,
        true as is_chosen
    from stg_coops_uk_economic as filings
    inner join co_operatives as filers on filings.cuk_organisation_id = filers.record_key
),

fca_returns as (
    select
        filers.org_id,
        filings.source,
        filings.record_key,
        filings.snapshot_id,
        filings.locator,
        filings.published_on,
        filings.period_end_on,
        filings.period_basis,
        filings.filed_on,
        filings.is_chosen,
        'https://mutuals.fca.org.uk/Documents/Download/' || filings.document_id as url
    from society_returns as filings
    inner join filers on filers.scheme = 'GB-MPR' and filings.society_number = filers.identifier
),

-- by name: a source has null where another has a column
final as (
    select *
    from accounts
    union all by name
    select *
    from charity_returns
    union all by name
    select *
    from scottish_returns
    union all by name
    select *
    from co_operative_returns
    union all by name
    select *
    from fca_returns
)

select
    org_id,
    source,
    record_key,
    snapshot_id,
    locator,
    published_on,
    published_precision,
    period_start_on,
    period_end_on,
    period_basis,
    filed_on,
    is_chosen,
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
    reasons,
    url
from final
