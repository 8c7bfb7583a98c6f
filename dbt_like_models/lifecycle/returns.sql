-- What: the figures that published organisations returned, period by period, over all sources.
-- Grain: one row an organisation and period end.
-- Each figure is that of the best source that states it, in the order of return_gaps; figure_sources says
-- which. source and what stands beside it are of the best source that has the period at all. What each
-- source states is in returns_by_source: ratios belong there, between figures of one filing.
with filings as (
    select
        *,
        list_filter(
            [
                case when turnover_gbp is not null then 'turnover_gbp' end,
                case when income_gbp is not null then 'income_gbp' end,
                case when expenditure_gbp is not null then 'expenditure_gbp' end,
                case when profit_before_tax_gbp is not null then 'profit_before_tax_gbp' end,
                case when profit_after_tax_gbp is not null then 'profit_after_tax_gbp' end,
                case when net_assets_gbp is not null then 'net_assets_gbp' end,
                case when member_funds_gbp is not null then 'member_funds_gbp' end,
                case when staff_costs_gbp is not null then 'staff_costs_gbp' end,
                case when members is not null then 'members' end,
                case when employees is not null then 'employees' end,
                case when government_contracts_gbp is not null then 'government_contracts_gbp' end,
                case when government_grants_gbp is not null then 'government_grants_gbp' end
            ],
            lambda one: one is not null
        ) as stated
    from returns_by_source
),

given_figures as (
    select
        org_id,
        period_end_on,
        source,
        source_rank,
        doubts,
        unnest(stated) as measure
    from filings
),

-- the source that each figure is taken from
figures as (
    select
        org_id,
        period_end_on,
        measure,
        arg_min(source, source_rank) as source,
        arg_min(doubts, source_rank) as doubts
    from given_figures
    group by org_id, period_end_on, measure
),

taken as (
    select
        org_id,
        period_end_on,
        list({ 'measure': measure, 'source': source } order by measure) as figure_sources,
        list_sort(list_distinct(flatten(list(doubts)))) as doubts
    from figures
    group by org_id, period_end_on
),

periods as (
    select
        org_id,
        period_end_on,
        arg_min(turnover_gbp, source_rank) as turnover_gbp,
        arg_min(income_gbp, source_rank) as income_gbp,
        arg_min(expenditure_gbp, source_rank) as expenditure_gbp,
        arg_min(profit_before_tax_gbp, source_rank) as profit_before_tax_gbp,
        arg_min(profit_after_tax_gbp, source_rank) as profit_after_tax_gbp,
        arg_min(net_assets_gbp, source_rank) as net_assets_gbp,
        arg_min(member_funds_gbp, source_rank) as member_funds_gbp,
        arg_min(staff_costs_gbp, source_rank) as staff_costs_gbp,
        arg_min(members, source_rank) as members,
        arg_min(employees, source_rank) as employees,
        arg_min(government_contracts_gbp, source_rank) as government_contracts_gbp,
        arg_min(government_grants_gbp, source_rank) as government_grants_gbp,
        arg_min(source, source_rank) as source,
        arg_min(period_basis, source_rank) as period_basis,
        arg_min(period_start_on, source_rank) as period_start_on,
        arg_min(missing, source_rank) as missing_in_best,
        arg_min(snapshot_id, source_rank) as snapshot_id,
        arg_min(locator, source_rank) as locator,
        min(filed_on) as filed_on,
        list(source order by source_rank)[2:] as other_sources
    from filings
    group by org_id, period_end_on
),

final as (
    select
        periods.*,
        coalesce(taken.figure_sources, []) as figure_sources,
        coalesce(taken.doubts, []) as doubts,
        -- what no source states, with the reason of the best one
        list_filter(
            periods.missing_in_best,
            lambda one: not list_contains(
                list_transform(coalesce(taken.figure_sources, []), lambda had: had.measure), one.measure
            )
        ) as missing
    from periods
    left join taken
        on periods.org_id = taken.org_id and periods.period_end_on = taken.period_end_on
)

select
    org_id,
    period_end_on,
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
    figure_sources,
    source,
    other_sources,
    snapshot_id,
    locator
from final
