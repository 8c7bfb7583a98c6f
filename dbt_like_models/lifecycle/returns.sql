-- What: the figures that published organisations returned, year by year.
-- Grain: one row an organisation, period end and source.
-- A figure that is not stated is missing, never zero; a stated zero stays zero. A figure that can hardly be
-- right is published as it is stated, and `doubts` says why.
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

chosen as (
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
),

beside as (
    select
        *,
        lag(turnover_gbp) over (partition by org_id order by period_end_on) as turnover_before,
        lag(members) over (partition by org_id order by period_end_on) as members_before
    from chosen
),

final as (
    select
        *,
        list_filter(
            [
                case when turnover_gbp < 0 then 'negative turnover' end,
                case when members < 0 or employees < 0 then 'negative number of people' end,
                case
                    when
                        turnover_gbp > 0
                        and turnover_gbp = turnover_before
                        and members is not distinct from members_before
                        then 'same figures as the period before'
                end,
                case
                    when
                        turnover_gbp >= 100 * turnover_before and turnover_before > 0
                        or turnover_before >= 100 * turnover_gbp and turnover_gbp > 0
                        then 'turnover a hundredfold or a hundredth of the period before'
                end
            ],
            lambda one: one is not null
        ) as doubts
    from beside
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
    doubts,
    source,
    snapshot_id,
    locator
from final
