-- What: when organisations came to be and when they ceased to be what they were, as far as records say.
-- Grain: one row a published organisation.
-- An end that a citation dates (taken in-house, acquired and so on) and one that a register dates are both
-- ends; the earlier stands. A month or a year stands for its first day at the start and its last at the end.
with published as (
    select org_id
    from ent_published
),

curated as (
    select
        ent_record_organisations.org_id,
        stg_known_mutuals.entry_id,
        stg_known_mutuals.field,
        stg_known_mutuals.value
    from stg_known_mutuals
    inner join ent_record_organisations
        on
            stg_known_mutuals.source = ent_record_organisations.source
            and stg_known_mutuals.entry_id = ent_record_organisations.record_key
    where stg_known_mutuals.field in ('spun_out_on', 'status', 'status_date')
),

-- a later citation of an end stands over an earlier one of being active
statuses as (
    select
        org_id,
        entry_id,
        min(value) filter (where field = 'status' and value != 'active') as end_kind,
        max(value) filter (where field = 'status_date' and regexp_full_match(value, '\d{4}(-\d{2}){0,2}'))
            as end_text,
        min(value) filter (where field = 'spun_out_on' and regexp_full_match(value, '\d{4}(-\d{2}){0,2}'))
            as start_text
    from curated
    group by org_id, entry_id
),

dated as (
    select
        org_id,
        end_kind,
        case length(start_text)
            when 4 then make_date(start_text::integer, 1, 1)
            when 7 then (start_text || '-01')::date
            when 10 then start_text::date
        end as began_on,
        case length(start_text) when 4 then 'year' when 7 then 'month' when 10 then 'day' end
            as began_precision,
        case
            when end_kind is null then null
            when length(end_text) = 4 then make_date(end_text::integer, 12, 31)
            when length(end_text) = 7 then last_day((end_text || '-01')::date)
            when length(end_text) = 10 then end_text::date
        end as ended_on,
        case
            when end_kind is null then null
            when end_text is null then 'unknown'
            else case length(end_text) when 4 then 'year' when 7 then 'month' else 'day' end
        end as ended_precision
    from statuses
),

curated_dates as (
    select
        org_id,
        min(began_on) as spun_out_on,
        arg_min(began_precision, began_on) as spun_out_precision,
        min(ended_on) as ended_on,
        arg_min(ended_precision, coalesce(ended_on, date '9999-12-31')) as ended_precision,
        arg_min(end_kind, coalesce(ended_on, date '9999-12-31')) as end_kind
    from dated
    group by org_id
),

registers as (
    select
        ent_organisations.org_id,
        ent_organisations.registered_on,
        ent_organisations.ended_on,
        ent_organisations.status = 'ended' as is_ended,
        ent_organisations.status_source in ('fca_societies', 'companies_house_basic') as is_told_by_register
    from ent_organisations
    inner join published on ent_organisations.org_id = published.org_id
),

final as (
    select
        registers.org_id,
        registers.registered_on,
        curated_dates.spun_out_on,
        curated_dates.spun_out_precision,
        curated_dates.end_kind,
        curated_dates.ended_on as curated_ended_on,
        curated_dates.ended_precision,
        registers.ended_on as register_ended_on,
        registers.is_ended,
        registers.is_told_by_register,
        coalesce(
            curated_dates.end_kind is not null
            and coalesce(curated_dates.ended_on, date '9999-12-31')
            <= coalesce(registers.ended_on, date '9999-12-31'),
            false
        ) as curated_end_stands
    from registers
    left join curated_dates on registers.org_id = curated_dates.org_id
)

select
    org_id,
    registered_on,
    spun_out_on,
    spun_out_precision,
    case when curated_end_stands then curated_ended_on else register_ended_on end as ended_on,
    case
        when curated_end_stands then ended_precision
        when register_ended_on is not null then 'day'
        when is_ended then 'unknown'
    end as ended_precision,
    case
        when curated_end_stands then end_kind
        when is_ended and is_told_by_register then 'left the register'
        -- a list that is no register (Co-operatives UK: 'Dead') ends nobody's registration
        when is_ended then 'listed as ended'
    end as end_kind
from final
