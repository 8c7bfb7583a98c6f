-- What: the figures that published organisations returned, year by year.
-- Grain: one row an organisation, period end and source.
-- A figure that is not stated is missing, never zero; a stated zero stays zero.
with published as (
    select org_id
    from ent_published
),

record_organisations as (
    select
        record_key,
        org_id
    from ent_record_organisations
    where source in ('coops_uk_organisations', 'coops_uk_economic') and confidence = 'exact'
),

figures as (
    select
        source,
        record_key,
        snapshot_id,
        locator,
        published_on,
        cuk_organisation_id,
        turnover,
        profit_before_tax,
        member_funds,
        memberships,
        employees,
        year_end_on
    from stg_coops_uk_economic
),

final as (
    select
        record_organisations.org_id,
        figures.year_end_on as period_end_on,
        figures.turnover as turnover_gbp,
        figures.profit_before_tax as profit_before_tax_gbp,
        figures.member_funds as member_funds_gbp,
        figures.memberships as members,
        figures.employees,
        figures.source,
        figures.snapshot_id,
        figures.locator,
        figures.record_key,
        list_filter(
            [
                case when figures.turnover is null then 'turnover_gbp' end,
                case when figures.profit_before_tax is null then 'profit_before_tax_gbp' end,
                case when figures.member_funds is null then 'member_funds_gbp' end,
                case when figures.memberships is null then 'members' end,
                case when figures.employees is null then 'employees' end
            ],
            lambda one: one is not null
        ) as missing
    from figures
    inner join record_organisations on figures.cuk_organisation_id = record_organisations.record_key
    inner join published on record_organisations.org_id = published.org_id
    -- two entries of one organisation: the fuller one
    qualify
        row_number() over (
            partition by record_organisations.org_id, figures.year_end_on
            order by len(missing), figures.record_key
        ) = 1
)

select
    org_id,
    period_end_on,
    turnover_gbp,
    profit_before_tax_gbp,
    member_funds_gbp,
    members,
    employees,
    missing,
    source,
    snapshot_id,
    locator
from final
