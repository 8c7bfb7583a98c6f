-- What: what published organisations achieved, by measures that their filings and CQC's ratings bear.
-- Grain: one row an organisation, measure, period end and source. What each measure is, and cannot say, is in
-- outcome_measures. Nothing is put together from two sources or two periods, but for a change, which is
-- taken between one period and the one just before it in the same source. A year that repeats the figures of
-- the one before is no year that we know of: there is no change to it, nor from it.
-- Of members at the start and the end, joined and left, each filing has a row that states them or might:
-- where a value is missing, it says why. Other measures have rows only where there is a value.
with filings as (
    select
        org_id,
        source,
        period_start_on,
        period_end_on,
        turnover_gbp,
        income_gbp,
        expenditure_gbp,
        profit_before_tax_gbp,
        profit_after_tax_gbp,
        net_assets_gbp,
        staff_costs_gbp,
        members,
        employees,
        doubts,
        snapshot_id,
        locator,
        list_filter(missing, lambda one: one.measure = 'members')[1].reason as members_missing,
        source = 'fca_society_pages' as is_annual_return,
        government_contracts_gbp + government_grants_gbp as from_government,
        case when employees > 0 then employees end as people,
        list_contains(doubts, 'same figures as the period before') as is_repeated
    from returns_by_source
),

filers as (
    select
        scheme,
        identifier,
        org_id
    from ent_filers
),

beside as (
    select
        *,
        lag(period_end_on) over in_order as previous_end_on,
        lag(is_repeated) over in_order as follows_repeated,
        lag(employees) over in_order as previous_employees,
        lag(turnover_gbp) over in_order as previous_turnover,
        lag(members) over in_order as previous_members
    from filings
    window in_order as (partition by org_id, source order by period_end_on)
),

-- the period just before ends the day before this one begins; with no beginning stated, a year before
in_sequence as (
    select
        *,
        case
            when period_start_on is not null then previous_end_on + 1 = period_start_on
            else date_diff('day', previous_end_on, period_end_on) between 358 and 373
        end and not is_repeated and not follows_repeated as follows
    from beside
),

compared as (
    select
        *,
        case when follows then previous_end_on end as compared_with_on,
        case when follows then previous_employees end as employees_before,
        case when follows then previous_turnover end as turnover_before,
        case when follows then previous_members end as members_before
    from in_sequence
),

measured as (
    select
        org_id,
        source,
        period_start_on,
        period_end_on,
        compared_with_on,
        doubts,
        snapshot_id,
        locator,
        members,
        members_missing,
        is_annual_return,
        unnest(
            [
                { 'measure': 'profit-before-tax', 'value': profit_before_tax_gbp },
                { 'measure': 'profit-after-tax', 'value': profit_after_tax_gbp },
                { 'measure': 'income-less-expenditure', 'value': income_gbp - expenditure_gbp },
                { 'measure': 'net-assets', 'value': net_assets_gbp },
                { 'measure': 'turnover-per-employee', 'value': turnover_gbp / people },
                { 'measure': 'income-per-employee', 'value': income_gbp / people },
                { 'measure': 'staff-costs-per-employee', 'value': staff_costs_gbp / people },
                { 'measure': 'employees', 'value': employees::double },
                { 'measure': 'change-in-employees', 'value': (employees - employees_before)::double },
                { 'measure': 'change-in-turnover', 'value': turnover_gbp - turnover_before },
                { 'measure': 'members-at-start', 'value': members_before::double },
                { 'measure': 'members-joined', 'value': null },
                { 'measure': 'members-left', 'value': null },
                { 'measure': 'members', 'value': members::double },
                { 'measure': 'change-in-members', 'value': (members - members_before)::double },
                { 'measure': 'government-income-share', 'value': from_government / nullif(income_gbp, 0) }
            ]
        ) as told
    from compared
),

-- only a society's annual return states who joined and left
reasoned as (
    select
        *,
        case
            when told.value is not null or not starts_with(told.measure, 'members') then null
            when is_annual_return then members_missing
            when told.measure = 'members-at-start' and members is not null
                then 'the period just before is not known'
        end as missing
    from measured
),

-- CQC's own scale, the worst first
scale as (
    select ['Inadequate', 'Requires improvement', 'Good', 'Outstanding'] as words
),

-- a provider whose two numbers are two organisations' is neither's
matched as (
    select
        providers.provider_id,
        min(filers.org_id) as org_id
    from stg_cqc_providers as providers
    inner join filers
        on
            (filers.scheme = 'GB-COH' and providers.company_number = filers.identifier)
            or (filers.scheme = 'GB-CHC' and providers.charity_number = filers.identifier)
    group by providers.provider_id
    having count(distinct filers.org_id) = 1
),

-- one organisation may be several providers
rated as (
    select
        matched.org_id,
        providers.source,
        sum(providers.rated_locations)::double as rated_locations,
        max(coalesce(providers.last_rated_on, providers.published_on)) as period_end_on,
        min(list_position(scale.words, providers.worst_rating)) as worst,
        max(list_position(scale.words, providers.best_rating)) as best,
        min({ 'snapshot_id': providers.snapshot_id, 'locator': providers.locator }) as place
    from stg_cqc_providers as providers
    inner join matched on providers.provider_id = matched.provider_id
    cross join scale
    where providers.rated_locations > 0 and not coalesce(providers.is_absent, false)
    group by matched.org_id, providers.source
),

ratings_told as (
    select
        rated.org_id,
        rated.source,
        rated.period_end_on,
        rated.place,
        unnest(
            [
                { 'measure': 'cqc-rated-locations', 'value': rated.rated_locations, 'words': null },
                {
                    'measure': 'cqc-worst-rating',
                    'value': rated.worst::double,
                    'words': scale.words[rated.worst]
                },
                {
                    'measure': 'cqc-best-rating',
                    'value': rated.best::double,
                    'words': scale.words[rated.best]
                }
            ]
        ) as told
    from rated
    cross join scale
),

final as (
    select
        org_id,
        told.measure,
        period_start_on,
        period_end_on,
        case
            when starts_with(told.measure, 'change-in') or told.measure = 'members-at-start'
                then compared_with_on
        end as compared_with_on,
        told.value,
        null as value_in_words,
        missing,
        doubts,
        source,
        snapshot_id,
        locator
    from reasoned
    where told.value is not null or missing is not null
    union all
    select
        org_id,
        told.measure,
        null as period_start_on,
        period_end_on,
        null as compared_with_on,
        told.value,
        told.words as value_in_words,
        null as missing,
        [] as doubts,
        source,
        place.snapshot_id,
        place.locator
    from ratings_told
    where told.value is not null
)

select
    final.org_id,
    final.measure,
    final.period_start_on,
    final.period_end_on,
    final.compared_with_on,
    final.value,
    final.value_in_words,
    final.missing,
    outcome_measures.unit,
    final.doubts,
    final.source,
    final.snapshot_id,
    final.locator
from final
inner join outcome_measures on final.measure = outcome_measures.measure
