-- What: the figures that published organisations returned for each period, source by source.
-- Grain: one row an organisation, period end and source; of filings that repeat or amend each other the one
-- that counts. A figure that is not stated is missing, never zero; a stated zero stays zero. A figure that
-- can hardly be right is published as it is stated, and doubts says why.
with filings as (
    select *
    from ret_filings
    where is_chosen and period_end_on is not null
),

gaps as (
    select
        source,
        min(source_rank) as source_rank,
        map_from_entries(list({ 'measure': measure, 'reason': reason })) as reasons
    from return_gaps
    group by source
),

lacking as (
    select
        *,
        list_filter(
            [
                case when filings.turnover_gbp is null then 'turnover_gbp' end,
                case when filings.income_gbp is null then 'income_gbp' end,
                case when filings.expenditure_gbp is null then 'expenditure_gbp' end,
                case when filings.profit_before_tax_gbp is null then 'profit_before_tax_gbp' end,
                case when filings.profit_after_tax_gbp is null then 'profit_after_tax_gbp' end,
                case when filings.net_assets_gbp is null then 'net_assets_gbp' end,
                case when filings.member_funds_gbp is null then 'member_funds_gbp' end,
                case when filings.staff_costs_gbp is null then 'staff_costs_gbp' end,
                case when filings.members is null then 'members' end,
                case when filings.employees is null then 'employees' end,
                case when filings.government_contracts_gbp is null then 'government_contracts_gbp' end,
                case when filings.government_grants_gbp is null then 'government_grants_gbp' end
            ],
            lambda one: one is not null
        ) as absent,
        map_from_entries(coalesce(filings.reasons, [])) as own_reasons
    from filings
),

chosen as (
    select
        lacking.* exclude (reasons),
        gaps.source_rank,
        list_transform(
            lacking.absent,
            lambda one: {
                'measure': one,
                'reason': coalesce(lacking.own_reasons[one], gaps.reasons[one])
            }
        ) as missing
    from lacking
    inner join gaps on lacking.source = gaps.source
    -- two entries of one organisation: the fuller one
    qualify
        row_number() over (
            partition by lacking.org_id, lacking.period_end_on, lacking.source
            order by len(lacking.absent) asc, lacking.filed_on desc nulls last, lacking.record_key asc
        ) = 1
),

beside as (
    select
        *,
        lag(turnover_gbp) over in_order as turnover_before,
        lag(members) over in_order as members_before
    from chosen
    window in_order as (partition by org_id, source order by period_end_on)
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
    source,
    source_rank,
    period_start_on,
    period_basis,
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
    missing,
    doubts,
    url,
    record_key,
    snapshot_id,
    locator
from final
