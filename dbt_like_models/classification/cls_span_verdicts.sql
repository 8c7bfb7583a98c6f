-- What: what each stretch of an organisation's life amounts to under each definition.
-- Grain: one row an organisation, stretch, definition and view (records alone, or all that is admitted).
-- Levels: 0 a criterion is shown unmet, 1 too little is shown, 2 the key criteria are met, 3 all that
-- are required, 4 all of them by strong evidence. More support never lowers a level.
with states as (
    select
        org_id,
        span_from,
        span_to,
        definition_id,
        criterion_id,
        is_records_alone,
        role,
        is_key,
        for_rank,
        state,
        is_finally_refuted
    from cls_states
),

counted as (
    select
        org_id,
        span_from,
        span_to,
        definition_id,
        is_records_alone,
        bool_or(state = 'not met') as is_refuted,
        bool_or(is_finally_refuted) as is_finally_refuted,
        coalesce(bool_and(state = 'met') filter (where role = 'required'), false) as is_met,
        coalesce(bool_and(state = 'met' and for_rank >= 3) filter (where role = 'required'), false)
            as is_strongly_met,
        coalesce(bool_and(state = 'met') filter (where role = 'required' and is_key), false) as is_key_met
    from states
    group by org_id, span_from, span_to, definition_id, is_records_alone
),

final as (
    select
        org_id,
        span_from,
        span_to,
        definition_id,
        is_records_alone,
        is_finally_refuted,
        case
            when is_refuted then 0
            when is_strongly_met then 4
            when is_met then 3
            when is_key_met then 2
            else 1
        end::tinyint as level
    from counted
)

select
    org_id,
    span_from,
    span_to,
    definition_id,
    is_records_alone,
    is_finally_refuted,
    level
from final
