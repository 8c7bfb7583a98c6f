-- What: how late each source tells what happened, measured on what has landed, and until when it is complete.
-- Grain: one row a source and kind of fact.
-- Notices and returns bear both days: when it happened and when it was told. Of a register only what is new
-- in a whole snapshot after its first can be measured: what stood in the first may be of any age. The last
-- year is left out where the rest suffices, since what is told late in it has not been told yet. Where fewer
-- than twenty are left nothing is measured, and the law's time for filing stands in where there is one.
with kinds (source, measure, rule_id) as (
    values
    ('contracts_finder', 'award', null), ('find_a_tender', 'award', null), ('ocp_registry', 'award', null),
    ('public_contracts_scotland', 'award', null), ('sell2wales', 'award', null),
    ('companies_house_accounts', 'return', 'ca2006-accounts'),
    ('coops_uk_economic', 'return', 'ca2006-accounts'),
    ('fca_society_pages', 'return', 'ccbsa2014-annual-return'),
    ('charity_commission_part_a', 'return', 'ca2011-annual-return'),
    ('oscr_returns', 'return', 'cas2006-accounts'),
    ('fca_societies', 'registration', null), ('fca_societies', 'end', null),
    ('companies_house_basic', 'registration', null), ('companies_house_search', 'end', null),
    ('companies_house_profile', 'end', null),
    ('coops_uk_organisations', 'registration', null), ('coops_uk_organisations', 'end', null),
    ('known_mutuals', 'registration', null), ('known_mutuals', 'end', null)
),

landed as (
    select
        source,
        min(published_on) as begins_on,
        min(published_on) filter (where scope = 'whole') as whole_from,
        max(published_on) as newest_published_on
    from snapshots
    group by source
),

registers as (
    select
        source,
        first_seen_on,
        published_on,
        registered_on,
        deregistered_on as ended_on
    from stg_fca_societies
    union all by name
    select
        source,
        first_seen_on,
        published_on,
        incorporated_on as registered_on
    from stg_companies_house_basic
    union all by name
    select
        source,
        first_seen_on,
        published_on,
        dissolved_on as ended_on
    from stg_companies_house_search
    union all by name
    select
        source,
        first_seen_on,
        published_on,
        ceased_on as ended_on
    from stg_companies_house_profile
    union all by name
    select
        source,
        first_seen_on,
        published_on,
        incorporated_on as registered_on,
        dissolved_on as ended_on
    from stg_coops_uk_organisations
),

told as (
    select
        source,
        'award' as measure,
        awarded_on as happened_on,
        first_released_at::date as told_on
    from awards
    where duplicate_of is null
    union all by name
    select
        source,
        'return' as measure,
        period_end_on as happened_on,
        coalesce(
            filed_on, case when published_precision in ('day', 'month') then published_on end
        ) as told_on
    from ret_filings
    union all by name
    select
        registers.source,
        'registration' as measure,
        registers.registered_on as happened_on,
        registers.first_seen_on as told_on
    from registers
    inner join landed
        on registers.source = landed.source and registers.registered_on > landed.whole_from
    union all by name
    select
        registers.source,
        'end' as measure,
        registers.ended_on as happened_on,
        registers.published_on as told_on
    from registers
    inner join landed on registers.source = landed.source and registers.ended_on > landed.whole_from
),

lags as (
    select
        told.source,
        told.measure,
        date_diff('day', told.happened_on, told.told_on) as days,
        told.happened_on <= landed.newest_published_on - 365 as is_old
    from told
    inner join landed on told.source = landed.source
    where told.told_on >= told.happened_on
),

measured as (
    select
        source,
        measure,
        case when count(*) filter (where is_old) >= 20 then 'older than a year' else 'all' end
            as measured_over,
        case when count(*) filter (where is_old) >= 20 then count(*) filter (where is_old) else count(*) end
            as records,
        case
            when count(*) filter (where is_old) >= 20
                then quantile_disc(days, [0.5, 0.9]) filter (where is_old)
            else quantile_disc(days, [0.5, 0.9])
        end as bounds
    from lags
    group by source, measure
),

final as (
    select
        kinds.source,
        kinds.measure,
        landed.begins_on,
        landed.newest_published_on,
        measured.measured_over,
        measured.bounds,
        filing_rules.rule_id,
        filing_rules.months,
        measured.records >= 20 as is_measured,
        coalesce(measured.records, 0) as records
    from kinds
    inner join landed on kinds.source = landed.source
    left join measured on kinds.source = measured.source and kinds.measure = measured.measure
    left join filing_rules on kinds.rule_id = filing_rules.rule_id
)

select
    source,
    measure,
    begins_on,
    newest_published_on,
    records,
    case when is_measured then 'measured' when months is not null then 'law' else 'not measured' end
        as lag_basis,
    case when is_measured then measured_over end as measured_over,
    case when is_measured then bounds[1] end as lag_median_days,
    case when is_measured then bounds[2] end as lag_p90_days,
    case when not coalesce(is_measured, false) then rule_id end as rule_id,
    case
        when is_measured then newest_published_on - bounds[2]::integer
        when months is not null then (newest_published_on - to_months(months))::date
        else newest_published_on
    end as complete_to
from final
